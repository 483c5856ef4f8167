require "resque"

# Moved jobs over from Resque in 2021.
module ResqueBridge
  def self.drain(queue)
    while (job = Resque.pop(queue))
      Resque.redis.rpush("drained:#{queue}", job.to_json)
    end
  end
end
