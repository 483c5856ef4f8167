class BookStall
  Result = Data.define(:booking, :position)

  def call(stall_id:, day:, trader_id:)
    Exclusive.call("stall:#{stall_id}:#{day}") do
      if Booking.exists?(stall_id:, day:, state: %i[held paid])
        Result.new(booking: nil, position: Waitlist.new(stall_id, day).join(trader_id))
      else
        booking = Booking.create!(stall_id:, day:, trader_id:)
        Stalls::REDIS.call("PUBLISH", "stalls:demand", { stall_id:, day: }.to_json)
        ConfirmJob.perform_in(30.seconds, booking.id)
        Result.new(booking:, position: nil)
      end
    end
  end
end
