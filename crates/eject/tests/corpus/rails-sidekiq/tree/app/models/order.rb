class Order < ApplicationRecord
  after_create { ShipJob.perform_async(id) }

  # Redis knows nothing of this.
  def ship!
    update!(shipped: true)
  end
end
