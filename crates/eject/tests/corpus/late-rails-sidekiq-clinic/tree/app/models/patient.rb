class Patient < ApplicationRecord
  include Redis::Objects

  has_many :appointments, dependent: :restrict_with_error

  counter :no_shows
  value :last_portal_visit, expiration: 1.year

  kredis_unique_list :recent_wards, limit: 5
  kredis_flag :muted, expires_in: 1.day

  validates :insurance_number, presence: true, uniqueness: true

  def missed!
    no_shows.increment
    muted.mark if no_shows.value > 3
  end
end
