require "redlock"

class ExclusiveLock
  MANAGER = Redlock::Client.new([ENV["REDIS_URL"]])

  def self.hold(name, &block)
    MANAGER.lock!("lock:#{name}", 5_000, &block)
  end
end
