//! A connection that one task keeps and drives.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::{Context, Poll},
    thread,
    time::Duration,
};

use futures_util::{StreamExt as _, future::try_join_all};
use tokio::time::Instant;
use tokio_postgres::{
    Client, Row, Statement,
    types::{ToSql, Type},
};

use crate::{
    config::Pooler,
    error::{Error, Result},
    pool::{Messages, log},
};

/// A connection that one task keeps and drives.
///
/// The task that asks also moves the bytes, so that a statement costs no hop between tasks. On a
/// session of its own a statement is prepared at its first use; through a transaction pooler it
/// goes out unnamed, parsed and executed in one round trip.
pub struct Session {
    client: Client,
    messages: Messages,
    /// `None` where a name would not survive the pooler.
    prepared: Option<Vec<(&'static str, Statement)>>,
}

/// A statement's text and its parameters with their types.
pub type Query<'a> = (&'static str, &'a [Parameter<'a>]);

/// A parameter with its type.
pub type Parameter<'a> = (&'a (dyn ToSql + Sync), Type);

/// How to pass the time until the server answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Sleep until bytes arrive.
    Sleep,
    /// Keep looking for up to [`EAGER`], and let other tasks run in between. A sleeping thread is
    /// woken tens of microseconds late, which is as long as a short statement takes.
    Eagerly,
}

/// For how long [`Wait::Eagerly`] looks before it sleeps after all.
pub const EAGER: Duration = Duration::from_micros(500);
/// At once and then after so long it lets the kernel run another thread: PostgreSQL's process may have
/// been put on this processor, behind us. Doing so at each look costs more than it gains.
const GIVE_WAY: Duration = Duration::from_micros(250);

/// A prepared statement is planned for any parameters, and once. PostgreSQL would plan one over
/// arrays anew each time, since it cannot guess how long they are: that costs as much as running it.
/// Compiling it, which PostgreSQL does each time, would cost a hundred times that.
const PLAN_ONCE: &str = "set plan_cache_mode = force_generic_plan; set jit = off";

/// What is left is a nested loop over an index, which finds rows in the order of their keys: those who
/// lock several do so in one order. A bitmap has them in that of the table.
const BY_KEY: &str = "set enable_seqscan = off; set enable_bitmapscan = off; \
                      set enable_material = off; set enable_hashjoin = off; set enable_mergejoin = off";

const HASTILY: &str = "set synchronous_commit = off";

impl Session {
    pub(crate) async fn begin(
        client: Client,
        mut messages: Messages,
        pooler: Pooler,
    ) -> Result<Self> {
        let prepared = match pooler {
            Pooler::None => {
                drive(&mut messages, client.batch_execute(PLAN_ONCE), Wait::Sleep).await?;
                Some(Vec::new())
            }
            Pooler::Transaction => None,
        };
        Ok(Self { client, messages, prepared })
    }

    /// Has rows looked up by their keys, whatever PostgreSQL knows of the tables.
    ///
    /// A plan that is made once is made for the table as it was then. For one that has just been
    /// created that would be to read it from end to end, until autovacuum has seen it grow. For
    /// statements that join a table with what was asked for, and no two long lists with each other.
    pub async fn look_up_by_key(&mut self) -> Result<()> {
        if self.prepared.is_some() {
            let Self { client, messages, .. } = self;
            drive(messages, client.batch_execute(BY_KEY), Wait::Sleep).await?;
        }
        Ok(())
    }

    /// Has commits not wait for the disk: what was committed in the last moment may be lost in a crash of
    /// PostgreSQL, though never a part of it. For what is done again then anyway.
    ///
    /// Through a transaction pooler, where a session is nobody's, nothing is changed.
    pub async fn commit_hastily(&mut self) -> Result<()> {
        if self.prepared.is_some() {
            let Self { client, messages, .. } = self;
            drive(messages, client.batch_execute(HASTILY), Wait::Sleep).await?;
        }
        Ok(())
    }

    /// Runs one statement.
    pub async fn query(
        &mut self,
        sql: &'static str,
        parameters: &[Parameter<'_>],
        wait: Wait,
    ) -> Result<Vec<Row>> {
        let mut rows = self.pipeline(&[(sql, parameters)], wait).await?;
        Ok(rows.swap_remove(0))
    }

    /// Runs statements one after another, a transaction each. Sent together, in one round trip,
    /// where the session [has that](Self::sends_together).
    ///
    /// When one fails, the others may have run.
    pub async fn pipeline(&mut self, queries: &[Query<'_>], wait: Wait) -> Result<Vec<Vec<Row>>> {
        let Self { client, messages, prepared } = self;
        let Some(prepared) = prepared else {
            // One after another: PgBouncer 1.18 has garbled what was sent before the answer to the
            // statement in front of it had come.
            let mut answers = Vec::with_capacity(queries.len());
            for (sql, given) in queries {
                answers.push(drive(messages, client.query_typed(sql, given), wait).await?);
            }
            return Ok(answers);
        };
        for (sql, parameters) in queries {
            if find(prepared, sql).is_none() {
                let types: Vec<Type> = parameters.iter().map(|(_, kind)| kind.clone()).collect();
                let preparing = client.prepare_typed(sql, &types);
                prepared.push((sql, drive(messages, preparing, Wait::Sleep).await?));
            }
        }
        let (client, prepared) = (&*client, &*prepared);
        if let [query] = queries {
            Ok(vec![drive(messages, execute(client, prepared, query), wait).await?])
        } else {
            let answers = queries.iter().map(|query| execute(client, prepared, query));
            drive(messages, try_join_all(answers), wait).await
        }
    }

    /// Whether several statements are one round trip. Through a transaction pooler each is one.
    #[must_use]
    pub fn sends_together(&self) -> bool {
        self.prepared.is_some()
    }

    /// Waits until the server or the network ends the connection. Meanwhile what the server says
    /// unasked is read.
    pub async fn lost(&mut self) {
        while let Some(Ok(message)) = self.messages.next().await {
            log(Ok(message));
        }
    }
}

async fn execute(
    client: &Client,
    prepared: &[(&'static str, Statement)],
    (sql, parameters): &Query<'_>,
) -> Result<Vec<Row>, tokio_postgres::Error> {
    let statement = find(prepared, sql).expect("it has just been prepared");
    let values: Vec<_> = parameters.iter().map(|(value, _)| *value).collect();
    client.query(statement, &values).await
}

/// A session has a handful of statements, each from one place in the code: comparing where the
/// text lies is quicker than reading it. One that lies in two places is prepared twice.
fn find<'a>(prepared: &'a [(&'static str, Statement)], sql: &str) -> Option<&'a Statement> {
    let known = prepared.iter().find(|(text, _)| std::ptr::eq(*text, sql));
    known.map(|(_, statement)| statement)
}

/// Polls the connection and what waits for its answer in one task.
async fn drive<T>(
    messages: &mut Messages,
    answer: impl Future<Output = Result<T, tokio_postgres::Error>>,
    wait: Wait,
) -> Result<T> {
    let mut answer = pin!(answer);
    let began = Instant::now();
    let mut gave_way = None;
    let mut ended = None;
    poll_fn(|cx| {
        if let Poll::Ready(answer) = answer.as_mut().poll(cx) {
            return Poll::Ready(answer.map_err(Error::from));
        }
        while ended.is_none() {
            match messages.poll_next_unpin(cx) {
                Poll::Ready(Some(Ok(message))) => log(Ok(message)),
                Poll::Ready(last) => ended = Some(last.and_then(Result::err)),
                Poll::Pending => break,
            }
        }
        match (answer.as_mut().poll(cx), ended.take()) {
            (Poll::Ready(Ok(answer)), _) => Poll::Ready(Ok(answer)),
            // Why the connection ended says more than that it did.
            (Poll::Ready(Err(_)) | Poll::Pending, Some(Some(cause))) => {
                Poll::Ready(Err(cause.into()))
            }
            (Poll::Ready(Err(error)), _) => Poll::Ready(Err(error.into())),
            (Poll::Pending, silently @ Some(None)) => {
                ended = silently;
                Poll::Pending
            }
            (Poll::Pending, None) => {
                if wait == Wait::Eagerly {
                    look_again(began.elapsed(), &mut gave_way, cx);
                }
                Poll::Pending
            }
        }
    })
    .await
}

/// Has the task polled again after the others that are ready and after the sockets.
fn look_again(waited: Duration, gave_way: &mut Option<Duration>, cx: &mut Context<'_>) {
    if waited > EAGER {
        return;
    }
    if gave_way.is_none_or(|last| waited > last + GIVE_WAY) {
        *gave_way = Some(waited);
        thread::yield_now();
    }
    // Its first poll registers the wake-up with the runtime; there is no second.
    let _pending = pin!(tokio::task::yield_now()).poll(cx);
}
