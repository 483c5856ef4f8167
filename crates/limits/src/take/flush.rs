//! A flush: who is served in which round, and from what.

use std::collections::HashMap;

use pgstead_store::Result;

use super::{Call, CallAnswer, Kind, Leg, statement::Given};
use crate::{
    arithmetic::{State, Terms, available},
    habit::Habit,
    lanes::{Answer, Key, ROUNDS_TOGETHER, Statements, Storage, read},
    lapse,
    penalty::{Refused, punish},
};

/// What is known of a row while a flush goes on.
pub(super) struct Row {
    pub(super) storage: Storage,
    pub(super) key: Key,
    pub(super) terms: Terms,
    state: State,
    born_ns: Option<i64>,
    /// What there is, in units; before it has been looked at, as much as there can be.
    left: i64,
    is_known: bool,
    // What this round asks of it.
    pub(super) wanted: i64,
    pub(super) step: Option<i64>,
    /// The first of the rows that are taken from together, or itself.
    pub(super) first: usize,
    taken: bool,
}

/// A flush: its calls, and the rows that they touch in the order in which they are locked.
pub(super) struct Flush<'a> {
    calls: &'a [Call],
    /// The rows of each call's legs.
    rows_of: Vec<Vec<usize>>,
    rows: Vec<Row>,
    /// The calls that are not answered yet, in the order of their coming.
    open: Vec<usize>,
    answers: Vec<Option<CallAnswer>>,
    now_ns: i64,
    habit: &'a mut Habit,
}

impl<'a> Flush<'a> {
    pub(super) fn new(calls: &'a [Call], habit: &'a mut Habit) -> Self {
        let mut places: Vec<(Storage, Key)> =
            calls.iter().flat_map(|call| call.legs.iter().map(Leg::place)).collect();
        places.sort_unstable();
        places.dedup();
        let index: HashMap<(Storage, Key), usize> =
            places.iter().enumerate().map(|(at, place)| (*place, at)).collect();
        let rows_of: Vec<Vec<usize>> = calls
            .iter()
            .map(|call| call.legs.iter().map(|leg| index[&leg.place()]).collect())
            .collect();
        let mut terms: Vec<Option<Terms>> = vec![None; places.len()];
        for (call, rows) in calls.iter().zip(&rows_of) {
            for (leg, row) in call.legs.iter().zip(rows) {
                terms[*row] = Some(leg.terms);
            }
        }
        let row = |((storage, key), terms): ((Storage, Key), Option<Terms>)| {
            let terms = terms.expect("a leg is of each row");
            Row {
                storage,
                key,
                terms,
                state: State::default(),
                born_ns: None,
                left: terms.capacity,
                is_known: false,
                wanted: 0,
                step: None,
                first: 0,
                taken: false,
            }
        };
        Self {
            calls,
            rows_of,
            rows: places.into_iter().zip(terms).map(row).collect(),
            open: (0..calls.len()).collect(),
            answers: vec![None; calls.len()],
            now_ns: 0,
            habit,
        }
    }

    /// Answers each call, in their order.
    pub(super) async fn run(mut self, statements: &mut Statements<'_>) -> Result<Vec<CallAnswer>> {
        let (mut round, mut lapsed) = (0, false);
        loop {
            while !self.open.is_empty() {
                round += 1;
                self.round(statements, round).await?;
            }
            if lapsed || !self.let_lapse(statements).await? {
                break;
            }
            lapsed = true;
        }
        self.punish(statements).await?;
        let answered = |answer: Option<CallAnswer>| answer.expect("each call is answered");
        Ok(self.answers.into_iter().map(answered).collect())
    }

    /// Takes for as many as can be served as far as is known, looks where the others want
    /// something, and answers all for whom this decides.
    async fn round(&mut self, statements: &mut Statements<'_>, round: usize) -> Result<()> {
        let chosen = self.choose(round);
        self.ask(statements, &chosen, round).await?;
        self.share(&chosen);
        // Who wants more than is left anywhere is refused.
        for at in std::mem::take(&mut self.open) {
            if self.answers[at].is_some() {
                continue;
            }
            let mut legs = self.calls[at].legs.iter().zip(&self.rows_of[at]);
            let is_known = self.rows_of[at].iter().all(|row| self.rows[*row].is_known);
            let lacks = legs.any(|(leg, row)| leg.units > self.rows[*row].left);
            if is_known && lacks && !matches!(self.calls[at].kind, Kind::Lease) {
                self.answers[at] = Some(self.answer(at, false));
            } else {
                self.open.push(at);
            }
        }
        Ok(())
    }

    /// Those that fit into what is left, first come first served. A lease comes when nobody else
    /// wants its key.
    fn choose(&mut self, round: usize) -> Vec<usize> {
        for row in &mut self.rows {
            (row.wanted, row.step, row.taken) = (0, None, false);
        }
        let mut chosen = Vec::new();
        let is_lease = |at: &usize| matches!(self.calls[*at].kind, Kind::Lease);
        let (leases, others): (Vec<usize>, Vec<usize>) =
            self.open.iter().copied().partition(is_lease);
        for at in others {
            let legs = self.calls[at].legs.iter().zip(&self.rows_of[at]);
            let fits = legs.clone().all(|(leg, row)| {
                let row = &self.rows[*row];
                let alone = round <= ROUNDS_TOGETHER || row.wanted == 0;
                alone && leg.units <= row.left - row.wanted
            });
            if fits {
                for (leg, row) in legs {
                    self.rows[*row].wanted += leg.units;
                }
                chosen.push(at);
            }
        }
        for at in leases {
            let row = &mut self.rows[self.rows_of[at][0]];
            if row.wanted == 0 {
                let leg = &self.calls[at].legs[0];
                (row.wanted, row.step) = (leg.units, Some(row.terms.unit.get()));
                chosen.push(at);
            }
        }
        self.join(&chosen);
        chosen
    }

    /// Finds the calls that share keys, however far apart: they are granted together or not.
    fn join(&mut self, chosen: &[usize]) {
        for (at, row) in self.rows.iter_mut().enumerate() {
            row.first = at;
        }
        for at in chosen {
            for pair in self.rows_of[*at].windows(2) {
                let (one, other) = (self.first_of(pair[0]), self.first_of(pair[1]));
                self.rows[one.max(other)].first = one.min(other);
            }
        }
        for at in 0..self.rows.len() {
            self.rows[at].first = self.first_of(at);
        }
    }

    fn first_of(&self, mut row: usize) -> usize {
        while self.rows[row].first != row {
            row = self.rows[row].first;
        }
        row
    }

    /// Asks for what the chosen want, and looks at what the other open calls want.
    async fn ask(
        &mut self,
        statements: &mut Statements<'_>,
        chosen: &[usize],
        round: usize,
    ) -> Result<()> {
        let mut is_asked = vec![false; self.rows.len()];
        for at in &self.open {
            self.rows_of[*at].iter().for_each(|row| is_asked[*row] = true);
        }
        let asked: Vec<usize> = (0..self.rows.len()).filter(|row| is_asked[*row]).collect();
        let mut given = Given::default();
        for row in &asked {
            given.push(&self.rows[*row]);
        }
        for at in chosen {
            if let Call { legs, kind: Kind::Reserve { id, ttl_ns } } = &self.calls[*at] {
                given.reserve(&legs[0], *id, *ttl_ns);
            }
        }
        let now_ns = statements.now_ns();
        // Rows are made when they have been missed, or, where that is no round trip more, when keys
        // have none as a rule.
        let counts_on_rows =
            round == 1 && (!statements.sends_together() || self.habit.is_worth_it());
        let rows = given.run(statements, now_ns, !counts_on_rows).await?;
        assert_eq!(rows.len(), asked.len(), "a row comes back for each key");
        let mut missed = 0;
        for (at, found) in asked.iter().zip(&rows) {
            let row = &mut self.rows[*at];
            let (state, now_ns) = read(found)?;
            (row.is_known, row.taken) = (found.try_get(7)?, found.try_get(8)?);
            missed += usize::from(!row.is_known);
            self.now_ns = now_ns;
            row.born_ns = found.try_get(9)?;
            row.state = state;
            row.left = available(Some(state), now_ns, &row.terms);
        }
        if counts_on_rows {
            self.habit.learn(missed, asked.len());
        }
        Ok(())
    }

    /// Answers the chosen whose rows were granted, each with where his keys stood after him.
    fn share(&mut self, chosen: &[usize]) {
        let mut spent: Vec<i64> = self.rows.iter().map(|row| row.state.spent_from).collect();
        for at in chosen {
            let rows = &self.rows_of[*at];
            if !rows.iter().all(|row| self.rows[*row].taken) {
                continue;
            }
            let mut answer = self.answer(*at, true);
            for ((leg, row), state) in self.calls[*at].legs.iter().zip(rows).zip(&mut answer.legs) {
                state.spent_from = spent[*row];
                // A lease gets what was granted, whatever it wanted; it has the row for itself.
                let got = match self.calls[*at].kind {
                    Kind::Lease => state.granted(),
                    _ => leg.units,
                };
                spent[*row] += got;
                state.spent_to = spent[*row];
            }
            self.answers[*at] = Some(answer);
        }
    }

    fn answer(&self, at: usize, granted: bool) -> CallAnswer {
        let legs = self.rows_of[at].iter().map(|row| self.rows[*row].state).collect();
        let born_ns = self.rows_of[at].first().and_then(|row| self.rows[*row].born_ns);
        CallAnswer { granted, legs, born_ns, now_ns: self.now_ns }
    }

    /// Lets reservations lapse whose time has come and whose keys were refused; those who were
    /// ask once more. Whether there are any.
    async fn let_lapse(&mut self, statements: &mut Statements<'_>) -> Result<bool> {
        let mut due: Vec<(Storage, Key)> = Vec::new();
        for (at, answer) in self.answers.iter_mut().enumerate() {
            let Some(refused) = answer.as_ref().filter(|answer| !answer.granted) else { continue };
            let legs = self.calls[at].legs.iter().zip(&refused.legs);
            let lapses = legs.filter(|(_, state)| {
                let answer = Answer { granted: false, held: Some(**state), now_ns: refused.now_ns };
                lapse::is_due(&answer)
            });
            let before = due.len();
            due.extend(lapses.map(|(leg, _)| leg.place()));
            if due.len() > before {
                *answer = None;
                self.open.push(at);
            }
        }
        for storage in [Storage::Fast, Storage::Durable] {
            let of_it = due.iter().filter(|(other, _)| *other == storage);
            let keys: Vec<Key> = of_it.map(|(_, key)| *key).collect();
            if !keys.is_empty() {
                lapse::lapse(&mut statements.on(storage), &keys).await?;
            }
        }
        for row in &mut self.rows {
            row.left = row.terms.capacity;
        }
        Ok(!due.is_empty())
    }

    /// Punishes the refused, at the keys that refused them.
    async fn punish(&mut self, statements: &mut Statements<'_>) -> Result<()> {
        for storage in [Storage::Fast, Storage::Durable] {
            // Where a leg is told: its call, and its place in that.
            let mut places = Vec::new();
            let mut refused = Vec::new();
            for (at, answer) in self.answers.iter().enumerate() {
                let Some(answer) = answer.as_ref().filter(|answer| !answer.granted) else {
                    continue;
                };
                for (place, (leg, state)) in
                    self.calls[at].legs.iter().zip(&answer.legs).enumerate()
                {
                    let (Some(penalty), true) = (leg.penalty.as_deref(), leg.storage == storage)
                    else {
                        continue;
                    };
                    if leg.units > available(Some(*state), answer.now_ns, &leg.terms) {
                        let (units, spent_to) = (leg.units, state.spent_to);
                        let most = leg.terms.capacity.saturating_mul(2);
                        let (key, slides_ns) = (leg.key, leg.terms.window.slides_ns());
                        let at = places.len();
                        refused.push(Refused {
                            at,
                            key,
                            penalty,
                            units,
                            most,
                            slides_ns,
                            spent_to,
                        });
                        places.push((at, place));
                    }
                }
            }
            if refused.is_empty() {
                continue;
            }
            refused.sort_by_key(|one| one.key);
            let mut told = vec![None; places.len()];
            punish(&mut statements.on(storage), &refused, &mut told).await?;
            for ((at, place), told) in places.into_iter().zip(told) {
                if let (Some(Answer { held: Some(state), .. }), Some(answer)) =
                    (told, &mut self.answers[at])
                {
                    answer.legs[place] = state;
                }
            }
        }
        Ok(())
    }
}
