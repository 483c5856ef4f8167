class StockGuard
  Busy = Class.new(StandardError)

  def initialize
    @manager = Redlock::Client.new([ENV.fetch("REDIS_URL")], retry_count: 3, retry_delay: 150)
  end

  def hold(sku, &block)
    @manager.lock("stock:#{sku}", 5_000) do |locked|
      raise Busy, sku unless locked

      block.call
    end
  end
end
