require "date"
require "roda"

module Pricing
  class App < Roda
    plugin :json
    plugin :halt

    route do |r|
      r.get "quotes", Integer, String do |stall, day|
        Container["quotes"].call(stall, Date.iso8601(day))
      rescue Date::Error
        r.halt 400, { error: "no such day" }
      end

      r.get("up") { { ok: true } }
    end
  end
end
