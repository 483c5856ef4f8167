//! The statements of a queue: those of the files, over its table.

use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, PoisonError},
};

use crate::QueueName;

/// The table that the files are written for.
const TABLE: &str = "pgmq.q_jobs";
/// The one that pgmq archives into.
const ARCHIVE: &str = "pgmq.a_jobs";

pub(crate) const ENSURE: &str = include_str!("../sql/ensure.sql");
const SEND: &str = include_str!("../sql/send.sql");
const SEND_ONCE: &str = include_str!("../sql/send_once.sql");
const CLAIM: &str = include_str!("../sql/claim.sql");
const NEXT_DUE: &str = include_str!("../sql/next_due.sql");
const EXTEND: &str = include_str!("../sql/extend.sql");
const RETRY: &str = include_str!("../sql/retry.sql");
const BURY: &str = include_str!("../sql/bury.sql");
const CONCLUDE: &str = include_str!("../sql/conclude.sql");
const HEAL_TURNS: &str = include_str!("../sql/heal_turns.sql");
const GROUPS: &str = include_str!("../sql/groups.sql");
const FIND: &str = include_str!("../sql/find.sql");
const REDRIVE: &str = include_str!("../sql/redrive.sql");
const COUNT: &str = include_str!("../sql/count.sql");
const PURGE: &str = include_str!("../sql/purge.sql");
const PEEK: &str = include_str!("../sql/peek.sql");
const SWEEP_ARCHIVE: &str = include_str!("../sql/sweep_archive.sql");
const SCHEDULE_TICK: &str = include_str!("../sql/schedule_tick.sql");
const SCHEDULE_SEND: &str = include_str!("../sql/schedule_send.sql");

/// The statements of one queue.
///
/// Sessions keep what they have prepared by where its text lies, so the texts of a queue are made once
/// and stay for the life of the process: some ten kB.
pub(crate) struct Texts {
    /// Another one for each queue.
    pub(crate) number: u32,
    pub(crate) send: &'static str,
    pub(crate) send_once: &'static str,
    pub(crate) claim: &'static str,
    pub(crate) next_due: &'static str,
    pub(crate) extend: &'static str,
    pub(crate) retry: &'static str,
    pub(crate) bury: &'static str,
    pub(crate) conclude: &'static str,
    pub(crate) heal_turns: &'static str,
    pub(crate) groups: &'static str,
    pub(crate) find: &'static str,
    pub(crate) redrive: &'static str,
    pub(crate) count: &'static str,
    pub(crate) purge: &'static str,
    pub(crate) peek: &'static str,
    pub(crate) sweep_archive: &'static str,
    pub(crate) schedule_tick: &'static str,
    pub(crate) schedule_send: &'static str,
}

impl Texts {
    pub(crate) fn of(queue: &QueueName) -> &'static Self {
        static KNOWN: Mutex<Option<HashMap<QueueName, &'static Texts>>> = Mutex::new(None);
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.get_or_insert_default();
        if let Some(texts) = known.get(queue) {
            return texts;
        }
        let number = u32::try_from(known.len()).unwrap_or(u32::MAX);
        let texts: &'static Self = Box::leak(Box::new(Self::new(number, queue)));
        known.insert(queue.clone(), texts);
        texts
    }

    fn new(number: u32, queue: &QueueName) -> Self {
        let table = format!("pgmq.\"q_{queue}\"");
        let archive = format!("pgmq.\"a_{queue}\"");
        let over = |text: &str| -> &'static str {
            text.replace(TABLE, &table).replace(ARCHIVE, &archive).leak()
        };
        Self {
            number,
            send: over(SEND),
            send_once: over(SEND_ONCE),
            claim: over(CLAIM),
            next_due: over(NEXT_DUE),
            extend: over(EXTEND),
            retry: over(RETRY),
            bury: over(BURY),
            conclude: over(CONCLUDE),
            heal_turns: over(HEAL_TURNS),
            groups: over(GROUPS),
            find: over(FIND),
            redrive: over(REDRIVE),
            count: over(COUNT),
            purge: over(PURGE),
            peek: over(PEEK),
            sweep_archive: over(SWEEP_ARCHIVE),
            schedule_tick: over(SCHEDULE_TICK),
            schedule_send: over(SCHEDULE_SEND),
        }
    }
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Texts").field("number", &self.number).finish_non_exhaustive()
    }
}

/// As the files have them, for a queue named `jobs`.
pub(crate) fn all() -> Vec<&'static str> {
    vec![
        ENSURE,
        SEND,
        SEND_ONCE,
        CLAIM,
        NEXT_DUE,
        EXTEND,
        RETRY,
        BURY,
        CONCLUDE,
        HEAL_TURNS,
        GROUPS,
        FIND,
        REDRIVE,
        COUNT,
        PURGE,
        PEEK,
        SWEEP_ARCHIVE,
        SCHEDULE_TICK,
        SCHEDULE_SEND,
    ]
}
