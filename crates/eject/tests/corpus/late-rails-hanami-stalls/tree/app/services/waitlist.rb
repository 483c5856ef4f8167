class Waitlist
  def initialize(stall_id, day)
    @key = "waitlist:#{stall_id}:#{day.iso8601}"
  end

  def join(trader_id)
    Stalls::REDIS.call("ZADD", @key, "NX", Time.now.to_i, trader_id)
    position(trader_id)
  end

  def position(trader_id)
    rank = Stalls::REDIS.call("ZRANK", @key, trader_id)
    rank && rank + 1
  end

  def shift
    trader, = Stalls::REDIS.call("ZPOPMIN", @key)
    trader&.to_i
  end

  def leave(trader_id)
    Stalls::REDIS.pipelined do |pipe|
      pipe.call("ZREM", @key, trader_id)
      pipe.call("EXPIREAT", @key, 30.days.from_now.to_i)
    end
  end
end
