class Otp
  def self.store(user, code)
    REDIS.setex("otp:#{user.id}", 300, code)
  end

  def self.valid?(user, code)
    REDIS.get("otp:#{user.id}") == code && REDIS.del("otp:#{user.id}")
  end
end
