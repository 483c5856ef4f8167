class StallsController < ApplicationController
  def index
    @stalls = Stall.order(:aisle, :number)
    @closed = Kredis.flag("market:closed").marked?
  end

  def show
    @stall = Stall.find(params[:id])
    @stall.seen_by(session[:visitor] ||= SecureRandom.uuid)
    @free = Rails.cache.fetch([@stall, :free], expires_in: 1.minute) { (Date.current..30.days.from_now.to_date).to_a - @stall.bookings.paid.pluck(:day) }
  end
end
