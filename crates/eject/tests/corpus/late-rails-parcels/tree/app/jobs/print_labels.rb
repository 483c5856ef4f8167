class PrintLabels
  include Sidekiq::Job
  sidekiq_options queue: :labels, retry: 3
  sidekiq_retry_in { |count| 10 * (count + 1) }

  def perform(id)
    Label.find(id).print!
  end
end
