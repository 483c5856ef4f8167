//! Clients without a name of their own: in patterns, in macros, lent to functions, given to parts of an application.

use super::check;

#[test]
fn patterns_and_macros_of_rust_hold_clients() {
    let code = "\
use redis::{aio::ConnectionManager, AsyncCommands};

macro_rules! send {
    ($con:expr, $name:literal) => {
        redis::cmd($name).query_async(&mut $con).await
    };
}

async fn show(State(mut redis): State<ConnectionManager>) {
    let _ = tokio::try_join!(redis.sadd(\"a\", 1), redis.scard(\"b\"));
    let _ = send!(redis, \"ZINCRBY\");
}

fn open(client: redis::Client, local: Local) {
    if let Ok(mut con) = client.get_connection() {
        con.hset(\"a\", \"b\", 1);
    }
    let mut own = ConnectionManager::from_ref(&local);
    own.expire(\"a\", 1);
    println!(\"{}\", local.get(\"a\"));
}
";
    check(
        &[("Cargo.toml", "[package]\nname = \"a\"\n"), ("src/main.rs", code)],
        &[
            "src/main.rs:1 Import other redis",
            "src/main.rs:5 Command other $name",
            "src/main.rs:10 Command other sadd",
            "src/main.rs:11 Command other ZINCRBY",
            "src/main.rs:15 Command other get_connection",
            "src/main.rs:16 Command other hset",
            "src/main.rs:19 Command other expire",
        ],
    );
}

#[test]
fn functions_of_kotlin_are_lent_clients() {
    let code = "\
import redis.clients.jedis.JedisPool

fun main() = Visits().visit(\"a\")

class Visits(private val pool: JedisPool, private val names: List<String>) {
    fun visit(page: String) {
        pool.resource.use { it.hset(\"a\", page, \"1\") }
        pool.resource.use { jedis ->
            jedis.sadd(\"b\", page)
        }
        with(pool.resource) {
            expire(\"b\", 60)
        }
        names.let { it.get(0) }
    }
}
";
    check(
        &[("Visits.kt", code)],
        &[
            "Visits.kt:1 Import other redis.clients:jedis",
            "Visits.kt:7 Command other hset",
            "Visits.kt:8 Command other use",
            "Visits.kt:9 Command other sadd",
            "Visits.kt:12 Command other expire",
        ],
    );
}

#[test]
fn parts_of_an_application_are_given_servers() {
    let code = "\
var cache = builder.AddRedis(\"cache\");
var db = builder.AddPostgres(\"pg\");
builder.AddProject<Projects.Api>(\"api\")
    .WithReference(cache)
    .WithReference(db);
";
    check(
        &[("AppHost/Program.cs", code)],
        &[
            "AppHost/Program.cs:1 Client cache AddRedis",
            "AppHost/Program.cs:4 Setting cache WithReference(cache)",
        ],
    );
}

#[test]
fn structs_of_go_on_one_line_embed_clients_and_pools_of_redigo_give_connections() {
    let pool = "\
package pool

import \"github.com/gomodule/redigo/redis\"

type Pool struct{ *redis.Pool }

type Store struct{ next *Plain }

func (p *Pool) With(f func(redis.Conn) error) error {
	c := p.Get()
	defer c.Close()
	return f(c)
}

func (s *Store) With() {
	v := s.next.Get()
	v.Close()
}
";
    let jobs = "\
package jobs

import \"github.com/gocraft/work\"

type Queue struct{ *work.Enqueuer }

func (q *Queue) Send(id string) {
	q.EnqueueUniqueByKey(\"a\", nil, nil)
	q.String()
}
";
    check(
        &[("pool/pool.go", pool), ("jobs/jobs.go", jobs)],
        &[
            "jobs/jobs.go:3 Import queue github.com/gocraft/work",
            "jobs/jobs.go:8 Command queue EnqueueUniqueByKey",
            "pool/pool.go:3 Import queue github.com/gomodule/redigo",
            "pool/pool.go:10 Command queue Get",
            "pool/pool.go:11 Command queue Close",
        ],
    );
}

#[test]
fn transactions_of_quarkus_lend_what_sends() {
    let code = "\
package a

import io.quarkus.redis.datasource.RedisDataSource

class Holds(private val redis: RedisDataSource, private val sql: Sql) {
    fun hold(id: String) {
        redis.withTransaction { tx ->
            tx.value(String::class.java).set(id, \"x\")
            tx.key().expire(id, 60)
        }
        sql.withTransaction { work -> work.execute(id) }
    }
}
";
    check(
        &[
            ("src/main/kotlin/a/Holds.kt", code),
            ("src/main/kotlin/a/Main.kt", "package a\n\nclass Main(private val holds: Holds)\n"),
        ],
        &[
            "src/main/kotlin/a/Holds.kt:3 Import other io.quarkus:quarkus-redis-client*",
            "src/main/kotlin/a/Holds.kt:7 Command other withTransaction",
            "src/main/kotlin/a/Holds.kt:8 Command other value",
            "src/main/kotlin/a/Holds.kt:9 Command other key",
        ],
    );
}

#[test]
fn pools_of_rust_are_made_of_what_another_file_reads() {
    let code = "\
use deadpool_redis::{Pool, Runtime};

pub fn open(config: &Config) -> Pool {
    let sql = config.pg.create_pool(Some(Runtime::Tokio1), NoTls).unwrap();
    config.redis.create_pool(Some(Runtime::Tokio1)).unwrap()
}
";
    check(
        &[("src/lib.rs", code)],
        &["src/lib.rs:1 Import other deadpool-redis", "src/lib.rs:5 Client other create_pool"],
    );
}
