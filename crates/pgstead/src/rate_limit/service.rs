//! A request, from the layer's door to its answer.

use std::{
    error, mem,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use http::{Request, Response, request::Parts};
use pgstead_limits::{Decision, Subject};
use pgstead_store::Chain;
use tower_service::Service;
use tracing::{error, info};

use super::{Limited, MissingKey, OnError, Refusal, ResponseBody, Rules};

/// The service that a [`RateLimitLayer`](super::RateLimitLayer) puts around another one.
#[derive(Clone, Debug)]
pub struct RateLimit<S> {
    inner: S,
    rules: Arc<Rules>,
}

impl<S> RateLimit<S> {
    pub(super) fn new(inner: S, rules: Arc<Rules>) -> Self {
        Self { inner, rules }
    }
}

impl<S, B, R> Service<Request<B>> for RateLimit<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
{
    type Response = Response<ResponseBody<R>>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // The one that said that it is ready is the one to call.
        let next = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, next);
        let rules = Arc::clone(&self.rules);
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            match rules.decide(&mut parts).await {
                Verdict::Uncounted => {
                    let response = inner.call(Request::from_parts(parts, body)).await?;
                    Ok(response.map(ResponseBody::passed))
                }
                Verdict::Counted(subject, decision) => {
                    let mut response = inner.call(Request::from_parts(parts, body)).await?;
                    rules.headers.write(subject.policy(), &decision, response.headers_mut());
                    Ok(response.map(ResponseBody::passed))
                }
                Verdict::Refused(refusal) => {
                    let mut response = (rules.refuse)(&refusal, &parts);
                    if let Refusal::Limited(limited) = &refusal {
                        let headers = response.headers_mut();
                        rules.headers.write(limited.policy(), limited.decision(), headers);
                    }
                    Ok(response.map(ResponseBody::refused))
                }
            }
        })
    }
}

/// What is done with a request.
enum Verdict {
    /// It is passed on, and takes from no limit.
    Uncounted,
    /// It is passed on. So it was decided.
    Counted(Subject, Decision),
    /// It is not passed on.
    Refused(Refusal),
}

impl Rules {
    async fn decide(&self, request: &mut Parts) -> Verdict {
        if (self.skip)(request) {
            return Verdict::Uncounted;
        }
        let cost = (self.cost)(request);
        if cost == 0 {
            return Verdict::Uncounted;
        }
        let key = match (self.key.find(request), &self.missing_key) {
            (Ok(Some(key)), _) => key,
            (Ok(None), MissingKey::Refuse) => return Verdict::Refused(Refusal::NoKey),
            (Ok(None), MissingKey::Skip) => return Verdict::Uncounted,
            (Ok(None), MissingKey::Shared(key)) => key.clone(),
            (Err(no_peer), _) => {
                self.faults.began(&self.policy, &no_peer);
                return Verdict::Refused(Refusal::NoPeer);
            }
        };
        let subject = match self.limits.subject(&self.policy, &key) {
            Ok(subject) => subject,
            Err(invalid) => return Verdict::Refused(Refusal::Invalid(invalid)),
        };
        let check = match subject.clone().costing(cost) {
            Ok(check) => check,
            Err(invalid) => return Verdict::Refused(Refusal::Invalid(invalid)),
        };
        match self.limits.check(&check).await {
            Ok(decision) => {
                self.faults.ended(&self.policy);
                match Limited::of(&subject, &decision) {
                    Some(limited) => Verdict::Refused(Refusal::Limited(limited)),
                    None => Verdict::Counted(subject, decision),
                }
            }
            Err(error) => {
                self.faults.began(&self.policy, &error);
                match self.on_error {
                    OnError::Refuse => Verdict::Refused(Refusal::Failed(error)),
                    OnError::Pass => Verdict::Uncounted,
                }
            }
        }
    }
}

/// Whether limits cannot be looked up now: said once in the log and not for each request.
#[derive(Debug, Default)]
pub(super) struct Faults {
    lasting: AtomicBool,
}

impl Faults {
    fn began(&self, policy: &str, error: &dyn error::Error) {
        if !self.lasting.swap(true, Ordering::Relaxed) {
            error!(policy, error = %Chain(error), "a limit cannot be looked up");
        }
    }

    fn ended(&self, policy: &str) {
        // Nearly always there was none, and a look is cheaper than a swap.
        if self.lasting.load(Ordering::Relaxed) && self.lasting.swap(false, Ordering::Relaxed) {
            info!(policy, "the limit can be looked up again");
        }
    }
}
