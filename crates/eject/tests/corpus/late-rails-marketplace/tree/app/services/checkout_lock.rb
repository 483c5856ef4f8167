class CheckoutLock
  class Busy < StandardError; end

  MANAGER = Redlock::Client.new([ENV.fetch("REDIS_URL", "redis://localhost:6379/0")], retry_count: 3, retry_delay: 150)

  def self.for(listing)
    MANAGER.lock!("checkout:#{listing.id}", 15_000) do
      yield
    end
  rescue Redlock::LockError
    raise Busy
  end
end
