class ReminderWorker
  include Sidekiq::Worker
  sidekiq_options queue: :reminders, retry: 5

  sidekiq_retry_in { |count| 60 * (count + 1) }

  def perform(appointment_id)
    appointment = Appointment.find_by(id: appointment_id) or return
    return if appointment.patient.muted.marked?

    AppointmentMailer.reminder(appointment).deliver_now
  end
end
