# frozen_string_literal: true

module Podcasts
  # Keeps titles in a hash; no Redis here.
  module Titles
    CACHE = {}

    def self.of(url)
      CACHE[url] ||= url.split("/").last.to_s.capitalize
    end
  end
end
