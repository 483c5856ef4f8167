class Presence
  KEY = "presence"

  class << self
    def touch(user)
      Forum::REDIS_POOL.with do |redis|
        redis.multi do |tx|
          tx.zadd(KEY, Time.now.to_i, user.id)
          tx.zremrangebyscore(KEY, "-inf", 5.minutes.ago.to_i)
        end
      end
    end

    def count
      Forum.redis { |r| r.zcard(KEY) }
    end
  end
end
