require "rails_helper"
require "mock_redis"

RSpec.describe Waitlist do
  before do
    store = MockRedis.new
    stub_const("Stalls::REDIS", Class.new { define_singleton_method(:call) { |name, *args| store.public_send(name.downcase, *args) } })
  end

  it "counts from one" do
    expect(described_class.new(4, Date.new(2025, 5, 1)).position(7)).to be_nil
  end
end
