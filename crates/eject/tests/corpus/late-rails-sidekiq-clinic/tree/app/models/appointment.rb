class Appointment < ApplicationRecord
  belongs_to :patient

  enum :state, { booked: 0, waiting: 1, seen: 2, missed: 3 }

  after_commit -> { ReminderWorker.perform_at(starts_at - 1.day, id) }, on: :create

  def self.today_by_ward
    Rails.cache.fetch("today/#{Date.current}", expires_in: 1.minute) { where(starts_at: Date.current.all_day).group(:ward).count }
  end
end
