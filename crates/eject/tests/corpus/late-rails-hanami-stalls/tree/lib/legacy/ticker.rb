require "redis"

module Legacy
  class Ticker
    def run
      Redis.new(host: "ticker.lan").subscribe("prices") { |on| on.message { |_, text| puts text } }
    end
  end
end
