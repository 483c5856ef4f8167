class RemindTomorrowJob
  include Sidekiq::Job

  def perform
    ids = Appointment.where(starts_at: Date.tomorrow.all_day).pluck(:id)
    ReminderWorker.perform_bulk(ids.zip)
  end
end
