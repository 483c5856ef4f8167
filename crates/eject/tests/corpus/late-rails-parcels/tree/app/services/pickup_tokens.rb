class PickupTokens
  STORE = Redis::Store::Factory.create(ENV.fetch("TOKEN_REDIS_URL"))

  def self.issue(parcel)
    SecureRandom.alphanumeric(8).tap do |token|
      STORE.setex("pickup:#{token}", 900, parcel.id)
    end
  end

  def self.redeem(token)
    STORE.getdel("pickup:#{token}")
  end
end
