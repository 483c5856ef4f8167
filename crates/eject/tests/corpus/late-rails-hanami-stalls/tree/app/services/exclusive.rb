# Several hosts: a row cannot be locked which is not there yet.
class Exclusive
  class Taken < StandardError; end

  MANAGER = Redlock::Client.new([ENV.fetch("REDIS_URL")], retry_count: 3, retry_delay: 150)

  def self.call(resource, milliseconds: 5_000)
    MANAGER.lock("lock:#{resource}", milliseconds) do |held|
      raise Taken, resource unless held

      yield
    end
  end
end
