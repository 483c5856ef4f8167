class Booking < ApplicationRecord
  belongs_to :stall

  enum :state, { held: 0, paid: 1, expired: 2 }

  scope :stale, -> { held.where(created_at: ...15.minutes.ago) }

  # redis_token is from the first version; see db/structure.sql
  self.ignored_columns += %w[redis_token]

  def expire!
    with_lock { expired! if held? }
  end
end
