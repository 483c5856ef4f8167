require "bunny"

class PriceEvents
  def self.publish(listing)
    connection = Bunny.new(ENV.fetch("AMQP_URL")).start
    channel = connection.create_channel
    channel.queue("prices", durable: true).publish({ id: listing.id, cents: listing.price_cents }.to_json)
  ensure
    connection&.close
  end
end
