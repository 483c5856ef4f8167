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
