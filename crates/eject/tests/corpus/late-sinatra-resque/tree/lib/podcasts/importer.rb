# frozen_string_literal: true

require "sequel"

module Podcasts
  # Works through a file with threads.
  class Importer
    def initialize(path, db: Sequel.connect(ENV.fetch("DATABASE_URL")))
      @queue = Queue.new
      @db = db
      File.foreach(path) { |line| @queue << line.chomp }
    end

    def run(threads: 4)
      Array.new(threads) { Thread.new { @db[:feeds].insert(url: @queue.pop(true)) until @queue.empty? } }.each(&:join)
    end
  end
end
