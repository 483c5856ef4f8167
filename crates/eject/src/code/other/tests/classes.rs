//! Classes of libraries that make clients, and what C#, Java and Kotlin say by their types.

use super::check;

#[test]
fn classes_of_langchain_make_clients_where_they_are_named_after_the_store() {
    let chains = "\
from langchain_community.cache import InMemoryCache, RedisCache
from langchain_community.chat_message_histories import RedisChatMessageHistory
from langchain_community.storage import RedisStore
from langgraph.checkpoint.redis.aio import AsyncRedisSaver

def install(url):
    set_llm_cache(RedisCache(url))
    set_llm_cache(InMemoryCache())

def embeddings(url):
    store = RedisStore(redis_url=url)
    return CacheBackedEmbeddings.from_bytes_store(store)

async def run(url):
    async with AsyncRedisSaver.from_conn_string(url) as saver:
        await saver.asetup()

def history(thread: str) -> RedisChatMessageHistory:
    return RedisChatMessageHistory(thread)
";
    let ask = "from chains import history\nhistory('a').add_ai_message('b')\n";
    check(
        &[("chains.py", chains), ("ask.py", ask)],
        &[
            "ask.py:1 Wrapper cache history",
            "ask.py:2 Command cache add_ai_message",
            "chains.py:1 Import cache langchain-community",
            "chains.py:2 Import cache langchain-community",
            "chains.py:3 Import cache langchain-community",
            "chains.py:4 Import cache langgraph-checkpoint-redis",
            "chains.py:7 Client cache langchain_community.cache.RedisCache",
            "chains.py:11 Client cache langchain_community.storage.RedisStore",
            "chains.py:15 Client cache langgraph.checkpoint.redis.aio.AsyncRedisSaver.from_conn_string",
            "chains.py:16 Command cache asetup",
            "chains.py:19 Client cache langchain_community.chat_message_histories.RedisChatMessageHistory",
        ],
    );
}

#[test]
fn arq_is_told_by_a_class_that_has_jobs() {
    let worker = "\
class WorkerSettings:
    functions = [embed]
    redis_settings = arq_settings()

class Options:
    redis_settings = arq_settings()
";
    check(&[("worker.py", worker)], &["worker.py:3 Setting queue redis_settings"]);
}

#[test]
fn a_limiter_is_told_by_what_another_file_says() {
    let limits = "\
from slowapi import Limiter
limiter = Limiter(storage_uri=settings().limits_dsn)
other = Limiter(key_func=settings().key)
";
    let told = |dsn: &str| {
        let settings = format!("LIMITS_DSN = '{dsn}'\n");
        let root = ("requirements.txt", "slowapi\n");
        let found = super::told(&[root, ("limits.py", limits), ("settings.py", &settings)]);
        found.into_iter().filter(|line| line.starts_with("limits.py")).collect::<Vec<_>>()
    };
    assert_eq!(told("redis://cache:6379/1"), ["limits.py:2 Setting limits slowapi"]);
    assert_eq!(told("memory://"), [""; 0]);
}

#[test]
fn what_c_sharp_brings_to_all_of_a_project_is_seen_there() {
    let caching = "\
using StackExchange.Redis;
namespace Shop.Caching;

public interface IStore { IDatabase Database { get; } }

public sealed class Store(Lazy<ConnectionMultiplexer> lazy) : IStore
{
    public IDatabase Database => lazy.Value.GetDatabase();
    public void Open()
    {
        var mux = ConnectionMultiplexer.Connect(\"cache:6379\");
        mux.ConnectionFailed += (_, e) => Log(e);
        count += 1;
    }
    public async Task CloseAsync() => await lazy.Value.CloseAsync();
}
";
    let globals = "global using Shop.Caching;\nglobal using Shop.Plain;\n";
    let holds = "\
namespace Shop.Api;

public sealed class Holds(IStore store)
{
    public void Hold()
    {
        var db = store.Database;
        var batch = db.CreateBatch();
        batch.Execute();
    }
}
";
    let plain = "namespace Shop.Plain;\n\npublic class Names { }\n";
    let away = "namespace Other.App;\n\npublic class Away(IStore store) { }\n";
    check(
        &[
            ("Api/Api.csproj", "<Project/>"),
            ("Api/GlobalUsings.cs", globals),
            ("Api/Holds.cs", holds),
            ("Away/Away.csproj", "<Project/>"),
            ("Away/Away.cs", away),
            ("Caching/Caching.csproj", "<Project/>"),
            ("Caching/Store.cs", caching),
            ("Plain/Names.cs", plain),
        ],
        &[
            "Api/GlobalUsings.cs:1 Wrapper other IStore",
            "Api/Holds.cs:8 Command other CreateBatch",
            "Api/Holds.cs:9 Command other Execute",
            "Caching/Store.cs:1 Import cache StackExchange.Redis",
            "Caching/Store.cs:8 Command cache GetDatabase",
            "Caching/Store.cs:11 Client cache ConnectionMultiplexer.Connect",
            "Caching/Store.cs:11 ConnectionString cache cache:6379",
            "Caching/Store.cs:12 Command cache ConnectionFailed",
            "Caching/Store.cs:15 Command cache CloseAsync",
        ],
    );
}

#[test]
fn managers_of_service_stack_give_clients() {
    let code = "\
using ServiceStack.Redis;
namespace Shop;

[ApiController]
public class Till
{
    private readonly IRedisClientsManager _redisManager;

    public Till(IRedisClientsManager redisManager) => _redisManager = redisManager;

    public long Next()
    {
        using (var redis = _redisManager.GetClient())
        {
            return redis.IncrementValue(\"receipt\");
        }
    }
}
";
    check(
        &[("Till.cs", code)],
        &[
            "Till.cs:1 Import other ServiceStack.Redis",
            "Till.cs:13 Command other GetClient",
            "Till.cs:15 Command other IncrementValue",
        ],
    );
}

#[test]
fn sections_of_c_sharp_are_named_by_constants() {
    let code = "\
namespace Shop;

public class Start(IConfiguration configuration)
{
    public void Add(IServiceCollection services)
    {
        services.Configure<RedisOptions>(configuration.GetSection(RedisOptions.Section));
        services.Configure<MailOptions>(configuration.GetSection(MailOptions.Section));
        configuration.GetSection(nameof(RedisOptions));
        redis.GetSection(redisName);
    }
}
";
    check(
        &[("Start.cs", code)],
        &[
            "Start.cs:7 VariableRead other RedisOptions.Section",
            "Start.cs:9 VariableRead other RedisOptions",
        ],
    );
}

#[test]
fn repositories_of_spring_send_what_is_kept_in_the_store() {
    let shift = "\
package shop;

import org.springframework.data.redis.core.RedisHash;

@RedisHash(\"shift\")
public class Shift { }
";
    let repositories = "\
package shop;

import org.springframework.data.repository.CrudRepository;

interface Shifts extends CrudRepository<Shift, String> { }
";
    let pay = "\
package shop;

import org.springframework.data.jpa.repository.JpaRepository;

interface Pays extends JpaRepository<Pay, String> { void add(Shift shift); }
";
    let service = "\
package shop;

public class Service {
    private final Shifts shifts;
    private final Pays pays;

    void end(String courier) {
        shifts.deleteById(courier);
        pays.deleteById(courier);
    }
}
";
    check(
        &[
            ("src/Shift.java", shift),
            ("src/Shifts.java", repositories),
            ("src/Pays.java", pay),
            ("src/Service.java", service),
        ],
        &[
            "src/Service.java:8 Command other deleteById",
            "src/Shift.java:3 Import other org.springframework.boot:spring-boot-starter-data-redis",
            "src/Shift.java:5 Setting other RedisHash",
        ],
    );
}

#[test]
fn buckets_are_shared_where_a_package_keeps_them_in_the_store() {
    let filter = "\
package shop

import io.github.bucket4j.Bucket
import io.github.bucket4j.distributed.proxy.ProxyManager

class Filter(private val buckets: ProxyManager<String>) {
    private val local = Bucket.builder().build()

    fun take(caller: String): Boolean {
        val bucket = buckets.builder().build(caller) { limits }
        return local.tryConsume(1) && bucket.tryConsume(1)
    }

    fun other(bucket: Bucket) = local.tryConsume(1)
}
";
    let config = "\
package shop

import io.github.bucket4j.redis.lettuce.cas.LettuceBasedProxyManager
";
    let told = |config: &'static str| {
        let manifest = ("build.gradle.kts", "");
        let found = super::told(&[manifest, ("Config.kt", config), ("Filter.kt", filter)]);
        found.into_iter().filter(|line| line.starts_with("Filter.kt")).collect::<Vec<_>>()
    };
    assert_eq!(told(config), ["Filter.kt:11 Command limits tryConsume"]);
    assert_eq!(told("package shop\n"), [""; 0]);
}

#[test]
fn caches_of_spring_are_told_how_each_is_kept() {
    let code = "\
package shop

import org.springframework.data.redis.cache.RedisCacheManager

@Bean
fun manager(factory: Any) = RedisCacheManager.builder(factory)
    .withCacheConfiguration(\"menus\", defaults())
    .build()
";
    check(
        &[("Caches.kt", code)],
        &[
            "Caches.kt:3 Import cache org.springframework.boot:spring-boot-starter-data-redis",
            "Caches.kt:6 Client cache org.springframework.data.redis.cache.RedisCacheManager.builder().withCacheConfig",
            "Caches.kt:7 Setting cache withCacheConfiguration",
        ],
    );
}
