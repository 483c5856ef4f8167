class Trending
  KEY = "trending:%<day>s"
  WEIGHTS = { view: 1, watch: 5, bid: 20 }.freeze

  class << self
    def record(listing, what)
      key = key_for(Date.current)
      REDIS.with do |r|
        r.pipelined do |pipe|
          pipe.zincrby(key, WEIGHTS.fetch(what), listing.id)
          pipe.expire(key, 8.days.to_i)
        end
      end
    end

    def top(count = 12, days: 7)
      keys = Array.new(days) { |i| key_for(Date.current - i) }
      ids = REDIS.with do |r|
        r.zunionstore("trending:week", keys)
        r.zrevrange("trending:week", 0, count - 1)
      end
      Listing.where(id: ids).in_order_of(:id, ids.map(&:to_i))
    end

    private

    def key_for(day) = format(KEY, day: day.iso8601)
  end
end
