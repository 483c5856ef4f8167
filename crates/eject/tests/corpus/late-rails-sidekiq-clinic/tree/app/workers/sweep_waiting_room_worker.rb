class SweepWaitingRoomWorker
  include Sidekiq::Worker

  def perform
    Sidekiq.redis { |conn| conn.call("SET", "clinic:swept_at", Time.now.to_i) }
    Clinic::Kv.with do |kv|
      Ward.pluck(:code).each do |ward|
        gone = kv.zremrangebyscore("waiting:#{ward}", 0, 6.hours.ago.to_i)
        logger.info("#{ward}: #{gone}")
      end
    end
  end
end
