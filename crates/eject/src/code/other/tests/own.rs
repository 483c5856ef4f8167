//! Types of a tree's own that are called as a package's are, and types that are only spoken of.

use super::{check, told};

#[test]
fn types_of_the_own_tree_are_no_types_of_a_package() {
    let keys = "namespace Shop.Keys;\npublic static class RedisKeys\n{\n    public static string Cart(int id) => $\"cart:{id}\";\n}\n";
    let carts = "\
using StackExchange.Redis;
using RedisNames = Shop.Keys.Names;
namespace Shop;
public class Carts(IDatabase db, ILogger<RedisCarts> logger)
{
    public void Put(int id)
    {
        RedisKey key = RedisKeys.Cart(id);
        RedisNames.Of(key);
        logger.LogDebug(\"redis\");
        db.KeyDelete(key);
    }
}
";
    check(
        &[("src/Keys.cs", keys), ("src/Program.cs", carts)],
        &[
            "src/Program.cs:1 Import other StackExchange.Redis",
            "src/Program.cs:11 Command other KeyDelete",
        ],
    );
}

#[test]
fn what_is_taken_in_by_its_name_is_not_of_who_gives_all_names() {
    let main = "\
use apalis_redis::*;
use store::RedisLocks;

async fn run() {
    let locks = RedisLocks::connect().await;
    locks.acquire(1).await;
    let storage = RedisStorage::new(apalis_redis::connect(\"x\").await);
}

fn main() { run() }
";
    check(
        &[("Cargo.toml", "[package]\nname = \"a\"\n"), ("src/main.rs", main)],
        &[
            "src/main.rs:1 Import queue apalis-redis",
            "src/main.rs:7 Client queue apalis_redis.connect",
        ],
    );
}

#[test]
fn a_type_is_of_the_package_whose_path_says_most_of_its_name() {
    let code = "\
using Hangfire.Redis.StackExchange;
using StackExchange.Redis;
namespace Shop;
public class Setup { public object Made() => new HangfireRedisStore(); }
";
    check(
        &[("src/Program.cs", code)],
        &[
            "src/Program.cs:1 Import queue Hangfire.Redis.StackExchange",
            "src/Program.cs:2 Import queue StackExchange.Redis",
            "src/Program.cs:4 Client queue HangfireRedisStore",
        ],
    );
}

#[test]
fn commands_of_a_trait_of_rust_are_sent_by_its_name() {
    let code = "\
use redis::AsyncCommands;

async fn show(c: &mut Con) {
    AsyncCommands::get(c, \"session:a\").await;
    Lookup::get(c, \"a\").await;
}
";
    check(
        &[("src/lib.rs", code)],
        &["src/lib.rs:1 Import session redis", "src/lib.rs:4 Command session get"],
    );
}

#[test]
fn settings_of_pydantic_are_of_the_store_that_their_type_names() {
    let code = "\
from pydantic import PostgresDsn, RedisDsn
from pydantic_settings import BaseSettings

class Settings(BaseSettings):
    hits: RedisDsn
    main: PostgresDsn
";
    check(&[("app/settings.py", code)], &["app/settings.py:5 VariableRead other hits"]);
}

#[test]
fn addresses_of_django_environ_have_schemes_of_their_own() {
    let code = "\
import environ

env = environ.Env()
KEPT = env.cache_url('KEPT_AT', default='rediscache://h:6379/1')
FILE = env.cache_url('FILE_AT', default='filecache:///tmp/a')
";
    check(
        &[("app/settings.py", code)],
        &[
            "app/settings.py:4 VariableRead other KEPT_AT",
            "app/settings.py:4 ConnectionString other rediscache://h:6379/1",
        ],
    );
}

#[test]
fn errors_of_a_queue_are_no_use_of_it() {
    let files = [
        ("Cargo.toml", "[package]\nname = \"a\"\n"),
        (
            "src/main.rs",
            "mod jobs;\nuse apalis::redis::RedisStorage;\nfn main() { RedisStorage::new(c); jobs::run() }\n",
        ),
        (
            "src/jobs.rs",
            "use apalis::prelude::{JobError, Monitor};\npub fn run() { Monitor::new(); }\npub fn fail() { JobError::new(\"a\"); }\n",
        ),
    ];
    check(
        &files,
        &[
            "src/jobs.rs:1 Import queue apalis",
            "src/jobs.rs:2 Client queue apalis",
            "src/main.rs:2 Import queue apalis",
            "src/main.rs:3 Client queue apalis.redis.RedisStorage.new",
        ],
    );
}

#[test]
fn settings_of_celery_that_come_from_elsewhere_are_of_the_store_that_is_told() {
    let code = "\
from celery import Celery

app = Celery('a')
app.conf.broker_url = settings.where
app.conf.timezone = settings.zone
";
    let told_by = |manifest| told(&[("requirements.txt", manifest), ("app.py", code)]);
    assert_eq!(
        told_by("celery[redis]\n"),
        [
            "app.py:1 Import queue celery",
            "app.py:3 Client queue celery",
            "app.py:4 Setting queue broker_url",
        ]
    );
    assert_eq!(told_by("celery[sqs]\n"), [""; 0]);
}

#[test]
fn what_is_taken_in_from_where_django_is_started_is_of_the_tree() {
    let files = [
        ("shop/__init__.py", ""),
        ("shop/manage.py", "import sys\n"),
        ("shop/core/__init__.py", ""),
        (
            "shop/core/jobs.py",
            "import redis\n\ndef start(job):\n    redis.Redis().lpush('jobs', job)\n",
        ),
        ("shop/orders/__init__.py", ""),
        (
            "shop/orders/views.py",
            "from core.jobs import start\n\ndef pay(request):\n    start('pay')\n",
        ),
    ];
    check(
        &files,
        &[
            "shop/core/jobs.py:1 Import queue redis",
            "shop/core/jobs.py:4 Client queue redis.Redis",
            "shop/orders/views.py:1 Wrapper queue start",
        ],
    );
}

#[test]
fn a_variant_of_an_enum_is_no_client() {
    let main = "\
use redis::Value;

fn decode(value: Value) -> Vec<Value> {
    match value {
        Value::Array(all) => all,
        other => vec![Value::Array(vec![other])],
    }
}

fn main() { decode(Value::Nil); }
";
    check(
        &[("Cargo.toml", "[package]\nname = \"a\"\n"), ("src/main.rs", main)],
        &["src/main.rs:1 Import other redis"],
    );
}

#[test]
fn an_error_that_is_given_on_leads_no_type_to_its_package() {
    let store = "pub use redis::RedisError;\nuse redis::Client;\n\npub fn open() -> Client { Client::open(\"x\").unwrap() }\n";
    let error = "use crate::store::RedisError;\n\npub enum Error { Redis(RedisError), Io }\npub type Result<T> = std::result::Result<T, Error>;\n";
    let math = "use crate::error::Result;\n\npub fn add(a: u8) -> Result<u8> { Ok(a) }\n";
    let main = "mod error;\nmod math;\nmod store;\n\nuse math::add;\nuse store::open;\n\nfn main() { open(); add(1); }\n";
    check(
        &[
            ("Cargo.toml", "[package]\nname = \"a\"\n"),
            ("src/error.rs", error),
            ("src/main.rs", main),
            ("src/math.rs", math),
            ("src/store.rs", store),
        ],
        &[
            "src/error.rs:1 Wrapper other RedisError",
            "src/main.rs:6 Wrapper other open",
            "src/store.rs:1 Import other redis",
            "src/store.rs:2 Import other redis",
            "src/store.rs:4 Client other redis.Client.open",
        ],
    );
}

#[test]
fn packages_of_go_are_found_without_a_go_mod() {
    let cache = "package cache\n\nimport \"github.com/gomodule/redigo/redis\"\n\nfunc Open() redis.Conn { return nil }\n";
    let main = "package main\n\nimport (\n\t\"github.com/shop/shop/storage/cache\"\n\t\"github.com/other/thing/storage\"\n)\n\nfunc main() { cache.Open(); storage.Open() }\n";
    check(
        &[("storage/cache/cache.go", cache), ("cmd/shop/main.go", main)],
        &[
            "cmd/shop/main.go:4 Wrapper cache Open",
            "storage/cache/cache.go:3 Import cache github.com/gomodule/redigo",
        ],
    );
}

#[test]
fn what_tests_call_as_the_code_does_makes_no_test_of_the_code() {
    let store = "\
use redis::{AsyncCommands, aio::ConnectionManager};

pub struct Store { conn: ConnectionManager }

impl Store {
    pub async fn get(&self) -> String {
        self.conn.clone().hget(\"a\", \"b\").await.unwrap()
    }
}

#[cfg(test)]
mod tests {
    use redis_test::MockRedisConnection;

    #[test]
    fn nothing() {
        let mut conn = MockRedisConnection::new(vec![]);
        conn.get(\"a\");
    }
}
";
    check(
        &[("Cargo.toml", "[package]\nname = \"a\"\n"), ("src/lib.rs", store)],
        &[
            "src/lib.rs:1 Import other redis",
            "src/lib.rs:7 Command other hget",
            "src/lib.rs:13 Import other redis-test Test",
            "src/lib.rs:17 Client other redis_test.MockRedisConnection.new Test",
            "src/lib.rs:18 Command other get Test",
        ],
    );
}
