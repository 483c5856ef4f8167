//! Types of a tree's own that are called as a package's are, and types that are only spoken of.

use super::check;

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
