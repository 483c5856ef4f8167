namespace :queues do
  desc "How much waits"
  task report: :environment do
    require "sidekiq/api"
    Sidekiq::Queue.all.each { |queue| puts format("%-12s %6d %5.1fs", queue.name, queue.size, queue.latency) }
    puts "dead: #{Sidekiq::DeadSet.new.size}"
    puts "que: #{Que.job_stats.sum { |row| row[:count] }}"
  end

  desc "Forget keys without an end"
  task trim: :environment do
    Clinic::Kv.with do |kv|
      kv.scan_each(match: "waiting:*", count: 200) { |key| kv.expire(key, 86_400) if kv.ttl(key) == -1 }
    end
  end
end
