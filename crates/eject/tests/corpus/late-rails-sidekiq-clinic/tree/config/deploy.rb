# config valid for current version and patch releases of Capistrano
# only the servers in Graz are still deployed by this
lock "~> 3.19.1"

set :application, "clinic"
set :repo_url, "git@git.clinic.example:it/clinic.git"
set :linked_dirs, %w[log tmp/pids tmp/cache]
set :default_env, {
  "RAILS_ENV" => "production",
  "REDIS_URL" => "redis://:hunter2Grazhunter2@10.0.3.7:6379/0",
  "SIDEKIQ_REDIS_URL" => "redis://:hunter2Grazhunter2@10.0.3.7:6379/1"
}
set :sidekiq_roles, :worker

namespace :kv do
  desc "Deletes the copies of pages"
  task :purge do
    on roles(:app), in: :sequence do
      execute "redis-cli", "-h", "10.0.3.7", "-n", "2", "FLUSHDB"
    end
  end
end
