class User < ApplicationRecord
  devise :database_authenticatable, :recoverable, :lockable, :timeoutable

  has_many :bids, foreign_key: :bidder_id

  kredis_unique_list :recently_viewed, limit: 20
  kredis_flag :payout_hold

  def can_withdraw?
    !payout_hold.marked? && balance_cents.positive?
  end
end
