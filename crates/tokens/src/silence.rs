//! When PostgreSQL did not answer: whoever has got no answer cannot ask again before that is over, so
//! that the grace of what was used then begins when it is.
//!
//! No IO. All instants are in ns since 1970, of PostgreSQL's clock.

/// The last time that PostgreSQL did not answer.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_field_names, reason = "a number says its unit")]
pub(crate) struct Silence {
    /// When it was heard last.
    heard_ns: i64,
    from_ns: i64,
    /// [`GOES_ON`] while it is silent.
    to_ns: i64,
}

const GOES_ON: i64 = i64::MAX;

impl Silence {
    /// There was none.
    pub(crate) const NONE: Self = Self { heard_ns: i64::MIN, from_ns: i64::MAX, to_ns: i64::MIN };

    /// It said that it is that late.
    pub(crate) fn heard(&mut self, now_ns: i64) {
        self.heard_ns = now_ns;
        if self.to_ns == GOES_ON {
            self.to_ns = now_ns;
        }
    }

    /// It did not answer. A silence that ended not longer ago than that goes on: there are some who
    /// could not ask again in between.
    pub(crate) fn unheard(&mut self, grace_ns: i64) {
        if self.to_ns != GOES_ON && self.to_ns.saturating_add(grace_ns) < self.heard_ns {
            self.from_ns = self.heard_ns;
        }
        self.to_ns = GOES_ON;
    }

    /// Since when he can have asked again who used a token at that time.
    pub(crate) fn over_ns(&self, used_at_ns: i64, now_ns: i64) -> i64 {
        if (self.from_ns..=self.to_ns).contains(&used_at_ns) {
            self.to_ns.min(now_ns)
        } else {
            used_at_ns
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_used_while_nobody_was_answered_counts_from_its_end() {
        let mut silence = Silence::NONE;
        assert_eq!(silence.over_ns(5, 9), 5);
        silence.heard(100);
        silence.unheard(10);
        // It may have been used after it was heard last, and the answer was lost.
        assert_eq!((silence.over_ns(99, 150), silence.over_ns(100, 150)), (99, 150));
        silence.unheard(10);
        silence.heard(200);
        silence.heard(300);
        assert_eq!((silence.over_ns(99, 310), silence.over_ns(101, 310)), (99, 200));
        assert_eq!(silence.over_ns(201, 310), 201);
        // The next is another one, unless it comes before the first is got over.
        silence.unheard(10);
        silence.heard(400);
        assert_eq!((silence.over_ns(101, 410), silence.over_ns(301, 410)), (101, 400));
        silence.heard(405);
        silence.unheard(10);
        silence.heard(500);
        assert_eq!((silence.over_ns(301, 510), silence.over_ns(401, 510)), (500, 500));
    }

    #[test]
    fn one_that_was_never_heard_is_silent_from_the_beginning() {
        let mut silence = Silence::NONE;
        silence.unheard(10);
        silence.heard(100);
        assert_eq!(silence.over_ns(50, 120), 50);
    }
}
