//! A shop that tells others what happens: orders and their events are one transaction, and a receiver verifies
//! what it gets.
//!
//! ```console
//! $ cargo run -p pgstead --example webhooks
//! ```
//!
//! Without `DATABASE_URL` it runs a PostgreSQL of its own, which is gone afterwards.

#![expect(clippy::print_stdout, reason = "a person reads it")]
#![expect(clippy::disallowed_methods, reason = "no library: it reads the environment")]

use std::{env, future::pending};

use anyhow::{Context as _, Result};
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use pgstead::{
    queue::{self, Job, Outcome, Queue, Queues, Worker},
    store::{self, Db, KeyEncryptionKey, migrate::migrate},
    webhooks::{
        self, Config, NewEndpoint, NewEvent, QUEUE, Receipt, Received, Receiver, Scheme, Source,
        Webhooks,
    },
};
use serde_json::{json, value::to_raw_value};
use tokio::{net::TcpListener, sync::mpsc};

#[tokio::main]
async fn main() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let (url, own) = if let Ok(url) = env::var("DATABASE_URL") {
        (url, None)
    } else {
        let mut config = pgstead_embedded::Config::new(directory.path().join("data"));
        config.path = env::var_os("PATH");
        let cluster = pgstead_embedded::start(&config).await?;
        (cluster.url(), Some(cluster))
    };
    let db = Db::connect(&store::Config::new(&url)).await?;
    queue::install(&db).await?;
    migrate(&db, &[queue::MIGRATIONS, webhooks::MIGRATIONS]).await?;
    shop(&db).await?;
    drop(db);
    if let Some(cluster) = own {
        cluster.stop().await;
    }
    Ok(())
}

async fn shop(db: &Db) -> Result<()> {
    let mut config = queue::Config::default();
    config.queues.insert(QUEUE.parse()?, webhooks::options());
    let queues = Queues::start(db, config)?;

    // Who sends. The key is kept elsewhere than the database; its secrets are no use without it.
    let kek = KeyEncryptionKey::generate();
    let mut config = Config::default();
    // Nothing private is sent to, but for this example.
    config.allow = vec!["127.0.0.0/8".parse()?];
    let webhooks = Webhooks::start(db, &queues, kek, config).await?;

    // Who receives: with the secret that he was told when his endpoint was created.
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let mut endpoint = NewEndpoint::new(format!("http://{}/hooks", listener.local_addr()?));
    endpoint.types = vec!["order.*".to_owned()];
    let created = webhooks.create(&endpoint).await?;
    let (_, secret) = created.secrets.first().context("an endpoint has a secret")?;
    let secrets = vec![secret.reveal().to_owned()];
    let source = Source::new(Scheme::Standard, secrets, "orders".parse()?);
    let receiver = Receiver::new(db, &queues, [("shop".to_owned(), source)])?;
    let routes = Router::new().route("/hooks", post(receive)).with_state(receiver);
    tokio::spawn(async move { axum::serve(listener, routes).await });

    // What he makes of them: jobs, each once, whatever is sent twice.
    let (done, mut orders) = mpsc::unbounded_channel();
    let queue: Queue<Received> = queues.queue("orders").await?;
    let worker = Worker::new(&queues).handle(&queue, move |job: Job<Received>| {
        let done = done.clone();
        async move {
            done.send(job.json.as_deref().map(ToString::to_string))?;
            Ok::<_, mpsc::error::SendError<_>>(Outcome::Done)
        }
    });
    tokio::spawn(worker.run(pending()));
    let sender = webhooks.clone();
    tokio::spawn(async move { sender.run(pending()).await });

    // The order and its event are one transaction: neither is there without the other.
    let mut client = db.client().await?;
    client.batch_execute("create temporary table orders (number int, paid boolean)").await?;
    let transaction = client.transaction().await?;
    transaction.execute("insert into orders values (42, true)", &[]).await?;
    let payload = to_raw_value(&json!({ "order": 42 }))?;
    let event = NewEvent::new("order.paid", payload)?.id("order-42-paid")?;
    let published = webhooks.publish_in(transaction.client(), &[event]).await?;
    transaction.commit().await?;
    webhooks.wake();
    println!("published {} to {} endpoint", published[0].id, published[0].deliveries);

    let order = orders.recv().await.flatten().context("the worker has ended")?;
    println!("received  {order}");
    Ok(())
}

/// 200 when it is on the disk, and not before.
async fn receive(
    State(receiver): State<Receiver>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, StatusCode> {
    match receiver.receive("shop", &headers, &body).await {
        Ok(Receipt::Accepted(_) | Receipt::Duplicate(_)) => Ok(StatusCode::OK),
        Ok(_) => Err(StatusCode::UNAUTHORIZED),
        Err(_) => Err(StatusCode::SERVICE_UNAVAILABLE),
    }
}
