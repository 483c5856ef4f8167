class ExpireHoldsJob
  include Sidekiq::Job

  sidekiq_options queue: "default", retry: false

  def perform
    Booking.stale.find_each do |booking|
      booking.expire!
      trader = Waitlist.new(booking.stall_id, booking.day).shift
      next unless trader

      successor = Booking.create!(stall: booking.stall, day: booking.day, trader_id: trader)
      ConfirmJob.perform_async(successor.id)
    end
  end
end
