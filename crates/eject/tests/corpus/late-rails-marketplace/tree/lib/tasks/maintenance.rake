namespace :maintenance do
  desc "Forget trending scores in Redis that are older than a month"
  task trim_trending: :environment do
    REDIS.with do |redis|
      redis.scan_each(match: "trending:20*") do |key|
        redis.unlink(key) if Date.parse(key.split(":").last) < 1.month.ago
      end
    end
  end

  desc "Delete stale devices"
  task sessions: :environment do
    stale = ActiveRecord::Base.connection.delete("delete from sessions where last_seen_at < now() - interval '90 days'")
    puts "deleted #{stale} sessions"
  end
end
