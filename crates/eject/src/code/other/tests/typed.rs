//! Languages with types: what a type, a field, a container or an annotation says of a client.

use super::check;

#[test]
fn fields_and_own_types_of_go_are_clients() {
    let code = "\
package store

import \"github.com/redis/go-redis/v9\"

type Client = redis.Client

type Store struct {
	ring    *redis.Ring
	other   *http.Client
}

type Wide struct {
	*redis.Client
	name string
}

func (w *Wide) Scan() {}

func open() *redis.Client { return redis.NewClient(nil) }

func use(s *Store, w *Wide, c *Client) {
	defer c.Close()
	s.ring.PoolStats()
	s.other.CloseIdle()
	w.Get(ctx, \"a\")
	w.Scan()
	w.Reload()
	open().PoolStats()
}

var command = &cobra.Command{Run: func() { r := redis.NewClient(nil); r.Close() }}

func init() { command.Flags() }
";
    check(
        &[("store/store.go", code)],
        &[
            "store/store.go:3 Import other github.com/redis/go-redis",
            "store/store.go:19 Client other github.com/redis/go-redis/v9.NewClient",
            "store/store.go:22 Command other Close",
            "store/store.go:23 Command other PoolStats",
            "store/store.go:25 Command other Get",
            "store/store.go:28 Command other PoolStats",
            "store/store.go:31 Client other github.com/redis/go-redis/v9.NewClient",
            "store/store.go:31 Command other Close",
        ],
    );
}

#[test]
fn a_package_of_go_that_does_something_when_it_is_taken_in() {
    let files = [
        ("go.mod", "module example.org/app\n"),
        (
            "cmd/work.go",
            "package cmd\n\nimport \"github.com/hibiken/asynq\"\n\nfunc init() { root.Add(asynq.NewServer(nil)) }\n",
        ),
        ("cmd/root.go", "package cmd\n\nfunc Execute() {}\n"),
        ("plain/plain.go", "package plain\n\nfunc init() {}\n"),
        (
            "main.go",
            "package main\n\nimport (\n\t\"example.org/app/cmd\"\n\t_ \"example.org/app/plain\"\n)\n\nfunc main() { cmd.Execute() }\n",
        ),
    ];
    check(
        &files,
        &[
            "cmd/work.go:3 Import queue github.com/hibiken/asynq",
            "cmd/work.go:5 Client queue github.com/hibiken/asynq.NewServer",
            "main.go:4 Wrapper queue init()",
        ],
    );
}

#[test]
fn what_is_set_is_not_read() {
    let files = [
        (
            "config.go",
            "package config\n\nfunc load(v *viper.Viper) {\n\tv.SetDefault(\"redis.size\", 10)\n\tv.SetDefault(\"http.size\", 10)\n\tos.Setenv(\"REDIS_URL\", url)\n}\n",
        ),
        (
            "wp-config.php",
            "<?php\ndefine('WP_REDIS_PASSWORD', 'x');\ndefine('WP_CACHE', true);\nini_set('session.save_handler', 'redis');\nini_set('display_errors', 'redis');\n",
        ),
    ];
    check(
        &files,
        &[
            "config.go:4 Setting other redis.size",
            "wp-config.php:2 Setting cache WP_REDIS_PASSWORD",
            "wp-config.php:4 Setting session session.save_handler = redis",
        ],
    );
}

#[test]
fn containers_are_asked_for_types() {
    let kotlin = "\
import io.lettuce.core.RedisClient
import io.lettuce.core.api.StatefulRedisConnection
import io.ktor.client.HttpClient

val module = module {
    single { get<RedisClient>().connect() }
    single { get<StatefulRedisConnection<String, String>>().coroutines() }
    single { get<HttpClient>().connect() }
}
";
    let c_sharp = "\
using StackExchange.Redis;

var db = app.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
var http = app.Services.GetRequiredService<IHttpClientFactory>().GetDatabase();
ConnectionMultiplexer own = new(options);
HttpClient plain = new(options);
";
    check(
        &[("plugins/Module.kt", kotlin), ("web/Program.cs", c_sharp)],
        &[
            "plugins/Module.kt:1 Import other io.lettuce:lettuce-core",
            "plugins/Module.kt:2 Import other io.lettuce:lettuce-core",
            "plugins/Module.kt:6 Command other connect",
            "plugins/Module.kt:7 Command other coroutines",
            "web/Program.cs:1 Import other StackExchange.Redis",
            "web/Program.cs:3 Command other GetDatabase",
            "web/Program.cs:5 Client other ConnectionMultiplexer",
        ],
    );
}

#[test]
fn java_says_where_and_what_by_types_and_annotations() {
    let code = "\
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.core.RedisHash;
import org.springframework.data.redis.core.TimeToLive;
import org.springframework.data.redis.serializer.StringRedisSerializer;

@RedisHash(\"carts\")
class Cart {
    @TimeToLive
    long seconds;
    Object at = new RedisStandaloneConfiguration(host, 1);
    Object how = new StringRedisSerializer();
    void on(Settings settings) { settings.useSingleServer(); settings.useServer(); }
}
";
    check(
        &[("Cart.java", code)],
        &[
            "Cart.java:1 Import other org.springframework.boot:spring-boot-starter-data-redis",
            "Cart.java:2 Import other org.springframework.boot:spring-boot-starter-data-redis",
            "Cart.java:3 Import other org.springframework.boot:spring-boot-starter-data-redis",
            "Cart.java:4 Import other org.springframework.boot:spring-boot-starter-data-redis",
            "Cart.java:6 Setting other RedisHash",
            "Cart.java:10 Setting other org.springframework.boot:spring-boot-starter-data-redis",
            "Cart.java:12 Setting other useSingleServer",
        ],
    );
}

#[test]
fn php_asks_for_classes_and_names_them_in_settings() {
    let files = [
        (
            "src/Locks.php",
            "<?php\nnamespace App;\nuse Symfony\\Component\\Lock\\LockFactory;\nuse Symfony\\Component\\Lock\\Store\\RedisStore;\n$locks = new LockFactory(new RedisStore($client));\n$lock = $locks->createLock('mirror');\n$lock->acquire();\n$door->acquire();\n",
        ),
        (
            "src/Files.php",
            "<?php\nnamespace App;\nuse Symfony\\Component\\Lock\\LockFactory;\nuse Symfony\\Component\\Lock\\Store\\FlockStore;\n$locks = new LockFactory(new FlockStore());\n",
        ),
        (
            "hits.php",
            "<?php\nif (class_exists('Redis')) { echo 1; }\nif (extension_loaded('redis')) { echo 1; }\nif (class_exists('RedisReport\\\\Page')) { echo 1; }\n",
        ),
        (
            "env.php",
            "<?php\nreturn [\n  'session' => ['save' => 'redis'],\n  'cache' => ['backend' => 'Cm_Cache_Backend_Redis'],\n  'page' => ['backend' => 'Shop\\\\Cache\\\\Backend\\\\Redis'],\n  'title' => 'Shop\\\\Redis',\n  'backend' => ['frontName' => 'admin'],\n];\n",
        ),
    ];
    check(
        &files,
        &[
            "env.php:3 Setting session save = redis",
            "env.php:4 Setting cache backend = Cm_Cache_Backend_Redis",
            "env.php:5 Setting cache Shop\\\\Cache\\\\Backend\\\\Redis",
            "hits.php:2 Import other ext-redis",
            "hits.php:3 Import other ext-redis",
            "src/Locks.php:3 Import lock symfony/lock",
            "src/Locks.php:4 Import lock symfony/lock",
            "src/Locks.php:5 Client lock Symfony.Component.Lock.Store.RedisStore",
            "src/Locks.php:5 Setting lock symfony/lock",
            "src/Locks.php:6 Command lock createLock",
            "src/Locks.php:7 Command lock acquire",
        ],
    );
}

#[test]
fn extension_methods_of_c_sharp_are_used_without_their_class() {
    let files = [
        ("Shop.csproj", "<Project/>"),
        (
            "Setup/DependencyInjection.cs",
            "using RedLockNet;\nusing StackExchange.Redis;\nnamespace Shop.Setup;\npublic static class DependencyInjection {\n  public static void AddStores(this IServiceCollection services) {\n    services.AddSingleton(_ => ConnectionMultiplexer.Connect(\"a\"));\n  }\n  public static void AddClock(this IServiceCollection services) { services.AddSingleton<Clock>(); }\n}\n",
        ),
        (
            "Locks/Alone.cs",
            "using RedLockNet;\nnamespace Shop.Locks;\npublic class Alone(IDistributedLockFactory factory, IPlainLockFactory plain) {\n  public Task Run() => factory.CreateLockAsync(\"a\", b);\n  public Task Walk() => plain.CreateLockAsync(\"a\", b);\n}\n",
        ),
        (
            "Program.cs",
            "using Shop.Locks;\nusing Shop.Setup;\nbuilder.Services.AddStores();\nbuilder.Services.AddSingleton<Alone>();\nbuilder.Services.AddSignalR().AddStackExchangeRedis(x);\n",
        ),
        (
            "Other.cs",
            "using Shop.Setup;\nnamespace Shop.Web;\nclass Other { void A(S s) { s.AddClock(); } }\n",
        ),
    ];
    check(
        &files,
        &[
            "Locks/Alone.cs:1 Import lock RedLock.net",
            "Locks/Alone.cs:4 Command lock CreateLockAsync",
            "Program.cs:1 Wrapper lock Alone",
            "Program.cs:2 Wrapper other AddStores",
            "Program.cs:5 Client pub/sub AddStackExchangeRedis",
            "Setup/DependencyInjection.cs:1 Import lock RedLock.net",
            "Setup/DependencyInjection.cs:2 Import other StackExchange.Redis",
            "Setup/DependencyInjection.cs:6 Client other ConnectionMultiplexer.Connect",
        ],
    );
}

#[test]
fn a_project_of_c_sharp_sees_what_one_file_or_its_project_takes_in_for_all() {
    let files = [
        ("Shop/Shop.csproj", "<Project/>"),
        ("Shop/Usings.cs", "global using StackExchange.Redis;\n"),
        (
            "Shop/Program.cs",
            "namespace Shop.Holds;\nclass Holds(IConnectionMultiplexer m) {\n  IDatabase Db => m.GetDatabase();\n  Task Put(string id) => Db.StringSetAsync(id, \"1\");\n}\n",
        ),
        (
            "Jobs/Jobs.csproj",
            "<Project><ItemGroup><Using Include=\"StackExchange.Redis\" /></ItemGroup></Project>",
        ),
        (
            "Jobs/Run.cs",
            "class Run(IConnectionMultiplexer m) { Task Go() => m.GetDatabase().KeyDeleteAsync(\"a\"); }\n",
        ),
        ("Other/Other.csproj", "<Project/>"),
        (
            "Other/Own.cs",
            "class Own(IConnectionMultiplexer m) { Task Go() => m.GetDatabase().KeyDeleteAsync(\"a\"); }\ninterface IConnectionMultiplexer {}\n",
        ),
    ];
    check(
        &files,
        &[
            "Jobs/Jobs.csproj:1 Import queue StackExchange.Redis",
            "Jobs/Run.cs:1 Command queue KeyDeleteAsync",
            "Shop/Program.cs:3 Command cache GetDatabase",
            "Shop/Program.cs:4 Command cache StringSetAsync",
            "Shop/Usings.cs:1 Import cache StackExchange.Redis",
        ],
    );
}

#[test]
fn what_methods_give_is_of_their_type() {
    let files = [(
        "Providers/Cache.php",
        "<?php\nnamespace App;\nuse Illuminate\\Support\\Facades\\Redis;\nclass Cache {\n  function open(): \\Redis { return new \\Redis(); }\n  function page(): Page { return new Page(); }\n  function read() { $this->open()->get('a'); $this->page()->get('b'); }\n  function walk() { $this->page()->get('b'); }\n}\n",
    )];
    check(
        &files,
        &[
            "Providers/Cache.php:3 Import cache illuminate/redis",
            "Providers/Cache.php:5 Client cache Redis",
            "Providers/Cache.php:7 Command cache get",
        ],
    );
}

#[test]
fn a_manager_of_clients_in_c_sharp_gives_one() {
    let till = "\
using ServiceStack.Redis;
namespace Shop;
public class Till
{
    private readonly IRedisClientsManager _manager;
    public Till(IRedisClientsManager manager) => _manager = manager;
    public void Debug() { _manager.GetClient(); }
    public long Next(string till)
    {
        using (var redis = _manager.GetClient())
        {
            return redis.IncrementValue(\"till:\" + till);
        }
    }
}
";
    check(
        &[("src/Till.cs", till), ("src/Program.cs", "new Shop.Till(null).Next(\"a\");\n")],
        &[
            "src/Till.cs:1 Import other ServiceStack.Redis",
            "src/Till.cs:7 Command other GetClient",
            "src/Till.cs:10 Command other GetClient",
            "src/Till.cs:12 Command other IncrementValue",
        ],
    );
}

#[test]
fn other_names_of_types_and_fields_without_names_hold_clients_in_rust() {
    let code = "\
use bb8_redis::{bb8, redis::AsyncCommands, RedisConnectionManager};

type Pool = bb8::Pool<RedisConnectionManager>;
type Names = Vec<String>;

pub struct Store(Pool);

impl Store {
    async fn put(&self, pair: (Kept, Kept), names: &Names) {
        let mut conn = self.0.get().await?;
        conn.exists(\"a\").await;
        self.0.get().await?.persist(\"a\").await;
        pair.0.get(\"a\");
        names.get(0);
    }
}

async fn all(pool: &Pool) {
    pool.get().await.unwrap().ttl(\"a\").await;
}
";
    check(
        &[("src/lib.rs", code)],
        &[
            "src/lib.rs:1 Import other bb8-redis",
            "src/lib.rs:10 Command other get",
            "src/lib.rs:11 Command other exists",
            "src/lib.rs:12 Command other persist",
            "src/lib.rs:19 Command other ttl",
        ],
    );
    let code = "\
use redis::Connection;

pub struct Store(Connection);
pub struct Names(Vec<String>);

impl Names {
    fn first(&self) { self.0.get(0); }
}
";
    check(&[("src/lib.rs", code)], &["src/lib.rs:1 Import other redis"]);
}
