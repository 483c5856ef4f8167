//! `pgstead verify`

use std::time::Duration;

use anyhow::{Error, Result};
use clap::Args;
use comfy_table::{Table, presets::NOTHING};
use pgstead_eject::{
    Life, Report,
    report::Counts,
    verify::{Client, Look, Quiet, Server, tree},
};
use serde::Serialize;
use tokio::time::sleep;

use super::{Global, scan::Tree};
use crate::output::{Outcome, Progress, Wrong, duration, say, say_json};

/// Prove that a tree uses no Redis, and that a server has no users.
///
/// Exit status 0 only if no live use is left and, with --redis, nobody but pgstead uses the server.
#[derive(Args, Debug)]
pub(crate) struct Verify {
    #[command(flatten)]
    tree: Tree,
    /// Watch this server, too: redis://user:password@host:port, or rediss:// with TLS
    #[arg(long, value_name = "URL", env = "PGSTEAD_REDIS_URL", hide_env_values = true)]
    redis: Option<String>,
    /// For how long; 0 looks once, at what was called since the server's statistics began
    #[arg(long, value_name = "N", default_value_t = 5)]
    minutes: u64,
}

#[derive(Serialize)]
struct Document<'a> {
    clean: bool,
    tree: &'a pgstead_eject::verify::Tree,
    #[serde(skip_serializing_if = "Option::is_none")]
    redis: Option<&'a Quiet>,
}

impl Verify {
    pub(crate) async fn run(self, global: &Global) -> Result<Outcome> {
        // An address that is none is told before minutes are spent on a large tree.
        let server = self.redis.as_deref().map(Server::at).transpose().map_err(of_server)?;
        let found = self.tree.scan()?;
        let proof = tree(&found);
        if !global.json {
            show_tree(&proof, &found);
        }
        let quiet = match &server {
            Some(server) => Some(watch(server, self.minutes).await.map_err(of_server)?),
            None => None,
        };
        let is_quiet = quiet.as_ref().is_none_or(Quiet::is_quiet);
        let clean = proof.is_clean() && is_quiet;
        if global.json {
            say_json(&Document { clean, tree: &proof, redis: quiet.as_ref() })?;
        } else if let Some(quiet) = &quiet {
            show_server(quiet);
        }
        Ok(if clean { Outcome::Done } else { Outcome::No })
    }
}

async fn watch(server: &Server, minutes: u64) -> Result<Quiet, pgstead_eject::verify::Error> {
    if minutes == 0 {
        return server.look_once().await;
    }
    let progress = Progress::default();
    let time = Duration::from_secs(minutes.saturating_mul(60));
    progress.show(&format!("watching {} for {}", server.address(), duration(time)));
    let quiet = server.watch(sleep(time)).await;
    progress.clear();
    quiet
}

/// 2 for an address that is none, 3 for a server that does not tell.
fn of_server(error: pgstead_eject::verify::Error) -> Error {
    if error.is_address() {
        return Error::new(Wrong(error.to_string()));
    }
    Error::new(error)
}

fn show_tree(proof: &pgstead_eject::verify::Tree, found: &Report) {
    for finding in &proof.live {
        let (place, kind) = (&finding.place, finding.kind.word());
        say(&format!("{place}  {kind} {}: {}", finding.name, finding.purpose.word()));
    }
    if !proof.live.is_empty() {
        say("");
    }
    let Counts { live, test, dormant, historical } = proof.counts;
    say(&format!(
        "{} files: {live} live, {test} test, {dormant} dormant, {historical} historical.",
        proof.files
    ));
    let left: Vec<_> = Life::ALL
        .into_iter()
        .filter(|life| *life != Life::Live)
        .filter_map(|life| files(found, life))
        .collect();
    for line in left {
        say(&line);
    }
    if proof.mongodb != Counts::default() {
        let live = proof.mongodb.live;
        say(&format!("MongoDB is told and decides nothing: {live} live (`scan --store mongodb`)."));
    }
    if proof.troubles > 0 {
        let troubles = proof.troubles;
        say(&format!("{troubles} files could not be read as what they are; `scan` names them."));
    }
    say(if proof.is_clean() {
        "The tree: no live use of Redis is left."
    } else {
        "The tree: Redis is still used."
    });
}

/// Where what does not run is left.
fn files(found: &Report, life: Life) -> Option<String> {
    const SHOWN: usize = 8;
    let of_redis = found
        .findings
        .iter()
        .filter(|finding| finding.life == life && finding.store == pgstead_eject::Store::Redis);
    let mut paths: Vec<_> = of_redis.map(|finding| finding.place.path.as_str()).collect();
    paths.dedup();
    let shown = paths.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    let more = match paths.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (!paths.is_empty()).then(|| format!("  {}: {shown}{more}", life.word()))
}

fn show_server(quiet: &Quiet) {
    say("");
    let time = duration(Duration::from_secs(quiet.seconds));
    let over = match quiet.look {
        Look::Twice => format!("watched for {time}"),
        _ => format!("looked at once; it has run for {time}"),
    };
    say(&format!("{}, {} ({}), {over}.", quiet.address, quiet.server, quiet.role));
    show_clients(&quiet.clients);
    show_calls("called", &quiet.commands);
    show_calls("called besides, which uses no data", &quiet.housekeeping);
    if quiet.connections > 0 {
        say(&format!("{} connections came meanwhile.", quiet.connections));
    }
    for database in &quiet.databases {
        let (name, keys, with_ttl) = (&database.name, database.keys, database.with_ttl);
        say(&format!("{name} holds {keys} keys, of which {with_ttl} go by themselves."));
    }
    if quiet.is_of_cluster {
        say("It is a node of a cluster: verify each of the others, too.");
    }
    if quiet.role == "slave" {
        say("It is a replica, which is sent what is called elsewhere: verify its master.");
    }
    if quiet.look == Look::Once && !quiet.commands.is_empty() {
        say("What was called may be long ago: `--minutes N` counts from now on.");
    }
    say(if quiet.is_quiet() { "The server: nobody uses it." } else { "The server: it is used." });
}

fn show_clients(clients: &[Client]) {
    if clients.is_empty() {
        say("No other client is connected.");
        return;
    }
    let mut table = Table::new();
    let header = ["CLIENT", "NAME", "USER", "LIBRARY", "LAST COMMAND", "IDLE", ""];
    table.load_style(NOTHING).set_header(header);
    for client in clients {
        table.add_row([
            client.address.clone(),
            client.name.clone(),
            client.user.clone(),
            client.library.clone(),
            client.command.clone(),
            duration(Duration::from_secs(client.idle_s)),
            client.explained.clone().unwrap_or_default(),
        ]);
    }
    say(&table.trim_fmt());
}

fn show_calls(what: &str, calls: &std::collections::BTreeMap<String, u64>) {
    if !calls.is_empty() {
        let calls: Vec<_> = calls.iter().map(|(name, times)| format!("{name} {times}")).collect();
        say(&format!("{what}: {}.", calls.join(", ")));
    }
}
