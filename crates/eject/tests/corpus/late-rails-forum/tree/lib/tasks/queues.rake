namespace :queues do
  desc "Says how much there is to do"
  task depth: :environment do
    Sidekiq::Queue.all.each { |queue| puts "#{queue.name}: #{queue.size}" }
    puts Sidekiq.redis { |conn| conn.call("SCARD", "processes") }
  end
end
