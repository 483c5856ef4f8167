# frozen_string_literal: true

require "fakeredis/rspec"
require_relative "../lib/podcasts/store"

RSpec.describe Podcasts::Store do
  it "saves" do
    subject.save("a", [1])
    expect(Redis.new.hget("podcasts:feeds", "a")).to eq("[1]")
  end
end
