namespace :market do
  desc "Closes the market for a day"
  task close: :environment do
    Kredis.flag("market:closed").mark(expires_in: 1.day)
  end

  desc "What waits, queue by queue"
  task backlog: :environment do
    Sidekiq::Queue.all.each { |queue| puts "#{queue.name}: #{queue.size} (#{queue.latency.round} s)" }
  end
end
