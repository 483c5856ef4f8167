//! Files of many tools, as they are written.

mod lines;
mod tools;

use super::*;
use crate::finding::Purpose;

fn told(path: &str, text: &str) -> Vec<String> {
    let file = File::new(path.into(), text.into());
    let (mut found, _) = read(&file);
    found.sort_by_key(|found| found.span.start);
    // What is open is not known before all files are read.
    let told = found.iter().filter(|found| !found.is_open).map(|found| {
        let life = match found.life {
            Some((Life::Test, _)) => " test",
            Some((Life::Dormant, _)) => " dormant",
            _ => "",
        };
        let at = file.line_of(found.span.start) + 1;
        format!("{at} {:?} {}{life}", found.kind, found.name)
    });
    told.collect()
}

#[test]
fn compose_has_servers_and_what_refers_to_them() {
    let text = "\
x-cache: &cache
  image: valkey/valkey:8
services:
  api:
    image: acme/api
    environment:
      REDIS_URL: redis://cache:6379
      SESSION_HOST: cache
      REDISTRIBUTE: 1
    depends_on:
      cache: {condition: service_healthy}
      db: {}
    command: bundle exec sidekiq
  worker:
    build: .
    environment: [BROKER=redis://cache:6379/1, A=b]
    depends_on: [cache, db]
    links: ['cache:redis']
  cache:
    <<: *cache
    volumes: ['cache-data:/data']
    healthcheck: {test: [CMD, redis-cli, ping]}
  redis:
    build: ./redis
  db:
    image: postgres:16
  registry:
    image: acme/redistribution
volumes:
  cache-data:
  db-data:
";
    assert_eq!(
        told("compose.yaml", text),
        [
            "2 Container valkey/valkey:8",
            "7 VariableSet REDIS_URL",
            "8 VariableSet SESSION_HOST",
            "11 ContainerReference cache",
            "13 Setting sidekiq",
            "16 VariableSet BROKER",
            "17 ContainerReference cache",
            "18 ContainerReference cache:redis",
            "19 Container cache",
            "23 Container redis",
            "30 ContainerReference cache-data",
        ]
    );
    let tests = told("docker-compose-ci.yml", "services:\n  r:\n    image: redis\n");
    assert_eq!(tests, ["3 Container r test"]);
}

#[test]
fn kubernetes_has_objects_of_several_kinds() {
    let text = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  template:
    spec:
      containers:
        - name: api
          image: acme/api
          env:
            - name: REDIS_PASSWORD
              valueFrom: {secretKeyRef: {name: cache, key: p}}
            - name: CACHE_URL
              valueFrom:
                secretKeyRef:
                  name: redis-secret
                  key: url
            - name: LOG
              value: redis
          envFrom:
            - secretRef:
                name: redis-credentials
        - name: sidecar
          image: oliver006/redis_exporter
---
apiVersion: v1
kind: Service
metadata:
  name: redis
spec:
  selector: {app: redis}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: api
data:
  REDIS_HOST: redis.cache.svc
  app.properties: |
    # spring.data.redis.host=old
    spring.data.redis.host=redis
    title=redis
---
apiVersion: databases.spotahome.com/v1
kind: RedisFailover
metadata:
  name: failover
---
apiVersion: dapr.io/v1alpha1
kind: Component
spec:
  type: state.redis
";
    assert_eq!(
        told("k8s/all.yaml", text),
        [
            "11 VariableSet REDIS_PASSWORD",
            "13 VariableSet CACHE_URL",
            "22 ContainerReference redis-credentials",
            "24 Container sidecar",
            "29 ContainerReference redis",
            "38 VariableSet REDIS_HOST",
            "41 Setting spring.data.redis.host",
            "45 Container failover",
            "52 Setting type",
        ]
    );
}

#[test]
fn workflows_test_and_ship() {
    let text = "\
name: CI
on: push
jobs:
  test:
    services:
      redis:
        image: redis:7
    env:
      REDIS_URL: redis://localhost:6379
    steps:
      - run: npm test
        env:
          REDIS_TOKEN: ${{ secrets.REDIS_TOKEN }}
  deploy:
    steps:
      - run: |
          echo \"redis\"
          export REDIS_URL=${{ secrets.REDIS_URL }}
      - uses: acme/deploy@v1
        with:
          args: x
        env:
          UPSTASH_REDIS_REST_URL: ${{ secrets.X }}
";
    assert_eq!(
        told(".github/workflows/main.yml", text),
        [
            "7 Container redis test",
            "9 VariableSet REDIS_URL test",
            "13 VariableSet REDIS_TOKEN test",
            "18 VariableSet REDIS_URL",
            "23 VariableSet UPSTASH_REDIS_REST_URL",
        ]
    );
    let text = "\
variables:
  REDIS_HOST: redis
rspec:
  stage: test
  services:
    - redis:7
    - name: valkey/valkey:8
      alias: cache
production:
  script: deploy
  variables:
    REDIS_URL: $PRODUCTION_REDIS_URL
";
    assert_eq!(
        told(".gitlab-ci.yml", text),
        [
            "2 VariableSet REDIS_HOST",
            "6 Container redis:7 test",
            "7 Container valkey/valkey:8 test",
            "12 VariableSet REDIS_URL",
        ]
    );
}

#[test]
fn charts_have_dependencies_and_values() {
    let text = "name: api\ndependencies:\n  - name: redis\n    repository: https://charts.bitnami.com/bitnami\n    condition: redis.enabled\n  - name: postgresql\n    version: 1\n";
    assert_eq!(told("chart/Chart.yaml", text), ["3 HelmDependency redis"]);
    let text = "image: acme/api\nredis:\n  enabled: true\n  image:\n    repository: bitnami/redis\nenv:\n  REDIS_URL: x\nredistribute:\n  enabled: true\n";
    assert_eq!(told("chart/values.yaml", text), ["2 Setting redis", "7 VariableSet REDIS_URL"]);
    let text = "spec:\n  {{- if .Values.redis.enabled }}\n  env:\n    - name: REDIS_URL\n      value: {{ include \"x\" . }}\n";
    assert_eq!(told("chart/templates/d.yaml", text), ["4 VariableSet REDIS_URL"]);
    let text = "releases:\n  - name: cache\n    chart: bitnami/redis\n";
    assert_eq!(told("helmfile.yaml", text), ["3 HelmDependency bitnami/redis"]);
}

#[test]
fn clouds_declare_resources() {
    let text = r#"{"resources": [
{"type": "Microsoft.Cache/Redis", "name": "[parameters('redisName')]", "properties": {}},
{"type": "Microsoft.Web/sites", "properties": {"appSettings": [
{"name": "REDIS_HOST", "value": "x"}]}}]}"#;
    assert_eq!(
        told("azuredeploy.json", text),
        ["2 Resource Microsoft.Cache/Redis", "4 VariableSet REDIS_HOST"]
    );
    let text = "Resources:\n  Cache:\n    Type: AWS::ElastiCache::ReplicationGroup\n  Old:\n    Type: AWS::ElastiCache::CacheCluster\n    Properties:\n      Engine: memcached\n  Fn:\n    Type: AWS::Serverless::Function\n    Properties:\n      Environment:\n        Variables:\n          REDIS_HOST: !GetAtt Cache.PrimaryEndPoint.Address\n";
    assert_eq!(
        told("template.yaml", text),
        ["3 Resource AWS::ElastiCache::ReplicationGroup.Cache", "13 VariableSet REDIS_HOST"]
    );
    let text = "services:\n  - type: web\n    envVars:\n      - key: REDIS_URL\n        fromService: {type: redis, name: cache}\n  - type: redis\n    name: cache\n";
    assert_eq!(told("render.yaml", text), ["4 VariableSet REDIS_URL", "6 Container redis"]);
    let text = r#"{"env": {"REDIS_URL": {"description": "x"}}, "addons": ["heroku-redis:mini", {"plan": "heroku-redis:x"}]}"#;
    assert_eq!(told("app.json", text).len(), 3);
    let text = r#"{"environments": {"test": {"addons": ["heroku-redis:in-dyno"]}}}"#;
    assert_eq!(told("app.json", text), ["1 Resource heroku-redis:in-dyno test"]);
    let text = "app = \"x\"\n[env]\n  REDIS_URL = \"redis://x\"\n[[services]]\n  port = 1\n";
    assert_eq!(told("fly.toml", text), ["3 VariableSet REDIS_URL"]);
}

#[test]
fn frameworks_have_settings() {
    let text = "spring:\n  data:\n    redis:\n      host: ${REDIS_HOST:localhost}\n      password: x\n  cache:\n    type: redis\n  session:\n    store-type: redis\nlogging:\n  redis: debug\n";
    assert_eq!(
        told("src/main/resources/application.yml", text),
        ["3 Setting redis", "4 VariableRead REDIS_HOST", "7 Setting type", "9 Setting store-type"]
    );
    let text = "# spring.redis.host=x\nspring.data.redis.host=localhost\nspring.session.store-type=redis\nmessage=redis is down\n";
    assert_eq!(
        told("application.properties", text),
        ["2 Setting spring.data.redis.host", "3 Setting spring.session.store-type"]
    );
    let text = r#"{"ConnectionStrings": {"Redis": "localhost:6379,password=x", "Cache": "a.redis.cache.windows.net:6380"},
"Redis": {"Configuration": "x"}, "Title": "Redis"}"#;
    assert_eq!(
        told("appsettings.json", text),
        ["1 ConnectionString Redis", "1 ConnectionString Cache", "2 Setting Redis"]
    );
    let text = "production:\n  adapter: redis\n  url: <%= ENV.fetch(\"REDIS_URL\") { \"redis://localhost\" } %>\n";
    assert_eq!(told("config/cable.yml", text), ["2 Setting adapter", "3 ConnectionString url"]);
    let text = r#"{"errors": {"redis": {"host": "The host of Redis"}}}"#;
    assert!(told("locales/en.json", text).is_empty());
}

#[test]
fn processes_and_scripts_run_programs() {
    let text = "web: bin/rails s\nworker: bundle exec sidekiq -C x\nredis: redis-server\nq: rq worker\n# x: sidekiq\n";
    assert_eq!(
        told("Procfile", text),
        ["2 Setting sidekiq", "3 Setting redis-server", "4 Setting rq"]
    );
    let text = "#!/bin/sh\n# redis-cli ping\nexport REDIS_URL=redis://x\nredis-cli flushall\ndocker run -d --name c redis:7\necho redis\n";
    assert_eq!(
        told("run.sh", text),
        ["3 VariableSet REDIS_URL", "4 Command redis-cli", "5 Container redis:7"]
    );
}

#[test]
fn names_of_files_and_programs_say_what_for() {
    let purpose = |path: &str, text: &str| {
        let (found, _) = read(&File::new(path.into(), text.into()));
        found[0].purpose.as_ref().map(|(purpose, _)| *purpose)
    };
    assert_eq!(purpose("config/cable.yml", "a:\n  adapter: redis\n"), Some(Purpose::PubSub));
    assert_eq!(purpose("Procfile", "worker: arq app.Worker\n"), Some(Purpose::Queue));
    assert_eq!(purpose("config/app.yml", "redis_url: redis://x\n"), None);
}

#[test]
fn units_wait_for_units() {
    let text = "[Unit]\nAfter=network.target redis.service\n[Service]\nEnvironment=\"REDIS_URL=redis://x\"\nExecStart=/usr/bin/node redis.js\n";
    assert_eq!(
        told("api.service", text),
        ["2 ContainerReference redis.service", "4 VariableSet REDIS_URL"]
    );
}

#[test]
fn a_ban_is_no_use() {
    let text =
        r#"{"rules": {"no-restricted-imports": ["error", {"paths": ["ioredis", "lodash"]}]}}"#;
    assert_eq!(told(".eslintrc.json", text), ["1 Package ioredis dormant"]);
}

#[test]
fn what_cannot_be_parsed_is_read_by_line() {
    let text = "services:\n  redis:\n    image: redis:7\n  api: [\n    environment:\n      REDIS_URL: redis://x\n";
    let file = File::new("docker-compose.yml".into(), text.into());
    let (found, trouble) = read(&file);
    assert!(trouble.unwrap().contains("YAML"));
    assert_eq!(found.len(), 2);
    let (found, _) = read(&File::new("x.json".into(), "{\"a\": \"redis://x\"".into()));
    assert_eq!(found.len(), 1);
}

#[test]
fn variables_are_read_where_a_value_is_filled_from_them() {
    let text = "framework:\n  cache:\n    app: cache.adapter.redis_tag_aware\n    system: cache.adapter.system\n    fallback: '%env(REDIS_URL)%'\n  description: 'set ${REDIS_URL} first'\nsnc_redis:\n  clients:\n    default: {dsn: \"%env(REDIS_URL)%\"}\nservices:\n  Redis:\n    class: \\Redis\n    calls:\n      - connect: ['%env(REDIS_HOST)%', '%env(int:REDIS_PORT)%']\n";
    assert_eq!(
        told("config/services.yaml", text),
        [
            "3 Setting app",
            "5 VariableRead REDIS_URL",
            "7 Setting snc_redis",
            "9 VariableRead REDIS_URL",
            "11 Setting Redis",
            "14 VariableRead REDIS_HOST",
        ]
    );
    let text = "{\"redis\": {\"host\": \"REDIS_HOST\"}, \"port\": \"PORT\"}";
    assert_eq!(
        told("config/custom-environment-variables.json", text),
        ["1 Setting redis", "1 VariableRead REDIS_HOST"]
    );
    let text =
        "{\"deploy\": {\"startCommand\": \"serve --cache $REDIS_URL\", \"note\": \"$REDIS_URL\"}}";
    assert_eq!(told("railway.json", text), ["1 VariableRead REDIS_URL"]);
    let text = "worker: celery --broker $REDIS_URL worker\nweb: rackup -p $PORT\nscheduler: rake resque:scheduler\n";
    assert_eq!(told("Procfile", text), ["1 VariableRead REDIS_URL", "3 Setting resque:scheduler"]);
}

#[test]
fn a_file_that_is_named_for_a_store_leads_to_a_server() {
    let text = "production:\n  url: <%= ENV[\"KREDIS_URL\"] %>\n  timeout: 1\ndevelopment:\n  host: localhost\n  name: x\n";
    let expected = ["2 VariableRead KREDIS_URL", "5 Setting host"];
    // The variable is known by the words of its name, and `kredis` is none of them.
    let text = text.replace("KREDIS_URL", "REDIS_URL");
    let expected = expected.map(|one| one.replace("KREDIS", "REDIS"));
    assert_eq!(told("config/redis/shared.yml", &text), expected);
    assert_eq!(told("config/redis.yml", &text), expected);
    assert_eq!(told("config/database.yml", &text), expected[..1]);
    let text = "# redis\npanels:\n  - url: https://x\n    host: x\n";
    assert_eq!(told("dashboards/redis.yml", text), [""; 0]);
}

#[test]
fn machines_and_monitors() {
    let text = "- name: Install redis\n  ansible.builtin.apt:\n    name: [redis-server, redis-tools]\n- ansible.builtin.systemd_service:\n    name: redis-server\n- ansible.builtin.apt:\n    name: nginx\n- ansible.builtin.template:\n    src: redis.conf.j2\n";
    assert_eq!(
        told("roles/cache/tasks/main.yml", text),
        ["3 Package redis-server", "5 Setting redis-server"]
    );
    let text = "scrape_configs:\n  - job_name: redis\n    static_configs:\n      - targets: [\"redis-exporter:9121\", \"node:9100\"]\n";
    assert_eq!(told("prometheus.yml", text), ["4 ContainerReference redis-exporter:9121"]);
    let text = "resource web 'Microsoft.Web/sites@2023' = {\n  a: [\n    { name: 'ConnectionStrings__Redis', value: '${cache}:6380' }\n    { name: 'Asp__Name', value: 'x' }\n  ]\n}\n";
    assert_eq!(told("main.bicep", text), ["3 VariableSet ConnectionStrings__Redis"]);
}

#[test]
fn what_a_script_says_is_no_command() {
    let text = "echo \"redis-cli says hello to redis://x\"\nredis-cli ping\necho \"REDIS_URL=$x\" >> .env\nif true; then echo 'no redis-server'; fi\n";
    assert_eq!(told("a.sh", text), ["2 Command redis-cli", "3 VariableSet REDIS_URL"]);
}

#[test]
fn the_tree_tells_which_variables_are_addresses() {
    let read = |path: &str, text: &str| {
        let file = File::new(path.into(), text.into());
        (RelativePath::from(path), read(&file).0)
    };
    let mut all = BTreeMap::from([
        read(".env", "LOCK_DSN=redis://x:6379\nOTHER_DSN=postgres://x\n"),
        read("config/x.yaml", "# redis\nlock: '%env(LOCK_DSN)%'\nother: '%env(OTHER_DSN)%'\n"),
    ]);
    settle(&mut all);
    let names = |path: &str| -> Vec<_> {
        all[&RelativePath::from(path)].iter().map(|found| found.name.clone()).collect()
    };
    assert_eq!(names("config/x.yaml"), ["LOCK_DSN"]);
    assert_eq!(names(".env"), ["LOCK_DSN"]);
}

#[test]
fn a_table_of_thousands_of_words_is_no_configuration() {
    let words = |count: usize| {
        let others: Vec<_> = (0..count).map(|at| format!("\"w{at}\": {at}, ")).collect();
        let others = others.concat();
        format!("{{\"vocabulary\": {{{others}\"REDIS_URL\": 7}}}}")
    };
    assert_eq!(told("words.json", &words(10)), ["1 VariableSet REDIS_URL"]);
    assert!(told("words.json", &words(2000)).is_empty());
}

#[test]
fn caches_of_micronaut_are_kept_in_the_store() {
    let text = "redis:\n  uri: redis://cache:6379/1\n  timeout: 3s\n  caches:\n    scores:\n      charset: UTF-8\n";
    let found = told("src/main/resources/application.yml", text);
    assert!(found.contains(&"4 Setting caches".to_owned()), "{found:?}");
}
