class AppointmentsController < ApplicationController
  def create
    SlotGuard.new.hold(params[:room], Time.zone.parse(params[:starts_at])) do
      Appointment.create!(params.permit(:patient_id, :room, :ward, :starts_at))
    end
    head :created
  end

  def check_in
    appointment = Appointment.find(params[:id])
    appointment.waiting!
    Clinic::Kv.with { |kv| kv.zadd("waiting:#{appointment.ward}", Time.now.to_i, appointment.id) }
    appointment.patient.recent_wards.prepend(appointment.ward)
    session[:last_ward] = appointment.ward
    ActionCable.server.broadcast("ward_#{appointment.ward}", { id: appointment.id })
    ClaimJob.enqueue(appointment.id)
    Pager.call(appointment.ward, "##{appointment.id} waits")
  end
end
