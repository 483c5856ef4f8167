# Two receptionists must not give the same slot away.
class SlotGuard
  TTL = 8_000

  def initialize(locks: Redlock::Client.new([ENV.fetch("REDIS_URL")], retry_count: 3, retry_delay: 150))
    @locks = locks
  end

  def hold(room, starts_at)
    @locks.lock!("slot:#{room}:#{starts_at.to_i}", TTL) { yield }
  rescue Redlock::LockError
    raise ActiveRecord::RecordNotUnique, "taken"
  end
end
