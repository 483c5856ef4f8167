//! Command lines, and classes that are named: what is run, set, installed and asked for.

use super::told;

#[test]
fn command_lines_run_install_set_and_ask_clouds() {
    let script = "\
#!/bin/sh
cd /app && exec bundle exec sidekiq -C x
php artisan horizon:terminate
php artisan queue:work redis --tries=3
php artisan queue:work database
npm run horizon-report
pecl install redis-6.1.0
aws --region eu-west-1 elasticache create-replication-group --engine redis
az redis update --name x
az webapp deploy --name redis-worker
gh secret set REDIS_URL --body x
docker run -e CACHE_REDIS app
kubectl create secret generic x --from-literal=REDIS_URL=$X
aws s3 cp x s3://redis-backups/
helm upgrade --install cache bitnami/redis -f redis/values.yaml
";
    assert_eq!(
        told("bin/start", script),
        [
            "2 Command sidekiq",
            "3 Command horizon:terminate",
            "4 Command queue:work",
            "7 Package redis-6.1.0",
            "8 Resource aws --region eu-west-1 elasticache create-replication-group --engine redis",
            "9 Command az redis update --name x",
            "11 VariableSet REDIS_URL",
            "12 VariableSet CACHE_REDIS",
            "13 VariableSet REDIS_URL",
            "15 HelmDependency bitnami/redis",
        ]
    );
    let supervisord = "[program:x]\ncommand=php /app/artisan horizon\nuser=redis\n";
    assert_eq!(told("docker/supervisord.conf", supervisord), ["2 Setting horizon"]);
    let cron = "# horizon:snapshot\n*/5 * * * * root cd /a && php artisan horizon:snapshot\n";
    assert_eq!(told("etc/cron.d/app", cron), ["2 Command horizon:snapshot"]);
}

#[test]
fn workflows_set_variables_and_ask_clouds_in_one_line() {
    let text = "\
jobs:
  deploy:
    steps:
      - run: flyctl secrets set --stage REDIS_URL=\"${{ secrets.REDIS_URL }}\"
      - run: az redis update --name x
      - run: echo 'REDIS_URL=x is not set'
      - run: |
          npm ci
          aws elasticache reboot-cache-cluster --id x
";
    assert_eq!(
        told(".github/workflows/deploy.yml", text),
        [
            "4 VariableSet REDIS_URL",
            "5 Command az redis update --name x",
            "9 Command aws elasticache reboot-cache-cluster --id x",
        ]
    );
}

#[test]
fn kamal_runs_programs_and_passes_secrets_on() {
    let text = "\
servers:
  job:
    cmd: bundle exec sidekiq
env:
  secret:
    - RAILS_MASTER_KEY
    - TOKEN_REDIS_URL
";
    assert_eq!(
        told("config/deploy.yml", text),
        ["3 Setting sidekiq", "7 VariableSet TOKEN_REDIS_URL"]
    );
    let secrets = "A=$(op read redis)\nTOKEN_REDIS_URL=$(op read op://x)\n";
    assert_eq!(told(".kamal/secrets.staging", secrets), ["2 VariableSet TOKEN_REDIS_URL"]);
}

#[test]
fn services_of_symfony_are_classes() {
    let text = "\
services:
  app.redis:
    class: Redis
    arguments: ['%env(REDIS_URL)%']
  Predis\\Client:
    arguments: ['%env(REDIS_URL)%']
  Symfony\\Component\\HttpFoundation\\Session\\Storage\\Handler\\RedisSessionHandler:
    arguments: ['@app.redis']
  App\\Loans\\Redistribution:
    arguments: []
framework:
  cache:
    default_redis_provider: app.redis
    pools:
      isbn.cache:
        adapters: [cache.adapter.apcu, cache.adapter.redis]
";
    assert_eq!(
        told("config/services.yaml", text),
        [
            "2 Setting app.redis",
            "4 VariableRead REDIS_URL",
            "5 Setting Predis\\Client",
            "6 VariableRead REDIS_URL",
            "7 Setting Symfony\\Component\\HttpFoundation\\Session\\Storage\\Handler\\RedisSessionHandler",
            "13 Setting default_redis_provider",
            "16 Setting cache.adapter.redis",
        ]
    );
}

#[test]
fn processes_are_command_lines_in_many_forms() {
    let fly = "[processes]\nweb = \"puma\"\nworker = \"bundle exec sidekiq\"\n";
    assert_eq!(told("fly.toml", fly), ["3 Setting sidekiq"]);
    let heroku = "run:\n  worker: bundle exec sidekiq\n";
    assert_eq!(told("heroku.yml", heroku), ["2 Setting sidekiq"]);
    let pod = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: worker\n      image: acme/app\n      command:\n        - bundle\n        - exec\n        - sidekiq\n";
    assert_eq!(told("pod.yaml", pod), ["10 Setting sidekiq"]);
    let image = "FROM php:8.3\nRUN install-php-extensions intl redis-6.1.0\nCMD [\"php\", \"artisan\", \"horizon\"]\n";
    assert_eq!(told("Dockerfile", image), ["2 Package redis-6.1.0", "3 Setting horizon"]);
}
