require "rails_helper"

RSpec.describe OneTimeCode do
  let(:user) { create(:user) }

  it "is good for one try" do
    code = described_class.issue(user)
    expect(described_class.redeem(user, code)).to be(true)
    expect(described_class.redeem(user, code)).to be(false)
  end
end
