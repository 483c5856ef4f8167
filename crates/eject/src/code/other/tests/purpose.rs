//! What imports, clients and commands are for.

use super::check;

#[test]
fn keys_of_rueidis_stand_in_its_builder() {
    let code = "\
package kv

import \"github.com/redis/rueidis\"

func Read(ctx context.Context, c rueidis.Client, id string) {
	c.DoCache(ctx, c.B().Get().Key(prefix+id).Cache(), local)
	c.Do(ctx, c.B().Get().Key(\"session:\"+key(id)).Build())
}
";
    check(
        &[("kv/kv.go", code), ("other/other.go", "package other\n")],
        &[
            "kv/kv.go:3 Import session github.com/redis/rueidis",
            "kv/kv.go:6 Command session DoCache",
            "kv/kv.go:7 Command session Do",
        ],
    );
}

#[test]
fn keys_say_by_their_start_what_they_are_for() {
    let code = "\
import redis

client = redis.Redis('h')
client.set(f'code:{code}', 1)
client.set('post:code', 1)
client.sadd('tasks', 1)
";
    check(
        &[("app/a.py", code)],
        &[
            "app/a.py:1 Import other redis",
            "app/a.py:3 Client other redis.Redis",
            "app/a.py:4 Command tokens set",
            "app/a.py:5 Command other set",
            "app/a.py:6 Command queue sadd",
        ],
    );
}

#[test]
fn traits_of_rust_say_what_is_implemented() {
    let code = "\
use redis::aio::ConnectionManager;

impl Lock for Store {
    async fn acquire(&self) { redis::cmd(\"SET\").query_async(&mut self.0).await }
}

impl<T: Cache> Show for Store {
    async fn show(&self) { redis::cmd(\"GET\").query_async(&mut self.0).await }
}

impl<T> Cache<T> for Store {
    async fn read(&self) { redis::cmd(\"GET\").query_async(&mut self.0).await }
}
";
    check(
        &[("src/lib.rs", code)],
        &[
            "src/lib.rs:1 Import other redis",
            "src/lib.rs:4 Command lock SET",
            "src/lib.rs:8 Command other GET",
            "src/lib.rs:12 Command cache GET",
        ],
    );
}

#[test]
fn types_of_spring_say_what_they_are_for_and_so_does_what_is_taken_in_with_them() {
    let listens = "\
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;

@Configuration
class Stock {
    @Bean
    RedisMessageListenerContainer made(RedisConnectionFactory factory) {
        var container = new RedisMessageListenerContainer();
        return container;
    }
}
";
    let reads = "\
import org.springframework.data.redis.core.StringRedisTemplate;

@Service
class Names {
    Names(StringRedisTemplate template) { template.opsForSet().add(\"session:a\", b); }
}
";
    check(
        &[("src/Stock.java", listens), ("src/Names.java", reads)],
        &[
            "src/Names.java:1 Import session org.springframework.boot:spring-boot-starter-data-redis",
            "src/Names.java:5 Command session add",
            "src/Stock.java:1 Import pub/sub org.springframework.boot:spring-boot-starter-data-redis",
            "src/Stock.java:2 Import pub/sub org.springframework.boot:spring-boot-starter-data-redis",
            "src/Stock.java:8 Client pub/sub org.springframework.data.redis.listener.RedisMessageListenerContainer",
        ],
    );
}

#[test]
fn connections_of_an_object_are_for_what_is_sent_by_them_next() {
    let files = [
        ("Cargo.toml", "[package]\nname = \"svc\"\n"),
        ("src/main.rs", "mod state;\nmod web;\nfn main() { web::serve() }\n"),
        (
            "src/state.rs",
            "use apalis_redis::RedisStorage;\nuse deadpool_redis::Pool;\npub struct State { pub redis: Pool, pub mails: RedisStorage<Mail> }\nimpl State {\n    pub fn new(c: Conn) -> Self { Self { mails: RedisStorage::new(c) } }\n}\n",
        ),
        (
            "src/web.rs",
            "use crate::state::State;\npub fn serve(state: State) {\n    let mut kv = state.redis.get().await;\n    kv.set(\"token:a\", 1);\n    state.mails.push(1);\n}\n",
        ),
    ];
    check(
        &files,
        &[
            "src/state.rs:1 Import queue apalis-redis",
            "src/state.rs:2 Import queue deadpool-redis",
            "src/state.rs:5 Client queue apalis_redis.RedisStorage.new",
            "src/web.rs:1 Wrapper queue State",
            "src/web.rs:3 Command tokens get",
            "src/web.rs:4 Command tokens set",
            "src/web.rs:5 Command queue push",
        ],
    );
}

#[test]
fn who_uses_a_function_is_told_what_most_in_it_is_for() {
    let files = [
        (
            "kv/some.py",
            "import redis\n\nclient = redis.Redis('h')\n\ndef run():\n    client.set('lock:a', 1)\n    client.get('session:a')\n    client.get('session:b')\n",
        ),
        ("main.py", "from kv.some import run\n\nrun()\n"),
    ];
    check(
        &files,
        &[
            "kv/some.py:1 Import other redis",
            "kv/some.py:3 Client other redis.Redis",
            "kv/some.py:6 Command lock set",
            "kv/some.py:7 Command session get",
            "kv/some.py:8 Command session get",
            "main.py:1 Wrapper session run",
        ],
    );
}

#[test]
fn commands_are_for_what_those_beside_them_are_for() {
    let code = "\
package risk

import \"github.com/gomodule/redigo/redis\"

type Velocity struct{ pool *redis.Pool }

func (v *Velocity) Spend(card string) {
	conn := v.pool.Get()
	defer conn.Close()
	key := \"spent:\" + card
	conn.Send(\"INCRBY\", key, 1)
	conn.Send(\"EXPIRE\", key, ttl)
}

func (v *Velocity) Both(key, id string) {
	conn := v.pool.Get()
	k := name(\"sess\", id)
	conn.Do(\"SET\", k, 1)
	conn.Do(\"EXPIRE\", k, 1)
	conn.Do(\"RPUSH\", key, 1)
	conn.Do(\"EXPIRE\", key, 1)
	conn.Do(\"PING\")
}
";
    check(
        &[("risk/risk.go", code), ("other/other.go", "package other\n")],
        &[
            "risk/risk.go:3 Import other github.com/gomodule/redigo",
            "risk/risk.go:8 Command limits Get",
            "risk/risk.go:9 Command limits Close",
            "risk/risk.go:11 Command limits INCRBY",
            "risk/risk.go:12 Command limits EXPIRE",
            "risk/risk.go:16 Command other Get",
            "risk/risk.go:18 Command session SET",
            "risk/risk.go:19 Command session EXPIRE",
            "risk/risk.go:20 Command queue RPUSH",
            "risk/risk.go:21 Command queue EXPIRE",
            "risk/risk.go:22 Command other PING",
        ],
    );
}

#[test]
fn types_of_receivers_and_what_is_sent_by_a_step_say_what_it_is_for() {
    let code = "\
using StackExchange.Redis;

public sealed class Orders(IConnectionMultiplexer redis)
{
    public async Task Place(string table, CancellationToken cancellationToken)
    {
        var db = redis.GetDatabase(1);
        await db.LockTakeAsync(table, 1);
        var feed = await redis.GetSubscriber().SubscribeAsync(RedisChannel.Pattern(\"a\"));
        feed.WithCancellation(cancellationToken);
    }

    [HttpGet]
    public void Open() {}
}
";
    let retries = "\
package shop

import org.redisson.api.RBlockingQueue

@Component
class Retries(redisson: Any) {
    private val due: RBlockingQueue<String> = redisson.getBlockingQueue(\"due\")

    fun next(): String? = due.poll()
}
";
    check(
        &[("Orders.cs", code), ("Retries.kt", retries), ("Start.cs", "new Orders(redis);\n")],
        &[
            "Orders.cs:1 Import other StackExchange.Redis",
            "Orders.cs:7 Command lock GetDatabase",
            "Orders.cs:8 Command lock LockTakeAsync",
            "Orders.cs:9 Client other RedisChannel.Pattern",
            "Orders.cs:9 Command pub/sub GetSubscriber",
            "Orders.cs:10 Command pub/sub WithCancellation",
            "Retries.kt:3 Import queue org.redisson:*",
            "Retries.kt:9 Command queue poll",
        ],
    );
}

#[test]
fn what_sets_only_what_is_not_there_locks_and_what_it_names_is_for_that() {
    let code = "\
use redis::{Commands, Script};

pub fn alone(conn: &mut redis::Connection, name: &str) {
    let key = format!(\"a:{name}\");
    redis::cmd(\"SET\").arg(&key).arg(1).arg(\"NX\").arg(\"PX\").query(conn);
    Script::new(RELEASE).key(&key).arg(1).invoke(conn);
    redis::cmd(\"SET\").arg(\"b\").arg(1).query(conn);
}
";
    check(
        &[("src/lib.rs", code)],
        &[
            "src/lib.rs:1 Import lock redis",
            "src/lib.rs:5 Command lock SET",
            "src/lib.rs:6 Command lock invoke",
            "src/lib.rs:7 Command lock SET",
        ],
    );
}

#[test]
fn scripts_that_give_up_what_is_still_held_are_of_locks() {
    let code = "\
use redis::Script;

static RELEASE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(\"if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end\")
});
static COUNT: LazyLock<Script> = LazyLock::new(|| Script::new(\"return redis.call('GET', KEYS[1])\"));
";
    check(
        &[
            ("src/a.rs", code),
            ("src/lib.rs", "mod a;\nfn b() { redis::cmd(\"PUBLISH\").arg(1).query(c); }\n"),
        ],
        &[
            "src/a.rs:1 Import other redis",
            "src/a.rs:4 Client lock redis.Script.new",
            "src/a.rs:6 Client other redis.Script.new",
            "src/lib.rs:2 Command pub/sub PUBLISH",
        ],
    );
}

#[test]
fn what_is_read_through_to_a_database_is_a_cache() {
    let code = "\
package ledger

import \"github.com/redis/go-redis/v9\"

type Server struct {
	rdb *redis.Client
	db  *pgxpool.Pool
}

func (s *Server) Post(ctx context.Context, e Entry) {
	s.rdb.HDel(ctx, name(\"sums\"), e.Account)
	s.rdb.RPush(ctx, \"booked\", e.Account)
}

func (s *Server) Sum(ctx context.Context, account string) {
	if cents, err := s.rdb.HGet(ctx, name(\"sums\"), account).Int64(); err == nil {
		return cents
	}
	s.db.QueryRow(ctx, `select 1`, account).Scan(&cents)
	s.rdb.HSet(ctx, name(\"sums\"), account, cents)
}

func (s *Server) Own(ctx context.Context, account string) {
	s.rdb.HGet(ctx, \"own\", account)
	s.rdb.HSet(ctx, \"own\", account, 1)
	s.db.QueryRow(ctx, `select 1`, account)
}
";
    check(
        &[("ledger/ledger.go", code), ("other/other.go", "package other\n")],
        &[
            "ledger/ledger.go:3 Import other github.com/redis/go-redis",
            "ledger/ledger.go:11 Command cache HDel",
            "ledger/ledger.go:12 Command queue RPush",
            "ledger/ledger.go:16 Command cache HGet",
            "ledger/ledger.go:20 Command cache HSet",
            "ledger/ledger.go:24 Command other HGet",
            "ledger/ledger.go:25 Command other HSet",
        ],
    );
}

#[test]
fn who_listens_to_a_client_of_python_is_told_by_its_commands() {
    let code = "\
import redis

client = redis.Redis('h')
feed = client.pubsub()
for message in feed.listen():
    client.sadd('jobs', message)
";
    check(
        &[("app/a.py", code)],
        &[
            "app/a.py:1 Import other redis",
            "app/a.py:3 Client other redis.Redis",
            "app/a.py:4 Command pub/sub pubsub",
            "app/a.py:5 Command pub/sub listen",
            "app/a.py:6 Command queue sadd",
        ],
    );
}
