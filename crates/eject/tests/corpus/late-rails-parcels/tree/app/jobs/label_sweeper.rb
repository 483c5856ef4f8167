class LabelSweeper
  include Sidekiq::Job
  sidekiq_options queue: :labels, lock: :until_executed

  def perform
    RedisMutex.with_lock("labels:sweep", expire: 300, block: 0) do
      Label.stale.ids.each_slice(100) { |ids| PrintLabels.perform_bulk(ids.zip) }
    end
  rescue RedisMutex::LockError
    Rails.logger.info("another sweep runs")
  end
end
