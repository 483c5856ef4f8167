//! Groups: whose turn it is.
//!
//! What decides is the queue itself. A job may run if fewer jobs of its group are in front of it, in the
//! order of sending and whatever their state, than may run at once. One that was claimed before its
//! turn is parked, with `vt = 'infinity'`, until somebody who has finished one passes the turn on. Both
//! happen under a lock of the group's, and look at the queue after they have it.

use std::collections::HashSet;

use pgstead_store::{Parameter, Result, tokio_postgres::types::Type};

use crate::{
    QueueName,
    claim::{Claim, Claimed, On, split},
    texts::Texts,
};

pub(crate) const TAKE: &str = include_str!("../sql/take_turns.sql");
pub(crate) const PASS: &str = include_str!("../sql/pass_turns.sql");

/// Leaves those whose turn it is, and those of no group. The others are not claimed any more.
pub(crate) async fn take(
    on: &mut On<'_>,
    queue: &QueueName,
    claimed: &mut Vec<Claimed>,
    at_once: u32,
) -> Result<()> {
    let (mut ids, mut groups) = (Vec::new(), Vec::new());
    for job in &*claimed {
        if let Some(group) = job.group() {
            ids.push(job.id.0);
            groups.push(group);
        }
    }
    if ids.is_empty() {
        return Ok(());
    }
    let at_once = i32::try_from(at_once).unwrap_or(i32::MAX);
    let parameters: [Parameter<'_>; 4] = [
        (&queue.as_str(), Type::TEXT),
        (&ids, Type::INT8_ARRAY),
        (&groups, Type::TEXT_ARRAY),
        (&at_once, Type::INT4),
    ];
    let taken = on.run(TAKE, &parameters).await;
    let due = taken.and_then(|rows| {
        Ok(rows.iter().map(|row| row.try_get(0)).collect::<Result<HashSet<i64>, _>>()?)
    });
    let is_due = |job: &Claimed| match &due {
        Ok(due) => due.contains(&job.id.0),
        // Whose turn it is is not known: they are let go of, and their claims lapse.
        Err(_) => false,
    };
    claimed.retain(|job| job.group().is_none() || is_due(job));
    due.map(|_| ())
}

/// Has those run whose turn has come and nobody was left to tell. Whether there were any.
pub(crate) async fn heal(on: &mut On<'_>, texts: &'static Texts) -> Result<bool> {
    Ok(!on.run(texts.heal_turns, &[]).await?.is_empty())
}

/// Which groups these jobs are of.
pub(crate) async fn groups_of(
    on: &mut On<'_>,
    texts: &'static Texts,
    claims: &[Claim],
) -> Result<Vec<String>> {
    let (ids, read_cts) = split(claims);
    let parameters: [Parameter<'_>; 2] = [(&ids, Type::INT8_ARRAY), (&read_cts, Type::INT4_ARRAY)];
    let rows = on.run(texts.groups, &parameters).await?;
    Ok(rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?)
}

/// Jobs of these groups have gone. Whether others are due now.
pub(crate) async fn pass(
    on: &mut On<'_>,
    queue: &QueueName,
    groups: &[String],
    at_once: u32,
) -> Result<bool> {
    let at_once = i32::try_from(at_once).unwrap_or(i32::MAX);
    let parameters: [Parameter<'_>; 3] =
        [(&queue.as_str(), Type::TEXT), (&groups, Type::TEXT_ARRAY), (&at_once, Type::INT4)];
    let rows = on.run(PASS, &parameters).await?;
    let passed: i64 = rows.first().expect("a count comes back").try_get(0)?;
    Ok(passed > 0)
}
