require "json"

module Pricing
  class Quotes
    include Import["redis", "demand", "tariffs"]

    def call(stall, day)
      key = "cache:quote:#{stall}:#{day}"
      if (hit = redis.get(key))
        return JSON.parse(hit)
      end

      quote = { "stall" => stall, "day" => day.iso8601, "cents" => cents(stall, day) }
      redis.set(key, JSON.generate(quote), ex: 300)
      quote
    end

    private

    def cents(stall, day)
      base = tariffs.base(day)
      (base * (1 + [demand.of(stall, day), 20].min * 0.02)).round
    end
  end
end
