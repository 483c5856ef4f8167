require "rails_helper"
require "mock_redis"

RSpec.describe Presence do
  let(:redis) { MockRedis.new }

  before { allow(Forum::REDIS_POOL).to receive(:with).and_yield(redis) }

  it "counts" do
    described_class.touch(User.new(id: 1))
    expect(redis.zcard("presence")).to eq(1)
  end
end
