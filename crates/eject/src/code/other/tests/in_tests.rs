//! What tests alone have, beside what runs: doubles, modules that are compiled for tests, names that both have.

use super::check;

const CARGO: (&str, &str) = ("Cargo.toml", "[package]\nname = \"a\"\n");

#[test]
fn what_a_test_of_rust_names_says_nothing_of_what_runs() {
    let code = "\
use redis::aio::ConnectionManager;
use redis::AsyncCommands;

pub struct Store { conn: ConnectionManager, kept: Kept }

impl Store {
    pub async fn get(&self) -> Option<String> {
        self.kept.get(\"a\");
        self.conn.clone().hget(\"a\", \"b\").await
    }
}

#[cfg(test)]
mod tests {
    #[tokio::test]
    async fn nothing() {
        let mut conn = redis_test::MockRedisConnection::new(vec![]);
        let kept = redis::Client::open(\"redis://x\");
        conn.hget(\"a\", \"b\").await;
        kept.get(\"a\").await;
    }
}

fn main() {}
";
    check(
        &[CARGO, ("src/main.rs", code)],
        &[
            "src/main.rs:1 Import other redis",
            "src/main.rs:2 Import other redis",
            "src/main.rs:9 Command other hget",
            "src/main.rs:17 Client other redis_test.MockRedisConnection.new Test",
            "src/main.rs:18 Client other redis.Client.open Test",
            "src/main.rs:18 ConnectionString other redis://x Test",
            "src/main.rs:19 Command other hget Test",
            "src/main.rs:20 Command other get Test",
        ],
    );
}

#[test]
fn what_a_feature_compiles_as_well_runs() {
    let code = "\
#[cfg(any(test, feature = \"redis\"))]
mod kept {
    pub fn open() { redis::Client::open(x); }
}

#[cfg(any(test, feature = \"test-util\"))]
mod doubles {
    pub fn open() { redis::Client::open(x); }
}

fn main() {}
";
    check(
        &[CARGO, ("src/main.rs", code)],
        &[
            "src/main.rs:3 Client other redis.Client.open",
            "src/main.rs:8 Client other redis.Client.open Test",
        ],
    );
}

#[test]
fn a_client_that_a_double_may_stand_for_runs() {
    let code = "\
import fakeredis
import redis

if settings.OFFLINE:
    client = fakeredis.FakeRedis()
else:
    client = redis.Redis()

if settings.ONLINE:
    values = redis.Redis()
else:
    values = fakeredis.FakeRedis()

client.hget('a', 'b')
values.hget('a', 'b')
";
    check(
        &[("app.py", code)],
        &[
            "app.py:1 Import other fakeredis Test",
            "app.py:2 Import other redis",
            "app.py:5 Client other fakeredis.FakeRedis Test",
            "app.py:7 Client other redis.Redis",
            "app.py:10 Client other redis.Redis",
            "app.py:12 Client other fakeredis.FakeRedis Test",
            "app.py:14 Command other hget",
            "app.py:15 Command other hget",
        ],
    );
}

#[test]
fn what_a_test_sends_by_a_client_of_another_file_is_of_tests() {
    let store =
        "pub fn connect() -> redis::Connection { redis::Client::open(x).get_connection() }\n";
    let main = "\
mod store;
use store::connect;

fn main() {
    let mut own = connect();
    own.hget(\"a\", \"b\");
}

#[cfg(test)]
mod tests {
    fn nothing() {
        let mut conn = super::connect();
        connect().hget(\"a\", \"b\");
    }
}
";
    check(
        &[CARGO, ("src/main.rs", main), ("src/store.rs", store)],
        &[
            "src/main.rs:2 Wrapper other connect",
            "src/main.rs:6 Command other hget",
            "src/main.rs:13 Command other hget Test",
            "src/store.rs:1 Client other redis.Client.open",
        ],
    );
}
