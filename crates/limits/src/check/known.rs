//! Takes from keys that have a row with enough in it, with a statement that does only that.
//!
//! The statement that takes from any key is an upsert, which costs more for a row that is there than an
//! update does. So a flush whose callers nearly all want the same of one policy asks for these with the
//! update, and what that has not answered with the upsert, in another round trip. It goes by how often
//! that was worth it of late: where keys are new, or exhausted, it hardly ever is.

use std::time::SystemTime;

use pgstead_store::{
    Parameter, Result,
    tokio_postgres::{Row, types::Type},
};

use super::Group;
use crate::{
    arithmetic::{State, Terms, Window},
    habit::Habit,
    lanes::{Ask, Key, Sql, since_epoch},
};

pub(crate) static KNOWN_BUCKET: Sql = Sql::new(include_str!("../../sql/check_known_bucket.sql"));
pub(crate) static KNOWN_WINDOW: Sql = Sql::new(include_str!("../../sql/check_known_window.sql"));

/// What is wanted of known keys: of each the same.
pub(super) struct Known {
    keys: Vec<Key>,
    wanted: i64,
    terms: Terms,
    /// The window's length, if it has one.
    length_ns: Option<i64>,
}

/// What those were granted of whom anything came back.
#[derive(Default)]
pub(super) struct Granted {
    rows: Vec<(Key, State)>,
    next: usize,
    now_ns: i64,
}

impl Known {
    /// Those of the groups that can be asked for so, if it is worth it: they are marked.
    pub(super) fn among(groups: &mut [Group], asks: &[Ask], habit: &mut Habit) -> Option<Self> {
        let first = &asks[groups.first()?.start];
        let length_ns = match first.terms.window {
            Window::Refill => None,
            Window::Fixed { length_ns } => Some(length_ns),
            _ => return None,
        };
        let (terms, wanted) = (first.terms, first.units()?);
        let suits = |group: &Group| {
            let ask = &asks[group.start];
            // Several callers of one key want more than one of them does.
            group.end == group.start + 1
                && ask.units() == Some(wanted)
                && ask.terms == terms
                && wanted <= terms.capacity
        };
        let count = groups.iter().filter(|group| suits(group)).count();
        if 4 * count < 3 * groups.len() || !habit.is_worth_it() {
            return None;
        }
        let mut keys = Vec::with_capacity(count);
        for group in groups {
            group.is_known = suits(group);
            if group.is_known {
                keys.push(asks[group.start].key);
            }
        }
        Some(Self { keys, wanted, terms, length_ns })
    }

    pub(super) fn sql(&self) -> &'static Sql {
        if self.length_ns.is_some() { &KNOWN_WINDOW } else { &KNOWN_BUCKET }
    }

    #[expect(clippy::ref_option, reason = "a parameter is a reference to what it is")]
    pub(super) fn typed<'a>(&'a self, now_ns: &'a Option<i64>) -> Vec<Parameter<'a>> {
        let mut typed: Vec<Parameter<'a>> = vec![
            (&self.keys, Type::UUID_ARRAY),
            (&self.wanted, Type::INT8),
            (&self.terms.capacity, Type::INT8),
        ];
        if let Some(length_ns) = &self.length_ns {
            typed.push((length_ns, Type::INT8));
        }
        typed.push((now_ns, Type::INT8));
        typed
    }
}

impl Granted {
    pub(super) fn read(
        rows: &[Row],
        known: &Known,
        now_ns: Option<i64>,
        habit: &mut Habit,
    ) -> Result<Self> {
        habit.learn(known.keys.len().saturating_sub(rows.len()), known.keys.len());
        let Some(first) = rows.first() else { return Ok(Self::default()) };
        // All have the same.
        let now_ns = match now_ns {
            Some(now_ns) => now_ns,
            None => since_epoch(first.try_get::<_, SystemTime>(4)?),
        };
        let mut granted = Vec::with_capacity(rows.len());
        for row in rows {
            let spent_to: i64 = row.try_get(1)?;
            let state = State {
                spent_from: spent_to - known.wanted,
                spent_to,
                window_ends_ns: row.try_get(2)?,
                lapses_at_ns: row.try_get(3)?,
                ..State::default()
            };
            granted.push((row.try_get(0)?, state));
        }
        // An index that is followed has them in order; nothing promises that it is.
        granted.sort_unstable_by_key(|(key, _)| *key);
        Ok(Self { rows: granted, next: 0, now_ns })
    }

    /// The state of the key after it was granted what it wanted, and the time. Keys are asked for in
    /// their order.
    pub(super) fn next_for(&mut self, key: Key) -> Option<(State, i64)> {
        let (_, state) = self.rows.get(self.next).filter(|(found, _)| *found == key)?;
        self.next += 1;
        Some((*state, self.now_ns))
    }
}
