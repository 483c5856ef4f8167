//! `pgstead limits policies`, `put` and `remove`: the policies of all processes.

use anyhow::Result;
use clap::Args;
use comfy_table::{Table, presets::NOTHING};
use pgstead_limits::{Algorithm, Lease, Limits as Engine, Origin, Policy};
use pgstead_server::{PoliciesResponse, PolicyResponse};
use serde::Serialize;

use crate::{
    cmd::Global,
    output::{Outcome, duration, say, say_json},
    policy::PolicyKeys,
};

#[derive(Args, Debug)]
pub(crate) struct Put {
    /// Its name
    name: String,
    #[command(flatten)]
    keys: PolicyKeys,
}

#[derive(Serialize)]
struct Removed {
    removed: bool,
}

impl Put {
    pub(super) fn policy(&self) -> Result<Policy> {
        self.keys.policy(&self.name)
    }
}

pub(super) fn list(limits: &Engine, global: &Global) -> Result<Outcome> {
    let policies = limits.policies();
    if global.json {
        say_json(&PoliciesResponse::new(&policies))?;
        return Ok(Outcome::Done);
    }
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(["NAME", "ALGORITHM", "LIMIT", "PER", "ORIGIN", "ALSO"]);
    for (policy, origin) in &policies {
        table.add_row([
            policy.name().to_owned(),
            policy.algorithm().to_string(),
            policy.limit().to_string(),
            per(policy),
            origin.to_string(),
            also(policy),
        ]);
    }
    say(&table.trim_fmt());
    Ok(Outcome::Done)
}

pub(super) async fn put(limits: &Engine, policy: &Policy, global: &Global) -> Result<Outcome> {
    limits.store_policy(policy).await?;
    if global.json {
        say_json(&PolicyResponse::new(policy, Origin::Stored))?;
    } else {
        say("Stored.");
    }
    Ok(Outcome::Done)
}

pub(super) async fn remove(limits: &Engine, name: &str, global: &Global) -> Result<Outcome> {
    let removed = limits.remove_policy(name).await?;
    if global.json {
        say_json(&Removed { removed })?;
    } else if !removed {
        say(&format!("No policy {name:?} is stored."));
    } else if limits.policy(name).is_some() {
        say("Removed. The configured one counts again.");
    } else {
        say("Removed.");
    }
    Ok(if removed { Outcome::Done } else { Outcome::No })
}

fn per(policy: &Policy) -> String {
    match (policy.period(), policy.zone()) {
        (Some(period), Some(zone)) => format!("{period} in {zone}"),
        _ => duration(policy.per()),
    }
}

/// What is not as it is by default.
fn also(policy: &Policy) -> String {
    let mut also = Vec::new();
    if policy.algorithm() == Algorithm::TokenBucket && policy.capacity() != policy.limit() {
        also.push(format!("burst {}", policy.capacity()));
    }
    if policy.is_durable() {
        also.push("durable".to_owned());
    }
    if policy.config().on_outage.is_some() {
        also.push(format!("on outage {}", policy.on_outage()));
    }
    if policy.lease() != Lease::default() {
        also.push(format!("lease {}", policy.lease()));
    }
    if !policy.lockout().is_empty() {
        let steps: Vec<String> = policy.lockout().iter().map(|step| duration(*step)).collect();
        also.push(format!("lockout {}", steps.join(", ")));
    }
    if policy.counts_denied() {
        also.push("counts denied".to_owned());
    }
    if policy.is_shadow() {
        also.push("shadow".to_owned());
    }
    also.join("; ")
}
