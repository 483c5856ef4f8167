class HealthController < ActionController::API
  def show
    ActiveRecord::Base.connection.execute("select 1")
    REDIS.with(&:ping)
    render json: { ok: true, workers: Sidekiq::ProcessSet.new.size, waiting: Sidekiq::Stats.new.enqueued }
  rescue Redis::BaseConnectionError, ActiveRecord::ConnectionNotEstablished => e
    render json: { ok: false, error: e.class.name }, status: :service_unavailable
  end
end
