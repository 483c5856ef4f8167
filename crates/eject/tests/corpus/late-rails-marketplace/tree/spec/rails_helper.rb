require "spec_helper"
ENV["RAILS_ENV"] ||= "test"
require_relative "../config/environment"
require "rspec/rails"
require "sidekiq/testing"
require "mock_redis"

RSpec.configure do |config|
  config.use_transactional_fixtures = true
  config.before do
    Sidekiq::Worker.clear_all
    allow(REDIS).to receive(:with).and_yield(MockRedis.new)
  end
end
