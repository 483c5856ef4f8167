module Pricing
  # How often a day was asked for, by what Rails tells on the channel.
  class Demand
    include Import["redis"]

    def add(stall, day)
      redis.multi do |tx|
        tx.hincrby("demand:#{day}", stall, 1)
        tx.expire("demand:#{day}", 60 * 24 * 3600)
      end
    end

    def of(stall, day)
      redis.hget("demand:#{day}", stall).to_i
    end
  end
end
