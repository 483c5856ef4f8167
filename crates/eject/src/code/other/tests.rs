//! Small trees, and what is found in them.

mod classes;
#[path = "tests/php.rs"]
mod frameworks_of_php;
#[path = "tests/ruby.rs"]
mod frameworks_of_ruby;
mod given;
mod go;
mod in_tests;
mod lent;
mod own;
mod purpose;
mod typed;

use std::fs;

use crate::{Finding, Kind, Life, Options, scan};

mod jobs;

/// Scans a tree of files.
fn scanned(files: &[(&str, &str)]) -> Vec<Finding> {
    let root = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let report = scan(root.path(), &Options::default(), &|_| ()).unwrap();
    assert_eq!(report.troubles, []);
    report.findings
}

/// What is found by the readers of code, in short: `path:line Kind purpose name`, with the life where it is not live.
fn told(files: &[(&str, &str)]) -> Vec<String> {
    let of_code = [
        Kind::Import,
        Kind::Client,
        Kind::Command,
        Kind::Wrapper,
        Kind::VariableRead,
        Kind::ConnectionString,
        Kind::Setting,
        Kind::UnusedModule,
        Kind::Mention,
        Kind::Backup,
    ];
    let mut found = scanned(files);
    found.sort_by(|a, b| {
        let key = |found: &Finding| (found.place.path.clone(), found.place.line, found.kind);
        (key(a), a.place.column).cmp(&(key(b), b.place.column))
    });
    let found = found.iter().filter(|found| of_code.contains(&found.kind)).map(|found| {
        let life = match found.life {
            Life::Live => String::new(),
            life => format!(" {life:?}"),
        };
        let (kind, purpose) = (found.kind, found.purpose.word());
        format!("{}:{} {kind:?} {purpose} {}{life}", found.place.path, found.place.line, found.name)
    });
    found.collect()
}

#[track_caller]
fn check(files: &[(&str, &str)], expected: &[&str]) {
    let told = told(files);
    assert_eq!(told, expected, "found:\n{}", told.join("\n"));
}

mod python {
    use super::check;

    #[test]
    fn clients_and_what_they_send_are_known_by_any_name() {
        let code = "\
import redis as r
from redis.asyncio import Redis as R

pool = r.ConnectionPool(host='h')
cache = r.Redis(connection_pool=pool)
cache.setex(f'session:{sid}', 60, 'x')
with cache.pipeline() as pipe:
    pipe.incr('rate:1')

async def handler(store: R, other: dict):
    await store.set('lock:job', 1, nx=True)
    other.get('redis')
    if redistribute('redis'):
        '''redis.Redis()'''
";
        check(
            &[("app.py", code)],
            &[
                "app.py:1 Import other redis",
                "app.py:2 Import other redis",
                "app.py:4 Client other redis.ConnectionPool",
                "app.py:5 Client cache redis.Redis",
                "app.py:6 Command session setex",
                "app.py:7 Command cache pipeline",
                "app.py:8 Command limits incr",
                "app.py:11 Command lock set",
            ],
        );
    }

    #[test]
    fn imports_are_found_wherever_they_stand() {
        let code = "\
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from redis import Redis
def f():
    import redis.exceptions
    return importlib.import_module(\"redis\")
";
        check(
            &[("app.py", code)],
            &[
                "app.py:3 Import other redis",
                "app.py:5 Import other redis",
                "app.py:6 Import other redis",
            ],
        );
    }

    #[test]
    fn wrappers_are_followed_name_by_name() {
        let files = [
            ("app/__init__.py", ""),
            (
                "app/cache.py",
                "import redis\nredis_client = redis.Redis()\ndef slug(x): return x\ndef cached(k): return redis_client.get(k)\n",
            ),
            ("app/services/__init__.py", "from .users import load\n"),
            (
                "app/services/users.py",
                "from ..cache import cached, slug\ndef load(): return cached('a')\ndef other(): return slug(1)\n",
            ),
            (
                "app/main.py",
                "from app.services import load\nfrom app.services.users import other\nfrom app.cache import slug\nload()\n",
            ),
            (
                "app/direct.py",
                "from app import cache\ndef f(): cache.redis_client.publish('x', 1)\nf()\n",
            ),
        ];
        check(
            &files,
            &[
                "app/cache.py:1 Import cache redis",
                "app/cache.py:2 Client cache redis.Redis",
                "app/cache.py:4 Command cache get",
                "app/direct.py:1 Wrapper pub/sub redis_client",
                "app/direct.py:2 Command pub/sub publish",
                "app/main.py:1 Wrapper cache load",
                "app/services/__init__.py:1 Wrapper cache load",
                "app/services/users.py:1 Wrapper cache cached",
            ],
        );
    }

    #[test]
    fn frameworks_are_told_what_to_use() {
        let code = "\
import os
from celery import Celery
CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': os.environ['REDIS_URL']}}
CELERY_BROKER_URL = os.getenv('BROKER', 'redis://localhost:6379/0')
SESSION_ENGINE = 'django.contrib.sessions.backends.db'
LOCAL = {'BACKEND': 'django.core.cache.backends.locmem.LocMemCache'}
app = Celery('x', broker=os.environ['REDIS_URL'])
limiter = Limiter(storage_uri='memory://')
amqp = Celery('y', broker='amqp://h')
";
        check(
            &[("proj/settings.py", code)],
            &[
                "proj/settings.py:2 Import queue celery",
                "proj/settings.py:3 VariableRead cache REDIS_URL",
                "proj/settings.py:3 Setting cache django_redis.cache.RedisCache",
                "proj/settings.py:4 VariableRead queue BROKER",
                "proj/settings.py:4 ConnectionString queue redis://localhost:6379/0",
                "proj/settings.py:4 Setting queue CELERY_BROKER_URL",
                "proj/settings.py:7 VariableRead queue REDIS_URL",
                "proj/settings.py:7 Setting queue celery",
            ],
        );
    }

    #[test]
    fn modules_that_nothing_reaches_do_not_run() {
        let files = [
            ("shop/__init__.py", ""),
            ("shop/main.py", "from shop.live_cache import get\nget()\n"),
            ("shop/live_cache.py", "import redis\ndef get(): return redis.Redis()\n"),
            ("shop/old_cache.py", "import redis\nclass Old:\n    pass\n"),
            ("shop/helpers_for_tests.py", "import redis\nclass Fake:\n    pass\n"),
            ("shop/plugin_cache.py", "import redis\nclass Plugin:\n    pass\n"),
            ("tests/test_x.py", "from shop.helpers_for_tests import Fake\n"),
            ("setup.cfg", "[entry]\nx = shop.plugin_cache:Plugin\n"),
        ];
        let told = super::told(&files);
        let of = |path: &str| {
            told.iter().filter(|line| line.starts_with(path)).cloned().collect::<Vec<_>>()
        };
        assert_eq!(
            of("shop/old_cache.py"),
            [
                "shop/old_cache.py:1 Import cache redis Dormant",
                "shop/old_cache.py:1 UnusedModule cache shop/old_cache Dormant",
            ]
        );
        assert_eq!(of("shop/helpers"), ["shop/helpers_for_tests.py:1 Import cache redis Test"]);
        assert_eq!(of("shop/plugin"), ["shop/plugin_cache.py:1 Import cache redis"]);
        assert_eq!(of("shop/live")[0], "shop/live_cache.py:1 Import cache redis");
    }
}

mod rust {
    use super::check;

    #[test]
    fn crates_modules_and_tests_are_told_apart() {
        let files = [
            ("Cargo.toml", "[package]\nname = \"shop-api\"\n"),
            ("src/main.rs", "mod cache;\nmod routes;\nfn main() { routes::go() }\n"),
            (
                "src/cache.rs",
                "use redis::AsyncCommands;\npub struct Cache { con: redis::aio::ConnectionManager }\nimpl Cache {\n    pub async fn get(&mut self, k: &str) { self.con.get::<_, String>(format!(\"cache:{k}\")).await }\n}\npub fn open() -> redis::Client { redis::Client::open(std::env::var(\"REDIS_URL\").unwrap()).unwrap() }\npub fn plain() {}\n#[cfg(test)]\nmod tests {\n    use redis::Commands;\n}\n",
            ),
            (
                "src/routes.rs",
                "use crate::cache::{plain, Cache};\npub fn go() { plain(); redistribute() }\n",
            ),
            ("src/other.rs", "// redis\nfn x() { let redis = 1; }\n"),
        ];
        check(
            &files,
            &[
                "src/cache.rs:1 Import cache redis",
                "src/cache.rs:4 Command cache get",
                "src/cache.rs:6 Client cache redis.Client.open",
                "src/cache.rs:6 VariableRead cache REDIS_URL",
                "src/cache.rs:10 Import cache redis Test",
                "src/routes.rs:1 Wrapper cache Cache",
            ],
        );
    }
}

mod ruby {
    use super::check;

    #[test]
    fn constants_settings_and_workers() {
        let files = [
            ("Gemfile", "gem 'rails'\n"),
            (
                "config/environments/production.rb",
                "Rails.application.configure do\n  config.cache_store = :redis_cache_store, { url: ENV['REDIS_URL'] }\n  config.active_job.queue_adapter = :sidekiq\nend\n",
            ),
            (
                "config/initializers/redis.rb",
                "$redis = Redis.new(url: ENV.fetch('REDIS_URL') { 'redis://localhost:6379' })\n",
            ),
            (
                "app/workers/mail_worker.rb",
                "class MailWorker\n  include Sidekiq::Job\n  def perform(id)\n    $redis.set(\"lock:#{id}\", 1)\n  end\nend\n",
            ),
            (
                "app/controllers/users_controller.rb",
                "class UsersController\n  # Redis\n  def create\n    MailWorker.perform_async(1)\n  end\nend\n",
            ),
        ];
        check(
            &files,
            &[
                "app/controllers/users_controller.rb:4 Command queue perform_async",
                "app/controllers/users_controller.rb:4 Wrapper queue MailWorker",
                "app/workers/mail_worker.rb:2 Client queue Sidekiq.Job",
                "app/workers/mail_worker.rb:4 Command lock set",
                "app/workers/mail_worker.rb:4 Wrapper lock redis",
                "config/environments/production.rb:2 VariableRead cache REDIS_URL",
                "config/environments/production.rb:2 Setting cache cache_store = redis_cache_store",
                "config/environments/production.rb:3 Setting queue queue_adapter = sidekiq",
                "config/initializers/redis.rb:1 Client other Redis.new",
                "config/initializers/redis.rb:1 VariableRead other REDIS_URL",
                "config/initializers/redis.rb:1 ConnectionString other redis://localhost:6379",
            ],
        );
    }
}

mod java_and_kotlin {
    use super::check;

    #[test]
    fn injected_templates_and_their_users() {
        let files = [
            (
                "src/main/java/a/b/TokenStore.java",
                "package a.b;\n\nimport org.springframework.data.redis.core.StringRedisTemplate;\n\n@Service\npublic class TokenStore {\n  @Value(\"${spring.redis.host:localhost}\") private String host;\n  private final StringRedisTemplate template;\n  void keep(String t) { template.opsForValue().set(\"refresh:\" + t, \"1\", Duration.ofDays(1)); }\n}\n",
            ),
            (
                "src/main/java/a/c/Login.java",
                "package a.c;\n\nimport a.b.TokenStore;\n\n@Service\npublic class Login { Login(TokenStore s) {} }\n",
            ),
            (
                "src/main/kotlin/a/c/Out.kt",
                "package a.c\n\nclass OutController(private val login: Login)\n",
            ),
            (
                "src/main/kotlin/a/d/Pool.kt",
                "package a.d\n\nimport redis.clients.jedis.JedisPool\n\nobject PoolProvider {\n  val pool = JedisPool(System.getenv(\"REDIS_HOST\"), 6379)\n  fun get(k: String) = pool.resource.use { it.get(k) }\n}\n",
            ),
        ];
        check(
            &files,
            &[
                "src/main/java/a/b/TokenStore.java:3 Import tokens org.springframework.boot:spring-boot-starter-data-redis",
                "src/main/java/a/b/TokenStore.java:7 VariableRead tokens spring.redis.host",
                "src/main/java/a/b/TokenStore.java:9 Command tokens set",
                "src/main/java/a/c/Login.java:3 Wrapper tokens TokenStore",
                "src/main/kotlin/a/d/Pool.kt:3 Import tokens redis.clients:jedis",
                "src/main/kotlin/a/d/Pool.kt:6 Client tokens redis.clients.jedis.JedisPool",
                "src/main/kotlin/a/d/Pool.kt:6 VariableRead tokens REDIS_HOST",
                "src/main/kotlin/a/d/Pool.kt:7 Command tokens use",
            ],
        );
    }
}

mod php {
    use super::check;

    #[test]
    fn facades_settings_and_extensions() {
        let files = [
            (
                "config/cache.php",
                "<?php\nreturn [\n  'default' => env('CACHE_DRIVER', 'redis'),\n  'stores' => ['redis' => ['driver' => 'redis', 'connection' => 'cache']],\n];\n",
            ),
            (
                "app/Http/Limiter.php",
                "<?php\nnamespace App\\Http;\nuse Illuminate\\Support\\Facades\\Redis;\nclass Limiter {\n  function hit($ip) { return Redis::incr(\"throttle:$ip\"); }\n}\n",
            ),
            (
                "app/Plain.php",
                "<?php\nnamespace App;\nclass Plain {\n  private \\Redis $r;\n  function __construct() { $this->r = new \\Redis(); $this->r->setEx('x', 1, 2); }\n}\n",
            ),
            (
                "app/User.php",
                "<?php\nnamespace App\\Models;\nuse App\\Http\\Limiter;\nclass User { function f(Limiter $l) { $l->hit(1); } function g(\\App\\Plain $p) {} }\n",
            ),
        ];
        check(
            &files,
            &[
                "app/Http/Limiter.php:3 Import limits illuminate/redis",
                "app/Http/Limiter.php:5 Command limits incr",
                "app/Plain.php:5 Client cache Redis",
                "app/Plain.php:5 Command cache setEx",
                "app/User.php:3 Wrapper limits Limiter",
                "config/cache.php:3 VariableRead cache CACHE_DRIVER",
                "config/cache.php:3 Setting cache default = redis",
                "config/cache.php:4 Setting cache redis",
            ],
        );
    }
}

mod c_sharp {
    use super::check;

    #[test]
    fn multiplexers_and_registrations() {
        let files = [
            ("Shop.csproj", "<Project/>"),
            (
                "Program.cs",
                "using Shop.Caching;\nusing StackExchange.Redis;\nvar mux = ConnectionMultiplexer.Connect(builder.Configuration[\"Redis:Host\"]);\nbuilder.Services.AddStackExchangeRedisCache(o => { o.Configuration = \"localhost:6379\"; });\nbuilder.Services.AddSingleton<SessionStore>();\n",
            ),
            (
                "Caching/SessionStore.cs",
                "using StackExchange.Redis;\nnamespace Shop.Caching;\npublic class SessionStore {\n  private readonly IDatabase _db;\n  public SessionStore(IConnectionMultiplexer m) { _db = m.GetDatabase(); }\n  public Task Keep(string id) => _db.StringSetAsync($\"session:{id}\", \"1\");\n}\n",
            ),
        ];
        check(
            &files,
            &[
                "Caching/SessionStore.cs:1 Import session StackExchange.Redis",
                "Caching/SessionStore.cs:5 Command session GetDatabase",
                "Caching/SessionStore.cs:6 Command session StringSetAsync",
                "Program.cs:1 Wrapper session SessionStore",
                "Program.cs:2 Import other StackExchange.Redis",
                "Program.cs:3 Client other ConnectionMultiplexer.Connect",
                "Program.cs:3 VariableRead other Redis:Host",
                "Program.cs:4 Client cache AddStackExchangeRedisCache",
                "Program.cs:4 ConnectionString cache localhost:6379",
            ],
        );
    }
}

#[test]
fn what_is_broken_or_deep_is_read_as_far_as_it_goes() {
    let deep = format!("import redis\nx = {}1{}\n", "(".repeat(20_000), ")".repeat(20_000));
    let files = [
        ("deep.py", deep.as_str()),
        ("broken.go", "package x\n\nimport \"github.com/redis/go-redis/v9\"\n\nfunc {{{ ((("),
        ("crlf.py", "\u{feff}import redis\r\nr = redis.Redis()\r\n"),
        ("empty.rs", ""),
    ];
    let told = told(&files);
    assert!(
        told.contains(&"broken.go:3 Import other github.com/redis/go-redis".to_owned()),
        "{told:?}"
    );
    assert!(told.contains(&"crlf.py:2 Client other redis.Redis".to_owned()), "{told:?}");
    assert!(told.contains(&"deep.py:1 Import other redis".to_owned()), "{told:?}");
}
