//! `pgstead limits`

mod policies;
mod top;

use std::time::Duration;

use anyhow::{Error, Result};
use clap::{Args, Subcommand};
use humantime::parse_duration;
use pgstead_limits::{
    Config as LimitsConfig, Decision, Invalid, Limits as Engine, Policy, Standing, Subject, Swept,
};
use pgstead_server::nearest;
use serde::Serialize;
use tokio::time::timeout;

use super::Global;
use crate::{
    config::Config,
    database::Database,
    output::{Outcome, Wrong, duration, say, say_json, warn},
};

#[derive(Debug, Subcommand)]
pub(crate) enum Limits {
    /// Take from a key; exit status 1 if it is refused
    Check {
        #[command(flatten)]
        target: Target,
        /// How much to take
        #[arg(long, default_value_t = 1)]
        cost: u64,
    },
    /// Look at a key without taking from it
    Peek(Target),
    /// Give a key back everything that it has taken
    Reset(Target),
    /// Give a key back some of what it has taken
    Refund {
        #[command(flatten)]
        target: Target,
        /// How much to give back
        #[arg(long, default_value_t = 1)]
        cost: u64,
    },
    /// Have nothing granted from a key for a time
    Block {
        #[command(flatten)]
        target: Target,
        /// For how long, such as 15m; 0s lifts the block
        #[arg(long = "for", value_name = "TIME", value_parser = parse_duration)]
        time: Duration,
    },
    /// List the policies, those of the configuration and those that are stored
    Policies,
    /// Store a policy for all processes, above a configured one of its name
    Put(policies::Put),
    /// Remove a stored policy; exit status 1 if there is none
    Remove {
        /// Its name
        name: String,
    },
    /// Remove what has expired now, instead of when the servers come by
    Sweep,
    /// Ask a running server which keys are called for most
    Top(top::Top),
}

#[derive(Args, Debug)]
pub(crate) struct Target {
    /// A policy of the configuration, or a stored one
    policy: String,
    /// Whom it is for, for example user:42
    key: String,
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shadowed: Option<bool>,
    policy: &'a str,
    limit: u64,
    remaining: u64,
    reset_after_ms: u128,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<u128>,
    source: String,
}

#[derive(Serialize)]
struct Reset {
    reset: bool,
}

#[derive(Serialize)]
struct Refunded {
    refunded: bool,
}

#[derive(Serialize)]
struct SweptDocument {
    keys: u64,
    lapsed: u64,
}

/// How long others may take to be told what was done here.
const CLOSE_WITHIN: Duration = Duration::from_secs(5);

impl Limits {
    pub(crate) async fn run(self, global: &Global, config: &Config) -> Result<Outcome> {
        // What is wrong with a policy is said before a database is started for it.
        let stored = match self {
            Self::Top(top) => return top.run(global, config).await,
            Self::Put(ref put) => Some(put.policy()?),
            _ => None,
        };
        let database = Database::open(global, config).await?;
        let mut of_config = LimitsConfig::new(config.policies.clone());
        of_config.sweeps = false;
        let limits = Engine::start(&database.db, of_config);
        let outcome = match stored {
            Some(policy) => policies::put(&limits, &policy, global).await,
            None => self.ask(&limits, global).await,
        };
        if timeout(CLOSE_WITHIN, limits.close()).await.is_err() {
            warn("servers hear of this in a while: they could not be told");
        }
        drop(limits);
        database.close().await;
        outcome
    }

    async fn ask(self, limits: &Engine, global: &Global) -> Result<Outcome> {
        limits.reload_policies().await?;
        match self {
            Self::Check { target, cost } => {
                let check = target.subject(limits)?.costing(cost)?;
                let decision = limits.check(&check).await?;
                show_decision(check.subject().policy(), &decision, global)?;
                Ok(if decision.is_allowed() { Outcome::Done } else { Outcome::No })
            }
            Self::Peek(target) => {
                let subject = target.subject(limits)?;
                let standing = limits.peek(&subject).await?;
                show_standing(subject.policy(), &standing, global)?;
                Ok(Outcome::Done)
            }
            Self::Reset(target) => {
                limits.reset(&target.subject(limits)?).await?;
                if global.json {
                    say_json(&Reset { reset: true })?;
                } else {
                    say("Reset.");
                }
                Ok(Outcome::Done)
            }
            Self::Refund { target, cost } => {
                limits.refund(&target.subject(limits)?.costing(cost)?).await?;
                if global.json {
                    say_json(&Refunded { refunded: true })?;
                } else {
                    say("Refunded.");
                }
                Ok(Outcome::Done)
            }
            Self::Block { target, time } => {
                // What takes no check, such as permits, takes no block: it would do nothing.
                let check = target.subject(limits)?.costing(1)?;
                let subject = check.subject();
                let standing = limits.block(subject, time).await?;
                if global.json {
                    say_json(&document(subject.policy(), &standing))?;
                } else if time.is_zero() {
                    say("No longer blocked.");
                } else {
                    say(&format!("Blocked for {}.", duration(time)));
                }
                Ok(Outcome::Done)
            }
            Self::Policies => policies::list(limits, global),
            Self::Remove { name } => policies::remove(limits, &name, global).await,
            Self::Sweep => {
                let Swept { keys, lapsed, .. } = limits.sweep().await?;
                if global.json {
                    say_json(&SweptDocument { keys, lapsed })?;
                } else {
                    say(&format!(
                        "Keys removed: {keys}. Keys that got back what was not settled: {lapsed}."
                    ));
                }
                Ok(Outcome::Done)
            }
            Self::Put(_) | Self::Top(_) => unreachable!("they have been done"),
        }
    }
}

impl Target {
    fn subject(&self, limits: &Engine) -> Result<Subject> {
        limits.subject(&self.policy, &self.key).map_err(|invalid| match invalid {
            Invalid::UnknownPolicy { .. } => {
                Error::new(Wrong(format!("{invalid}; {}", hint(limits, &self.policy))))
            }
            _ => Error::new(invalid),
        })
    }
}

/// What may have been meant.
fn hint(limits: &Engine, name: &str) -> String {
    let policies = limits.policies();
    let names: Vec<&str> = policies.iter().map(|(policy, _)| policy.name()).collect();
    match nearest(name, names.iter().copied()) {
        Some(meant) => format!("did you mean {meant:?}?"),
        None if names.is_empty() => {
            "there are no policies; add one to the configuration as [limits.<name>], or store one \
             with `limits put`"
                .to_owned()
        }
        None => format!("there are {}", names.join(", ")),
    }
}

fn show_decision(policy: &Policy, decision: &Decision, global: &Global) -> Result<()> {
    let (standing, retry_after) = (decision.standing(), decision.retry_after());
    if global.json {
        let mut document = document(policy, standing);
        document.allowed = Some(decision.is_allowed());
        document.shadowed = matches!(decision, Decision::Shadowed { .. }).then_some(true);
        document.retry_after_ms = retry_after.map(|wait| wait.as_nanos().div_ceil(1_000_000));
        return say_json(&document);
    }
    match retry_after {
        None => say(&format!("Allowed. {}", left(policy, standing))),
        Some(wait) if decision.is_allowed() => {
            let again = duration(wait);
            say(&format!("Allowed: the policy only watches. It would refuse for {again}."));
        }
        Some(wait) => say(&format!("Refused. Try again in {}.", duration(wait))),
    }
    Ok(())
}

fn show_standing(policy: &Policy, standing: &Standing, global: &Global) -> Result<()> {
    if global.json {
        return say_json(&document(policy, standing));
    }
    say(&left(policy, standing));
    Ok(())
}

fn left(policy: &Policy, Standing { remaining, reset_after, .. }: &Standing) -> String {
    let capacity = policy.capacity();
    if reset_after.is_zero() {
        format!("{remaining} of {capacity} left.")
    } else {
        format!("{remaining} of {capacity} left, all in {}.", duration(*reset_after))
    }
}

fn document<'a>(policy: &'a Policy, standing: &Standing) -> Document<'a> {
    Document {
        allowed: None,
        shadowed: None,
        policy: policy.name(),
        limit: policy.limit(),
        remaining: standing.remaining,
        reset_after_ms: standing.reset_after.as_nanos().div_ceil(1_000_000),
        retry_after_ms: None,
        source: standing.source.to_string(),
    }
}
