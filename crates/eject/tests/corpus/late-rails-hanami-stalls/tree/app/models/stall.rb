class Stall < ApplicationRecord
  has_many :bookings, dependent: :restrict_with_error

  kredis_counter :views, expires_in: 1.day
  kredis_unique_list :recent_visitors, limit: 20

  validates :number, presence: true, uniqueness: { scope: :aisle }

  def seen_by(visitor)
    views.increment
    recent_visitors.prepend(visitor)
  end

  def popular?
    views.value > 100
  end
end
