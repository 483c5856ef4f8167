//! Small trees, and what a scan of them says.

mod keep;
mod options;
mod purposes;

use std::fs;

use crate::{Finding, Kind, Life, Options, Purpose, scan};

/// What a scan finds in files that are written for it, but for manifests.
fn found(files: &[(&str, &str)]) -> Vec<Finding> {
    found_within(files, Options::default().depth)
}

fn found_within(files: &[(&str, &str)], depth: usize) -> Vec<Finding> {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let options = Options { depth, ..Options::default() };
    let mut findings = scan(folder.path(), &options, &|_| ()).unwrap().findings;
    findings.retain(|finding| !finding.place.path.contains(".json"));
    findings
}

/// Kinds with their lines, as `path:line kind`.
fn places(findings: &[Finding]) -> Vec<String> {
    let place = |finding: &Finding| {
        format!("{}:{} {:?}", finding.place.path, finding.place.line, finding.kind)
    };
    findings.iter().map(place).collect()
}

fn purpose_at(findings: &[Finding], path: &str, line: u32) -> Option<Purpose> {
    let at = |finding: &&Finding| finding.place.path == path && finding.place.line == line;
    findings.iter().find(at).map(|finding| finding.purpose)
}

const PACKAGE: (&str, &str) = ("package.json", r#"{ "name": "a", "main": "src/main.ts" }"#);

#[test]
fn imports_of_all_manners_are_found() {
    let findings = found(&[
        ("a.ts", "import Redis, { Cluster as C } from 'ioredis';\nimport * as all from 'redis';\n"),
        ("b.ts", "import type { Redis } from 'ioredis';\nimport { type Queue } from 'bullmq';\n"),
        (
            "c.ts",
            "import Redis = require('ioredis');\nexport { Queue } from 'bullmq';\nexport * from 'bull';\n",
        ),
        (
            "d.js",
            "const { createClient } = require('redis');\nif (x) { require('ioredis').default; }\n",
        ),
        ("e.mjs", "const { Queue } = await import('bullmq');\nawait import(`ioredis`);\n"),
        (
            "f.mjs",
            "import { createRequire as make, createRequire } from 'module';\nconst load = createRequire(import.meta.url);\nload('bull');\n",
        ),
        ("g.js", "require.resolve('bull');\n"),
        ("h.test.js", "jest.mock('ioredis');\n"),
        ("i.js", "// import 'ioredis'\nconst text = \"import Redis from 'ioredis'\";\n"),
        (
            "j.vue",
            "<template><p>redis</p></template>\n<script setup lang=\"ts\">\nimport Redis from 'ioredis';\n</script>\n",
        ),
    ]);
    assert_eq!(
        places(&findings),
        [
            "a.ts:1 Import",
            "a.ts:2 Import",
            "b.ts:1 Import",
            "b.ts:2 Import",
            "c.ts:1 Import",
            "c.ts:2 Import",
            "c.ts:3 Import",
            "d.js:1 Import",
            "d.js:2 Import",
            "e.mjs:1 Import",
            "e.mjs:2 Import",
            "f.mjs:3 Import",
            "g.js:1 Import",
            "h.test.js:1 Import",
            "j.vue:3 Import",
        ]
    );
}

#[test]
fn only_the_exports_that_lead_to_a_client_are_followed() {
    let findings = found(&[
        PACKAGE,
        (
            "src/redis.ts",
            "import Redis from 'ioredis';\nexport const redis = new Redis();\nexport const version = 1;\n",
        ),
        (
            "src/store.ts",
            "import { redis } from './redis';\nexport const save = (id: string) => redis.set(`refresh:${id}`, '1', 'EX', 60);\nexport const hash = (text: string) => text;\n",
        ),
        ("src/index.ts", "export * from './store';\nexport { version } from './redis';\n"),
        ("src/uses.ts", "import { save } from '.';\nexport const use = () => save('1');\n"),
        (
            "src/not.ts",
            "import { hash, version } from '.';\nexport const not = hash(String(version));\n",
        ),
        (
            "src/main.ts",
            "import { use } from './uses';\nimport { not } from './not';\nuse(); not;\n",
        ),
    ]);
    assert_eq!(
        places(&findings),
        [
            "src/index.ts:1 Wrapper",
            "src/main.ts:1 Wrapper",
            "src/redis.ts:1 Import",
            "src/redis.ts:2 Client",
            "src/store.ts:1 Wrapper",
            "src/store.ts:2 Command",
            "src/uses.ts:1 Wrapper",
        ]
    );
    assert!(findings.iter().all(|finding| finding.purpose == Purpose::Tokens), "{findings:#?}");
    let main = findings.iter().find(|finding| finding.place.path == "src/main.ts").unwrap();
    let chain: Vec<_> = main.chain.iter().map(|step| step.place.path.as_str()).collect();
    assert_eq!(
        chain,
        [
            "src/uses.ts",
            "src/uses.ts",
            "src/index.ts",
            "src/store.ts",
            "src/store.ts",
            "src/redis.ts",
            "src/redis.ts"
        ]
    );
}

#[test]
fn depth_bounds_how_far_wrappers_are_followed() {
    let files = [
        ("a.ts", "import Redis from 'ioredis';\nexport const a = new Redis();\n"),
        ("b.ts", "import { a } from './a';\nexport const b = () => a.get('x');\n"),
        ("c.ts", "import { b } from './b';\nb();\n"),
    ];
    let wrappers = |depth| {
        let findings = found_within(&files, depth);
        findings.iter().filter(|finding| finding.kind == Kind::Wrapper).count()
    };
    assert_eq!((wrappers(0), wrappers(1), wrappers(2)), (0, 1, 2));
}

#[test]
fn clients_that_are_given_and_never_imported_are_found() {
    let findings = found(&[
        ("package.json", r#"{ "name": "a", "main": "main.js" }"#),
        (
            "main.js",
            "import Redis from 'ioredis';\nimport { routes } from './routes.js';\nconst redis = new Redis();\nroutes(app, { redis });\napp.use((req, res, next) => { req.cache = redis; next(); });\n",
        ),
        ("routes.js", "export function routes(app, { redis }) {\n  redis.get('a');\n}\n"),
        (
            "take.js",
            "export const handler = async (req) => req.cache.get('a');\nexport const other = (map) => map.get('a');\n",
        ),
        (
            "typed.ts",
            "import type { Redis } from 'ioredis';\nexport class S {\n  constructor(private readonly r: Redis) {}\n  a() { return this.r.get('x'); }\n  b() { return this.other.get('x'); }\n}\n",
        ),
    ]);
    assert_eq!(
        places(&findings),
        [
            "main.js:1 Import",
            "main.js:2 Wrapper",
            "main.js:3 Client",
            "routes.js:2 Command",
            "take.js:1 UnusedModule",
            "take.js:1 Command",
            "typed.ts:1 Import",
            "typed.ts:1 UnusedModule",
            "typed.ts:4 Command",
        ]
    );
}

#[test]
fn nest_gives_clients_by_token_type_and_decorator() {
    let findings = found(&[
        ("src/main.ts", "import { M } from './m';\nboot(M);\n"),
        (
            "src/m.ts",
            "import Redis from 'ioredis';\nimport { S } from './s';\n@Module({ providers: [S, { provide: 'REDIS', useFactory: () => new Redis() }] })\nexport class M {}\n",
        ),
        (
            "src/s.ts",
            "import { InjectQueue } from '@nestjs/bullmq';\n@Injectable()\nexport class S {\n  constructor(@Inject('REDIS') private redis, @InjectQueue('q') private q: any) {}\n  a() { this.redis.get('otp:1'); }\n  b() { this.q.add('x', {}); }\n}\n",
        ),
    ]);
    assert_eq!(
        places(&findings),
        [
            "src/m.ts:1 Import",
            "src/m.ts:2 Wrapper",
            "src/m.ts:3 Client",
            "src/main.ts:1 Wrapper",
            "src/s.ts:1 Import",
            "src/s.ts:4 Client",
            "src/s.ts:5 Command",
            "src/s.ts:6 Command",
        ]
    );
    assert_eq!(purpose_at(&findings, "src/s.ts", 5), Some(Purpose::Tokens));
    assert_eq!(purpose_at(&findings, "src/s.ts", 6), Some(Purpose::Queue));
}

#[test]
fn limiters_elsewhere_and_words_are_nothing() {
    let findings = found(&[
        (
            "a.ts",
            "import { RateLimiterMemory, RateLimiterPostgres } from 'rate-limiter-flexible';\nexport const a = new RateLimiterMemory({});\nexport const b = new RateLimiterPostgres({});\n",
        ),
        (
            "b.ts",
            "import rateLimit from 'express-rate-limit';\nexport const b = rateLimit({ windowMs: 1 });\n",
        ),
        (
            "c.ts",
            "const redistribute = () => 'Redis is fast';\nexport const futureDisabled = redistribute();\n",
        ),
        ("d.ts", "import { Redis } from './own';\nexport const d = new Redis().get('a');\n"),
        ("own.ts", "export class Redis { get(key: string) { return key; } }\n"),
    ]);
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn modules_that_nothing_reaches_are_dormant() {
    let findings = found(&[
        PACKAGE,
        ("src/main.ts", "import { a } from './a';\na();\n"),
        ("src/a.ts", "import Redis from 'ioredis';\nexport const a = () => new Redis();\n"),
        ("src/b.ts", "import Redis from 'ioredis';\nexport const b = () => new Redis();\n"),
        ("src/c.ts", "import Redis from 'ioredis';\nexport const c = () => new Redis();\n"),
        ("src/c.test.ts", "import { c } from './c';\nc();\n"),
        (
            "src/jobs/index.ts",
            "import fs from 'fs';\nexport const load = () => fs.readdirSync(__dirname).map((file) => require(file));\n",
        ),
        ("src/jobs/d.ts", "import Redis from 'ioredis';\nexport const d = () => new Redis();\n"),
    ]);
    let life = |path: &str| {
        let in_file = findings.iter().filter(|finding| finding.place.path == path);
        in_file.map(|finding| finding.life).collect::<Vec<_>>()
    };
    assert_eq!(life("src/a.ts"), [Life::Live; 2]);
    assert_eq!(life("src/b.ts"), [Life::Dormant; 3]);
    assert_eq!(life("src/c.ts"), [Life::Test; 2]);
    // The scan of the folder is reached by nobody either.
    assert_eq!(life("src/jobs/d.ts"), [Life::Dormant; 3]);
}

#[test]
fn what_is_loaded_for_what_it_does_is_a_wrapper() {
    let work =
        "import { Worker } from 'bullmq';\nnew Worker('a', run);\nexport const name = 'a';\n";
    let main = "if (process.env.WORK) await import('./work.js');\n\
        import('./work.js').catch(console.error);\n\
        const { name } = await import('./work.js');\n";
    let findings = found(&[PACKAGE, ("src/main.ts", main), ("src/work.ts", work)]);
    assert_eq!(
        places(&findings),
        [
            "src/main.ts:1 Wrapper",
            "src/main.ts:2 Wrapper",
            "src/work.ts:1 Import",
            "src/work.ts:2 Client"
        ]
    );
}

#[test]
fn a_context_that_a_library_makes_loads_no_folder() {
    let main =
        "import { initTRPC } from '@trpc/server';\nexport const t = initTRPC.context().create();\n";
    let flags = "import Redis from 'ioredis';\nexport const flags = new Redis();\n";
    let findings = found(&[PACKAGE, ("src/main.ts", main), ("src/flags.ts", flags)]);
    assert!(!findings.is_empty() && findings.iter().all(|found| found.life == Life::Dormant));
    let main = "const all = require.context('.', true);\n";
    let findings = found(&[PACKAGE, ("src/main.ts", main), ("src/flags.ts", flags)]);
    assert!(!findings.is_empty() && findings.iter().all(|found| found.life == Life::Live));
}

#[test]
fn packages_of_the_workspace_resolve_to_their_sources() {
    let findings = found(&[
        ("package.json", r#"{ "workspaces": ["packages/*", "apps/*"] }"#),
        (
            "packages/redis/package.json",
            r#"{ "name": "@acme/redis", "main": "dist/index.js", "exports": { ".": "./dist/index.js", "./q": "./dist/q.js" } }"#,
        ),
        ("packages/redis/src/index.ts", "export { client } from './client.js';\n"),
        (
            "packages/redis/src/client.ts",
            "import Redis from 'ioredis';\nexport const client = new Redis();\n",
        ),
        (
            "packages/redis/src/q.ts",
            "import { Queue } from 'bullmq';\nexport const q = new Queue('q');\n",
        ),
        (
            "apps/api/package.json",
            r#"{ "name": "api", "dependencies": { "@acme/redis": "workspace:*" } }"#,
        ),
        (
            "apps/api/tsconfig.json",
            r#"{ "compilerOptions": { "paths": { "@lib/*": ["./src/lib/*"] } } }"#,
        ),
        (
            "apps/api/src/main.ts",
            "import { client } from '@acme/redis';\nimport { q } from '@acme/redis/q';\nimport { x } from '@lib/x';\nclient.get('a'); q; x;\n",
        ),
        (
            "apps/api/src/lib/x.ts",
            "import { client } from '@acme/redis';\nexport const x = () => client.get('a');\n",
        ),
    ]);
    let main: Vec<_> =
        places(&findings).into_iter().filter(|place| place.contains("main.ts")).collect();
    assert_eq!(
        main,
        [1, 2, 3]
            .map(|line| format!("apps/api/src/main.ts:{line} Wrapper"))
            .into_iter()
            .chain(["apps/api/src/main.ts:4 Command".to_owned()])
            .collect::<Vec<_>>()
    );
}

#[test]
fn hostile_files_end_nothing() {
    let deep = format!("import 'ioredis';\nlet x = {}", "[\n".repeat(200_000));
    let long = format!("import 'ioredis';\nlet x = {}1;", "1 +\n".repeat(200_000));
    let cycle_a =
        "import { b } from './cb';\nexport const a = () => b();\nexport class A { b = new B(); }\n";
    let cycle_b = "import { a } from './ca';\nimport Redis from 'ioredis';\nexport const b = () => { a(); return new Redis(); };\n";
    let findings = found(&[
        ("deep.ts", &deep),
        ("long.ts", &long),
        (
            "half.ts",
            "import Redis from 'ioredis';\nexport const half = new Redis();\nfunction broken( {\n",
        ),
        ("bytes.js", "\u{feff}import 'ioredis';\r\n"),
        ("ca.ts", cycle_a),
        ("cb.ts", cycle_b),
    ]);
    assert_eq!(
        places(&findings),
        [
            "bytes.js:1 Import",
            "ca.ts:1 Wrapper",
            "cb.ts:1 Wrapper",
            "cb.ts:2 Import",
            "cb.ts:3 Client",
            "deep.ts:1 Import",
            "half.ts:1 Import",
            "half.ts:2 Client",
            "long.ts:1 Import",
        ]
    );
}

#[test]
fn variables_and_addresses_are_read_in_all_ways() {
    let findings = found(&[(
        "src/env.ts",
        "a(process.env.REDIS_URL);\nconst { REDIS_HOST } = process.env;\na(process.env['REDIS_PORT']);\na(import.meta.env.REDIS_URL);\na(Deno.env.get('REDIS_URL'));\na(config.get<string>('REDIS_URL'));\nconst s = z.object({\n  REDIS_URL: z.string(),\n  CACHE_URL: Joi.string().uri({ scheme: ['redis', 'rediss'] }).required(),\n  DATABASE_URL: Joi.string().uri({ scheme: 'postgres' }),\n});\nconst url = 'redis://localhost:6379';\nthrow new Error('REDIS_URL is missing: redis://…');\n",
    )]);
    let lines: Vec<_> = findings.iter().map(|finding| (finding.place.line, finding.kind)).collect();
    assert_eq!(
        lines,
        [1, 2, 3, 4, 5, 6, 8, 9]
            .map(|line| (line, Kind::VariableRead))
            .into_iter()
            .chain([(12, Kind::ConnectionString)])
            .collect::<Vec<_>>()
    );
}

#[test]
fn of_variables_that_are_not_named_for_a_store_those_count_that_lead_to_one() {
    let main = "const { DATABASE_URL, SHARED_STORE } = process.env;\n\
        const address = config.getOrThrow<string>('SHARED_STORE');\n\
        const other = process.env.OTHER_STORE ?? process.env.REDIS_URL;\n\
        export const schema = z.object({ SHARED_STORE: z.string().url() });\n";
    let variables =
        "SHARED_STORE=redis://kv:6379/2\nOTHER_STORE=http://kv\nDATABASE_URL=postgres://db/a\n";
    let findings = found(&[PACKAGE, ("src/main.ts", main), (".env", variables)]);
    let told: Vec<_> = findings
        .iter()
        .map(|found| format!("{}:{} {}", found.place.path, found.place.line, found.name))
        .collect();
    assert_eq!(
        told,
        [
            ".env:1 SHARED_STORE",
            "src/main.ts:1 SHARED_STORE",
            "src/main.ts:2 SHARED_STORE",
            "src/main.ts:3 REDIS_URL",
            "src/main.ts:4 SHARED_STORE",
        ]
    );
}

#[test]
fn jobs_send_commands_where_they_are_handed_on() {
    let findings = found(&[
        PACKAGE,
        (
            "src/main.ts",
            "import { Worker, type Job } from 'bullmq';\nimport { mail } from './mail';\nnew Worker('a', async (job) => {\n  await job.updateProgress(1);\n  return job.data.toString();\n});\nnew Worker('b', mail);\n",
        ),
        (
            "src/mail.ts",
            "import type { Job } from 'bullmq';\nexport async function mail(job: Job) {\n  const all = await job.getChildrenValues();\n  job.data.remove();\n  return all;\n}\nexport const other = (job: { progress(): void }) => job.progress();\n",
        ),
    ]);
    let commands: Vec<_> =
        findings.iter().filter(|found| found.kind == Kind::Command).cloned().collect();
    assert_eq!(places(&commands), ["src/mail.ts:3 Command", "src/main.ts:4 Command"]);
}

#[test]
fn methods_that_are_bound_are_commands() {
    let text = "const client = require('redis').createClient();\nexports.get = require('util').promisify(client.get).bind(client);\nexports.set = client.set.bind(client);\nexports.log = console.log.bind(console);\n";
    let findings = found(&[PACKAGE, ("src/main.ts", text)]);
    let commands: Vec<_> =
        findings.iter().filter(|found| found.kind == Kind::Command).cloned().collect();
    assert_eq!(places(&commands), ["src/main.ts:2 Command", "src/main.ts:3 Command"]);
}

#[test]
fn what_members_are_decorated_with_is_used() {
    let findings = found(&[
        PACKAGE,
        (
            "src/cached.ts",
            "import Redis from 'ioredis';\nconst redis = new Redis();\nexport const cached = () => (_: object, name: string) => redis.get(name);\nexport const plain = () => () => 1;\n",
        ),
        (
            "src/a.ts",
            "import { cached } from './cached';\nexport class A {\n  @cached()\n  all() {}\n}\n",
        ),
        (
            "src/b.ts",
            "import { plain } from './cached';\nexport class B {\n  @plain()\n  all() {}\n}\n",
        ),
        (
            "src/main.ts",
            "import { A } from './a';\nimport { B } from './b';\nnew A().all();\nnew B().all();\n",
        ),
    ]);
    let wrappers: Vec<_> =
        findings.iter().filter(|found| found.kind == Kind::Wrapper).cloned().collect();
    assert_eq!(places(&wrappers), ["src/a.ts:1 Wrapper", "src/main.ts:1 Wrapper"]);
}

#[test]
fn connections_are_told_by_types_and_by_what_they_read() {
    let findings = found(&[
        PACKAGE,
        (
            "src/a.ts",
            "import type { ConnectionOptions } from 'bullmq';\nexport const options = { host: 'x' } satisfies ConnectionOptions;\n",
        ),
        (
            "src/b.js",
            "export const connection = { host: process.env.REDIS_HOST, port: 1 };\nexport const config = { redis: process.env.REDIS_URL, db: 1 };\nexport const connectionOfOther = { host: process.env.PGHOST };\n",
        ),
        ("src/c.js", "import { config, connectionOfOther } from './b.js';\n"),
        (
            "src/main.ts",
            "import { options } from './a';\nimport { connection } from './b.js';\nimport './c.js';\nuse(options, connection);\n",
        ),
    ]);
    let wrappers: Vec<_> =
        findings.iter().filter(|found| found.kind == Kind::Wrapper).cloned().collect();
    assert_eq!(places(&wrappers), ["src/main.ts:1 Wrapper", "src/main.ts:2 Wrapper"]);
}

#[test]
fn environments_and_servers_that_code_declares() {
    let findings = found(&[
        PACKAGE,
        (
            "src/main.ts",
            "import { CfnCluster as Memory } from 'aws-cdk-lib/aws-memorydb';\nimport { Queue } from 'aws-cdk-lib/aws-sqs';\nnew Memory(this, 'a', {});\nnew Queue(this, 'redis');\nconst a = { env_production: { REDIS_HOST: '1', NODE_ENV: 'x' } };\nconst b = { environment: { REDIS_HOST: cache.endpoint } };\nconst c = { env: { REDIS_HOST: z.string() } };\nconst d = [{ name: 'REDIS_HOST', value: host }, { name: 'REDIS_HOST' }];\nconst e = { words: { REDIS_PREFIX: 'x' } };\n",
        ),
        ("bin/flush", "#!/usr/bin/env node\nconst redis = require('redis').createClient();\n"),
        ("bin/other", "#!/bin/sh\nrequire('redis')\n"),
    ]);
    assert_eq!(
        places(&findings),
        [
            "bin/flush:2 Import",
            "bin/flush:2 Client",
            "src/main.ts:3 Resource",
            "src/main.ts:5 VariableSet",
            "src/main.ts:6 VariableSet",
            "src/main.ts:7 VariableRead",
            "src/main.ts:8 VariableSet",
        ]
    );
}

#[test]
fn of_a_framework_only_what_chooses_the_store_counts() {
    let text = "import { Transport, EventPattern, Payload } from '@nestjs/microservices';\nexport class A {\n  @EventPattern('x')\n  on(@Payload() a: string) {}\n}\nexport const make = () => ({\n  transport: Transport.REDIS,\n});\nexport const other = () => ({\n  transport: Transport.NATS,\n});\n";
    let findings = found(&[PACKAGE, ("src/main.ts", text)]);
    let clients: Vec<_> =
        findings.iter().filter(|found| found.kind == Kind::Client).cloned().collect();
    assert_eq!(places(&clients), ["src/main.ts:7 Client"]);
}
