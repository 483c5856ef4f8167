class RenderCache
  def initialize(store = {})
    @redis = store
  end

  def get(key)
    @redis[key] ||= yield
  end

  def topic(topic)
    Rails.cache.fetch([topic, :html], expires_in: 10.minutes) { get(topic.id) { topic.body } }
  end
end
