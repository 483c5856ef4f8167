//! Where refusals are kept: a table of bounded size that is read without writing to it.
//!
//! A key has two places, and stands in one of them. Whoever reads takes no lock, so that threads which
//! refuse do not take a line of memory from each other with every call.

use std::{array, sync::OnceLock};

use seqlock::SeqLock;

use super::Denied;
use crate::lanes::Key;

/// The most keys.
const PLACES: usize = 65_536;

/// The refusals of up to [`PLACES`] keys, in 8 MB that are there from the first refusal on.
///
/// Where both places of a key are another's, the one that was refused longer ago is forgotten.
#[derive(Debug, Default)]
pub(super) struct Table(OnceLock<Box<[Place]>>);

/// Lines of its own, so that whoever writes to one does not slow down those who read the next.
#[derive(Debug)]
#[repr(align(64))]
struct Place(SeqLock<Option<(Key, Denied)>>);

const _: () = assert!(PLACES * size_of::<Place>() == 8 << 20, "it is as large as is said");

impl Table {
    pub(super) fn get(&self, key: Key) -> Option<Denied> {
        of(key, self.0.get()?).into_iter().find_map(|place| place.holds(key))
    }

    pub(super) fn insert(&self, key: Key, denied: Denied) {
        let places = of(key, self.0.get_or_init(empty));
        // A place of its own or a free one, or else the older one.
        let since = |place: &&Place| {
            let other = place.0.read().filter(|(held, _)| *held != key);
            other.map(|(_, denied)| denied.then)
        };
        if let Some(place) = places.into_iter().min_by_key(since) {
            *place.0.lock_write() = Some((key, denied));
        }
    }

    pub(super) fn remove(&self, key: Key) {
        let Some(places) = self.0.get() else { return };
        // Two who remembered a key at the same time may have put it into both.
        for place in of(key, places) {
            place.clear_of(key);
        }
    }

    pub(super) fn clear(&self) {
        for place in self.0.get().into_iter().flatten() {
            if place.0.read().is_some() {
                *place.0.lock_write() = None;
            }
        }
    }
}

impl Place {
    fn holds(&self, key: Key) -> Option<Denied> {
        self.0.read().filter(|(held, _)| *held == key).map(|(_, denied)| denied)
    }

    fn clear_of(&self, key: Key) {
        // Most often it holds another key or none, and whoever reads that is not to be disturbed.
        if self.holds(key).is_none() {
            return;
        }
        let mut held = self.0.lock_write();
        if held.is_some_and(|(held, _)| held == key) {
            *held = None;
        }
    }
}

fn empty() -> Box<[Place]> {
    (0..PLACES).map(|_| Place(SeqLock::new(None))).collect()
}

/// The places of a key.
fn of(key: Key, places: &[Place]) -> [&Place; 2] {
    array::from_fn(|which| &places[key.part(2 * which) % PLACES])
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::*;
    use crate::arithmetic::State;

    fn denied(number: i64, then: Instant) -> Denied {
        let held = State {
            spent_from: number,
            spent_to: number,
            window_ends_ns: Some(number),
            previous: number,
            blocked_until_ns: Some(number),
            lapses_at_ns: Some(number),
        };
        Denied { held, then_ns: number, then }
    }

    /// One that has these places.
    fn key(first: u64, second: u64) -> Key {
        Key(u128::from(second) << 64 | u128::from(first))
    }

    #[test]
    fn a_key_has_two_places_and_gives_way_to_whoever_is_refused_later() {
        let (table, then) = (Table::default(), Instant::now());
        let later = |seconds| then + Duration::from_secs(seconds);
        let number = |key| table.get(key).map(|denied| denied.then_ns);
        // All in the places 1 and 2, of other keys.
        let keys = [1, 2, 3].map(|turn: u64| key(1 | turn << 16, 2 | turn << 16));
        assert_eq!(number(keys[0]), None);
        table.insert(keys[0], denied(10, later(0)));
        table.insert(keys[1], denied(20, later(1)));
        assert_eq!(keys.map(number), [Some(10), Some(20), None]);
        // Told anew it stays where it is.
        table.insert(keys[0], denied(11, later(2)));
        assert_eq!(keys.map(number), [Some(11), Some(20), None]);
        table.insert(keys[2], denied(30, later(3)));
        assert_eq!(keys.map(number), [Some(11), None, Some(30)]);
        table.remove(keys[1]);
        table.remove(keys[0]);
        assert_eq!(keys.map(number), [None, None, Some(30)]);
        table.clear();
        assert_eq!(keys.map(number), [None; 3]);
    }

    /// What is read is what somebody wrote of that key, whole.
    #[test]
    fn who_reads_while_others_write_sees_no_mixture() {
        let (table, then) = (Table::default(), Instant::now());
        let keys = [0, 1, 2, 3].map(|turn: u64| key(7 | turn << 16, 8 | turn << 16));
        let place = |key: Key| i64::try_from(key.0 >> 16 & 3).unwrap();
        std::thread::scope(|scope| {
            let writer = |first: i64| {
                let table = &table;
                move || {
                    let turns = (first..).step_by(7).take(20_000);
                    for (turn, key) in turns.zip(keys.iter().cycle()) {
                        table.insert(*key, denied(turn - turn % 4 + place(*key), then));
                        if turn % 5 == 0 {
                            table.remove(*key);
                        }
                    }
                }
            };
            let writers = [scope.spawn(writer(0)), scope.spawn(writer(3))];
            while !writers.iter().all(std::thread::ScopedJoinHandle::is_finished) {
                for key in keys {
                    if let Some(Denied { held, then_ns, .. }) = table.get(key) {
                        assert_eq!(held, denied(then_ns, then).held);
                        assert_eq!(then_ns % 4, place(key), "it is of another key");
                    }
                }
            }
        });
    }
}
