//! `scan`, `plan` and `verify`, as a team and its CI use them: what programs read fits its schema, code scanning takes it, known
//! uses pass and new ones do not, and a real server tells who uses it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use pgstead_eject::verify::{Look, Server};
use pgstead_it::{
    cli::{Called, pgstead},
    eventually,
};
use redis::aio::MultiplexedConnection;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::interop::{installed, run};

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/eject");

/// A tree with a queue behind a barrel, a test, documentation and a server.
fn tree() -> TempDir {
    let tree = TempDir::new().unwrap();
    let files = [
        (
            "package.json",
            r#"{"name":"shop","dependencies":{"bullmq":"^5.0.0","ioredis":"^5.0.0"}}"#,
        ),
        (
            "src/queue/make.ts",
            "import { Queue } from \"bullmq\";\nexport const createQueue = (name: string) => new Queue(name);\n",
        ),
        ("src/queue/index.ts", "export * from \"./make\";\n"),
        (
            "src/orders [1].ts",
            "import { createQueue } from \"./queue\";\nexport const orders = createQueue(\"orders\");\n",
        ),
        ("src/main.ts", "import \"./orders [1]\";\n"),
        ("test/a.test.ts", "import Redis from \"ioredis\";\nnew Redis().ping();\n"),
        (".env", "REDIS_URL=redis://:hunter2@cache:6379/0\n"),
        ("README.md", "Orders go through Redis.\n"),
        (
            "infra/main.tf",
            "resource \"aws_elasticache_cluster\" \"a\" {\n  node_type = \"cache.t3.micro\"\n}\n",
        ),
    ];
    for (path, text) in files {
        let file = tree.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    tree
}

/// A call about a tree.
async fn about(tree: &Path, arguments: &[&str]) -> Called {
    let mut all: Vec<_> = arguments.iter().map(PathBuf::from).collect();
    all.insert(1, tree.to_owned());
    pgstead(all).run().await
}

/// The validators, in the versions and with the checksums of the lock file.
async fn validators() -> PathBuf {
    let lock = format!("{SCRIPTS}/package-lock.json");
    let directory = installed("eject", &lock, async |directory| {
        for file in ["package.json", "package-lock.json"] {
            fs::copy(Path::new(SCRIPTS).join(file), directory.join(file)).unwrap();
        }
        let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
        run(Command::new("npm").args(arguments).current_dir(directory)).await;
    })
    .await;
    fs::copy(Path::new(SCRIPTS).join("validate.mjs"), directory.join("validate.mjs")).unwrap();
    directory
}

#[tokio::test]
async fn what_programs_read_fits_its_schema_and_code_scanning_takes_it() {
    let (validators, tree, told) = (validators().await, tree(), TempDir::new().unwrap());
    let file = |name: &str| told.path().join(name);
    let written = async |name: &str, arguments: &[&str]| {
        let called = about(tree.path(), arguments).await;
        assert_eq!(called.status, 0, "{called:?}");
        assert!(!called.stdout.contains("hunter2"), "{called:?}");
        fs::write(file(name), called.stdout).unwrap();
    };
    written("report.json", &["scan", "--json"]).await;
    written("report.schema.json", &["scan", "--schema"]).await;
    written("plan.json", &["plan", "--format", "json"]).await;
    written("plan.schema.json", &["plan", "--schema"]).await;
    written("scan.sarif", &["scan", "--format", "sarif", "--all"]).await;
    written("report.md", &["scan", "--format", "markdown"]).await;
    written("plan.md", &["plan"]).await;
    let report: Value = serde_json::from_slice(&fs::read(file("report.json")).unwrap()).unwrap();
    assert!(report["findings"].as_array().unwrap().len() > 5, "{report}");
    let document = |name: &str| json!({ "schema": file(&format!("{name}.schema.json")), "document": file(&format!("{name}.json")) });
    let mut script = Command::new("node");
    script.arg(validators.join("validate.mjs"));
    script.env("DOCUMENTS", json!([document("report"), document("plan")]).to_string());
    script.env("SARIF", file("scan.sarif")).env("RESULTS", file("results.sarif"));
    let seen: Value = serde_json::from_str(&run(&mut script).await).unwrap();
    assert_eq!(seen, json!({ "documents": [[], []], "sarif": [] }));
}

#[tokio::test]
async fn known_uses_pass_and_new_ones_do_not() {
    let tree = tree();
    let baseline = tree.path().join("baseline.json");
    let name = baseline.to_str().unwrap();
    let denied = about(tree.path(), &["scan", "--deny", "live"]).await;
    assert_eq!(denied.status, 1, "{denied:?}");
    assert!(denied.stderr.contains("there is no baseline"), "{denied:?}");
    let missing = about(tree.path(), &["scan", "--deny", "live", "--baseline", name]).await;
    assert_eq!(missing.status, 2, "{missing:?}");
    let written = about(tree.path(), &["scan", "--baseline", name, "--write-baseline"]).await;
    assert_eq!(written.status, 0, "{written:?}");
    let gate = ["scan", "--deny", "live", "--baseline", name];
    let passed = about(tree.path(), &gate).await;
    assert_eq!(passed.status, 0, "{passed:?}");
    let before = fs::read(&baseline).unwrap();
    fs::write(tree.path().join("src/new.ts"), "import Redis from \"ioredis\";\nnew Redis();\n")
        .unwrap();
    fs::write(tree.path().join("src/main.ts"), "import \"./orders [1]\";\nimport \"./new\";\n")
        .unwrap();
    fs::remove_file(tree.path().join(".env")).unwrap();
    let denied = about(tree.path(), &gate).await;
    assert_eq!(denied.status, 1, "{denied:?}");
    assert!(denied.stderr.contains("of the baseline are gone"), "{denied:?}");
    assert_eq!(fs::read(&baseline).unwrap(), before, "only --write-baseline writes it");
    let of_some = ["scan", "--baseline", name, "--write-baseline", "--purpose", "queue"];
    assert_eq!(about(tree.path(), &of_some).await.status, 2);
    let none = about(tree.path(), &["scan", "--deny", "live", "--purpose", "lock"]).await;
    assert_eq!(none.status, 0, "{none:?}");
}

#[tokio::test]
async fn a_tree_is_clean_when_nothing_lives() {
    let tree = tree();
    let used = about(tree.path(), &["verify", "--json"]).await;
    assert_eq!(used.status, 1, "{used:?}");
    assert_eq!(used.json()["clean"], false);
    for path in ["package.json", "src", ".env", "infra"] {
        let path = tree.path().join(path);
        if path.is_dir() {
            fs::remove_dir_all(path).unwrap();
        } else {
            fs::remove_file(path).unwrap();
        }
    }
    let clean = about(tree.path(), &["verify", "--json"]).await;
    assert_eq!(clean.status, 0, "{clean:?}");
    let counts = &clean.json()["tree"]["counts"];
    assert_eq!(counts["live"], 0);
    assert!(counts["historical"].as_u64().unwrap() > 0, "{counts}");
}

/// A server of the test's own, on a socket in a directory of its own.
struct Redis {
    _server: Child,
    directory: TempDir,
}

impl Redis {
    async fn start() -> Self {
        let directory = TempDir::new().unwrap();
        let mut server = Command::new("redis-server");
        server.args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket"]);
        server.arg(directory.path().join("redis.sock")).arg("--dir").arg(directory.path());
        server.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let server = server.kill_on_drop(true).spawn().expect("redis-server is installed");
        let redis = Self { _server: server, directory };
        let client = redis::Client::open(redis.url("")).unwrap();
        eventually("redis-server answers", Duration::from_secs(10), async || {
            client.get_multiplexed_async_connection().await.is_ok()
        })
        .await;
        redis.forsaken().await;
        redis
    }

    /// Waits until the server has seen all connections go.
    async fn forsaken(&self) {
        let server = Server::at(&self.url("")).unwrap();
        eventually("nobody is connected", Duration::from_secs(10), async || {
            server.look_once().await.unwrap().clients.is_empty()
        })
        .await;
    }

    fn url(&self, options: &str) -> String {
        format!("redis+unix://{}{options}", self.directory.path().join("redis.sock").display())
    }

    /// A client that calls itself something.
    async fn client(&self, name: &str) -> MultiplexedConnection {
        let client = redis::Client::open(self.url("")).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        ask(&mut connection, &["CLIENT", "SETNAME", name]).await;
        connection
    }
}

async fn ask(connection: &mut MultiplexedConnection, words: &[&str]) {
    let mut command = redis::cmd(words[0]);
    for word in &words[1..] {
        command.arg(word);
    }
    let _: redis::Value = command.query_async(connection).await.unwrap();
}

#[tokio::test]
async fn a_server_tells_who_uses_it_between_two_looks() {
    let redis = Redis::start().await;
    let server = Server::at(&redis.url("")).unwrap();
    let quiet = server.watch(async {}).await.unwrap();
    assert!(quiet.is_quiet(), "{quiet:?}");
    assert_eq!((quiet.look, quiet.connections), (Look::Twice, 0), "{quiet:?}");

    // One comes, calls and goes between the looks; a health check calls, too.
    let used = server.watch(async {
        let mut worker = redis.client("worker").await;
        ask(&mut worker, &["SET", "a", "1", "EX", "600"]).await;
        ask(&mut worker, &["SET", "b", "1"]).await;
        ask(&mut worker, &["PING"]).await;
    });
    let used = used.await.unwrap();
    assert!(!used.is_quiet(), "{used:?}");
    assert_eq!(used.commands.iter().collect::<Vec<_>>(), [(&"set".to_owned(), &2)]);
    assert_eq!(used.housekeeping.get("ping"), Some(&1), "{used:?}");
    assert!(used.connections >= 1, "{used:?}");
    let [database] = &*used.databases else { panic!("{used:?}") };
    assert_eq!((database.keys, database.with_ttl), (2, 1));

    // Who only holds a connection is a user.
    redis.forsaken().await;
    let _worker = redis.client("worker").await;
    let held = server.watch(async {}).await.unwrap();
    assert!(held.commands.is_empty() && !held.is_quiet(), "{held:?}");
    let names: Vec<_> = held.users().map(|client| &*client.name).collect();
    assert_eq!(names, ["worker"]);

    // One that is connected at the first look and not at the second was there.
    let other = redis.client("other").await;
    let gone = server.watch(async { drop(other) }).await.unwrap();
    let names: Vec<_> = gone.users().map(|client| &*client.name).collect();
    assert_eq!(names, ["worker", "other"]);
}

#[tokio::test]
async fn the_command_says_what_a_server_said_and_exits_by_it() {
    let (redis, tree) = (Redis::start().await, TempDir::new().unwrap());
    let verify = async |url: &str| {
        pgstead(["verify", tree.path().to_str().unwrap(), "--minutes", "0"])
            .env("PGSTEAD_REDIS_URL", url)
            .run()
            .await
    };
    let quiet = verify(&redis.url("")).await;
    assert_eq!(quiet.status, 0, "{quiet:?}");
    let mut worker = redis.client("billing-worker").await;
    let in_use = verify(&redis.url("")).await;
    assert_eq!(in_use.status, 1, "{in_use:?}");
    assert!(in_use.stdout.contains("billing-worker"), "{in_use:?}");

    // One who may not ask is told what he needs, and a password is in no message.
    let user = ["ACL", "SETUSER", "looker", "on", ">hunter2", "+ping"];
    ask(&mut worker, &user).await;
    let refused = verify(&redis.url("?user=looker&pass=hunter2")).await;
    assert_eq!(refused.status, 3, "{refused:?}");
    assert!(refused.stderr.contains("does not permit CLIENT ID"), "{refused:?}");
    assert!(!format!("{refused:?}").contains("hunter2"), "{refused:?}");
    let wrong = verify(&redis.url("?user=looker&pass=hunter3")).await;
    assert_eq!(wrong.status, 3, "{wrong:?}");
    assert!(!format!("{wrong:?}").contains("hunter3"), "{wrong:?}");
    assert_eq!(verify("redis://127.0.0.1:1").await.status, 3);
    assert_eq!(verify("cache.example.com").await.status, 2);
}
