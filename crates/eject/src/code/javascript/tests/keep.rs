//! Clients that are kept in maps and lists.

use super::{PACKAGE, found, places};

#[test]
fn what_is_put_into_a_map_comes_out_of_it() {
    let registry = "const { createClient } = require('redis');\n\
        const clients = Object.create(null);\n\
        exports.named = function named(name) {\n\
        \x20 if (!clients[name]) clients[name] = createClient();\n\
        \x20 return clients[name];\n\
        };\n\
        exports.end = () => Object.keys(clients).forEach((name) => {\n\
        \x20 clients[name].quit();\n\
        });\n";
    let user = "const redis = require('./registry').named('a');\n\
        redis.get('x');\n\
        require('./registry').named('b').incr('y');\n";
    let findings = found(&[PACKAGE, ("src/registry.js", registry), ("src/main.js", user)]);
    assert_eq!(
        places(&findings),
        [
            "src/main.js:1 Wrapper",
            "src/main.js:2 Command",
            "src/main.js:3 Wrapper",
            "src/main.js:3 Command",
            "src/registry.js:1 Import",
            "src/registry.js:4 Client",
            "src/registry.js:8 Command",
        ]
    );
}

#[test]
fn a_map_of_clients_is_no_client() {
    let code = "import Redis from 'ioredis';\n\
        export class Pool {\n\
        \x20 private clients = new Map<string, Redis>();\n\
        \x20 private list = [];\n\
        \x20 get(name: string): Redis {\n\
        \x20   let client = this.clients.get(name);\n\
        \x20   if (!client) {\n\
        \x20     client = new Redis();\n\
        \x20     this.clients.set(name, client);\n\
        \x20     this.list.push(client);\n\
        \x20   }\n\
        \x20   return client;\n\
        \x20 }\n\
        \x20 async close() {\n\
        \x20   for (const [name, client] of this.clients) {\n\
        \x20     name.trim();\n\
        \x20     await client.quit();\n\
        \x20   }\n\
        \x20   this.clients.forEach((client, name) => client.disconnect());\n\
        \x20   await Promise.all([...this.clients.values()].map((client) => client.ping()));\n\
        \x20   await Promise.all(this.list.map((client) => client.info()));\n\
        \x20   Object.entries({ a: new Redis() }).map(([name, one]) => one.time(name.trim()));\n\
        \x20   this.clients.clear();\n\
        \x20   this.list.length = 0;\n\
        \x20 }\n\
        }\n";
    let mut findings = found(&[PACKAGE, ("src/main.ts", code)]);
    findings.retain(|finding| finding.place.line > 8);
    assert_eq!(
        places(&findings),
        [
            "src/main.ts:17 Command",
            "src/main.ts:19 Command",
            "src/main.ts:20 Command",
            "src/main.ts:21 Command",
            "src/main.ts:22 Client",
            "src/main.ts:22 Command",
        ]
    );
}

#[test]
fn an_element_of_another_map_is_none() {
    let code = "import Redis from 'ioredis';\n\
        const redis = new Redis();\n\
        const values: Record<string, string> = {};\n\
        export async function load(name: string) {\n\
        \x20 values[name] = (await redis.get(name)) ?? '';\n\
        \x20 const seen = new Map();\n\
        \x20 seen.set(name, values[name]);\n\
        \x20 return seen.get(name).trim() + values[name].trim();\n\
        }\n";
    let findings = found(&[PACKAGE, ("src/main.ts", code)]);
    assert_eq!(
        places(&findings),
        ["src/main.ts:1 Import", "src/main.ts:2 Client", "src/main.ts:5 Command"]
    );
}

#[test]
fn a_list_that_is_typed_is_no_client() {
    let code = "import { Worker } from 'bullmq';\n\
        const workers: Worker[] = [];\n\
        export function start(name: string) {\n\
        \x20 workers.push(new Worker(name, run));\n\
        }\n\
        export const stop = () => workers.map((worker) => worker.close());\n";
    let findings = found(&[PACKAGE, ("src/main.ts", code)]);
    assert_eq!(
        places(&findings),
        ["src/main.ts:1 Import", "src/main.ts:4 Client", "src/main.ts:6 Command"]
    );
}
