//! The header fields that tell a client where it stands.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, header};
use pgstead_limits::{Decision, Policy, Standing};

/// Which header fields tell a client where it stands.
///
/// Whichever they are, a refusal has `Retry-After`. All times are whole seconds, rounded up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Headers {
    /// `RateLimit-Policy: "api";q=100;w=60` and `RateLimit: "api";r=50;t=30`, structured fields
    /// (RFC 9651) of draft-ietf-httpapi-ratelimit-headers-11. `w` is left out when the policy's
    /// time is no whole number of seconds.
    #[default]
    Structured,
    /// `X-RateLimit-Limit: 100`, `X-RateLimit-Remaining: 50` and `X-RateLimit-Reset: 30`, as many
    /// older clients expect them. The reset is in seconds from now and no date.
    XRateLimit,
    /// Both.
    Both,
    /// None.
    None,
}

const RATELIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATELIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const X_LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const X_REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const X_RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

impl Headers {
    /// Writes them beside what is there.
    ///
    /// The structured ones are lists, and get one member more. Of the others a response has one
    /// each: those that somebody wrote before stay, and so does a `Retry-After`.
    pub fn write(self, policy: &Policy, decision: &Decision, headers: &mut HeaderMap) {
        if matches!(self, Self::Structured | Self::Both) {
            structured(policy, decision.standing(), headers);
        }
        if matches!(self, Self::XRateLimit | Self::Both) {
            x_ratelimit(policy, decision.standing(), headers);
        }
        if let Decision::Deny { retry_after, .. } = decision {
            let seconds = seconds(*retry_after).max(1);
            headers.entry(header::RETRY_AFTER).or_insert_with(|| seconds.into());
        }
    }
}

fn structured(policy: &Policy, standing: &Standing, headers: &mut HeaderMap) {
    let Standing { remaining, reset_after, .. } = standing;
    let name = policy.name();
    let window = match policy.per().as_secs() {
        // A window that is no whole number of seconds cannot be said.
        seconds if policy.per().subsec_nanos() == 0 => format!(";w={seconds}"),
        _ => String::new(),
    };
    let mut append = |header, member: String| {
        let member = HeaderValue::try_from(member).expect("names are of letters, digits, -, _, .");
        headers.append(header, member);
    };
    append(RATELIMIT_POLICY, format!("\"{name}\";q={}{window}", policy.limit()));
    append(RATELIMIT, format!("\"{name}\";r={remaining};t={}", seconds(*reset_after)));
}

fn x_ratelimit(policy: &Policy, standing: &Standing, headers: &mut HeaderMap) {
    // One of theirs beside two of ours would say what is true of neither.
    if [X_LIMIT, X_REMAINING, X_RESET].iter().any(|name| headers.contains_key(name)) {
        return;
    }
    headers.insert(X_LIMIT, policy.limit().into());
    headers.insert(X_REMAINING, standing.remaining.into());
    headers.insert(X_RESET, seconds(standing.reset_after).into());
}

/// Rounded up: earlier would be too early.
fn seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}
