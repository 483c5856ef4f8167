class BestSellers
  KEY = "best_sellers"

  def self.count(sku, pieces)
    REDIS.zincrby(KEY, pieces, sku)
  end

  def self.top(limit = 10)
    REDIS.zrevrange(KEY, 0, limit - 1, with_scores: true)
  end

  def self.forget(sku)
    REDIS.multi do |tx|
      tx.zrem(KEY, sku)
      tx.hdel("best_sellers:names", sku)
    end
  end

  # Computed from the table, kept in this process only.
  def self.names
    @names ||= Concurrent::Map.new
  end
end
