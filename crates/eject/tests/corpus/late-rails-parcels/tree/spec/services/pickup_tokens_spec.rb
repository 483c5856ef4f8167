require "rails_helper"
require "fakeredis/rspec"

RSpec.describe PickupTokens do
  it "is good once" do
    token = described_class.issue(double(id: 7))
    expect(PickupTokens::STORE.ttl("pickup:#{token}")).to be <= 900
    expect(described_class.redeem(token)).to eq("7")
    expect(described_class.redeem(token)).to be_nil
  end
end
