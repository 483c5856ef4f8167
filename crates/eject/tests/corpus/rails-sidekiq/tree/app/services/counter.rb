class Counter
  def initialize
    @redis = {}
  end

  def get(key)
    @redis.fetch(key, 0)
  end
end
