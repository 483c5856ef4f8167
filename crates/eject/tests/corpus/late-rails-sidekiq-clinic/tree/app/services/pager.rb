# Nurses' pagers listen on RabbitMQ.
class Pager
  def self.channel
    @channel ||= Bunny.new(ENV.fetch("AMQP_URL")).start.create_channel
  end

  def self.call(ward, text)
    channel.queue("pager.#{ward}", durable: true).publish(text, expiration: 60_000)
  end
end
