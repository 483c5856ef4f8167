class AuctionChannel < ApplicationCable::Channel
  def subscribed
    listing = Listing.find(params[:id])
    stream_for listing
    listing.watchers.add(current_user.id)
  end

  def unsubscribed
    Listing.find_by(id: params[:id])&.watchers&.remove(current_user.id)
  end
end
