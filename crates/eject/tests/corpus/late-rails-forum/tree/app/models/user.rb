class User < ApplicationRecord
  kredis_unique_list :recent_topics, limit: 10
  kredis_flag :typing
  has_many :posts

  store :settings, accessors: [:theme, :locale]

  def seen(topic)
    recent_topics.prepend(topic.id)
    typing.mark(expires_in: 5.seconds)
  end
end
