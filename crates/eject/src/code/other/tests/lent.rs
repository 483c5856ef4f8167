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
