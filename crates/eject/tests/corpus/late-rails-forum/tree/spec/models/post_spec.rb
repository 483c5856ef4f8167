require "rails_helper"

RSpec.describe Post do
  it "needs no Redis" do
    expect { described_class.create!(body: "x").like! }.not_to raise_error
  end
end
