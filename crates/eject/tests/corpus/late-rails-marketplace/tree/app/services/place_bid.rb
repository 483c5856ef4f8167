class PlaceBid
  Rejected = Class.new(StandardError)

  def initialize(listing, bidder, cents)
    @listing, @bidder, @cents = listing, bidder, cents
  end

  def call
    raise Rejected, "too low" if @cents <= @listing.highest_bid.to_i

    bid = CheckoutLock.for(@listing) { @listing.bids.create!(bidder: @bidder, cents: @cents) }
    REDIS.with { _1.xadd("bids", { bidder: @bidder.id, cents: @cents }, maxlen: 50_000, approximate: true) }
    AuctionChannel.broadcast_to(@listing, cents: bid.cents)
    Trending.record(@listing, :bid)
    BidMailer.with(bid:).outbid.deliver_later
    bid
  end
end
