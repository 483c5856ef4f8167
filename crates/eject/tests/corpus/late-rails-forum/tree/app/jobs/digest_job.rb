class DigestJob
  include Sidekiq::Job
  sidekiq_options queue: "low", retry: 3, lock: :until_executed

  def perform(topic_id = nil)
    Exclusive.run("digest:#{topic_id}") do
      DigestMailer.topic(topic_id).deliver_later
    end
  end
end
