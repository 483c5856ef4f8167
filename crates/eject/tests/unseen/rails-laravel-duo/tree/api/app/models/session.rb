# Shifts of the people in the warehouse. The cookies of the browser know nothing of it.
class Session < ApplicationRecord
  self.table_name = "sessions"

  enum :state, { open: 0, locked: 1, queued: 2 }
  scope :stale, -> { where(redis_seen_at: ..1.day.ago) }

  def lock!(*)
    update!(state: :locked)
  end
end
