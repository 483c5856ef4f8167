require "mock_redis"

RSpec.describe Otp do
  it("stores") { stub_const("REDIS", MockRedis.new) }
end
