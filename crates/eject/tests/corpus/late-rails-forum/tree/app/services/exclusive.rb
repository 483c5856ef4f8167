class Exclusive
  MANAGER = Redlock::Client.new([ENV.fetch("REDIS_URL")], retry_count: 0)

  def self.run(name, ttl: 10_000)
    MANAGER.lock("lock:#{name}", ttl) do |info|
      yield if info
    end
  end
end
