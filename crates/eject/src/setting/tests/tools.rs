//! Files that only one tool has: pipelines, tests, machines, modules.

use super::told;
use crate::{finding::Life, life};

#[test]
fn jenkins_runs_servers_beside_its_stages() {
    let text = "\
pipeline {
  environment {
    REDIS_HOST = 'cache.internal'
  }
  stages {
    stage('Test') {
      steps {
        script {
          docker.image('redis:7').withRun('-p 6379:6379') { c ->
            sh 'REDIS_URL=redis://localhost:6379 npm test'
          }
        }
      }
    }
    stage('Deploy') {
      steps {
        // sh 'redis-cli flushall'
        withCredentials([string(credentialsId: 'r', variable: 'REDIS_URL')]) {
          sh 'docker secret create redis_url - <<< $REDIS_URL'
          sh \"echo 'REDIS_URL=x is set'\"
        }
        docker.image('node:22').inside { sh 'npm publish' }
      }
    }
  }
}
";
    assert_eq!(
        told("Jenkinsfile", text),
        [
            "3 VariableSet REDIS_HOST",
            "9 Container redis:7 test",
            "10 VariableSet REDIS_URL test",
            "18 VariableSet REDIS_URL",
            "19 VariableRead REDIS_URL",
        ]
    );
}

#[test]
fn settings_of_tests_are_known_by_their_names() {
    let text = "<php>\n  <env name=\"REDIS_DB\" value=\"15\"/>\n  <env name=\"APP_ENV\" value=\"testing\"/>\n</php>\n";
    assert_eq!(told("phpunit.xml", text), ["2 VariableSet REDIS_DB"]);
    assert_eq!(told("phpunit.xml.dist", text), ["2 VariableSet REDIS_DB"]);
    assert_eq!(life::of("phpunit.xml").0, Life::Test);
    assert_eq!(told("web.xml", text), [""; 0]);
    let text = "{\"redis\": {\"host\": \"localhost\", \"port\": 6379}}";
    assert_eq!(told("config/test.json", text), ["1 Setting redis test"]);
    assert_eq!(told("config/production.json", text), ["1 Setting redis"]);
    assert_eq!(told("lib/test.json", text), ["1 Setting redis"]);
    let text = "{\"env\": {\"REDIS_URL\": {\"required\": true}}, \"environments\": {\"test\": {\"addons\": [\"heroku-redis\"]}}}";
    assert_eq!(told("app.json", text), ["1 VariableSet REDIS_URL", "1 Resource heroku-redis test"]);
    let text = "[project]\nname = 'x'\nkeywords = ['redis']\n[tool.pytest_env]\nREDIS_URL = 'redis://localhost/1'\n[tool.other]\nREDIS_URL = 'x'\n";
    assert_eq!(told("pyproject.toml", text), ["5 VariableSet REDIS_URL test"]);
}

#[test]
fn machines_let_others_through_to_ports() {
    let text = "- name: Only the web servers reach it\n  community.general.ufw:\n    rule: allow\n    port: \"6379\"\n    proto: tcp\n- community.general.ufw:\n    rule: allow\n    port: \"443\"\n- name: wait\n  wait_for:\n    port: 6379\n";
    assert_eq!(told("roles/redis/tasks/main.yml", text), ["4 Resource community.general.ufw"]);
}

#[test]
fn scripts_are_filled_from_variables_and_write_files() {
    let text = "docker secret create redis_url - <<< $REDIS_URL\necho \"$REDIS_URL is set\"\necho 'session.save_handler = redis' > session.ini\n";
    assert_eq!(
        told("Makefile", text),
        ["1 VariableRead REDIS_URL", "3 Setting session.save_handler"]
    );
    let text = "FROM php\nRUN apt-get install -y redis-server\nRUN echo 'session.save_path = \"tcp://10.1.0.2:6379?database=1\"' >> /a.ini\nRUN echo 'redis is here'\n";
    assert_eq!(
        told("Dockerfile", text),
        ["2 Package redis-server", "3 ConnectionString session.save_path"]
    );
    assert_eq!(
        told("provision.sh", "apt-get install -y nginx redis-server\nredis-cli ping\n"),
        ["1 Package redis-server", "2 Command redis-cli"]
    );
    let text = "jobs:\n  a:\n    steps:\n      - run: docker secret create r - <<< $REDIS_URL\n      - uses: shivammathur/setup-php@v2\n        with:\n          extensions: mbstring, redis-6.1.0\n";
    assert_eq!(
        told(".github/workflows/x.yml", text),
        ["4 VariableRead REDIS_URL", "7 Package mbstring, redis-6.1.0"]
    );
}

#[test]
fn drupal_has_modules_and_symfony_addresses_of_its_own() {
    let text = "module:\n  node: 0\n  redis: 0\ntheme:\n  olivero: 0\n";
    assert_eq!(told("config/sync/core.extension.yml", text), ["3 Setting redis"]);
    let text = "name: Sync\ndependencies:\n  - drupal:node\n  - redis:redis\n";
    assert_eq!(told("modules/sync/sync.info.yml", text), ["4 Setting redis:redis"]);
    let text = "services:\n  sync:\n    arguments: ['@redis.factory', '@lock', 'redis.example']\n";
    assert_eq!(told("modules/sync/sync.services.yml", text), ["3 Setting @redis.factory"]);
    let text = "pools:\n  a:\n    provider: 'redis:?host[10.0.0.1:6379]&dbindex=3'\n    other: 'tcp://10.0.0.1:6379?database=1'\n    web: 'tcp://10.0.0.1:8080'\n";
    assert_eq!(
        told("config/packages/redis.yaml", text),
        ["3 ConnectionString provider", "4 ConnectionString other"]
    );
}

#[test]
fn keys_are_named_for_a_store_in_plural_too() {
    let text = "config:\n  redisAddrs: \"10.20.0.3:6379\"\n  redisLikes: 5\n";
    assert_eq!(told("values.yaml", text), ["2 Setting redisAddrs"]);
}
