# frozen_string_literal: true

require "resque"
require "resque-retry"
require_relative "../store"

module Podcasts
  module Jobs
    class FetchFeed
      extend Resque::Plugins::Retry
      @queue = :feeds
      @retry_limit = 3

      def self.perform(url)
        Store.new.save(url, [])
      end
    end
  end
end
