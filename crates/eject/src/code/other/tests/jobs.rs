//! What makes jobs and what sends them, what classes and modules give, and what loads a file.

use super::{check, told};

#[test]
fn decorators_make_jobs_where_a_service_is_told_of_the_store() {
    let jobs = "\
from celery import Celery
from celery.utils.log import get_task_logger
app = Celery('x')
logger = get_task_logger('x')

@app.task
def add(x):
    logger.info(x)

@app.task(bind=True)
def mul(self, x):
    add.delay(x)

@app.on_after_configure.connect
def setup(sender, **kwargs):
    sender.task(1)
";
    let web = "\
from jobs import add, app
from plain import task
add.apply_async(1)
app.send_task('x')
task.delay(1)
";
    let plain = "class task:\n    def delay(x): pass\n";
    let told_by = |manifest: &'static str| {
        told(&[
            ("requirements.txt", manifest),
            ("jobs.py", jobs),
            ("web.py", web),
            ("plain.py", plain),
        ])
    };
    assert_eq!(
        told_by("celery[redis]\n"),
        [
            "jobs.py:1 Import queue celery",
            "jobs.py:2 Import queue celery",
            "jobs.py:3 Client queue celery",
            "jobs.py:6 Command queue celery",
            "jobs.py:10 Command queue celery",
            "jobs.py:12 Command queue delay",
            "web.py:1 Wrapper queue add",
            "web.py:3 Command queue apply_async",
            "web.py:4 Command queue send_task",
        ]
    );
    assert_eq!(told_by("celery[sqs]\n"), [""; 0]);
}

#[test]
fn what_names_another_store_is_not_on_this_one() {
    let files = [
        ("requirements.txt", "huey\ndramatiq[redis]\n"),
        (
            "a.py",
            "from huey import RedisHuey\nhuey = RedisHuey('a')\n\n@huey.task()\ndef f(): pass\n",
        ),
        (
            "b.py",
            "from huey import SqliteHuey\nhuey = SqliteHuey('b')\n\n@huey.task()\ndef g(): pass\n",
        ),
        ("c.py", "import dramatiq\n\n@dramatiq.actor\ndef h(): pass\n\nh.send(1)\nmail.send(1)\n"),
    ];
    check(
        &files,
        &[
            "a.py:1 Import queue huey",
            "a.py:2 Client queue huey.RedisHuey",
            "a.py:4 Command queue task",
            "c.py:1 Import queue dramatiq",
            "c.py:3 Client queue dramatiq",
            "c.py:6 Command queue send",
        ],
    );
}

#[test]
fn django_is_told_by_its_settings() {
    let settings = "\
REDIS_URL = env('REDIS_URL')
INSTALLED_APPS = ['django_rq', 'django.contrib.auth', 'shop', 'constance']
CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': f'{REDIS_URL}/1'}}
CELERY_BROKER_URL = f'{REDIS_URL}/3'
RQ_QUEUES = {'default': {'URL': REDIS_URL}}
EMAIL_BACKEND = 'x.y.Z'
";
    let code = "\
from django.core.cache import cache
from mine import cache as other
cache.lock('x')
cache.delete_pattern('day:*')
cache.get('a')
other.lock('y')
";
    let urls =
        "urlpatterns = [path('rq/', include('django_rq.urls')), path('', include('shop.urls'))]\n";
    let files = [
        ("manage.py", ""),
        ("site/settings.py", settings),
        ("shop/book.py", code),
        ("site/urls.py", urls),
    ];
    check(
        &files,
        &[
            "shop/book.py:3 Command lock lock",
            "shop/book.py:4 Command cache delete_pattern",
            "site/settings.py:1 VariableRead other REDIS_URL",
            "site/settings.py:2 Setting queue django_rq",
            "site/settings.py:3 Setting cache django_redis.cache.RedisCache",
            "site/settings.py:4 Setting queue CELERY_BROKER_URL",
            "site/settings.py:5 Setting queue RQ_QUEUES",
            "site/urls.py:1 Setting queue django_rq.urls",
        ],
    );
    let without = [("manage.py", ""), ("shop/book.py", code)];
    check(&without, &[]);
}

#[test]
fn clients_are_for_what_they_are_given_to() {
    let code = "\
from redis import Redis
from rq import Queue
connection = Redis('h')
exports = Queue('exports', connection=connection)
";
    check(
        &[
            ("a.py", code),
            ("b/setup.py", ""),
            ("b/b.py", "from redis import Redis\nr = Redis('h')\nf(r)\n"),
        ],
        &[
            "a.py:1 Import queue redis",
            "a.py:2 Import queue rq",
            "a.py:3 Client queue redis.Redis",
            "a.py:4 Client queue rq.Queue",
            "b/b.py:1 Import other redis",
            "b/b.py:2 Client other redis.Redis",
        ],
    );
}

#[test]
fn modules_that_tell_a_framework_of_functions_are_loaded_for_them() {
    let signals = "\
from redis import Redis

client = Redis('h')

@receiver(post_save, sender=Match)
def forget(sender, **kwargs):
    client.srem('a', 1)

def plain(x):
    return x
";
    let quiet = "@receiver(post_save)\ndef quiet(sender): pass\n";
    let apps = "\
class Config(AppConfig):
    name = 'shop'

    def ready(self):
        import shop.signals
        import shop.quiet
";
    let other = "from shop import signals\n\nprint(signals.plain(1))\n";
    check(
        &[
            ("manage.py", ""),
            ("shop/__init__.py", ""),
            ("shop/signals.py", signals),
            ("shop/quiet.py", quiet),
            ("shop/apps.py", apps),
            ("shop/other.py", other),
        ],
        &[
            "shop/apps.py:5 Wrapper other init()",
            "shop/signals.py:1 Import other redis",
            "shop/signals.py:3 Client other redis.Redis",
            "shop/signals.py:7 Command other srem",
        ],
    );
}

#[test]
fn scripts_are_sent_where_they_are_called() {
    let files = [
        ("kv.py", "from redis import Redis\n\ndef default():\n    return Redis('h')\n"),
        (
            "throttle.py",
            "import kv\n\ndef allow(key):\n    window = kv.default().register_script(SCRIPT)\n    other = plain().register_script(SCRIPT)\n    other(keys=[key])\n    return window(keys=[key]) < 1\n",
        ),
    ];
    check(
        &files,
        &[
            "kv.py:1 Import limits redis",
            "kv.py:4 Client limits redis.Redis",
            "throttle.py:1 Wrapper limits default",
            "throttle.py:4 Command limits register_script",
            "throttle.py:7 Command limits evalsha",
        ],
    );
}

#[test]
fn mappers_and_caches_are_told_by_their_classes() {
    let code = "\
from redis_om import HashModel, Field
from aiocache import Cache, cached

class Label(HashModel):
    name: str = Field(index=True)

class Plain(Base):
    pass

@cached(ttl=1, cache=Cache.REDIS)
def f(): pass

@cached(ttl=1, cache=Cache.MEMORY)
def g(): pass
";
    check(
        &[("a.py", code)],
        &[
            "a.py:1 Import cache redis-om",
            "a.py:4 Client cache redis_om.HashModel",
            "a.py:10 Setting cache aiocache",
        ],
    );
}

#[test]
fn ruby_loads_files_and_modules_give_clients() {
    let files = [
        ("Gemfile", ""),
        (
            "lib/shop/redis.rb",
            "require 'redis'\nmodule Shop\n  def self.redis\n    @redis ||= Redis.new\n  end\n\n  def self.name\n    'x'\n  end\nend\n",
        ),
        (
            "lib/shop/store.rb",
            "require_relative 'redis'\nmodule Shop\n  class Store\n    def save(id)\n      Shop.redis.multi do |tx|\n        tx.incr(id)\n      end\n      Shop.name.get(1)\n    end\n  end\nend\n",
        ),
        (
            "lib/shop/titles.rb",
            "module Shop\n  module Titles\n    def self.of(url) = url\n  end\nend\n",
        ),
        ("lib/old.rb", "require 'redis'\nclass Older\n  def ping = Redis.new.ping\nend\n"),
        (
            "app.rb",
            "require_relative 'lib/shop/store'\nrequire_relative 'lib/shop/titles'\nShop::Store.new.save(1)\n",
        ),
    ];
    check(
        &files,
        &[
            "app.rb:1 Wrapper limits Shop.Store",
            "lib/old.rb:1 Import limits redis Dormant",
            "lib/old.rb:1 UnusedModule limits lib/old Dormant",
            "lib/old.rb:3 Client limits Redis.new Dormant",
            "lib/shop/redis.rb:1 Import limits redis",
            "lib/shop/redis.rb:4 Client limits Redis.new",
            "lib/shop/store.rb:1 Wrapper limits Shop",
            "lib/shop/store.rb:5 Command limits multi",
            "lib/shop/store.rb:6 Command limits incr",
        ],
    );
}

#[test]
fn macros_modules_and_attributes_of_ruby() {
    let files = [
        (
            "app/models/topic.rb",
            "class Topic\n  include Redis::Objects\n  counter :views\n  kredis_flag :typing\n  has_many :posts\n  def see\n    views.increment\n    typing.mark\n    posts.push(1)\n  end\nend\n",
        ),
        (
            "app/models/plan.rb",
            "class Plan\n  counter :views\n  def see\n    views.increment\n  end\nend\n",
        ),
        (
            "config/initializers/sidekiq.rb",
            "require 'sidekiq-throttled'\nSidekiq.configure_server do |config|\n  config.redis = OPTIONS\n  config.logger = LOGGER\nend\nOther.configure do |config|\n  config.redis = OPTIONS\nend\nResque.schedule = {}\n",
        ),
        (
            "config/routes.rb",
            "mount Sidekiq::Web => '/sidekiq'\nmount Shop::Web => '/shop'\nputs Sidekiq::Queue.all.size\nputs Sidekiq.redis { |conn| conn.call('SCARD', 'x') }\n",
        ),
    ];
    check(
        &files,
        &[
            "app/models/topic.rb:2 Client limits Redis.Objects",
            "app/models/topic.rb:3 Client limits counter",
            "app/models/topic.rb:4 Client limits kredis_flag",
            "app/models/topic.rb:7 Command limits increment",
            "app/models/topic.rb:8 Command other mark",
            "config/initializers/sidekiq.rb:1 Import queue sidekiq-*",
            "config/initializers/sidekiq.rb:2 Client queue Sidekiq.configure_server",
            "config/initializers/sidekiq.rb:3 Setting queue sidekiq",
            "config/initializers/sidekiq.rb:9 Import queue resque",
            "config/initializers/sidekiq.rb:9 Setting queue resque",
            "config/routes.rb:1 Client queue Sidekiq.Web",
            "config/routes.rb:3 Command queue all",
            "config/routes.rb:4 Client queue sidekiq",
            "config/routes.rb:4 Command queue SCARD",
        ],
    );
}

#[test]
fn methods_fields_scripts_and_renamed_crates_of_rust() {
    let files = [
        (
            "Cargo.toml",
            "[package]\nname = \"svc\"\n[dependencies]\nstore = { package = \"deadpool-redis\", version = \"1\" }\nredis = \"1\"\n",
        ),
        ("src/main.rs", "mod state;\nmod web;\nfn main() { web::serve() }\n"),
        (
            "src/state.rs",
            "use store::{Connection, Pool};\nuse redis::Script;\npub struct State { pub pool: Pool, pub names: Names }\nimpl State {\n    pub async fn conn(&self) -> Result<Connection, Error> { self.pool.get().await }\n    pub async fn take(&self) { self.conn().await.unwrap().del(\"x\").await }\n    pub async fn run(&self) { Script::new(\"x\").key(\"k\").invoke_async(c).await }\n}\n",
        ),
        (
            "src/web.rs",
            "use crate::state::State;\npub fn serve(state: State) {\n    let c = state.pool.get().await;\n    c.set_ex(\"a\", 1, 2);\n    state.conn().await.unwrap().get(\"b\");\n    state.names.get(\"c\");\n}\n",
        ),
    ];
    check(
        &files,
        &[
            "src/state.rs:1 Import cache deadpool-redis",
            "src/state.rs:2 Import cache redis",
            "src/state.rs:5 Command cache get",
            "src/state.rs:6 Command cache del",
            "src/state.rs:7 Command cache invoke_async",
            "src/web.rs:1 Wrapper cache State",
            "src/web.rs:3 Command cache get",
            "src/web.rs:4 Command cache set_ex",
            "src/web.rs:5 Command cache get",
        ],
    );
}

#[test]
fn what_frameworks_of_python_lend_declare_and_call() {
    let files = [
        ("requirements.txt", "celery[redis]\ndjango-cacheops\nredis\n"),
        (
            "app/settings.py",
            "import environ\n\nenv = environ.Env(DEBUG=(bool, False), REDIS_POOL=(int, 5))\nCELERY_BROKER_URL = env('REDIS_URL')\nCACHEOPS = {'auth.*': {'ops': 'all'}}\n",
        ),
        (
            "app/tasks.py",
            "from celery import shared_task\nfrom celery.result import AsyncResult\n\n@shared_task(bind=True)\ndef pay(self):\n    self.retry(countdown=1)\n    http.retry(1)\n\ndef state(key):\n    return AsyncResult(key)\n",
        ),
        (
            "app/views.py",
            "from cacheops import invalidate_obj\n\nclass Shop(APIView):\n    def post(self, request):\n        invalidate_obj(self.item)\n        return Item.objects.filter(a=1).cache(ops=['get'])\n\n    def get(self, request):\n        page.cache()\n        return request.app.state.redis.get('a')\n",
        ),
        ("app/urls.py", "from app.views import Shop\n\nurlpatterns = [path('', Shop.as_view())]\n"),
    ];
    check(
        &files,
        &[
            "app/settings.py:3 VariableRead other REDIS_POOL",
            "app/settings.py:4 VariableRead queue REDIS_URL",
            "app/settings.py:4 Setting queue CELERY_BROKER_URL",
            "app/settings.py:5 Setting cache CACHEOPS",
            "app/tasks.py:1 Import queue celery",
            "app/tasks.py:2 Import queue celery",
            "app/tasks.py:4 Client queue celery",
            "app/tasks.py:6 Command queue retry",
            "app/tasks.py:10 Client queue celery",
            "app/urls.py:1 Wrapper cache Shop",
            "app/views.py:1 Import cache django-cacheops",
            "app/views.py:5 Command cache invalidate_obj",
            "app/views.py:6 Command cache cache",
            "app/views.py:10 Command other get",
        ],
    );
}

#[test]
fn a_scheduler_that_keeps_its_jobs_elsewhere_is_none_of_redis() {
    let files = [
        ("requirements.txt", "apscheduler\nredis\n"),
        (
            "app/plain.py",
            "from apscheduler.schedulers.asyncio import AsyncIOScheduler\n\nscheduler = AsyncIOScheduler()\nscheduler.add_job(run, 'interval')\n",
        ),
        (
            "app/kept.py",
            "from apscheduler.jobstores.redis import RedisJobStore\n\nstores = {'default': RedisJobStore(db=2)}\n",
        ),
    ];
    check(
        &files,
        &[
            "app/kept.py:1 Import queue apscheduler",
            "app/kept.py:3 Client queue apscheduler.jobstores.redis.RedisJobStore",
        ],
    );
}

#[test]
fn of_the_stores_of_langchain_those_on_redis_count() {
    let files = [
        ("requirements.txt", "langchain-community\nlanggraph-checkpoint-redis\n"),
        (
            "app/llm.py",
            "from langchain_community.cache import InMemoryCache, RedisCache\nfrom langchain_community.storage import LocalFileStore\nfrom langgraph.checkpoint.redis.aio import AsyncRedisSaver\n\ncache = RedisCache(redis_=client)\nlocal = InMemoryCache()\n\nasync def run():\n    async with AsyncRedisSaver.from_conn_string(url) as saver:\n        await saver.asetup()\n",
        ),
    ];
    check(
        &files,
        &[
            "app/llm.py:1 Import cache langchain-community",
            "app/llm.py:3 Import cache langgraph-checkpoint-redis",
            "app/llm.py:5 Client cache langchain_community.cache.RedisCache",
            "app/llm.py:9 Client cache langgraph.checkpoint.redis.aio.AsyncRedisSaver.from_conn_string",
            "app/llm.py:10 Command cache asetup",
        ],
    );
}
