//! Clients that are given by what is not their maker: properties, loops, scripts, fields of other files' objects.

use super::check;

#[test]
fn what_properties_scripts_and_sentinels_of_python_give() {
    let code = "\
from redis import Redis
from redis.sentinel import Sentinel

master = Sentinel([('h', 1)]).master_for('m')

class Store:
    def __init__(self, client=None):
        self.client = client if client is not None else master
        self.take = master.register_script('return 1')

    @property
    def own(self):
        return self.client

    def run(self, words):
        self.take(keys=['a'])
        self.own.get('a')
        self.client.connection_pool.disconnect()
        for word in words:
            word.get('a')

shards = [Redis(h) for h in hosts]

def each():
    for shard in shards:
        shard.flushdb()

each()
";
    check(
        &[("app/store.py", code)],
        &[
            "app/store.py:1 Import other redis",
            "app/store.py:2 Import other redis",
            "app/store.py:4 Client other redis.sentinel.Sentinel",
            "app/store.py:9 Command other register_script",
            "app/store.py:16 Command other take",
            "app/store.py:17 Command other get",
            "app/store.py:18 Command other disconnect",
            "app/store.py:22 Client other redis.Redis",
            "app/store.py:26 Command other flushdb",
        ],
    );
}

#[test]
fn an_object_of_python_gives_its_clients_to_other_files_and_a_router_its_routes() {
    let extension = "\
from walrus import Database

class Store:
    walrus: Database

    def init_app(self, app):
        self.walrus = Database.from_url(app.config['X'])

store = Store()
";
    let routes = "\
from app.extension import store

router = APIRouter()

@router.get('/')
def shown():
    waiting = store.walrus.List('a')
    waiting.append('b')
    return str(waiting)
";
    let main = "from app.routes import router\n\napp.include_router(router)\n";
    check(
        &[("app/extension.py", extension), ("app/routes.py", routes), ("app/main.py", main)],
        &[
            "app/extension.py:1 Import other walrus",
            "app/extension.py:7 Client other walrus.Database.from_url",
            "app/main.py:1 Wrapper other router",
            "app/routes.py:1 Wrapper other store",
            "app/routes.py:7 Command other List",
            "app/routes.py:8 Command other append",
        ],
    );
}

#[test]
fn settings_of_celery_in_dictionaries_and_locks_of_djangos_cache() {
    let settings = "\
CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache'}}
CELERY = {'broker_url': REDIS_URL.replace('0', '1'), 'task_ignore_result': True}
CELERY_BEAT_SCHEDULER = 'redbeat.RedBeatScheduler'
";
    let locks = "\
from django.core.cache import caches

cache = caches['default']

def exclusively(name):
    lock = cache.lock(name)
    lock.acquire()
    other.acquire()
";
    let user = "from shop.locks import exclusively\n\nexclusively('a')\n";
    let files = [
        ("requirements.txt", "django-redis\ncelery[redis]\n"),
        ("shop/settings.py", settings),
        ("shop/locks.py", locks),
        ("shop/user.py", user),
    ];
    check(
        &files,
        &[
            "shop/locks.py:6 Command lock lock",
            "shop/locks.py:7 Command lock acquire",
            "shop/settings.py:1 Setting cache django_redis.cache.RedisCache",
            "shop/settings.py:2 Setting queue broker_url",
            "shop/settings.py:3 Setting queue redbeat.RedBeatScheduler",
            "shop/user.py:1 Wrapper lock exclusively",
        ],
    );
}

#[test]
fn fields_and_methods_of_structs_of_go_in_other_packages() {
    let store = "\
package store

import \"github.com/redis/go-redis/v9\"

type Store struct {
	Rdb *redis.Client
	Log *slog.Logger
}

func (s *Store) Client() *redis.Client { return s.Rdb }

func (s *Store) hook(cmd redis.Cmder) { s.Log.Info(cmd.Name()) }
";
    let user = "\
package user

import \"example.org/app/store\"

type Handler struct {
	store *store.Store
}

func (h *Handler) Go(c *gin.Context) {
	h.store.Rdb.Del(c, \"x\")
	h.store.Client().Expire(c, \"x\", 0)
	h.store.Log.Info(\"x\")
}
";
    let asserted = "\
package asserted

import \"github.com/redis/go-redis/v9\"

func Go(c *gin.Context) {
	rdb := c.MustGet(\"kv\").(*redis.Client)
	rdb.Get(c, \"x\")
}
";
    check(
        &[
            ("go.mod", "module example.org/app\n"),
            ("store/store.go", store),
            ("user/user.go", user),
            ("asserted/asserted.go", asserted),
        ],
        &[
            "asserted/asserted.go:3 Import other github.com/redis/go-redis",
            "asserted/asserted.go:7 Command other Get",
            "store/store.go:3 Import other github.com/redis/go-redis",
            "user/user.go:3 Wrapper other Store",
            "user/user.go:10 Command other Del",
            "user/user.go:11 Command other Expire",
        ],
    );
}

#[test]
fn functions_of_redigo_send_by_the_connection_that_they_are_given() {
    let code = "\
package heat

import \"github.com/gomodule/redigo/redis\"

func Count(ctx context.Context, pool *redis.Pool) error {
	conn, err := pool.GetContext(ctx)
	if err != nil {
		return err
	}
	conn.Send(\"HINCRBY\", \"a\", \"b\", 1)
	_, err = redis.DoContext(conn, ctx, \"EXPIRE\", \"a\", 1)
	return err
}
";
    check(
        &[("heat/heat.go", code)],
        &[
            "heat/heat.go:3 Import other github.com/gomodule/redigo",
            "heat/heat.go:6 Command other GetContext",
            "heat/heat.go:10 Command other HINCRBY",
            "heat/heat.go:11 Command other github.com/gomodule/redigo/redis.DoContext",
        ],
    );
}

#[test]
fn kotlins_properties_that_are_made_when_they_are_asked_for_and_negations() {
    let code = "\
package a

import org.redisson.api.RedissonClient

class Terminal(redisson: RedissonClient, private val door: Door) {
    private val limiter = redisson.getRateLimiter(\"a\").apply { trySetRate(1) }
    private val gate by lazy { redisson.getLock(\"b\") }
    private val map get() = redisson.getMap<String, String>(\"c\")

    fun charge() {
        if (!limiter.tryAcquire(1)) return
        gate.tryLock()
        map.put(\"a\", \"b\")
        at(\"x\").set(\"y\")
        door.tryLock()
    }

    private fun at(name: String) = redisson.getBucket(name)
}
";
    let user = "package a\n\nclass User(private val terminal: Terminal)\n";
    check(
        &[("src/main/kotlin/a/Terminal.kt", code), ("src/main/kotlin/a/User.kt", user)],
        &[
            "src/main/kotlin/a/Terminal.kt:3 Import other org.redisson:*",
            "src/main/kotlin/a/Terminal.kt:6 Command limits trySetRate",
            "src/main/kotlin/a/Terminal.kt:7 Command lock getLock",
            "src/main/kotlin/a/Terminal.kt:8 Command other getMap",
            "src/main/kotlin/a/Terminal.kt:11 Command limits tryAcquire",
            "src/main/kotlin/a/Terminal.kt:12 Command lock tryLock",
            "src/main/kotlin/a/Terminal.kt:13 Command other put",
            "src/main/kotlin/a/Terminal.kt:14 Command other set",
            "src/main/kotlin/a/Terminal.kt:18 Command limits getBucket",
        ],
    );
}

#[test]
fn properties_of_a_context_of_c_sharp_and_what_reads_an_address() {
    let context = "\
using StackExchange.Redis;
using Hangfire.Redis.StackExchange;
namespace App;

public class Context
{
    public IConnectionMultiplexer Link => held.Value;
    public void Open(string where)
    {
        var parsed = ConfigurationOptions.Parse(where);
        parsed.ToString();
    }
}
";
    let user = "\
namespace App.Users;

public class User(Context context)
{
    public void Go() { context.Link.GetDatabase(); context.Other.GetDatabase(); }
}
";
    check(
        &[("App/Context.cs", context), ("App/User.cs", user)],
        &[
            "App/Context.cs:1 Import queue StackExchange.Redis",
            "App/Context.cs:2 Import queue Hangfire.Redis.StackExchange",
            "App/Context.cs:10 Client queue ConfigurationOptions.Parse",
            "App/User.cs:5 Command queue GetDatabase",
        ],
    );
}

#[test]
fn configurations_of_rust_and_keys_behind_commands() {
    let code = "\
use deadpool_redis::{redis::{cmd, AsyncCommands, Client}, Config, Pool};

pub fn open(url: &str) -> Pool {
    let config = Config::from_url(url);
    config.create_pool(None).unwrap()
}

pub async fn take(pool: &Pool, client: Client) -> Result<(), Failed> {
    let mut conn = pool.get().await.map_err(Failed::from)?;
    cmd(\"SET\").arg(\"lock:a\").query_async(&mut conn).await?;
    let (mut sink, rest) = client.get_async_pubsub().await?.split();
    sink.subscribe(\"lock:b\").await?;
    let (first, rest) = \"a:b\".split(':');
    first.get(1);
    Ok(())
}
";
    check(
        &[("src/lib.rs", code)],
        &[
            "src/lib.rs:1 Import other deadpool-redis",
            "src/lib.rs:4 Client other deadpool_redis.Config.from_url",
            "src/lib.rs:5 Client other create_pool",
            "src/lib.rs:9 Command other get",
            "src/lib.rs:10 Command lock SET",
            "src/lib.rs:11 Command pub/sub get_async_pubsub",
            "src/lib.rs:12 Command pub/sub subscribe",
        ],
    );
}
