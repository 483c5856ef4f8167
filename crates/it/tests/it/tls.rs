//! TLS, with libpq's meaning of `sslmode`.

use std::{
    fs::{self, Permissions},
    net::TcpListener,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown},
    process::Stdio,
    time::Duration,
};

use base64ct::{Base64, Encoding as _};
use pgstead_it::{TestServer, eventually};
use pgstead_store::{Config, Db};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::process::{Child, Command};

/// A PostgreSQL that takes TLS on TCP and nothing else, with a certificate for `localhost`.
struct TlsServer {
    postgres: Child,
    server: TestServer,
    port: u16,
}

/// PEM files of the certificate and the key of a server, and of whom to trust.
struct Certificates {
    server: String,
    key: String,
    root: String,
}

/// By an authority that is trusted.
fn issued() -> Certificates {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.distinguished_name.push(rcgen::DnType::CommonName, "an authority");
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let server = CertificateParams::new(["localhost".to_owned()]).unwrap();
    let server = server.signed_by(&key, &authority).unwrap();
    Certificates {
        server: pem("CERTIFICATE", server.der()),
        key: pem("PRIVATE KEY", &key.serialize_der()),
        root: pem("CERTIFICATE", authority.der()),
    }
}

/// By itself, as `openssl req -x509` makes it.
fn self_signed() -> Certificates {
    let key = KeyPair::generate().unwrap();
    let mut server = CertificateParams::new(["localhost".to_owned()]).unwrap();
    server.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let server = pem("CERTIFICATE", server.self_signed(&key).unwrap().der());
    Certificates {
        server: server.clone(),
        key: pem("PRIVATE KEY", &key.serialize_der()),
        root: server,
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    let base64 = Base64::encode_string(der);
    let lines: Vec<&str> =
        base64.as_bytes().chunks(64).map(|line| str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

impl TlsServer {
    async fn start(certificates: &Certificates) -> Self {
        let mut server = TestServer::start().await;
        let program = fs::read_link(format!("/proc/{}/exe", server.postmaster())).unwrap();
        server.stop().await;
        let data = server.data_dir().join("data");
        let owner = fs::metadata(&data).unwrap();
        let files = [
            ("server.crt", &certificates.server),
            ("server.key", &certificates.key),
            ("pg_hba.conf", &"hostssl all all 127.0.0.1/32 trust\n".to_owned()),
        ];
        for (name, text) in files {
            fs::write(data.join(name), text).unwrap();
            fs::set_permissions(data.join(name), Permissions::from_mode(0o600)).unwrap();
            chown(data.join(name), Some(owner.uid()), Some(owner.gid())).unwrap();
        }
        // Who trusts it need not be who runs it.
        fs::write(server.data_dir().join("root.pem"), &certificates.root).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut postgres = Command::new(program);
        postgres.arg("-D").arg(&data).args(["-c", "ssl=on", "-c", "unix_socket_directories="]);
        postgres.args(["-c", "listen_addresses=127.0.0.1", "-p", &port.to_string()]);
        postgres.current_dir("/").kill_on_drop(true).stdout(Stdio::null()).stderr(Stdio::null());
        if nix::unistd::geteuid().is_root() {
            postgres.uid(owner.uid()).gid(owner.gid());
        }
        let postgres = postgres.spawn().unwrap();
        let server = Self { postgres, server, port };
        eventually("it takes TLS", Duration::from_secs(20), async || {
            server.connect("127.0.0.1", "sslmode=require").await.is_ok()
        })
        .await;
        server
    }

    async fn connect(&self, host: &str, parameters: &str) -> pgstead_store::Result<Db> {
        let root = self.server.data_dir().join("root.pem").display().to_string();
        let parameters = parameters.replace("ROOT", &root.replace('/', "%2F"));
        let port = self.port;
        Db::connect(&Config::new(format!("postgres://pgstead@{host}:{port}/pgstead?{parameters}")))
            .await
    }

    async fn accepts(&self, host: &str, parameters: &str) -> bool {
        match self.connect(host, parameters).await {
            Ok(db) => {
                let sql = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";
                let row = db.client().await.unwrap().query_typed_one(sql, &[]).await.unwrap();
                row.get(0)
            }
            Err(_) => false,
        }
    }
}

#[tokio::test]
async fn sslmode_verifies_what_libpq_would() {
    let other = issued();
    for certificates in [issued(), self_signed()] {
        let server = TlsServer::start(&certificates).await;
        for (host, parameters, accepted) in [
            ("127.0.0.1", "sslmode=disable", false),
            ("127.0.0.1", "sslmode=prefer", true),
            ("127.0.0.1", "sslmode=require", true),
            ("127.0.0.1", "sslmode=require&sslrootcert=ROOT", true),
            ("127.0.0.1", "sslmode=verify-ca&sslrootcert=ROOT", true),
            ("localhost", "sslmode=verify-full&sslrootcert=ROOT", true),
            // Another name, and an authority of the system's.
            ("127.0.0.1", "sslmode=verify-full&sslrootcert=ROOT", false),
            ("localhost", "sslmode=verify-full", false),
        ] {
            assert_eq!(server.accepts(host, parameters).await, accepted, "{host} {parameters}");
        }
        fs::write(server.server.data_dir().join("root.pem"), &other.root).unwrap();
        for parameters in ["sslmode=require&sslrootcert=ROOT", "sslmode=verify-ca&sslrootcert=ROOT"]
        {
            assert!(!server.accepts("localhost", parameters).await, "another authority");
        }
    }
}

/// In the one thread of this test a connection that went on to say that it has ended would let
/// nobody else come to word.
#[tokio::test]
async fn a_server_that_vanishes_is_no_more_than_an_error() {
    let mut server = TlsServer::start(&issued()).await;
    let db = server.connect("127.0.0.1", "sslmode=require").await.unwrap();
    let client = db.client().await.unwrap();
    let hub = pgstead_store::Hub::start(&db);
    hub.subscribe("anything").next().await;
    server.postgres.kill().await.unwrap();
    assert!(client.simple_query("select 1").await.is_err());
    drop(client);
    assert!(db.ping().await.unwrap_err().is_unavailable());
}
