//! What a server has at hand.

use std::{sync::Arc, time::Duration};

use axum::http::StatusCode;
use ipnet::IpNet;
use pgstead::rate_limit::ClientIp;
use pgstead_limits::Limits;
use pgstead_queue::Queues;
use pgstead_store::{
    Db, Result,
    migrate::{Line, verify},
};
use pgstead_tokens::Tokens;
use pgstead_webhooks::{QUEUE, Receiver, Webhooks};
use tokio_util::sync::CancellationToken;

use crate::{error::Problem, housekeeping, keys::Keyring};

/// What a server has at hand. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App {
    pub(crate) db: Db,
    pub(crate) limits: Arc<Limits>,
    /// None: tokens are not configured.
    pub(crate) tokens: Option<Tokens>,
    pub(crate) queues: Queues,
    /// None: there is no key to seal their secrets with.
    pub(crate) webhooks: Option<Webhooks>,
    /// None: no sources are configured.
    pub(crate) receiver: Option<Receiver>,
    pub(crate) keyring: Arc<Keyring>,
    pub(crate) client_ip: ClientIp,
    /// The server was told to stop: nobody waits for anything any more.
    pub(crate) stopping: CancellationToken,
    /// Whether the housekeeping is to look after the partitions of sessions.
    pub(crate) keeps_tokens: bool,
}

impl App {
    /// Reads what it needs from the database, once it has seen that this has the migrations.
    pub async fn load(
        db: Db,
        limits: Arc<Limits>,
        tokens: Option<Tokens>,
        queues: Queues,
        migrations: &[Line],
    ) -> Result<Self> {
        verify(&db, migrations).await?;
        // From the first request on the stored policies count.
        limits.reload_policies().await?;
        let keyring = Arc::new(Keyring::load(&db).await?);
        let (client_ip, stopping) = (ClientIp::new(), CancellationToken::new());
        let keeps_tokens = true;
        Ok(Self {
            db,
            limits,
            tokens,
            queues,
            webhooks: None,
            receiver: None,
            keyring,
            client_ip,
            stopping,
            keeps_tokens,
        })
    }

    /// Believes what requests say of whom they come from, if they come from these networks.
    #[must_use]
    pub fn trusted_proxies(mut self, networks: &[IpNet]) -> Self {
        self.client_ip = self.client_ip.trusted_proxies(networks.to_vec());
        self
    }

    /// Sends webhooks, which have to leave their partitions to the housekeeping.
    #[must_use]
    pub fn webhooks(mut self, webhooks: Webhooks) -> Self {
        self.webhooks = Some(webhooks);
        self
    }

    /// Receives webhooks.
    #[must_use]
    pub fn receiver(mut self, receiver: Receiver) -> Self {
        self.receiver = Some(receiver);
        self
    }

    /// Leaves it to others to look after the partitions of sessions.
    #[must_use]
    pub fn without_keeping_tokens(mut self) -> Self {
        self.keeps_tokens = false;
        self
    }

    pub(crate) fn tokens(&self) -> std::result::Result<&Tokens, Problem> {
        self.tokens.as_ref().ok_or_else(|| {
            let detail = "this server has no tokens: configure [tokens]";
            Problem::new(StatusCode::NOT_FOUND, detail)
        })
    }

    pub(crate) fn sending(&self) -> std::result::Result<&Webhooks, Problem> {
        self.webhooks.as_ref().ok_or_else(|| {
            let detail = "this server sends no webhooks: configure a key-encryption key, which seals \
                          their secrets";
            Problem::new(StatusCode::NOT_FOUND, detail)
        })
    }

    /// How long requests to endpoints may go on after the server was told to stop.
    pub(crate) fn sends_for(&self) -> Duration {
        let queue = QUEUE.parse().expect("it is a good name");
        match &self.webhooks {
            Some(_) => self.queues.options(&queue).stop_within,
            None => Duration::ZERO,
        }
    }

    /// What runs beside the requests, until the server is told to stop.
    pub(crate) async fn run(&self) {
        tokio::select! {
            () = self.keyring.run(self.limits.hub()) => {}
            () = self.run_jobs() => {}
        }
    }

    async fn run_jobs(&self) {
        let send = async {
            if let Some(webhooks) = &self.webhooks {
                webhooks.run(self.stopping.cancelled()).await;
            }
        };
        tokio::join!(housekeeping::run(self), send);
    }
}
