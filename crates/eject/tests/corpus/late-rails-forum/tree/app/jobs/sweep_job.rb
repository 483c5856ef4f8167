class SweepJob < ApplicationJob
  queue_as :default

  def perform
    Post.where("created_at < ?", 1.year.ago).in_batches.delete_all
  end
end
