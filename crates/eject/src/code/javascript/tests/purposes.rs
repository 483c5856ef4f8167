//! What uses are for.

use super::{PACKAGE, found, purpose_at};
use crate::Purpose;

#[test]
fn a_client_shared_by_several_purposes_is_other_and_its_users_have_theirs() {
    let findings = found(&[
        ("redis.js", "const Redis = require('ioredis');\nmodule.exports = new Redis();\n"),
        (
            "a.js",
            "const redis = require('./redis');\nexports.a = async (ip) => {\n  const n = await redis.incr(`hits:${ip}`);\n  await redis.expire(`hits:${ip}`, 60);\n  return n;\n};\n",
        ),
        (
            "b.js",
            "const redis = require('./redis');\nexports.b = () => redis.set('lock:x', '1', 'NX', 'PX', 100);\n",
        ),
        (
            "c.js",
            "const redis = require('./redis');\nexports.c = () => redis.publish('news', 'x');\n",
        ),
    ]);
    for (path, line, purpose) in [
        ("redis.js", 2, Purpose::Other),
        ("a.js", 1, Purpose::Limits),
        ("a.js", 3, Purpose::Limits),
        ("a.js", 4, Purpose::Limits),
        ("b.js", 1, Purpose::Lock),
        ("b.js", 2, Purpose::Lock),
        ("c.js", 1, Purpose::PubSub),
        ("c.js", 2, Purpose::PubSub),
    ] {
        assert_eq!(purpose_at(&findings, path, line), Some(purpose), "{path}:{line}");
    }
}

#[test]
fn who_refuses_with_429_limits_and_who_writes_under_a_key_speaks_to_nobody() {
    let routes = "import { redis } from './redis.js';\n\
        export async function guard(req, res, next) {\n\
        \x20 const seen = await redis.get(`x:${req.ip}`);\n\
        \x20 if (seen > 30) return res.status(429).end();\n\
        \x20 next();\n\
        }\n\
        export const put = async (id) => {\n\
        \x20 await redis.hset(`x:${id}`, 'a', 1);\n\
        \x20 await redis.publish('gone', id);\n\
        };\n";
    let findings = found(&[
        PACKAGE,
        ("src/redis.ts", "import Redis from 'ioredis';\nexport const redis = new Redis();\n"),
        ("src/routes.ts", routes),
        ("src/main.ts", "import * as routes from './routes.js';\napp.use(routes);\n"),
    ]);
    let of = |line| purpose_at(&findings, "src/routes.ts", line);
    assert_eq!(of(3), Some(Purpose::Limits));
    assert_ne!(of(8), Some(Purpose::PubSub));
    assert_eq!(of(9), Some(Purpose::PubSub));
}

#[test]
fn a_wrapper_is_for_what_is_done_with_what_it_gives() {
    let container = "import { Queue } from 'bullmq';\n\
        import Redis from 'ioredis';\n\
        import { asFunction, createContainer } from 'awilix';\n\
        export const container = createContainer();\n\
        container.register({\n\
        \x20 mails: asFunction(() => new Queue('mails')),\n\
        \x20 redis: asFunction(() => new Redis()),\n\
        });\n";
    let limits = "import { container } from './container.js';\n\
        export const spend = (ip) => container.cradle.redis.incr(`rate:${ip}`);\n";
    let findings = found(&[
        PACKAGE,
        ("src/container.ts", container),
        ("src/limits.ts", limits),
        ("src/main.ts", "import { spend } from './limits.js';\nspend('a');\n"),
    ]);
    for line in [1, 2] {
        assert_eq!(purpose_at(&findings, "src/limits.ts", line), Some(Purpose::Limits), "{line}");
    }
}
