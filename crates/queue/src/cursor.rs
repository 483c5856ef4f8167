//! From where on a queue is looked through.
//!
//! What was done leaves dead entries in the index by which jobs are found, one after another from the
//! oldest on. PostgreSQL removes them, but not while any transaction may still see them: behind one
//! that stays open for a minute millions gather, and each look would walk past them all. So a look
//! begins shortly before where the last one ended. What was committed late, with a time from before
//! that, is found by looks that begin earlier: the further back, the rarer, so that all of them
//! together cost no more than a part of the time.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// So far before the last job that was found each look begins: a send takes that long to commit.
const MARGIN: Duration = Duration::from_millis(200);
/// How far back others begin, and how often.
const BACK: [(Duration, Duration); 3] = [
    (Duration::from_secs(2), Duration::from_millis(250)),
    (Duration::from_secs(30), Duration::from_secs(3)),
    (Duration::from_mins(10), Duration::from_mins(1)),
];
/// How often a look begins at the beginning, at first. It is rarer when that takes long.
const WHOLE_EVERY: Duration = Duration::from_secs(5);
/// A whole look takes at most this part of the time.
const WHOLE_SHARE: u32 = 20;

#[derive(Debug)]
pub(crate) struct Cursor {
    /// When the last job that was found had been due.
    last: Option<SystemTime>,
    back_at: [Instant; BACK.len()],
    whole_at: Instant,
}

/// Where a look begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum From {
    Beginning,
    Instant(SystemTime),
}

impl Cursor {
    pub(crate) fn new(now: Instant) -> Self {
        Self { last: None, back_at: [now; BACK.len()], whole_at: now }
    }

    /// Where a look that begins now begins.
    pub(crate) fn next(&mut self, now: Instant) -> From {
        let Some(last) = self.last else { return From::Beginning };
        if self.whole_at <= now {
            self.whole_at = now + WHOLE_EVERY;
            return From::Beginning;
        }
        let mut margin = MARGIN;
        for ((back, every), at) in BACK.iter().zip(&mut self.back_at) {
            if *at <= now {
                *at = now + *every;
                margin = *back;
            }
        }
        last.checked_sub(margin).map_or(From::Beginning, From::Instant)
    }

    /// What the look that began so has found: when the last job had been due, and the time by PostgreSQL.
    pub(crate) fn found(
        &mut self,
        from: From,
        due_at: Option<SystemTime>,
        now: SystemTime,
        took: Duration,
    ) {
        if from == From::Beginning {
            self.whole_at = self.whole_at.max(Instant::now() + took * WHOLE_SHARE);
        }
        // A clock that was turned back: jobs are due now that were sent after those that were found.
        if self.last.is_some_and(|last| last > now) {
            self.last = None;
            return;
        }
        self.last = self.last.max(due_at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: Duration = Duration::from_secs(1);

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[tokio::test(start_paused = true)]
    async fn looks_begin_earlier_the_rarer() {
        let mut cursor = Cursor::new(Instant::now());
        assert_eq!(cursor.next(Instant::now()), From::Beginning);
        cursor.found(From::Beginning, Some(at(1000)), at(1000), S / 10);
        // A whole one has taken a tenth of a second: the next is two seconds away.
        let (mut whole, mut near, mut far) = (0, 0, 0);
        for _ in 0..1000 {
            tokio::time::advance(S / 100).await;
            match cursor.next(Instant::now()) {
                From::Beginning => whole += 1,
                From::Instant(from) if from >= at(1000) - S / 2 => near += 1,
                From::Instant(_) => far += 1,
            }
        }
        assert!((1..=2).contains(&whole), "{whole}");
        assert!((30..=50).contains(&far), "{far}");
        assert!(near > 900, "{near}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_clock_that_is_turned_back_hides_nothing() {
        let mut cursor = Cursor::new(Instant::now());
        cursor.found(From::Beginning, Some(at(1000)), at(1000), S);
        cursor.found(From::Instant(at(999)), None, at(500), S);
        assert_eq!(cursor.next(Instant::now()), From::Beginning);
    }
}
