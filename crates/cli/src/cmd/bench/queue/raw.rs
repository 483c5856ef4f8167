//! pgmq as it is: its functions, called one after another.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use anyhow::{Result, ensure};
use pgstead_store::{
    Db, Pooled,
    tokio_postgres::{Client, Statement, types::Type},
};
use tokio::task::JoinSet;

use super::jobs::{Ledger, Mood, Payload, Queue};

/// As many as the pool of a service has.
const SENDERS: usize = 10;
/// As many as our worker has.
const WORKERS: usize = 2;

const NAME: &str = "bench_raw";
/// How long a message is not shown to others, in seconds.
const LEASE_S: i32 = 30;
const AT_ONCE: i32 = 100;

pub(super) struct Raw {
    db: Db,
    senders: Vec<Sender>,
    next: AtomicUsize,
}

struct Sender {
    client: Pooled,
    send: Statement,
    send_batch: Statement,
}

pub(super) struct Worker {
    stop: Arc<AtomicBool>,
    loops: JoinSet<Result<()>>,
}

impl Raw {
    pub(super) async fn start(settings: &pgstead_store::Config) -> Result<Self> {
        let mut settings = settings.clone();
        settings.max_connections = SENDERS + WORKERS;
        let db = Db::connect(&settings).await?;
        create(&db, NAME).await?;
        let mut senders = Vec::new();
        for _ in 0..SENDERS {
            let client = db.client().await?;
            let send = "select pgmq.send($1, $2::jsonb)";
            let send = prepare(&client, send, &[Type::TEXT, Type::TEXT]).await?;
            let batch = "select pgmq.send_batch($1, $2::jsonb[], $3::int)";
            let types = [Type::TEXT, Type::TEXT_ARRAY, Type::INT4];
            let send_batch = prepare(&client, batch, &types).await?;
            senders.push(Sender { client, send, send_batch });
        }
        Ok(Self { db, senders, next: AtomicUsize::new(0) })
    }

    /// Whoever calls is given one in turn, and sends through it what others send too.
    fn sender(&self) -> &Sender {
        &self.senders[self.next.fetch_add(1, Ordering::Relaxed) % SENDERS]
    }
}

async fn prepare(client: &Client, sql: &str, types: &[Type]) -> Result<Statement> {
    Ok(client.prepare_typed(sql, types).await.map_err(pgstead_store::Error::from)?)
}

impl Queue for Raw {
    type Worker = Worker;

    async fn send(&self, payload: &Payload) -> Result<()> {
        let Sender { client, send, .. } = self.sender();
        let text = serde_json::to_string(payload)?;
        client.query(send, &[&NAME, &text]).await.map_err(pgstead_store::Error::from)?;
        Ok(())
    }

    async fn send_all(&self, payloads: &[Payload], later: Duration) -> Result<()> {
        let Sender { client, send_batch, .. } = self.sender();
        let texts = payloads.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>()?;
        let delay = i32::try_from(later.as_secs())?;
        let sent = client.query(send_batch, &[&NAME, &texts, &delay]).await;
        let sent = sent.map_err(pgstead_store::Error::from)?.len();
        ensure!(sent == payloads.len(), "of a batch {sent} were sent");
        Ok(())
    }

    async fn left(&self) -> Result<u64> {
        left(&self.db, NAME).await
    }

    async fn purge(&self) -> Result<()> {
        purge(&self.db, NAME).await
    }

    async fn work(&self, ledger: &Arc<Ledger>, mood: Mood) -> Result<Worker> {
        let stop = Arc::new(AtomicBool::new(false));
        let mut loops = JoinSet::new();
        for _ in 0..WORKERS {
            let client = self.db.client().await?;
            let (stop, ledger) = (Arc::clone(&stop), Arc::clone(ledger));
            loops.spawn(async move { work(&client, mood, &ledger, &stop).await });
        }
        Ok(Worker { stop, loops })
    }

    async fn stop(Worker { stop, mut loops }: Worker) -> Result<()> {
        stop.store(true, Ordering::Relaxed);
        while let Some(ended) = loops.join_next().await {
            ended??;
        }
        Ok(())
    }
}

/// Read, do, delete.
async fn work(client: &Client, mood: Mood, ledger: &Ledger, stop: &AtomicBool) -> Result<()> {
    let read = match mood {
        Mood::Busy => "select msg_id, message::text from pgmq.read($1, $2, $3)",
        // It looks every 100 ms, which is its default, for up to a second.
        Mood::Idle => "select msg_id, message::text from pgmq.read_with_poll($1, $2, $3, 1)",
    };
    let read = prepare(client, read, &[Type::TEXT, Type::INT4, Type::INT4]).await?;
    let delete = "select pgmq.delete($1, $2::bigint[])";
    let delete = prepare(client, delete, &[Type::TEXT, Type::INT8_ARRAY]).await?;
    while !stop.load(Ordering::Relaxed) {
        let rows = client.query(&read, &[&NAME, &LEASE_S, &AT_ONCE]).await;
        let rows = rows.map_err(pgstead_store::Error::from)?;
        let mut ids: Vec<i64> = Vec::with_capacity(rows.len());
        for row in &rows {
            let payload: Payload = serde_json::from_str(row.try_get(1)?)?;
            ledger.done(payload.number);
            ids.push(row.try_get(0)?);
        }
        if !ids.is_empty() {
            let deleted = client.query(&delete, &[&NAME, &ids]).await;
            let deleted = deleted.map_err(pgstead_store::Error::from)?.len();
            ensure!(deleted == ids.len(), "of {} messages {deleted} were deleted", ids.len());
        }
    }
    Ok(())
}

/// Makes a queue of pgmq's.
async fn create(db: &Db, name: &str) -> Result<()> {
    db.client().await?.query_typed("select pgmq.create($1)", &[(&name, Type::TEXT)]).await?;
    Ok(())
}

/// How many messages there are in a queue of pgmq's.
pub(super) async fn left(db: &Db, name: &str) -> Result<u64> {
    let sql = format!("select count(*) from pgmq.q_{name}");
    let count: i64 = db.client().await?.query_typed_one(&sql, &[]).await?.try_get(0)?;
    Ok(u64::try_from(count)?)
}

pub(super) async fn purge(db: &Db, name: &str) -> Result<()> {
    db.client().await?.query_typed("select pgmq.purge_queue($1)", &[(&name, Type::TEXT)]).await?;
    Ok(())
}
