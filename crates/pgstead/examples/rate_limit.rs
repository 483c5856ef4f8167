//! A server whose requests are limited by their client's address and by user.
//!
//! ```console
//! $ cargo run -p pgstead --example rate_limit
//! ```
//!
//! Without `DATABASE_URL` it runs a PostgreSQL of its own, which is gone afterwards. It prints what
//! to try.

#![expect(clippy::print_stdout, reason = "a person reads it")]
#![expect(clippy::disallowed_methods, reason = "no library: it reads the environment")]

use std::{env, net::SocketAddr, process, sync::Arc, time::Duration};

use anyhow::{Context as _, Result, bail};
use axum::{
    Router,
    extract::{Path, Request},
    http::{StatusCode, header, request::Parts},
    middleware::{Next, from_fn},
    response::{IntoResponse as _, Response},
    routing::get,
};
use ipnet::IpNet;
use pgstead::{
    limits::{self, Algorithm, Config, InvalidPolicy, Limits, Policy, PolicyConfig},
    rate_limit::{ClientIp, Headers, Key, RateLimitLayer, Refusal},
    store::{self, Db, migrate::migrate},
};
use pgstead_embedded::Cluster;
use tokio::{net::TcpListener, signal::ctrl_c};

const USAGE: &str = "\
usage: rate_limit [--listen ADDRESS] [--trusted-proxy NETWORK]...

  --listen ADDRESS         default: 127.0.0.1:8080
  --trusted-proxy NETWORK  such as 10.0.0.0/8: believe the X-Forwarded-For of these

  DATABASE_URL             the PostgreSQL to use; without it, one of its own";

/// Whom the request was authenticated as.
#[derive(Clone)]
struct User {
    name: String,
}

/// What is limited to how much.
fn policies() -> Result<[Policy; 2], InvalidPolicy> {
    let minute = Duration::from_mins(1);
    // 60 a minute, of which 20 may come at once.
    let mut clients = PolicyConfig::new(Algorithm::TokenBucket, 60, minute);
    clients.burst = Some(20);
    // As long as somebody may wait for PostgreSQL, until the outage rule decides.
    clients.timeout = Duration::from_secs(5);
    // 10 pages in a minute.
    let pages = PolicyConfig::new(Algorithm::FixedWindow, 10, minute);
    Ok([Policy::new("clients", &clients)?, Policy::new("pages", &pages)?])
}

/// The routes, and what is limited of them.
fn router(limits: &Arc<Limits>, trusted_proxies: Vec<IpNet>) -> Result<Router, limits::Invalid> {
    // Everything counts for the client's address, except what asks whether we live.
    let client_ip = ClientIp::new().trusted_proxies(trusted_proxies);
    let per_client = RateLimitLayer::new(Arc::clone(limits), "clients", Key::client_ip(client_ip))?
        .skip(|request| request.uri.path() == "/healthz")
        .headers(Headers::Both);

    // A report costs its pages, and its reader is told in a sentence when that is too much.
    let user = Key::extension(|user: &User| user.name.clone());
    let per_user = RateLimitLayer::new(Arc::clone(limits), "pages", user)?
        .cost(pages)
        .on_refusal(|refusal, _request| explain(refusal));

    let reports = Router::new()
        .route("/reports/{pages}", get(report))
        // The outermost comes last: who it is has to be known before it is counted for him.
        .layer(per_user)
        .layer(from_fn(authenticate));
    Ok(Router::new()
        .route("/", get(|| async { "hello\n" }))
        .route("/healthz", get(|| async { "ok\n" }))
        .merge(reports)
        .layer(per_client))
}

/// Here everybody is who he says he is. A real one looks at a token.
async fn authenticate(mut request: Request, next: Next) -> Response {
    let authorization = request.headers().get(header::AUTHORIZATION);
    let name = authorization.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let Some(name) = name.map(str::to_owned) else {
        return (StatusCode::UNAUTHORIZED, "say who you are: Authorization: Bearer ann\n")
            .into_response();
    };
    request.extensions_mut().insert(User { name });
    next.run(request).await
}

/// The pages that a request asks for. What is no number is refused by the handler.
fn pages(request: &Parts) -> u64 {
    let number = request.uri.path().rsplit('/').next();
    number.and_then(|number| number.parse().ok()).unwrap_or(1)
}

async fn report(Path(pages): Path<u64>) -> String {
    format!("a report of {pages} pages\n")
}

fn explain(refusal: &Refusal) -> Response {
    match refusal {
        Refusal::Limited(limited) => {
            let left = limited.standing().remaining;
            let seconds = limited.retry_after().as_secs_f64().ceil();
            let sentence = format!("{left} pages are left: try again in {seconds} s\n");
            (StatusCode::TOO_MANY_REQUESTS, sentence).into_response()
        }
        // Other refusals stay as they are: see Refusal for what there is.
        other => other.problem().into_response().into_response(),
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let options = Options::parse(env::args().skip(1))?;
    let database = Database::open().await?;
    migrate(&database.db, &[limits::MIGRATIONS]).await?;
    let limits = Arc::new(Limits::start(&database.db, Config::new(policies()?)));
    let router = router(&limits, options.trusted_proxies)?;

    let listener = TcpListener::bind(options.listen).await?;
    let address = listener.local_addr()?;
    println!("rate_limit serves http://{address}");
    println!("until Ctrl-C. Try:");
    println!("  curl -i http://{address}/");
    println!("  curl -i -H 'Authorization: Bearer ann' http://{address}/reports/4");
    println!("  wrk -d 5s http://{address}/");

    // With connect info: who is connected is whom the limit is for.
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let until = async { drop(ctrl_c().await) };
    axum::serve(listener, service).with_graceful_shutdown(until).await?;
    drop(limits);
    database.close().await;
    Ok(())
}

struct Options {
    listen: SocketAddr,
    trusted_proxies: Vec<IpNet>,
}

impl Options {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self> {
        let mut options =
            Self { listen: SocketAddr::from(([127, 0, 0, 1], 8080)), trusted_proxies: Vec::new() };
        while let Some(option) = arguments.next() {
            let mut value = || arguments.next().with_context(|| format!("{option} what?\n{USAGE}"));
            match option.as_str() {
                "--listen" => options.listen = value()?.parse()?,
                "--trusted-proxy" => options.trusted_proxies.push(value()?.parse()?),
                "--help" | "-h" => {
                    println!("{USAGE}");
                    process::exit(0);
                }
                other => bail!("there is no {other}\n{USAGE}"),
            }
        }
        Ok(options)
    }
}

/// The database that was named, or one of our own.
struct Database {
    db: Db,
    own: Option<(Cluster, tempfile::TempDir)>,
}

impl Database {
    async fn open() -> Result<Self> {
        let (url, own) = if let Ok(url) = env::var("DATABASE_URL") {
            (url, None)
        } else {
            let directory = tempfile::tempdir()?;
            let mut config = pgstead_embedded::Config::new(directory.path().join("data"));
            config.path = env::var_os("PATH");
            config.progress = Arc::new(|step| println!("{step}"));
            let cluster = pgstead_embedded::start(&config).await?;
            (cluster.url(), Some((cluster, directory)))
        };
        let db = Db::connect(&store::Config::new(&url)).await?;
        Ok(Self { db, own })
    }

    async fn close(self) {
        let Self { db, own } = self;
        drop(db);
        if let Some((cluster, _directory)) = own {
            cluster.stop().await;
        }
    }
}
