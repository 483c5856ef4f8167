class OneTimeCode
  TTL = 10.minutes

  def self.issue(user)
    code = SecureRandom.random_number(1_000_000).to_s.rjust(6, "0")
    REDIS.with { |conn| conn.setex("otp:#{user.id}", TTL.to_i, BCrypt::Password.create(code)) }
    code
  end

  def self.redeem(user, code)
    digest = REDIS.with { |conn| conn.getdel("otp:#{user.id}") }
    digest.present? && BCrypt::Password.new(digest) == code
  end
end
