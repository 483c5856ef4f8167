namespace :queues do
  desc "Sends the dead of Sidekiq (in Redis) again"
  task revive: :environment do
    Sidekiq::DeadSet.new.each(&:retry)
  end

  task sizes: :environment do
    Sidekiq::Stats.new.queues.each { |name, size| puts "#{name}: #{size}" }
  end
end
