require "rails_helper"
require "mock_redis"

RSpec.describe BestSellers do
  before { stub_const("REDIS", MockRedis.new) }

  it "counts pieces" do
    described_class.count("A-1", 3)
    expect(described_class.top).to eq([["A-1", 3.0]])
  end
end
