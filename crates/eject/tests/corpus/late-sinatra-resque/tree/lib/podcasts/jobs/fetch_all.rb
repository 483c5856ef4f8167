# frozen_string_literal: true

require_relative "fetch_feed"

module Podcasts
  module Jobs
    class FetchAll
      @queue = :feeds

      def self.perform
        Podcasts.redis.hkeys("feeds").each { |url| Resque.enqueue(FetchFeed, url) }
      end
    end
  end
end
