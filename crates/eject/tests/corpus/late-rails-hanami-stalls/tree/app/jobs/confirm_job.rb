class ConfirmJob
  include Sidekiq::Job

  sidekiq_options queue: "urgent", retry: 5

  def perform(booking_id)
    booking = Booking.find(booking_id)
    return if booking.expired?

    BookingMailer.with(booking:).confirmation.deliver_now
    ActionCable.server.broadcast("stall_#{booking.stall_id}", { day: booking.day, state: booking.state })
  end
end
