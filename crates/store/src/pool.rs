//! Connections: how one is opened, and the pool of them.

use std::{
    error, fmt,
    path::{Path, PathBuf},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::Poll,
    time::Duration,
};

use deadpool::managed::{self, Metrics, PoolError, RecycleError};
use futures_util::{Stream, StreamExt as _, stream};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::{sleep, timeout},
};
use tokio_postgres::{AsyncMessage, Client, Connection, NoTls, error::SqlState};
use tokio_postgres_rustls::MakeRustlsConnect;
use tracing::debug;

use crate::{
    config::{Config, HostConfig, Pooler, Url, Verify},
    error::{Chain, Error, Kind, Result},
    migrate::OLDEST_SERVER,
    session::Session,
    socket::LocalSocket,
    target::Target,
    tls,
};

/// PostgreSQL: a pool of connections for ordinary statements, and the way to connections that
/// somebody keeps (lanes, the listener, migrations). Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pool: managed::Pool<Opener>,
    endpoint: Arc<Endpoint>,
    direct: Arc<Endpoint>,
    pooler: Pooler,
    listens: bool,
}

/// A connection of the pool; it goes back when it is dropped. It dereferences to
/// [`tokio_postgres::Client`], which is what every function with a statement takes.
pub type Pooled = managed::Object<Opener>;

impl Db {
    /// Opens a first connection, so that a wrong setting is told now and not by the first caller.
    pub async fn connect(config: &Config) -> Result<Self> {
        let db = Self::new(config)?;
        db.ping().await?;
        Ok(db)
    }

    fn new(config: &Config) -> Result<Self> {
        config.validate()?;
        let url = Url::parse("url", &config.url)?;
        let pooler = if url.says_pooler { Pooler::Transaction } else { config.pooler };
        let endpoint = Arc::new(Endpoint::new(&url, config.connect_timeout)?);
        let direct = match &config.direct_url {
            Some(text) => {
                let url = Url::parse("direct_url", text)?;
                Arc::new(Endpoint::new(&url, config.connect_timeout)?)
            }
            None => Arc::clone(&endpoint),
        };
        let pool = managed::Pool::builder(Opener(Arc::clone(&endpoint)))
            .max_size(config.max_connections)
            .wait_timeout(Some(config.connect_timeout))
            .runtime(deadpool::Runtime::Tokio1)
            .build()
            .map_err(|cause| Error::config("max_connections", cause))?;
        let listens = pooler == Pooler::None || config.direct_url.is_some();
        Ok(Self { pool, endpoint, direct, pooler, listens })
    }

    /// Whether PostgreSQL answers, and is one that pgstead can work with.
    pub async fn ping(&self) -> Result<()> {
        let client = self.client().await?;
        let row = client
            .query_typed_one("select current_setting('server_version_num')::int", &[])
            .await?;
        match row.try_get(0)? {
            version if version < OLDEST_SERVER => Err(Error::new(Kind::ServerTooOld { version })),
            _ => Ok(()),
        }
    }

    /// A connection of the pool, waited for at most [`Config::connect_timeout`].
    pub async fn client(&self) -> Result<Pooled> {
        self.pool.get().await.map_err(|error| match error {
            PoolError::Backend(error) => error,
            PoolError::Timeout(_) => {
                let after = self.pool.timeouts().wait.unwrap_or_default();
                Error::new(Kind::PoolTimeout { after })
            }
            PoolError::Closed | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
                Error::new(Kind::Closed)
            }
        })
    }

    /// A connection of the caller's own, outside the pool.
    pub async fn session(&self) -> Result<Session> {
        let (client, messages) = self.endpoint.open().await?;
        Session::begin(client, messages, self.pooler).await
    }

    /// A connection to the server itself, past a pooler where the configuration names a way.
    pub(crate) async fn direct(&self) -> Result<(Client, Messages)> {
        self.direct.open().await
    }

    /// The server that takes writes now, past a pooler where the configuration names a way: for a tool
    /// that has a driver of its own.
    pub async fn primary(&self) -> Result<Target> {
        let (client, messages) = self.direct.open().await?;
        drop((client, messages));
        Ok(self.direct.target())
    }

    /// Whether notifications arrive: not behind a transaction pooler without a direct URL, which
    /// answers LISTEN with OK and then drops what comes.
    #[must_use]
    pub fn listens(&self) -> bool {
        self.listens
    }
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Db")
            .field("target", &self.endpoint.target)
            .field("pooler", &self.pooler)
            .field("listens", &self.listens)
            .finish_non_exhaustive()
    }
}

/// Opens the pool's connections.
#[derive(Debug)]
pub struct Opener(Arc<Endpoint>);

impl managed::Manager for Opener {
    type Type = Client;
    type Error = Error;

    async fn create(&self) -> Result<Client> {
        let (client, messages) = self.0.open().await?;
        tokio::spawn(messages.for_each(|message| async { log(message) }));
        Ok(client)
    }

    async fn recycle(
        &self,
        client: &mut Client,
        _metrics: &Metrics,
    ) -> managed::RecycleResult<Error> {
        if client.is_closed() {
            Err(RecycleError::message("the connection is closed"))
        } else {
            Ok(())
        }
    }
}

/// What a connection says unasked. Polling it is what moves bytes: nobody else does.
pub(crate) type Messages =
    Pin<Box<dyn Stream<Item = Result<AsyncMessage, tokio_postgres::Error>> + Send>>;

pub(crate) fn log(message: Result<AsyncMessage, tokio_postgres::Error>) {
    match message {
        Ok(AsyncMessage::Notice(notice)) => debug!(%notice, "PostgreSQL gave a notice"),
        Ok(_) => {}
        Err(error) => {
            debug!(error = %Chain(&error), "a connection to PostgreSQL ended");
        }
    }
}

/// The hosts of one URL.
#[derive(Debug)]
pub(crate) struct Endpoint {
    hosts: Vec<HostConfig>,
    tls: Tls,
    /// For one host, the handshake included.
    patience: Duration,
    /// The host that answered last, so that a dead one before it costs its time only once.
    first: AtomicUsize,
    target: Arc<str>,
    verify: Verify,
    root_certificates: Option<PathBuf>,
}

#[derive(Clone)]
struct Tls(MakeRustlsConnect);

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}

impl Endpoint {
    fn new(url: &Url, all_hosts: Duration) -> Result<Self> {
        let hosts = url.hosts();
        let share = all_hosts / u32::try_from(hosts.len()).unwrap_or(u32::MAX);
        let patience = match url.postgres.get_connect_timeout() {
            Some(&per_host) if !per_host.is_zero() => per_host,
            _ => share.max(Duration::from_millis(500)),
        };
        let names: Vec<&str> = hosts.iter().map(|host| host.name.as_str()).collect();
        let target = names.join(", ").into();
        let tls = Tls(tls::connector(url)?);
        Ok(Self {
            hosts,
            tls,
            patience,
            first: AtomicUsize::new(0),
            target,
            verify: url.verify,
            root_certificates: url.root_certificates.clone(),
        })
    }

    /// The host that answered last.
    fn target(&self) -> Target {
        let host = &self.hosts[self.first.load(Ordering::Relaxed) % self.hosts.len()];
        Target::new(host, self.verify, self.root_certificates.clone())
    }

    async fn open(&self) -> Result<(Client, Messages)> {
        let mut failures = Vec::new();
        let first = self.first.load(Ordering::Relaxed);
        for index in (0..self.hosts.len()).map(|offset| (first + offset) % self.hosts.len()) {
            let host = &self.hosts[index];
            match timeout(self.patience, Box::pin(self.open_host(host))).await {
                Ok(Ok(opened)) => {
                    self.first.store(index, Ordering::Relaxed);
                    return Ok(opened);
                }
                Ok(Err(error)) => failures.push((host.name.clone(), Some(error))),
                Err(_elapsed) => failures.push((host.name.clone(), None)),
            }
        }
        Err(self.unreachable(failures))
    }

    #[expect(clippy::disallowed_methods, reason = "here the timeout is set and the host chosen")]
    async fn open_host(
        &self,
        host: &HostConfig,
    ) -> Result<(Client, Messages), tokio_postgres::Error> {
        loop {
            let opened = match &host.socket {
                Some(path) => open_local(path, &host.postgres).await,
                None => host.postgres.connect(self.tls.0.clone()).await.map(split),
            };
            match opened {
                // It starts or recovers: soon it will be there. The timeout is around us.
                Err(error) if error.code() == Some(&SqlState::CANNOT_CONNECT_NOW) => {
                    sleep(Duration::from_millis(20)).await;
                }
                opened => return opened,
            }
        }
    }

    fn unreachable(&self, mut failures: Vec<(String, Option<tokio_postgres::Error>)>) -> Error {
        let target = Arc::clone(&self.target);
        if failures.iter().all(|(_, error)| error.is_none()) {
            let hosts = u32::try_from(failures.len()).unwrap_or(u32::MAX);
            return Error::new(Kind::ConnectTimeout { target, after: self.patience * hosts });
        }
        match (failures.len(), failures.pop()) {
            (1, Some((_, Some(error)))) => Error::caused(Kind::Connect { target }, error),
            (_, last) => {
                failures.extend(last);
                let failures = HostFailures { failures, patience: self.patience };
                Error::caused(Kind::Connect { target }, failures)
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the timeout is around it")]
async fn open_local(
    path: &Path,
    config: &tokio_postgres::Config,
) -> Result<(Client, Messages), tokio_postgres::Error> {
    match LocalSocket::connect(path).await {
        Ok(socket) => config.connect_raw(socket, NoTls).await.map(split),
        // Its own attempt fails in the same way, and says so with its own error.
        Err(_) => config.connect(NoTls).await.map(split),
    }
}

fn split<S, T>((client, mut connection): (Client, Connection<S, T>)) -> (Client, Messages)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut ended = false;
    let messages = stream::poll_fn(move |cx| {
        if ended {
            return Poll::Ready(None);
        }
        let message = connection.poll_message(cx);
        // A broken connection would go on to say so for ever.
        ended = matches!(message, Poll::Ready(None | Some(Err(_))));
        message
    });
    (client, messages.boxed())
}

/// Why each of several hosts was not the one.
#[derive(Debug)]
struct HostFailures {
    failures: Vec<(String, Option<tokio_postgres::Error>)>,
    patience: Duration,
}

impl fmt::Display for HostFailures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (host, error)) in self.failures.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{host}: ")?;
            match error {
                None => write!(f, "no answer within {:?}", self.patience)?,
                Some(error) => {
                    let mut cause: &dyn error::Error = error;
                    while let Some(deeper) = cause.source() {
                        cause = deeper;
                    }
                    write!(f, "{cause}")?;
                }
            }
        }
        Ok(())
    }
}

impl error::Error for HostFailures {}
