class HealthController < ActionController::API
  def show
    ok = Clinic::Kv.alive? && ActiveRecord::Base.connection.active?
    render json: { ok:, redis: ok }, status: ok ? 200 : 503
  end
end
