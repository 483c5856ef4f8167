class Customer < ApplicationRecord
  has_many :orders
  kredis_unique_list :recent_skus, limit: 12
  kredis_flag :on_hold, expires_in: 1.hour

  def seen(sku)
    recent_skus.prepend(sku)
  end
end
