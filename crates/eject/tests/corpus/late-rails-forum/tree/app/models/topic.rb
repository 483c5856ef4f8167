class Topic < ApplicationRecord
  include Redis::Objects

  has_many :posts
  counter :views
  sorted_set :hot_posts, expiration: 1.hour

  after_commit :warm, on: :create

  def viewed!
    views.increment
  end

  def hottest
    posts.where(id: hot_posts.revrange(0, 9))
  end

  private

  def warm
    DigestJob.perform_in(5.minutes, id)
  end
end
