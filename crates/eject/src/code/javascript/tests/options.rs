//! Clients that nobody constructs: options, containers, callbacks.

use super::{PACKAGE, found, places, purpose_at};
use crate::Purpose;

#[test]
fn options_of_frameworks_choose_a_store() {
    let findings = found(&[
        (
            "nuxt.config.ts",
            "export default defineNuxtConfig({ nitro: { storage: {\n  cache: {\n    driver: 'redis',\n    host: 'cache',\n  },\n  files: { driver: 'fs', base: './data' },\n} } });\n",
        ),
        (
            "medusa-config.js",
            "module.exports = { projectConfig: {\n  redis_url: url,\n}, modules: { bus: {\n  resolve: '@medusajs/event-bus-redis',\n} } };\n",
        ),
        (
            "src/words.ts",
            "export const icons = [{ type: 'redis', label: 'Redis' }];\nexport const redis = { title: 'Redis', description: 'a store' };\n",
        ),
    ]);
    assert_eq!(
        places(&findings),
        ["medusa-config.js:2 Setting", "medusa-config.js:4 Setting", "nuxt.config.ts:3 Setting"]
    );
    assert_eq!(purpose_at(&findings, "nuxt.config.ts", 3), Some(Purpose::Cache));
    assert_eq!(purpose_at(&findings, "medusa-config.js", 4), Some(Purpose::PubSub));
}

#[test]
fn containers_give_clients_by_their_tokens() {
    let findings = found(&[
        PACKAGE,
        ("src/tokens.ts", "export const TOKENS = { Redis: Symbol('Redis') };\n"),
        (
            "src/container.ts",
            "import { container } from 'tsyringe';\nimport Redis from 'ioredis';\nimport { TOKENS } from './tokens';\ncontainer.register(TOKENS.Redis, { useValue: new Redis() });\nexport { container };\n",
        ),
        (
            "src/peek.ts",
            "import { inject } from 'tsyringe';\nimport { TOKENS } from './tokens';\nexport class Peek {\n  @inject(TOKENS.Redis) private redis: any;\n  all() { return this.redis.lrange('list', 0, -1); }\n}\n",
        ),
        (
            "src/main.ts",
            "import { container } from './container';\nimport { Peek } from './peek';\nimport { TOKENS } from './tokens';\ncontainer.resolve<any>(TOKENS.Redis).get('x');\nnew Peek().all();\n",
        ),
    ]);
    let places = places(&findings);
    for place in ["src/container.ts:4 Client", "src/peek.ts:5 Command", "src/main.ts:4 Command"] {
        assert!(places.iter().any(|known| known == place), "{place} is not among {places:#?}");
    }
}

#[test]
fn functions_are_handed_clients() {
    let findings = found(&[
        PACKAGE,
        (
            "src/redis.ts",
            "import { createClient } from 'redis';\nconst client = createClient();\nexport const withRedis = (work: any) => work(client);\n",
        ),
        (
            "src/main.ts",
            "import { withRedis } from './redis';\nwithRedis(async (redis: any) => {\n  await redis.incr('count');\n});\n[1].map((one) => one);\n",
        ),
    ]);
    assert!(places(&findings).iter().any(|place| place == "src/main.ts:3 Command"));
}

#[test]
fn what_is_made_of_functions_that_use_a_client_uses_it() {
    let findings = found(&[
        PACKAGE,
        (
            "src/session.ts",
            "import { createSessionStorage } from '@remix-run/node';\nimport { Redis } from 'ioredis';\nconst redis = new Redis();\nexport const { getSession } = createSessionStorage({\n  readData: (id: string) => redis.get(`session:${id}`),\n});\nexport const { theme } = createSessionStorage({ readData: () => null });\n",
        ),
        ("src/main.ts", "import { getSession } from './session';\ngetSession('1');\n"),
        ("src/not.ts", "import { theme } from './session';\ntheme;\n"),
    ]);
    let places = places(&findings);
    assert!(places.iter().any(|place| place == "src/main.ts:1 Wrapper"), "{places:#?}");
    assert!(!places.iter().any(|place| place.starts_with("src/not.ts")), "{places:#?}");
}

#[test]
fn what_others_made_of_a_client_is_taken_apart() {
    let auth = "import NextAuth from 'next-auth';\n\
        import { UpstashRedisAdapter } from '@auth/upstash-redis-adapter';\n\
        import { Redis } from '@upstash/redis';\n\
        export const { handlers, auth } = NextAuth({ adapter: UpstashRedisAdapter(Redis.fromEnv()) });\n";
    let route = "import { handlers } from './auth';\nexport const { GET, POST } = handlers;\n";
    let findings = found(&[PACKAGE, ("src/auth.ts", auth), ("src/main.ts", route)]);
    assert!(places(&findings).contains(&"src/main.ts:1 Wrapper".to_owned()), "{findings:#?}");
}

#[test]
fn what_is_made_with_a_function_of_the_tree_that_uses_a_client_uses_it() {
    let trpc = "import { initTRPC } from '@trpc/server';\n\
        import Redis from 'ioredis';\n\
        const redis = new Redis();\n\
        const t = initTRPC.create();\n\
        const limited = (name: string) => t.middleware(async ({ next }) => {\n\
        \x20 await redis.incr(name);\n\
        \x20 return next();\n\
        });\n\
        export const router = t.router;\n\
        export const plain = t.procedure.use(({ next }) => next());\n\
        export const guarded = t.procedure.use(limited('read'));\n";
    let rates = "import { guarded, router } from './trpc';\n\
        export const rates = router({ of: guarded.input({}).query(() => 1) });\n";
    let plain = "import { plain } from './trpc';\nexport const none = plain.query(() => 2);\n";
    let main = "import { rates } from './rates';\nimport { none } from './none';\nrates(none);\n";
    let findings = found(&[
        PACKAGE,
        ("src/trpc.ts", trpc),
        ("src/rates.ts", rates),
        ("src/none.ts", plain),
        ("src/main.ts", main),
    ]);
    let mut wrappers = places(&findings);
    wrappers.retain(|place| place.ends_with("Wrapper"));
    assert_eq!(wrappers, ["src/main.ts:1 Wrapper", "src/rates.ts:1 Wrapper"]);
}

#[test]
fn functions_with_a_prototype_are_classes() {
    let tracker = "function Tracker(client) { this.client = client; }\n\
        Tracker.prototype.move = function () { this.client.geoadd('a', 1, 2, 'b'); };\n\
        module.exports = Tracker;\n";
    let main = "const redis = require('redis');\n\
        const Tracker = require('./tracker');\n\
        new Tracker(redis.createClient()).move();\n";
    let findings = found(&[PACKAGE, ("src/tracker.js", tracker), ("src/main.js", main)]);
    assert_eq!(
        places(&findings),
        [
            "src/main.js:1 Import",
            "src/main.js:2 Wrapper",
            "src/main.js:3 Client",
            "src/tracker.js:2 Command",
        ]
    );
}

#[test]
fn who_imports_the_type_of_a_wrapper_is_told_once() {
    let tokens = "import Redis from 'ioredis';\n\
        const redis = new Redis();\n\
        export class Tokens { issue() { return redis.get('a'); } }\n";
    let routes = "import type { Tokens } from './tokens';\n\
        export const routes = (tokens: Tokens) => tokens.issue();\n";
    let main = "import { Tokens } from './tokens';\n\
        import { routes } from './routes';\n\
        routes(new Tokens());\n";
    let findings = found(&[
        PACKAGE,
        ("src/tokens.ts", tokens),
        ("src/routes.ts", routes),
        ("src/main.ts", main),
    ]);
    let mut wrappers = places(&findings);
    wrappers.retain(|place| place.ends_with("Wrapper"));
    assert_eq!(
        wrappers,
        ["src/main.ts:1 Wrapper", "src/main.ts:2 Wrapper", "src/routes.ts:1 Wrapper"]
    );
}

#[test]
fn clients_have_names_within_a_plugin() {
    let plugin = "import fastify from 'fastify';\n\
        import fastifyRedis from '@fastify/redis';\n\
        import { health } from './health';\n\
        const app = fastify();\n\
        app.register(fastifyRedis, { url: 'a', namespace: 'main' });\n\
        app.register(fastifyRedis, { url: 'b', namespace: 'limits' });\n\
        app.register(health);\n";
    let health = "export async function health(app) {\n\
        \x20 const limits = app.redis.limits;\n\
        \x20 await app.redis.main.ping();\n\
        \x20 await limits.incr('a');\n\
        }\n";
    let findings = found(&[PACKAGE, ("src/main.ts", plugin), ("src/health.ts", health)]);
    let mut commands = places(&findings);
    commands.retain(|place| place.ends_with("Command"));
    assert_eq!(commands, ["src/health.ts:3 Command", "src/health.ts:4 Command"]);
}

#[test]
fn what_is_exported_beside_a_client_is_no_command_of_it() {
    let redis = "const redis = require('redis');\n\
        const create = (name) => redis.createClient({ name });\n\
        module.exports = create('main');\n\
        module.exports.create = create;\n";
    let main = "const { create } = require('./redis');\n\
        const pub = create('pub');\n\
        const sub = pub.duplicate();\n\
        const queues = {\n\
        \x20 sub,\n\
        \x20 close() { return this.sub.quit(); },\n\
        };\n\
        queues.close();\n";
    let findings = found(&[PACKAGE, ("src/redis.js", redis), ("src/main.js", main)]);
    let mut places = places(&findings);
    places.retain(|place| place.starts_with("src/main"));
    assert_eq!(places, ["src/main.js:1 Wrapper", "src/main.js:3 Command", "src/main.js:6 Command"]);
}

#[test]
fn the_client_of_bun_is_one() {
    let main = "import { RedisClient, redis, file } from 'bun';\n\
        const counters = new RedisClient('redis://a');\n\
        await redis.incr('a');\n\
        await counters.send('GETDEL', ['b']);\n\
        await file('c').text();\n";
    let other = "import { file } from 'bun';\nawait file('c').text();\n";
    let findings = found(&[PACKAGE, ("src/main.ts", main), ("src/other.ts", other)]);
    assert_eq!(
        places(&findings),
        [
            "src/main.ts:1 Import",
            "src/main.ts:2 Client",
            "src/main.ts:2 ConnectionString",
            "src/main.ts:3 Command",
            "src/main.ts:4 Command",
        ]
    );
}

#[test]
fn programs_are_started_with_variables_that_are_kept_by_a_name() {
    let findings = found(&[
        (
            "ecosystem.config.js",
            "var shared = { REDIS_HOST: '10.0.0.7' };\nmodule.exports = { apps: [{ script: 'a.js', env: shared }] };\n",
        ),
        (
            "infra/api.ts",
            "const environment = {\n  REDIS_PORT: '6379',\n};\nrun({ environment });\n",
        ),
        ("src/words.ts", "export const shared = { REDIS_HOST: 'x' };\n"),
    ]);
    assert_eq!(
        places(&findings),
        ["ecosystem.config.js:1 VariableSet", "infra/api.ts:2 VariableSet"]
    );
}
