class ListingsController < ApplicationController
  def index
    @listings = Flipper.enabled?(:trending, current_user) ? Trending.top : Listing.order(created_at: :desc).limit(12)
    fresh_when etag: @listings
  end

  def show
    @listing = Listing.find(params[:id])
    @listing.views_today.increment
    current_user&.recently_viewed&.prepend(@listing.id)
    session[:last_listing] = @listing.id
  end
end
