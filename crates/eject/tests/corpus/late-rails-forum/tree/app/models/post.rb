class Post < ApplicationRecord
  include PgSearch::Model

  belongs_to :topic, counter_cache: true
  pg_search_scope :search, against: :body

  # Was in Redis until 2022: redis.zincrby("posts", 1, id)
  def like!
    increment!(:likes)
  end
end
