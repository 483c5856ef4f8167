class ShipJob
  include Sidekiq::Job
  sidekiq_options retry: 5, queue: "default"

  def perform(order_id)
    ExclusiveLock.hold("order:#{order_id}") { Order.find(order_id).ship! }
  end
end
