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
            "app/Jobs/Encode.php:3 Import limits illuminate/queue",
            "app/Jobs/Encode.php:4 Import limits illuminate/redis",
            "app/Jobs/Encode.php:6 Client limits Illuminate.Queue.Middleware.RateLimitedWithRedis",
            "app/Jobs/Encode.php:7 Command limits funnel",
            "app/Providers/HorizonProvider.php:3 Import queue laravel/horizon",
            "app/Providers/HorizonProvider.php:5 Command queue auth",
            "app/Video.php:3 Wrapper limits Encode",
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

#[test]
fn facades_of_laravel_send_what_they_are_asked_at_once() {
    let files = [
        (
            "app/Room.php",
            "<?php\nnamespace App;\nuse Illuminate\\Support\\Facades\\Redis;\nclass Room {\n  function f() {\n    [$a, $b] = Redis::pipeline(function ($pipe) { $pipe->get('a'); });\n    $c = Redis::connection('x');\n    Redis::enableEvents();\n    return Cache::store('redis')->lock('pay', 20)->block(5);\n  }\n  function g() { $store = Cache::store('redis'); Cache::store('file')->lock('x'); }\n}\n",
        ),
        (
            "app/Http/Pay.php",
            "<?php\nnamespace App\\Http;\nuse App\\Room;\nclass Pay {\n  public function __invoke(Room $room) {\n    try { return $room->f(); } catch (Busy) { abort(423); }\n  }\n}\n",
        ),
        (
            "routes/api.php",
            "<?php\nuse App\\Http\\Pay;\nuse App\\Http\\Other;\nRoute::post('pay', Pay::class);\n",
        ),
    ];
    let told = told(&files);
    for place in [
        "app/Room.php:6 Command",
        "app/Room.php:7 Client",
        "app/Room.php:8 Command",
        "app/Room.php:9 Command lock lock",
        "app/Http/Pay.php:3 Wrapper",
        "routes/api.php:2 Wrapper",
    ] {
        assert!(told.iter().any(|of| of.starts_with(place)), "{place}: {told:?}");
    }
    assert!(!told.iter().any(|of| of.contains("api.php:3")), "{told:?}");
}

#[test]
fn laravel_is_told_where_it_counts() {
    let files = [
        (
            "bootstrap/app.php",
            "<?php\n// Redis\n$middleware->throttleApi('api', redis: true);\n$middleware->throttleApi('api', true);\n$middleware->throttleWithRedis();\n$middleware->throttleApi(redis: false);\n$middleware->throttleApi('redis');\n$middleware->alias(redis: true);\n",
        ),
        (
            "config/cache.php",
            "<?php\nreturn [\n  'limiter' => 'redis',\n  'label' => 'redis',\n  'prefix' => env('HORIZON_PREFIX', 'x'),\n  'url' => env('HORIZON_URL'),\n];\n",
        ),
    ];
    check(
        &files,
        &[
            "bootstrap/app.php:3 Setting limits throttleApi",
            "bootstrap/app.php:4 Setting limits throttleApi",
            "bootstrap/app.php:5 Setting limits throttleWithRedis",
            "config/cache.php:3 Setting limits limiter = redis",
            "config/cache.php:5 VariableRead queue HORIZON_PREFIX",
        ],
    );
}

#[test]
fn settings_are_set_by_keys_and_modules_loaded_by_paths() {
    let files = [
        (
            "web/sites/default/settings.php",
            "<?php\n$settings['redis.connection']['host'] = '10.0.0.1';\n$settings['cache']['default'] = 'cache.backend.redis';\n$settings['cache']['bins']['form'] = 'cache.backend.database';\n$settings['container_yamls'][] = 'modules/contrib/redis/example.services.yml';\n$class_loader->addPsr4('Drupal\\\\redis\\\\', 'modules/contrib/redis/src');\n$class_loader->addPsr4('Drupal\\\\views\\\\', 'modules/redis/src');\n$_ENV['REDIS_HOST'] = 'x';\n$rows['redis_key'] = 1;\n",
        ),
        (
            "deploy.php",
            "<?php\nset('env', ['REDIS_HOST' => '10.0.0.1', 'APP_ENV' => 'prod']);\ntask('forget', fn () => run('redis-cli -n 3 FLUSHDB'));\ntask('tell', fn () => writeln('redis-cli is called'));\nrun('echo redis-cli');\n",
        ),
        ("lib/flush.rb", "system(\"redis-cli flushdb\")\nputs \"redis-cli flushdb\"\n"),
    ];
    check(
        &files,
        &[
            "deploy.php:3 Command cache redis-cli",
            "lib/flush.rb:1 Command cache redis-cli",
            "web/sites/default/settings.php:2 Setting cache redis.connection",
            "web/sites/default/settings.php:3 Setting cache default = cache.backend.redis",
            "web/sites/default/settings.php:5 Setting cache modules/contrib/redis/example.services.yml",
            "web/sites/default/settings.php:6 Import cache drupal/redis",
        ],
    );
    let found = scanned(&files);
    let set = found.iter().filter(|found| found.kind == crate::Kind::VariableSet);
    let set: Vec<_> = set.map(|found| (&*found.place.path, found.place.line)).collect();
    assert_eq!(set, [("deploy.php", 2), ("web/sites/default/settings.php", 8)]);
}

#[test]
fn a_handler_of_php_that_nobody_names_is_not_used() {
    let handler = "<?php\nnamespace App\\Session;\nuse Predis\\Client;\nclass OldHandler {\n  function __construct(private Client $client) {}\n  function read($id) { return $this->client->get($id); }\n}\n";
    let named = handler.replace("OldHandler", "NewHandler");
    let files = [
        ("composer.json", "{}"),
        ("src/Session/OldHandler.php", handler),
        ("src/Session/NewHandler.php", &named),
        ("config/services.yaml", "services:\n  App\\Session\\NewHandler: ~\n"),
    ];
    let found = scanned(&files);
    let live = |path: &str| {
        let mut of = found.iter().filter(|found| &*found.place.path == path);
        of.any(|found| found.life == crate::Life::Live)
    };
    assert!(live("src/Session/NewHandler.php") && !live("src/Session/OldHandler.php"));
}
