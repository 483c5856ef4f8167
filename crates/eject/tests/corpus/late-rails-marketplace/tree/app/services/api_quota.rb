# Sliding window per API key; Rack::Attack only knows fixed ones.
class ApiQuota
  SCRIPT = <<~LUA
    redis.call('ZREMRANGEBYSCORE', KEYS[1], 0, ARGV[1] - ARGV[2])
    if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
    redis.call('ZADD', KEYS[1], ARGV[1], ARGV[4])
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    return 1
  LUA
  SHA = Digest::SHA1.hexdigest(SCRIPT)

  def initialize(key, limit: 1000, window: 1.hour)
    @key, @limit, @window = "quota:#{key}", limit, window.in_milliseconds
  end

  def take?
    argv = [Process.clock_gettime(Process::CLOCK_REALTIME, :millisecond), @window, @limit, SecureRandom.hex(6)]
    REDIS.with do |conn|
      conn.evalsha(SHA, keys: [@key], argv:)
    rescue Redis::CommandError => e
      raise unless e.message.include?("NOSCRIPT")

      conn.eval(SCRIPT, keys: [@key], argv:)
    end == 1
  end
end
