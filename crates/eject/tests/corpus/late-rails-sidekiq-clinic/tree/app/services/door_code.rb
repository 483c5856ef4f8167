# Six digits that open the portal once, sent by SMS.
class DoorCode
  Wrong = Class.new(StandardError)

  LIMITS = RedisClient.config(url: ENV["LIMITS_REDIS_URL"] || ENV["REDIS_URL"], timeout: 0.5).new_pool(size: 3)

  def issue(patient)
    code = SecureRandom.random_number(10**6).to_s.rjust(6, "0")
    Clinic::Kv.with { |kv| kv.set("code:#{patient.id}", BCrypt::Password.create(code), ex: 600) }
    code
  end

  def redeem(patient, code)
    tries = LIMITS.call("INCR", "code:tries:#{patient.id}")
    LIMITS.call("EXPIRE", "code:tries:#{patient.id}", 900, "NX")
    raise Wrong if tries > 5

    digest = Clinic::Kv.with { |kv| kv.get("code:#{patient.id}") }
    raise Wrong unless digest && BCrypt::Password.new(digest) == code

    Clinic::Kv.with do |kv|
      kv.multi do |tx|
        tx.del("code:#{patient.id}")
        tx.del("code:tries:#{patient.id}")
      end
    end
  end
end
