//! Deliveries: jobs of the queue, each an event on its way to an endpoint.
//!
//! A job has two ids in it and nothing else, so that what is sent is what the endpoint is like by then. What
//! came of an attempt is recorded before the job ends: a process that dies in between has the delivery made
//! once more if it had not succeeded, and not if it had.

use std::{error, fmt, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, StatusCode, header};
use http_body_util::Full;
use pgstead_queue::{Job, Outcome, Worker};
use pgstead_store::{Chain, Parameter, Result, tokio_postgres::types::Type};
use serde::{Deserialize, Serialize};
use tokio::time::sleep;
use tracing::{debug, error, info, warn};
use uuid::Uuid;

use crate::{
    AttemptId, DeliveryState, EndpointId, EventId, Failure, Reason, Webhooks,
    desk::{Answer, Ask, Loaded, Names, Record},
    endpoint::{Rate, open_headers, open_secret},
    exchange::Exchange,
    id, sign,
    traffic::{Entry, Pass, Verdict},
};

pub(crate) const MISS: &str = include_str!("../sql/miss.sql");
pub(crate) const RATE: &str = include_str!("../sql/rate.sql");

/// When a delivery is looked at again that could not be, for want of PostgreSQL or of a key.
const NOT_NOW: Duration = Duration::from_secs(1);
const SEALED: Duration = Duration::from_mins(1);
/// The pause between two attempts to record one.
const AGAIN: Duration = Duration::from_millis(250);
/// So long the turn of an endpoint with a rate is waited for here.
const SOON: Duration = Duration::from_millis(500);
/// How often a process keeps house while it delivers.
const HOUSE: Duration = Duration::from_mins(10);
const USER_AGENT: &str = concat!("pgstead/", env!("CARGO_PKG_VERSION"));

/// A job.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct Delivery {
    event: Uuid,
    endpoint: Uuid,
}

/// Why an attempt failed, as the queue keeps it.
#[derive(Debug)]
struct Failed(String);

/// A secret that cannot be opened, and by which key it was sealed.
#[derive(Debug)]
struct Sealed {
    by: String,
}

impl Webhooks {
    /// Delivers until `stop` ends, then lets the requests that are under way come to an end.
    pub async fn run(&self, stop: impl Future<Output = ()>) {
        let of = self.clone();
        let worker =
            Worker::new(&self.inner.queues).handle(&self.inner.queue, move |job: Job<Delivery>| {
                let webhooks = of.clone();
                async move { webhooks.deliver(&job).await }
            });
        let work = worker.run(stop);
        if !self.inner.config.keeps_house {
            return work.await;
        }
        tokio::select! {
            () = work => {}
            () = self.keep_keeping_house() => {}
        }
    }

    async fn keep_keeping_house(&self) {
        loop {
            sleep(HOUSE).await;
            if let Err(error) = self.keep_house().await {
                warn!(error = %Chain(&error), "the partitions of webhooks were not looked after");
            }
        }
    }

    async fn deliver(&self, job: &Job<Delivery>) -> Result<Outcome, Failed> {
        let names = Names { event: EventId(job.event), endpoint: EndpointId(job.endpoint) };
        // Of one that is left alone nothing is even read.
        if let Some(time) = self.inner.traffic.bars(names.endpoint) {
            return Ok(Outcome::RetryAfter(time));
        }
        let loaded = match self.load(names).await {
            Ok(Some(loaded)) => loaded,
            Ok(None) => {
                return Ok(Outcome::Discard("the event or its endpoint is gone".to_owned()));
            }
            Err(error) => {
                debug!(error = %Chain(&error), "a delivery could not be read");
                return Ok(Outcome::RetryAfter(NOT_NOW));
            }
        };
        if loaded.state == DeliveryState::Delivered {
            return Ok(Outcome::Done);
        }
        if loaded.is_disabled {
            return Ok(self.miss(names).await);
        }
        let pass = match self.inner.traffic.enter(names.endpoint, loaded.concurrency).await {
            Entry::Go(pass) => pass,
            Entry::Later(time) => return Ok(Outcome::RetryAfter(time)),
        };
        if let Some(rate) = loaded.rate
            && let Some(time) = self.wait_for_turn(names.endpoint, rate).await
        {
            return Ok(Outcome::RetryAfter(time));
        }
        let id = AttemptId(id::new(loaded.now));
        let exchange = match self.request(names, id, &loaded) {
            Ok(request) => {
                let attempt =
                    self.inner.client.exchange(request, self.inner.config.deadline, loaded.now);
                tokio::select! {
                    exchange = attempt => exchange,
                    // Somebody else has the job by now, or will.
                    () = job.cancelled().cancelled() => return Ok(Outcome::RetryAfter(NOT_NOW)),
                }
            }
            Err(Unsent::Forbidden) => Exchange::forbidden(),
            Err(Unsent::Sealed(Sealed { by })) => {
                let (endpoint, tried) = (names.endpoint, self.inner.kek.fingerprint());
                error!(%endpoint, by, tried, "the key-encryption key does not open what an endpoint's requests are made with: configure the one that was used before");
                return Ok(Outcome::RetryAfter(SEALED));
            }
        };
        self.conclude(job, names, id, exchange, pass).await
    }

    /// Records an attempt, and says how its job ends.
    async fn conclude(
        &self,
        job: &Job<Delivery>,
        names: Names,
        id: AttemptId,
        exchange: Exchange,
        pass: Pass,
    ) -> Result<Outcome, Failed> {
        let options = self.inner.queues.options(self.inner.queue.name());
        let (failure, status) = (exchange.failure, exchange.status);
        let asks = exchange.retry_after.filter(|_| {
            matches!(status, Some(StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE))
        });
        pass.leave(verdict(failure, status, asks));
        let is_gone = status == Some(StatusCode::GONE);
        let is_last = is_gone || job.attempt() >= options.max_attempts;
        let (state, next) = match failure {
            None => (DeliveryState::Delivered, None),
            Some(_) if is_last => (DeliveryState::Failed, None),
            Some(_) => {
                let time = options.backoff.after(job.attempt(), chance());
                (DeliveryState::Pending, Some(time.max(asks.unwrap_or_default())))
            }
        };
        let record = Record::new(id, names, exchange, state, next);
        let Some(is_to_be_disabled) = self.record(job, record).await else {
            return Ok(Outcome::RetryAfter(NOT_NOW));
        };
        if is_gone {
            self.disable_for(names.endpoint, Reason::Gone).await;
        } else if is_to_be_disabled {
            self.disable_for(names.endpoint, Reason::Failing).await;
        }
        let Some(failure) = failure else { return Ok(Outcome::Done) };
        let told = match status {
            Some(status) => format!("{}: {}", failure.as_str(), status.as_u16()),
            None => failure.as_str().to_owned(),
        };
        match next {
            Some(retry_after) => Ok(Outcome::Failed { error: told, retry_after }),
            None if is_gone => Ok(Outcome::Discard(told)),
            None => Err(Failed(told)),
        }
    }

    async fn load(&self, names: Names) -> Result<Option<Loaded>> {
        let loaded = self.inner.desk.ask(Ask::Load(names), self.inner.config.patience).await?;
        let Answer::Loaded(loaded) = loaded else { unreachable!("a load was asked for") };
        Ok(loaded.map(|mut loaded| {
            if loaded.id.is_empty() {
                loaded.id = names.event.to_string();
            }
            *loaded
        }))
    }

    /// Whether the endpoint is to be disabled. None: the claim was lost before it could be recorded.
    async fn record(&self, job: &Job<Delivery>, record: Record) -> Option<bool> {
        let (ask, mut is_told) = (Ask::Record(Box::new(record)), false);
        loop {
            match self.inner.desk.ask(ask.clone(), self.inner.config.patience).await {
                Ok(Answer::Recorded { is_to_be_disabled }) => return Some(is_to_be_disabled),
                Ok(Answer::Loaded(_)) => unreachable!("an attempt was handed in"),
                Err(error) => {
                    if !is_told {
                        warn!(error = %Chain(&error), "an attempt could not be recorded: it is tried again");
                    }
                    is_told = true;
                }
            }
            tokio::select! {
                () = sleep(AGAIN) => {}
                () = job.cancelled().cancelled() => return None,
            }
        }
    }

    async fn miss(&self, Names { event, endpoint }: Names) -> Outcome {
        let missed = async {
            let client = self.inner.db.client().await?;
            let parameters: [Parameter<'_>; 2] =
                [(&event.0, Type::UUID), (&endpoint.0, Type::UUID)];
            client.query_typed(MISS, &parameters).await?;
            Ok::<_, pgstead_store::Error>(())
        };
        match missed.await {
            Ok(()) => Outcome::Done,
            Err(error) => {
                debug!(error = %Chain(&error), "a delivery could not be given up");
                Outcome::RetryAfter(NOT_NOW)
            }
        }
    }

    async fn disable_for(&self, endpoint: EndpointId, reason: Reason) {
        let reason_word = reason.as_str();
        match self.disable_because(endpoint, reason).await {
            Ok(true) => info!(%endpoint, reason = reason_word, "an endpoint was disabled"),
            Ok(false) => {}
            // Its next failure asks for it again.
            Err(error) => {
                warn!(%endpoint, error = %Chain(&error), "an endpoint could not be disabled");
            }
        }
    }

    /// Takes the next turn of an endpoint with a rate, and waits for it. If it is not soon: in how long to come again.
    async fn wait_for_turn(&self, endpoint: EndpointId, rate: Rate) -> Option<Duration> {
        let us = |time: Duration| i64::try_from(time.as_micros()).unwrap_or(i64::MAX);
        let apart = rate.per / rate.count.get();
        let taken = async {
            let client = self.inner.db.client().await?;
            let parameters: [Parameter<'_>; 3] =
                [(&endpoint.0, Type::UUID), (&us(apart), Type::INT8), (&us(SOON), Type::INT8)];
            let rows = client.query_typed(RATE, &parameters).await?;
            let wait = rows.first().map(|row| row.try_get::<_, i64>(0)).transpose()?;
            Ok::<_, pgstead_store::Error>(wait)
        };
        match taken.await {
            Ok(Some(wait_us)) => {
                sleep(Duration::from_micros(wait_us.max(0).unsigned_abs())).await;
                None
            }
            Ok(None) => Some(SOON.max(apart)),
            Err(error) => {
                debug!(%endpoint, error = %Chain(&error), "whose turn it is could not be asked");
                Some(NOT_NOW)
            }
        }
    }

    fn request(
        &self,
        names: Names,
        id: AttemptId,
        loaded: &Loaded,
    ) -> Result<Request<Full<Bytes>>, Unsent> {
        // What may be sent to may have changed since the endpoint was created.
        let url = self.inner.guard.check(&loaded.url).map_err(|_invalid| Unsent::Forbidden)?;
        let kek = &self.inner.kek;
        let mut signers = Vec::with_capacity(loaded.secrets.len());
        for one in &loaded.secrets {
            let secret = (one.id, one.kind, &one.text[..]);
            let signer = open_secret(kek, names.endpoint, secret)
                .map_err(|_| Unsent::Sealed(Sealed { by: one.by.clone() }))?;
            signers.push(signer);
        }
        let since = loaded.now.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let timestamp = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
        let signed = sign::sign(&signers, &loaded.id, timestamp, loaded.payload.as_bytes());
        let mut request = Request::new(Full::new(Bytes::from(loaded.payload.clone())));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = url.as_str().parse().map_err(|_| Unsent::Forbidden)?;
        let fields = request.headers_mut();
        if let Some(sealed) = &loaded.headers {
            let opened = open_headers(kek, names.endpoint, sealed)
                .map_err(|_| Unsent::Sealed(Sealed { by: loaded.headers_sealed_by.clone() }))?;
            fields.extend(opened);
        }
        let text = |text: &str| HeaderValue::try_from(text).expect("ids and types are ASCII");
        fields.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        fields.entry(header::USER_AGENT).or_insert(HeaderValue::from_static(USER_AGENT));
        fields.insert("webhook-id", text(&loaded.id));
        fields.insert("webhook-timestamp", timestamp.into());
        fields.insert("webhook-type", text(&loaded.kind));
        fields.insert("x-request-id", text(&id.to_string()));
        if let Some(signature) = &signed.standard {
            fields.insert("webhook-signature", text(signature));
        }
        if let Some(signature) = &signed.hub {
            fields.insert("x-hub-signature-256", text(signature));
        }
        Ok(request)
    }
}

/// Why no request is made.
enum Unsent {
    Forbidden,
    Sealed(Sealed),
}

impl Exchange {
    fn forbidden() -> Self {
        Self {
            status: None,
            failure: Some(Failure::Forbidden),
            took: Duration::ZERO,
            request_id: None,
            body: String::new(),
            retry_after: None,
        }
    }
}

/// What an attempt says about its endpoint. One that refuses an event is there.
fn verdict(
    failure: Option<Failure>,
    status: Option<StatusCode>,
    asks: Option<Duration>,
) -> Verdict {
    if let Some(time) = asks {
        return Verdict::Asks(time);
    }
    match failure {
        None | Some(Failure::Redirect) => Verdict::Answers,
        Some(Failure::Status) => match status {
            Some(StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT) => Verdict::Fails,
            Some(status) if status.is_client_error() => Verdict::Answers,
            _ => Verdict::Fails,
        },
        Some(_) => Verdict::Fails,
    }
}

/// Between 0 and 1.
fn chance() -> f64 {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).expect("the system has randomness");
    f64::from(u32::from_ne_bytes(bytes)) / f64::from(u32::MAX)
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl error::Error for Failed {}
