require "concurrent/map"

module Pricing
  # Fees are redistributed over the week; a map of the process suffices, no `redis.get`.
  class Tariffs
    def initialize
      @cache = Concurrent::Map.new
    end

    def base(day)
      @cache.compute_if_absent(day.wday) { day.saturday? || day.sunday? ? 4_500 : 2_900 }
    end
  end
end
