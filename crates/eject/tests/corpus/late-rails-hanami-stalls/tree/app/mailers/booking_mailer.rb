class BookingMailer < ApplicationMailer
  def confirmation
    @booking = params[:booking]
    mail(to: @booking.trader.email, subject: "Your stall on #{@booking.day}")
  end
end
