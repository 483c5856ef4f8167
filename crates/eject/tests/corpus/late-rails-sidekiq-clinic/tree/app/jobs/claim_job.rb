# Claims are money: the same transaction as the appointment.
class ClaimJob < Que::Job
  self.queue = "claims"

  def run(appointment_id)
    Appointment.transaction do
      Insurer.claim(Appointment.lock.find(appointment_id))
      finish
    end
  end
end
