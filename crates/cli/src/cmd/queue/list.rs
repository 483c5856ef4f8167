//! `pgstead queue list`

use anyhow::Result;
use comfy_table::{Table, presets::NOTHING};
use pgstead_queue::Queues;
use pgstead_server::{CountsResponse, QueuesResponse};

use crate::{
    cmd::Global,
    output::{Outcome, duration, say, say_json},
};

pub(super) async fn list(queues: &Queues, global: &Global) -> Result<Outcome> {
    let all = queues.list().await?;
    let mut counted = Vec::with_capacity(all.len());
    for queue in &all {
        counted.push((queue, queues.count(&queue.name).await?));
    }
    if global.json {
        let each = counted.iter().map(|(queue, counts)| CountsResponse::new(queue, counts));
        say_json(&QueuesResponse::new(each))?;
        return Ok(Outcome::Done);
    }
    let mut table = Table::new();
    table.load_style(NOTHING).set_header([
        "QUEUE",
        "READY",
        "DELAYED",
        "CLAIMED",
        "DEAD",
        "OLDEST READY",
        "PAUSED SINCE",
    ]);
    for (queue, counts) in &counted {
        table.add_row([
            queue.name.to_string(),
            counts.ready.to_string(),
            counts.delayed.to_string(),
            counts.claimed.to_string(),
            counts.dead.to_string(),
            counts.oldest_ready.map(duration).unwrap_or_default(),
            queue.paused_at.map(|at| pgstead_server::instant(at).to_string()).unwrap_or_default(),
        ]);
    }
    say(&table.trim_fmt());
    Ok(Outcome::Done)
}
