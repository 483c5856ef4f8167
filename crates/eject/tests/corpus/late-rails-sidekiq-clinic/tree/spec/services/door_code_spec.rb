require "rails_helper"
require "mock_redis"

RSpec.describe DoorCode do
  let(:kv) { MockRedis.new }

  before do
    allow(Clinic::Kv).to receive(:with).and_yield(kv)
    stub_const("DoorCode::LIMITS", instance_double(RedisClient::Pooled, call: 1))
  end

  it "opens once" do
    patient = instance_double(Patient, id: 7)
    code = described_class.new.issue(patient)
    expect { described_class.new.redeem(patient, code) }.not_to raise_error
    expect(kv.get("code:7")).to be_nil
  end
end
