class CloseAuctionsWorker
  include Sidekiq::Job

  sidekiq_options queue: "default", retry: 0, lock: :until_executed

  def perform
    Listing.closing.find_each do |listing|
      listing.update!(state: "closed")
      PayoutWorker.perform_in(3.days, listing.id)
      PriceEvents.publish(listing)
    end
  end
end
