class BookingsController < ApplicationController
  rescue_from(Exclusive::Taken) { head :conflict }

  def create
    result = BookStall.new.call(stall_id: params[:stall_id], day: Date.iso8601(params[:day]), trader_id: current_trader.id)
    if result.booking
      redirect_to stall_path(params[:stall_id]), notice: "Held for 15 minutes"
    else
      redirect_to stall_path(params[:stall_id]), alert: "You are number #{result.position}"
    end
  end

  def destroy
    current_trader.bookings.find(params[:id]).expire!
    head :no_content
  end
end
