//! Takes from a limit, or says when that will be possible.

mod known;

use std::{num::NonZeroI64, sync::Arc, vec};

use pgstead_store::{
    Parameter, Result,
    tokio_postgres::{Row, types::Type},
};
use tokio::time::Instant;

use crate::{
    Algorithm, Check, Decision, Inner, Limits, Policy, Source,
    arithmetic::{State, Window, available},
    ask::is_outage,
    habit::Habit,
    lanes::{Answer, Ask, Key, ROUNDS_TOGETHER, Sql, Statements, Verb, read},
    lapse,
    penalty::{Refused, punish},
    take::{Call, Leg},
};
use known::{Granted, Known};
pub(crate) use known::{KNOWN_BUCKET, KNOWN_WINDOW};

pub(crate) static TOKEN_BUCKET: Sql = Sql::new(include_str!("../sql/check_token_bucket.sql"));
pub(crate) static FIXED_WINDOW: Sql = Sql::new(include_str!("../sql/check_fixed_window.sql"));
pub(crate) static SLIDING_WINDOW: Sql = Sql::new(include_str!("../sql/check_sliding_window.sql"));

impl Limits {
    /// Takes the cost if there is so much, else nothing.
    ///
    /// When PostgreSQL does not answer within the policy's timeout, the policy's outage rule
    /// decides; whether the cost has been taken is not known then. An error is a fault that
    /// waiting does not cure, such as a database without our tables.
    pub async fn check(&self, check: &Check) -> Result<Decision> {
        let policy = self.policy_of(&check.subject);
        let decision = self.inner.decide(&policy, check).await?;
        self.inner.tops.record(&policy, check, &decision);
        Ok(if policy.is_shadow() { decision.shadowed() } else { decision })
    }
}

impl Inner {
    async fn decide(self: &Arc<Self>, policy: &Arc<Policy>, check: &Check) -> Result<Decision> {
        let terms = policy.timeless_terms();
        let (key, units) = (check.subject.key, terms.units(check.cost));
        let began = Instant::now();
        if let Some(covered) = self.grant_leased(policy, key, units, began) {
            return Ok(Decision::Allow(covered.standing));
        }
        if let Some(refused) = self.denied.decide(key, units, terms, began) {
            return Ok(refused);
        }
        let seen = self.denied.seen(key, began);
        match self.take_one(policy, key, units).await {
            Ok(answer) => {
                self.denied.remember(policy, &answer, seen);
                Ok(Decision::of(&answer, terms, units, Source::Database))
            }
            Err(error) if is_outage(&error) => {
                Ok(self.side(policy.storage()).outages.decide(policy, check))
            }
            Err(error) => Err(error),
        }
    }

    async fn take_one(&self, policy: &Arc<Policy>, key: Key, units: i64) -> Result<Answer> {
        if policy.algorithm() != Algorithm::Quota {
            return self.ask(policy, key, Verb::Take { units }).await;
        }
        // Its statement is the one that knows calendars.
        let call = Call::of(Leg::new(self, policy, key, units));
        // Not in the future of those who ask for one key.
        let answer = Box::pin(self.ask_several(call, &[policy])).await?;
        Ok(answer.only())
    }
}

/// Those who take from one key: where they stand among the asks.
struct Group {
    start: usize,
    end: usize,
    /// What there was when last seen, in units; at first, as much as there can be.
    left: i64,
    /// Whether it is asked for as a key with a row that has enough.
    is_known: bool,
}

/// Takes for those who take, first come first served from one grant for each key.
///
/// Callers who all want the same are decided in one round: what is granted is a multiple of it.
/// Where the costs differ, a round bids for as many callers as fit into what was last seen, all or
/// nothing; if there was less, the next round bids for those who fit into that.
pub(crate) async fn flush(
    statements: &mut Statements<'_>,
    asks: &[Ask],
    answers: &mut [Option<Answer>],
    habit: &mut Habit,
) -> Result<()> {
    let mut groups = groups(asks);
    // Where each statement is a round trip, what that did not answer would cost two.
    let mut known =
        if statements.sends_together() { Known::among(&mut groups, asks, habit) } else { None };
    let mut round = 0;
    let mut lapsed = false;
    while !groups.is_empty() {
        round += 1;
        let bids = Bids::collect(&groups, asks, answers, round);
        let mut outcomes = bids.take(statements, known.take(), habit).await?;
        // What is still open goes to the front, in its order, and into the next round.
        let mut open = 0;
        for at in 0..groups.len() {
            let group = &mut groups[at];
            let outcome = outcomes.next_for(group, asks)?;
            if let Some((state, now_ns)) = outcome {
                group.share(asks, answers, state, now_ns);
            }
            let is_open =
                outcome.is_none_or(|(state, now_ns)| group.is_open(asks, answers, state, now_ns));
            group.is_known = false;
            if is_open {
                groups.swap(open, at);
                open += 1;
            }
        }
        groups.truncate(open);
        if groups.is_empty() && !lapsed {
            lapsed = true;
            groups = let_lapse(statements, asks, answers).await?;
        }
    }
    let refused = refused(asks, answers);
    punish(statements, &refused, answers).await
}

/// Those who were refused while something of their key's was to lapse ask once more, when it has.
async fn let_lapse(
    statements: &mut Statements<'_>,
    asks: &[Ask],
    answers: &mut [Option<Answer>],
) -> Result<Vec<Group>> {
    let is_due = |answer: &Option<Answer>| answer.as_ref().is_some_and(lapse::is_due);
    if !answers.iter().any(is_due) {
        return Ok(Vec::new());
    }
    let (mut groups, mut keys) = (groups(asks), Vec::new());
    groups.retain(|group| {
        let these = &mut answers[group.start..group.end];
        if !these.iter().any(is_due) {
            return false;
        }
        these.iter_mut().filter(|answer| is_due(answer)).for_each(|answer| *answer = None);
        keys.push(asks[group.start].key);
        true
    });
    lapse::lapse(statements, &keys).await?;
    Ok(groups)
}

/// The refusals of policies that have penalties, by key.
fn refused<'a>(asks: &'a [Ask], answers: &[Option<Answer>]) -> Vec<Refused<'a>> {
    let each = asks.iter().zip(answers).enumerate();
    each.filter_map(|(at, (ask, answer))| {
        let (penalty, units) = (ask.penalty.as_deref()?, ask.units()?);
        let held = answer.filter(|answer| !answer.granted)?.held?;
        let most = ask.terms.capacity.saturating_mul(2);
        let slides_ns = ask.terms.window.slides_ns();
        Some(Refused { at, key: ask.key, penalty, units, most, slides_ns, spent_to: held.spent_to })
    })
    .collect()
}

/// The asks of a key stand together. Those that do not take are answered elsewhere.
fn groups(asks: &[Ask]) -> Vec<Group> {
    let mut groups = Vec::with_capacity(asks.len());
    let mut start = 0;
    for same in asks.chunk_by(|one, other| one.key == other.key) {
        let end = start + same.len();
        // It begins with one who takes, by whose terms it goes: who gives a lease back has none.
        if let Some(first) = same.iter().position(|ask| ask.units().is_some()) {
            let left = same[first].terms.capacity;
            groups.push(Group { start: start + first, end, left, is_known: false });
        }
        start = end;
    }
    groups
}

impl Group {
    /// What the group wants of the database, and the step of it.
    fn bid(&self, asks: &[Ask], answers: &[Option<Answer>], round: usize) -> (i64, NonZeroI64) {
        let these = asks[self.start..self.end].iter().zip(&answers[self.start..self.end]);
        let mut waiting =
            these.filter(|(_, answer)| answer.is_none()).filter_map(|(ask, _)| ask.units());
        let first = waiting.next().unwrap_or(1);
        let (mut alike, mut all, mut fitting) = (true, first, first);
        for units in waiting {
            alike &= units == first;
            all = all.saturating_add(units);
            if round <= ROUNDS_TOGETHER && units <= self.left - fitting {
                fitting += units;
            }
        }
        if alike {
            (all.min(self.left / first * first), step(first))
        } else {
            (fitting, step(fitting))
        }
    }

    /// Gives what was granted to those who wait, and tells each where the key stood after him.
    fn share(&self, asks: &[Ask], answers: &mut [Option<Answer>], state: State, now_ns: i64) {
        let mut spent_to = state.spent_from;
        for at in self.start..self.end {
            let (None, Some(units)) = (&answers[at], asks[at].units()) else {
                continue;
            };
            if units <= state.spent_to - spent_to {
                spent_to += units;
                let held = Some(State { spent_to, ..state });
                answers[at] = Some(Answer { granted: true, held, now_ns });
            }
        }
        debug_assert_eq!(spent_to, state.spent_to, "all that was granted is given to somebody");
    }

    /// Refuses those who want more than there is. Whether anybody waits after that.
    fn is_open(
        &mut self,
        asks: &[Ask],
        answers: &mut [Option<Answer>],
        state: State,
        now_ns: i64,
    ) -> bool {
        self.left = available(Some(state), now_ns, &asks[self.start].terms);
        let mut open = false;
        for at in self.start..self.end {
            let (None, Some(units)) = (&answers[at], asks[at].units()) else {
                continue;
            };
            if units > self.left {
                answers[at] = Some(Answer { granted: false, held: Some(state), now_ns });
            } else {
                open = true;
            }
        }
        open
    }
}

/// What is wanted of each algorithm's statement.
#[derive(Default)]
struct Bids {
    buckets: Parameters,
    windows: Parameters,
    sliding: Parameters,
}

/// The parameters that are arrays.
#[derive(Default)]
struct Parameters {
    keys: Vec<Key>,
    wanted: Vec<i64>,
    steps: Vec<i64>,
    capacities: Vec<i64>,
    windows_ns: Vec<i64>,
}

/// What came back from each, in the order in which it was asked.
struct Outcomes {
    known: Granted,
    buckets: vec::IntoIter<Row>,
    windows: vec::IntoIter<Row>,
    sliding: vec::IntoIter<Row>,
}

impl Bids {
    fn collect(groups: &[Group], asks: &[Ask], answers: &[Option<Answer>], round: usize) -> Self {
        let mut bids = Self::default();
        for (at, group) in groups.iter().enumerate().filter(|(_, group)| !group.is_known) {
            let (wanted, step) = group.bid(asks, answers, round);
            let ask = &asks[group.start];
            let parameters = match ask.terms.window {
                Window::Refill => &mut bids.buckets,
                Window::Sliding { .. } => &mut bids.sliding,
                _ => &mut bids.windows,
            };
            // As a rule those that come are of the same algorithm.
            let more = groups.len() - at;
            parameters.push(ask, wanted, step, more);
        }
        bids
    }

    /// Runs a statement for each algorithm that is wanted and one for known keys, all in one round trip.
    async fn take(
        &self,
        statements: &mut Statements<'_>,
        known: Option<Known>,
        habit: &mut Habit,
    ) -> Result<Outcomes> {
        let now_ns = statements.now_ns();
        let of_known = known.as_ref().map(|known| (known, known.typed(&now_ns)));
        let of_buckets = self.buckets.typed(&now_ns);
        let (of_windows, of_sliding) = (self.windows.typed(&now_ns), self.sliding.typed(&now_ns));
        let mut queries: Vec<(&'static Sql, &[Parameter<'_>])> = Vec::with_capacity(2);
        if let Some((known, parameters)) = &of_known {
            queries.push((known.sql(), parameters));
        }
        if !self.buckets.keys.is_empty() {
            queries.push((&TOKEN_BUCKET, &of_buckets));
        }
        if !self.windows.keys.is_empty() {
            queries.push((&FIXED_WINDOW, &of_windows));
        }
        if !self.sliding.keys.is_empty() {
            queries.push((&SLIDING_WINDOW, &of_sliding));
        }
        let mut answered = statements.run(&queries).await?.into_iter();
        let known = match &known {
            Some(known) => {
                let rows = answered.next().unwrap_or_default();
                Granted::read(&rows, known, now_ns, habit)?
            }
            None => Granted::default(),
        };
        let mut rows_of = |parameters: &Parameters| {
            let rows = match parameters.keys.len() {
                0 => Vec::new(),
                _ => answered.next().unwrap_or_default(),
            };
            assert_eq!(rows.len(), parameters.keys.len(), "a row comes back for each key");
            rows.into_iter()
        };
        let (buckets, windows) = (rows_of(&self.buckets), rows_of(&self.windows));
        Ok(Outcomes { known, buckets, windows, sliding: rows_of(&self.sliding) })
    }
}

impl Parameters {
    fn push(&mut self, ask: &Ask, wanted: i64, step: NonZeroI64, more: usize) {
        if self.keys.is_empty() {
            self.keys.reserve_exact(more);
            self.wanted.reserve_exact(more);
            self.steps.reserve_exact(more);
            self.capacities.reserve_exact(more);
        }
        self.keys.push(ask.key);
        self.wanted.push(wanted);
        self.steps.push(step.get());
        self.capacities.push(ask.terms.capacity);
        if let Window::Fixed { length_ns } | Window::Sliding { length_ns } = ask.terms.window {
            self.windows_ns.push(length_ns);
        }
    }

    /// As the statements have them: that of buckets knows no windows.
    #[expect(clippy::ref_option, reason = "a parameter is a reference to what it is")]
    fn typed<'a>(&'a self, now_ns: &'a Option<i64>) -> Vec<Parameter<'a>> {
        let mut typed: Vec<Parameter<'a>> = Vec::with_capacity(6);
        if self.keys.is_empty() {
            return typed;
        }
        typed.push((&self.keys, Type::UUID_ARRAY));
        typed.push((&self.wanted, Type::INT8_ARRAY));
        typed.push((&self.steps, Type::INT8_ARRAY));
        typed.push((&self.capacities, Type::INT8_ARRAY));
        if !self.windows_ns.is_empty() {
            typed.push((&self.windows_ns, Type::INT8_ARRAY));
        }
        typed.push((now_ns, Type::INT8));
        typed
    }
}

impl Outcomes {
    /// The state of the group after its bid, and the time. Nothing of one whose bid was for a known key
    /// and that turned out to be none: the bid is still to be made.
    fn next_for(&mut self, group: &Group, asks: &[Ask]) -> Result<Option<(State, i64)>> {
        let ask = &asks[group.start];
        if group.is_known {
            return Ok(self.known.next_for(ask.key));
        }
        let rows = match ask.terms.window {
            Window::Refill => &mut self.buckets,
            Window::Sliding { .. } => &mut self.sliding,
            _ => &mut self.windows,
        };
        read(&rows.next().expect("a row came back for each key")).map(Some)
    }
}

/// A step of so many units.
pub(crate) fn step(units: i64) -> NonZeroI64 {
    NonZeroI64::new(units).expect("a cost is at least 1")
}
