//! Why a request is not passed on, and what its sender is told.

use std::time::Duration;

use http::StatusCode;
use pgstead_limits::{Decision, Invalid, Policy, Source, Standing, Subject};
use pgstead_store::Error;

use crate::Problem;

/// Why a request is not passed on.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Refusal {
    /// The limit is reached. Status 429.
    Limited(Limited),
    /// The request has no key, and [`MissingKey`](super::MissingKey) says that it needs one.
    /// Status 400.
    NoKey,
    /// The limits do not take such a question. Status 413 when it costs more than the policy ever
    /// grants at once, so that nobody tries again; 400 when its key is too long.
    Invalid(Invalid),
    /// The key is the address of the client, and the server did not say who is connected: it is
    /// not set up for that. Status 500.
    NoPeer,
    /// It cannot be found out whether the limit is reached, and [`OnError`](super::OnError) says
    /// that this refuses. Status 503.
    Failed(Error),
}

/// A limit that is reached.
#[derive(Clone, Debug)]
pub struct Limited {
    subject: Subject,
    retry_after: Duration,
    decision: Decision,
}

impl Limited {
    /// The refusal that was decided, if one was.
    #[must_use]
    pub fn of(subject: &Subject, decision: &Decision) -> Option<Self> {
        match decision {
            Decision::Deny { retry_after, .. } => Some(Self {
                subject: subject.clone(),
                retry_after: *retry_after,
                decision: *decision,
            }),
            _ => None,
        }
    }

    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        self.subject.policy()
    }

    /// After this time the same request passes, if nobody else takes from the key.
    #[must_use]
    pub fn retry_after(&self) -> Duration {
        self.retry_after
    }

    /// Where the key stands.
    #[must_use]
    pub fn standing(&self) -> &Standing {
        self.decision.standing()
    }

    /// What was decided.
    #[must_use]
    pub fn decision(&self) -> &Decision {
        &self.decision
    }

    /// The document of draft-ietf-httpapi-ratelimit-headers-11: `quota-exceeded`, or
    /// `temporary-reduced-capacity` when PostgreSQL did not answer in time.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let (policy, standing) = (self.policy(), self.standing());
        let (name, wait_ms) = (policy.name(), ms(self.retry_after));
        let (kind, title, detail) = match standing.source {
            Source::Outage(_) => (
                "https://iana.org/assignments/http-problem-types#temporary-reduced-capacity",
                "Request cannot be satisfied due to temporary server capacity constraints",
                format!("the limit {name:?} cannot be looked up now; try again in {wait_ms} ms"),
            ),
            _ => (
                "https://iana.org/assignments/http-problem-types#quota-exceeded",
                "Request cannot be satisfied as assigned quota has been exceeded",
                format!("the limit {name:?} is reached; try again in {wait_ms} ms"),
            ),
        };
        Problem::new(StatusCode::TOO_MANY_REQUESTS, detail)
            .of_type(kind, title)
            .with("violated-policies", vec![name])
            .with("allowed", false)
            .with("policy", name)
            .with("limit", policy.limit())
            .with("remaining", standing.remaining)
            .with("reset_after_ms", ms(standing.reset_after))
            .with("retry_after_ms", wait_ms)
            .with("source", standing.source.to_string())
    }
}

impl Refusal {
    /// What the sender is told where nothing else was said with
    /// [`on_refusal`](super::RateLimitLayer::on_refusal).
    #[must_use]
    pub fn problem(&self) -> Problem {
        match self {
            Self::Limited(limited) => limited.problem(),
            Self::NoKey => {
                let detail = "the request does not say whom it is to be counted for";
                Problem::new(StatusCode::BAD_REQUEST, detail)
            }
            Self::Invalid(invalid @ Invalid::CostAboveCapacity { .. }) => {
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, invalid.to_string())
            }
            // The layer has seen it when it was made: it is no mistake of the sender's.
            Self::Invalid(Invalid::UnknownPolicy { .. }) | Self::Failed(_) => {
                // What failed is not the sender's business.
                let detail = "the limit cannot be looked up";
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail)
            }
            Self::Invalid(invalid) => Problem::new(StatusCode::BAD_REQUEST, invalid.to_string()),
            Self::NoPeer => Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "see the server's log"),
        }
    }
}

/// Rounded up: earlier would be too early.
fn ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX)
}
