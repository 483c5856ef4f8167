module Tracking
  class Poll
    include Sidekiq::Worker
    sidekiq_options queue: :tracking

    def perform(number)
      return if Carrier.where_is(number) == "delivered"

      Sidekiq.redis { |conn| conn.set("tracking:#{number}", Time.now.to_i, ex: 600) }
      self.class.perform_in(10.minutes, number)
    end
  end
end
