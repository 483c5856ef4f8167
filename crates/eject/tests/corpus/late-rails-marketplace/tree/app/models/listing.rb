class Listing < ApplicationRecord
  class IndexWorker
    include Sidekiq::Worker
    sidekiq_options queue: :search

    def perform(id)
      SearchIndex.update(Listing.find(id).as_json(only: %i[id title price_cents]))
    end
  end

  has_many :bids
  belongs_to :seller, class_name: "User"

  kredis_set :watchers, typed: :integer
  kredis_counter :views_today, expires_in: 1.day

  scope :closing, -> { where(state: "open").where(closes_at: ..Time.current) }

  after_commit -> { IndexWorker.perform_async(id) }, on: %i[create update]

  def highest_bid
    Rails.cache.fetch([self, "highest"], expires_in: 1.minute) { bids.maximum(:cents) }
  end
end
