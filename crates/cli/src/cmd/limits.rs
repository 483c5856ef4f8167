//! `pgstead limits`

use anyhow::{Error, Result};
use clap::{Args, Subcommand};
use pgstead_limits::{
    Config as LimitsConfig, Decision, Invalid, Limits as Engine, Policy, Standing,
};
use pgstead_server::nearest;
use serde::Serialize;

use super::Global;
use crate::{
    config::Config,
    database::Database,
    output::{Outcome, Wrong, duration, say, say_json},
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
}

#[derive(Args, Debug)]
pub(crate) struct Target {
    /// A policy of the configuration
    policy: String,
    /// Whom it is for, for example user:42
    key: String,
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed: Option<bool>,
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

impl Limits {
    pub(crate) async fn run(self, global: &Global, config: &Config) -> Result<Outcome> {
        // What is wrong with the question is said before a database is started for it.
        let known = |target: &Target| known(config, &target.policy);
        match &self {
            Self::Check { target, .. } | Self::Peek(target) | Self::Reset(target) => known(target)?,
        }
        let database = Database::open(global, config).await?;
        let limits = Engine::start(&database.db, LimitsConfig::new(config.policies.clone()));
        let outcome = self.ask(&limits, global).await;
        drop(limits);
        database.close().await;
        outcome
    }

    async fn ask(self, limits: &Engine, global: &Global) -> Result<Outcome> {
        match self {
            Self::Check { target, cost } => {
                let check = limits.subject(&target.policy, &target.key)?.costing(cost)?;
                let decision = limits.check(&check).await?;
                show_decision(check.subject().policy(), &decision, global)?;
                Ok(if decision.is_allowed() { Outcome::Done } else { Outcome::No })
            }
            Self::Peek(target) => {
                let subject = limits.subject(&target.policy, &target.key)?;
                let standing = limits.peek(&subject).await?;
                show_standing(subject.policy(), &standing, global)?;
                Ok(Outcome::Done)
            }
            Self::Reset(target) => {
                limits.reset(&limits.subject(&target.policy, &target.key)?).await?;
                if global.json {
                    say_json(&Reset { reset: true })?;
                } else {
                    say("Reset.");
                }
                Ok(Outcome::Done)
            }
        }
    }
}

fn known(config: &Config, name: &str) -> Result<()> {
    if config.policies.iter().any(|policy| policy.name() == name) {
        return Ok(());
    }
    let unknown = Invalid::UnknownPolicy { name: name.to_owned() };
    let names = config.policies.iter().map(Policy::name);
    let hint = match nearest(name, names) {
        Some(meant) => format!("did you mean {meant:?}?"),
        None if config.policies.is_empty() => {
            "the configuration has no policies; add one as [limits.<name>]".to_owned()
        }
        None => {
            let names: Vec<&str> = config.policies.iter().map(Policy::name).collect();
            format!("there are {}", names.join(", "))
        }
    };
    Err(Error::new(Wrong(format!("{unknown}; {hint}"))))
}

fn show_decision(policy: &Policy, decision: &Decision, global: &Global) -> Result<()> {
    let standing = decision.standing();
    let retry_after = match decision {
        Decision::Deny { retry_after, .. } => Some(*retry_after),
        _ => None,
    };
    if global.json {
        let mut document = document(policy, standing);
        document.allowed = Some(decision.is_allowed());
        document.retry_after_ms = retry_after.map(|wait| wait.as_nanos().div_ceil(1_000_000));
        return say_json(&document);
    }
    match retry_after {
        None => say(&format!("Allowed. {}", left(policy, standing))),
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
        policy: policy.name(),
        limit: policy.limit(),
        remaining: standing.remaining,
        reset_after_ms: standing.reset_after.as_nanos().div_ceil(1_000_000),
        retry_after_ms: None,
        source: standing.source.to_string(),
    }
}
