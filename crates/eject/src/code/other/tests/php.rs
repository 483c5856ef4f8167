//! Frameworks of PHP: what they load, call and set without a word of a client.

use super::{check, scanned, told};

#[test]
fn laravel_calls_jobs_and_providers_and_runs_commands() {
    let job = "<?php\nnamespace App\\Jobs;\nuse Illuminate\\Queue\\Middleware\\RateLimitedWithRedis;\nuse Illuminate\\Support\\Facades\\Redis;\nclass Encode {\n  function middleware() { return [new RateLimitedWithRedis('x')]; }\n  function handle() { Redis::funnel('gpu')->limit(2)->then(fn () => 1); }\n}\n";
    let files = [
        ("app/Jobs/Encode.php", job),
        (
            "app/Video.php",
            "<?php\nnamespace App;\nuse App\\Jobs\\Encode;\nclass Video { function f() { Encode::dispatch(1); } }\n",
        ),
        (
            "app/Providers/HorizonProvider.php",
            "<?php\nnamespace App\\Providers;\nuse Laravel\\Horizon\\Horizon;\nclass HorizonProvider {\n  function boot() { Horizon::auth(fn () => true); }\n}\n",
        ),
        (
            "bootstrap/providers.php",
            "<?php\nreturn [\n  App\\Providers\\HorizonProvider::class,\n  App\\Providers\\AppProvider::class,\n];\n",
        ),
        ("config/horizon.php", "<?php\nreturn [\n  'waits' => ['redis:default' => 60],\n];\n"),
        (
            "routes/console.php",
            "<?php\nSchedule::command('horizon:snapshot')->daily();\nSchedule::command('queue:work redis --once');\nSchedule::command('model:prune');\n",
        ),
    ];
    check(
        &files,
        &[
            "app/Jobs/Encode.php:3 Import queue illuminate/queue",
            "app/Jobs/Encode.php:4 Import queue illuminate/redis",
            "app/Jobs/Encode.php:6 Client queue Illuminate.Queue.Middleware.RateLimitedWithRedis",
            "app/Jobs/Encode.php:7 Command queue funnel",
            "app/Providers/HorizonProvider.php:3 Import queue laravel/horizon",
            "app/Providers/HorizonProvider.php:5 Command queue auth",
            "app/Video.php:3 Wrapper queue Encode",
            "bootstrap/providers.php:3 Wrapper queue HorizonProvider",
            "config/horizon.php:3 Setting queue redis:default",
            "routes/console.php:2 Setting queue horizon:snapshot",
            "routes/console.php:3 Setting queue queue:work",
        ],
    );
}

#[test]
fn symfony_gives_variables_by_attributes_and_makes_clients_by_adapters() {
    let files = [(
        "src/Memory.php",
        "<?php\nnamespace App;\nuse Symfony\\Component\\Cache\\Adapter\\RedisAdapter;\nuse Symfony\\Component\\DependencyInjection\\Attribute\\Autowire;\n#[AsCommand('memory')]\nclass Memory {\n  function __construct(#[Autowire(env: 'REDIS_URL')] private string $url) {}\n  function __invoke(#[Autowire('%env(resolve:CACHE_REDIS)%')] string $of) {\n    $server = RedisAdapter::createConnection($this->url);\n    return $server->info('memory');\n  }\n}\n",
    )];
    let told = told(&files);
    for place in [
        "src/Memory.php:7 VariableRead cache REDIS_URL",
        "src/Memory.php:8 VariableRead cache CACHE_REDIS",
    ] {
        assert!(told.iter().any(|of| of == place), "{place}: {told:?}");
    }
    assert!(told.iter().any(|of| of.starts_with("src/Memory.php:10 Command")), "{told:?}");
}

#[test]
fn scripts_see_what_they_load() {
    let files = [
        (
            "lib/Store.php",
            "<?php\nclass Store {\n  private static $redis = null;\n  static function get($k) { self::$redis = new Redis(); return self::$redis->get($k); }\n}\n",
        ),
        ("cron.php", "<?php\n$redis = new Redis();\n$redis->close();\n"),
        (
            "index.php",
            "<?php\nrequire_once __DIR__ . '/lib/Store.php';\nrequire __DIR__ . '/other.php';\necho Store::get('x');\n",
        ),
        ("sub/page.php", "<?php\ninclude dirname(__DIR__) . '/cron.php';\n$redis->incr('x');\n"),
        ("plain.php", "<?php\nclass Plain { private $redis; }\n"),
    ];
    let told = told(&files);
    assert!(told.iter().any(|of| of.starts_with("index.php:2 Wrapper")), "{told:?}");
    assert!(told.iter().any(|of| of.starts_with("sub/page.php:2 Wrapper")), "{told:?}");
    assert!(told.iter().any(|of| of.starts_with("sub/page.php:3 Command")), "{told:?}");
    let others = ["index.php:4", "lib/Store.php:3", "plain.php"];
    for other in others {
        assert!(!told.iter().any(|of| of.starts_with(other)), "{other}: {told:?}");
    }
}

#[test]
fn a_variable_is_read_for_a_store_where_the_tree_sets_it_to_one() {
    let files = [
        (".env", "CACHE_STORE=redis\nLOCK_DSN=redis://h/1\nMAIL_DSN=smtp://h\n"),
        (
            "config/cache.php",
            "<?php\n// Redis\nreturn [\n  'default' => env('CACHE_STORE', 'file'),\n  'mail' => env('MAIL_DSN'),\n];\n",
        ),
        ("config/lock.yaml", "framework:\n  lock: '%env(LOCK_DSN)%'\n  mail: '%env(MAIL_DSN)%'\n"),
    ];
    let found = scanned(&files);
    let read = found.iter().filter(|found| found.kind == crate::Kind::VariableRead);
    let read: Vec<_> = read.map(|found| found.place.to_string()).collect();
    assert_eq!(read, ["config/cache.php:4:20", "config/lock.yaml:2:3"]);
}

#[test]
fn containers_of_laravel_hold_a_client() {
    let files = [(
        "app/Hits.php",
        "<?php\nnamespace App;\nuse Illuminate\\Support\\Facades\\Redis;\n$a = app('redis');\n$b = $this->app->make('redis')->connection();\n$c = new Hits($app['redis']);\n$d = view('redis');\n$e = $row['redis'];\n",
    )];
    let told = told(&files);
    let lines: Vec<_> = told.iter().filter(|of| of.contains(" Client ")).collect();
    assert_eq!(lines.len(), 3, "{told:?}");
    assert!(lines.iter().all(|of| ["php:4", "php:5", "php:6"].iter().any(|at| of.contains(at))));
}
