require "rails_helper"

RSpec.describe FloorPlan do
  it "finds the way" do
    expect(described_class.new.path([0, 0], [0, 2])).to eq([[0, 0], [0, 1], [0, 2]])
  end
end
