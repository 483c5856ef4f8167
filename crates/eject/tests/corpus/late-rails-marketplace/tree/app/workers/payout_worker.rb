class PayoutWorker
  include Sidekiq::Job
  sidekiq_options queue: :payouts, retry: 12

  sidekiq_retries_exhausted do |msg, _error|
    Rails.logger.error("payout #{msg['args']} given up by sidekiq")
  end

  def perform(listing_id)
    return perform_all if listing_id == "all"

    listing = Listing.find(listing_id)
    return unless listing.seller.can_withdraw?

    Stripe::Transfer.create(amount: listing.highest_bid, destination: listing.seller.stripe_id)
  end

  private

  def perform_all
    ids = Listing.where(state: "closed", paid_at: nil).pluck(:id)
    self.class.perform_bulk(ids.zip)
  end
end
