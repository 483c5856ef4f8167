class RecountJob
  include Sidekiq::Job
  sidekiq_options queue: :critical, retry: 3, lock: :until_executed

  def perform(sku)
    StockGuard.new.hold(sku) { Order.recount(sku) }
    logger.info("recounted #{sku}, next from the queue")
  end
end
