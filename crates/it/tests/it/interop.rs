//! What others make of our tokens, our keys, our schema and our webhooks, and we of theirs: jose, `oauth4webapi`,
//! Prisma, `standardwebhooks`, `stripe` and `@octokit/webhooks-methods` from npm, and `PyJWT`, `standardwebhooks`
//! and `PyNaCl` from `PyPI`.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use pgstead_it::{
    cli::{Service, pgstead},
    http,
    sink::Sink,
};
use pgstead_webhooks::{NewEndpoint, Receipt, Receiver, Refusal, Scheme, SignatureKind, Source};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{process::Command, time::timeout};

use crate::webhooks::{Desk, event};

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/interop");
/// How long a program may take, with what it fetches the first time.
const LONGEST: Duration = Duration::from_mins(10);

/// Where what is fetched is kept from run to run.
fn kept(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/interop").join(name);
    fs::create_dir_all(&directory).unwrap();
    fs::canonicalize(directory).unwrap()
}

/// Runs it to its end, and gives what it prints.
pub(crate) async fn run(command: &mut Command) -> String {
    let output = timeout(LONGEST, command.output()).await.expect("it ends").unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {told}");
    String::from_utf8(output.stdout).unwrap()
}

/// Installs into a directory what a file names, once for all processes, and again when that changes.
pub(crate) async fn installed(
    name: &str,
    listed: &str,
    install: impl AsyncFnOnce(&Path),
) -> PathBuf {
    let directory = kept(name);
    let lock = fs::File::create(directory.join("lock")).unwrap();
    // Freed when it is closed. Who waits here waits for a process and not for a task.
    let locked = tokio::task::spawn_blocking(move || lock.lock().map(|()| lock));
    let _locked = locked.await.unwrap().unwrap();
    let (marker, listed) = (directory.join("installed"), fs::read(listed).unwrap());
    if fs::read(&marker).is_ok_and(|installed| installed == listed) {
        return directory;
    }
    install(&directory).await;
    fs::write(marker, listed).unwrap();
    directory
}

/// The packages of npm, in the versions and with the checksums of the lock file.
async fn node() -> PathBuf {
    let directory = installed("node", &format!("{SCRIPTS}/package-lock.json"), async |directory| {
        for file in ["package.json", "package-lock.json"] {
            fs::copy(Path::new(SCRIPTS).join(file), directory.join(file)).unwrap();
        }
        let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
        run(Command::new("npm").args(arguments).current_dir(directory)).await;
    })
    .await;
    // They look for packages beside themselves.
    for file in ["verify.mjs", "webhooks.mjs"] {
        fs::copy(Path::new(SCRIPTS).join(file), directory.join(file)).unwrap();
    }
    directory
}

/// A Python with the packages of the requirements.
async fn python() -> PathBuf {
    let requirements = format!("{SCRIPTS}/requirements.txt");
    let directory = installed("python", &requirements, async |directory| {
        run(Command::new("python3").args(["-m", "venv"]).arg(directory)).await;
        let arguments = ["-m", "pip", "install", "--quiet", "--require-hashes", "--requirement"];
        let python = directory.join("bin/python");
        run(Command::new(python).args(arguments).arg(&requirements)).await;
    })
    .await;
    directory.join("bin/python")
}

/// A server whose tokens are signed like that.
async fn serve(algorithm: &str) -> (Service, TempDir) {
    let directory = TempDir::new().unwrap();
    let data_dir = directory.path().join("data").into_os_string();
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--data-dir"].map(Into::into);
    let config = format!("[tokens]\nalgorithm = \"{algorithm}\"\n");
    let call = pgstead(arguments.into_iter().chain([data_dir])).configured(&config);
    (call.serve().await, directory)
}

/// A script, told of a session, and what it has seen.
async fn ask(command: &mut Command, service: &Service, algorithm: &str) -> Value {
    let key = service.admin_key.as_deref().unwrap();
    let body = r#"{"user":"ada","audience":["api"],"scopes":["read"],"claims":{"role":"admin"}}"#;
    let begun = http::request(service.address, "POST", "/v1/sessions", Some(key), body).await;
    let begun = begun.json();
    let seen = run(command
        .env("BASE", format!("http://{}", service.address))
        .env("KEY", key)
        .env("ALGORITHM", algorithm)
        .env("ACCESS", begun["access_token"].as_str().unwrap())
        .env("REFRESH", begun["refresh_token"].as_str().unwrap()))
    .await;
    serde_json::from_str(&seen).unwrap_or_else(|error| panic!("{error}: {seen}"))
}

#[tokio::test]
async fn others_verify_refresh_introspect_and_revoke() {
    let (node, python) = (node().await, python().await);
    for algorithm in ["EdDSA", "ES256", "RS256"] {
        let (service, _directory) = serve(algorithm).await;
        let mut script = Command::new("node");
        let seen = ask(script.arg(node.join("verify.mjs")), &service, algorithm).await;
        let expected = json!({
            "user": "ada", "role": "admin", "algorithm": algorithm,
            "tampered": "ERR_JWS_SIGNATURE_VERIFICATION_FAILED", "scope": "read",
            "is_same_session": true, "active": true, "inactive": false,
            "refused": "invalid_grant",
        });
        assert_eq!(seen, expected);
        let mut script = Command::new(&python);
        let script = script.arg(Path::new(SCRIPTS).join("verify.py"));
        let seen = ask(script, &service, algorithm).await;
        let expected = json!({
            "user": "ada", "role": "admin", "tampered": "InvalidSignatureError",
            "elsewhere": "InvalidAudienceError",
        });
        assert_eq!(seen, expected);
        assert_eq!(service.stop().await, 0);
    }
}

#[tokio::test]
async fn prisma_finds_the_schema_valid() {
    let node = node().await;
    let printed = pgstead(["schema", "--format", "prisma"]).run().await;
    assert_eq!(printed.status, 0, "{printed:?}");
    let directory = TempDir::new().unwrap();
    let schema = directory.path().join("schema.prisma");
    let head = "datasource db {\n  provider = \"postgresql\"\n  schemas = [\"pgstead\"]\n}\n\
                generator client {\n  provider = \"prisma-client\"\n  output = \"./client\"\n}\n";
    fs::write(&schema, format!("{head}{}", printed.stdout)).unwrap();
    let mut validate = Command::new(node.join("node_modules/.bin/prisma"));
    // Without an engine named it would fetch one, which nothing here needs.
    validate.args(["validate", "--schema"]).arg(&schema).env("CHECKPOINT_DISABLE", "1");
    validate.env("PRISMA_SCHEMA_ENGINE_BINARY", "/bin/true").current_dir(&node);
    let told = run(&mut validate).await;
    assert!(told.contains("is valid"), "{told}");
}

/// Ours are verified by those of others, and theirs by us.
#[tokio::test]
async fn others_verify_our_webhooks_and_we_theirs() {
    let (node, python) = (node().await, python().await);
    let desk = Desk::open().await;
    let mut sink = Sink::open().await;
    let mut endpoint = NewEndpoint::new(sink.url("/ok"));
    endpoint.signatures = SignatureKind::ALL.into();
    let created = desk.webhooks.create(&endpoint).await.unwrap();
    let secret = |kind: SignatureKind| {
        let of = created.secrets.iter().find(|(known, _)| *known == kind);
        of.unwrap().1.reveal().to_owned()
    };
    let payload = json!({ "name": "Zoë", "list": [1, 2.5, null] });
    desk.webhooks.publish(event("order.paid", &payload)).await.unwrap();
    let taken = sink.next().await;
    let told = json!({
        "headers": taken.headers, "body": taken.body, "secret": secret(SignatureKind::V1),
        "hub": secret(SignatureKind::Hub), "public_key": secret(SignatureKind::V1a),
    });
    let (github, stripe) = ("a secret of GitHub's", "whsec_of_stripe");
    let standard = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    let body = r#"{"id":"evt_1","object":"event"}"#;
    let to_sign = json!({
        "id": "msg_1", "payload": body, "github": github, "stripe": stripe, "standard": standard,
    });
    let mut script = Command::new("node");
    script.arg(node.join("webhooks.mjs"));
    let script = script.env("TAKEN", told.to_string()).env("TO_SIGN", to_sign.to_string());
    let of_node: Value = serde_json::from_str(&run(script).await).unwrap();
    let expected = json!({
        "verified": payload, "tampered": "WebhookVerificationError", "hub": true,
        "hub_tampered": false,
    });
    assert_eq!(of_node["seen"], expected);
    let mut script = Command::new(python);
    let script = script.arg(Path::new(SCRIPTS).join("webhooks.py")).env("TAKEN", told.to_string());
    let of_python: Value = serde_json::from_str(&run(script).await).unwrap();
    let expected = json!({
        "verified": payload, "tampered": "WebhookVerificationError", "v1a": true,
        "v1a_tampered": false,
    });
    assert_eq!(of_python, expected);
    for (name, scheme, secret) in [
        ("github", Scheme::GitHub, github),
        ("stripe", Scheme::Stripe, stripe),
        ("standard", Scheme::Standard, standard),
    ] {
        let source = Source::new(scheme, vec![secret.to_owned()], name.parse().unwrap());
        let sources = [(name.to_owned(), source)];
        let receiver = Receiver::new(desk.db.db(), &desk.queues, sources).unwrap();
        let fields = of_node["signed"][name].as_object().unwrap().iter();
        let field = |(name, value): (&String, &Value)| {
            (name.parse().unwrap(), value.as_str().unwrap().parse().unwrap())
        };
        let headers = fields.map(field).collect();
        let first = receiver.receive(name, &headers, body.as_bytes()).await.unwrap();
        assert!(matches!(first, Receipt::Accepted(_)), "{name}: {first:?}");
        let again = receiver.receive(name, &headers, body.as_bytes()).await.unwrap();
        assert!(matches!(again, Receipt::Duplicate(_)), "{name}: {again:?}");
        let changed = receiver.receive(name, &headers, b"{}").await.unwrap();
        assert_eq!(changed, Receipt::Refused(Refusal::Signature), "{name}");
    }
    desk.stop().await;
}
