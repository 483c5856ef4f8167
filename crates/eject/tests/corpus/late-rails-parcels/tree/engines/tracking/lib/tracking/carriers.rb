module Tracking
  # In memory, since carriers are few: a mutex of Ruby, not RedisMutex.
  class Carriers
    def initialize
      @mutex = Mutex.new
      @redis = {}
    end

    def get(code)
      @mutex.synchronize { @redis[code] ||= fetch(code) }
    end

    def set(code, value)
      @mutex.lock
      @redis.store(code, value)
    ensure
      @mutex.unlock
    end

    private

    def fetch(code) = code.upcase
  end
end
