//! Takes from several keys at once, or from none: what the lanes of `take.sql` do.

use std::{collections::HashMap, sync::Arc};

use pgstead_store::{
    Clock, Db, Parameter, Result, Session, Wait, Work, tokio_postgres::types::Type,
};

use crate::{
    Inner, Policy,
    arithmetic::{State, Terms, Window, available},
    lanes::{Answer, Key, Sql, Statements, Storage, read},
    lapse,
    penalty::{Penalty, Refused, punish},
};

pub(crate) static TAKE: Sql = Sql::new(include_str!("../sql/take.sql"));
pub(crate) static ENSURE: Sql = Sql::new(include_str!("../sql/ensure.sql"));

/// After so many rounds calls that share a key are served one by one.
const ROUNDS_TOGETHER: usize = 3;
/// Reservations that a flush lets lapse. More of its keys lapse when the keeper comes by.
const MOST_LAPSED: i32 = 10_000;

/// What is to be taken together.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// Of each key one.
    legs: Vec<Leg>,
    kind: Kind,
}

/// What is to be taken from one key.
#[derive(Clone, Debug)]
pub(crate) struct Leg {
    pub(crate) key: Key,
    pub(crate) storage: Storage,
    pub(crate) units: i64,
    pub(crate) terms: Terms,
    pub(crate) penalty: Option<Arc<Penalty>>,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    /// All or nothing.
    All,
    /// All or nothing of one key, and a reservation over it.
    Reserve { id: Key, ttl_ns: i64 },
    /// As much of one key as there is.
    Lease,
}

/// What came of a call.
#[derive(Clone, Debug)]
pub(crate) struct CallAnswer {
    pub(crate) granted: bool,
    /// Where each key stood after it.
    pub(crate) legs: Vec<State>,
    /// When the row of the first was made.
    pub(crate) born_ns: Option<i64>,
    pub(crate) now_ns: i64,
}

impl Leg {
    pub(crate) fn new(inner: &Inner, policy: &Policy, key: Key, units: i64) -> Self {
        let (storage, penalty) = (policy.storage(), policy.penalty().cloned());
        Self { key, storage, units, terms: inner.terms(policy), penalty }
    }
}

impl Call {
    pub(crate) fn of(leg: Leg) -> Self {
        Self { legs: vec![leg], kind: Kind::All }
    }

    /// From each of these; those of one key are added up.
    pub(crate) fn all(legs: impl IntoIterator<Item = Leg>) -> Self {
        let mut each: Vec<Leg> = Vec::new();
        for leg in legs {
            match each.iter_mut().find(|known| known.place() == leg.place()) {
                Some(known) => known.units = known.units.saturating_add(leg.units),
                None => each.push(leg),
            }
        }
        Self { legs: each, kind: Kind::All }
    }

    pub(crate) fn reserve(leg: Leg, id: Key, ttl_ns: i64) -> Self {
        Self { legs: vec![leg], kind: Kind::Reserve { id, ttl_ns } }
    }

    pub(crate) fn lease(leg: Leg) -> Self {
        Self { legs: vec![leg], kind: Kind::Lease }
    }

    /// Where the leg of a key is in the call, and in its answer.
    pub(crate) fn leg_of(&self, storage: Storage, key: Key) -> Option<usize> {
        self.legs.iter().position(|leg| leg.place() == (storage, key))
    }

    /// What a leg of the call wants.
    pub(crate) fn units_of(&self, leg: usize) -> i64 {
        self.legs[leg].units
    }
}

impl Leg {
    /// In this order rows are locked.
    fn place(&self) -> (Storage, Key) {
        (self.storage, self.key)
    }
}

impl CallAnswer {
    /// Of a call of one leg.
    pub(crate) fn only(self) -> Answer {
        Answer { granted: self.granted, held: self.legs.first().copied(), now_ns: self.now_ns }
    }
}

/// Takes from several keys, of either storage.
#[derive(Debug)]
pub(crate) struct Lanes {
    db: Db,
    clock: Clock,
}

impl Lanes {
    pub(crate) fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock }
    }
}

impl Work for Lanes {
    type Ask = Call;
    type Answer = CallAnswer;
    type Session = Session;

    /// The first key: that another may be shared is what rows are locked for.
    fn row(&self, call: &Call) -> u128 {
        call.legs.first().map_or(0, |leg| leg.key.0)
    }

    async fn open(&self) -> Result<Session> {
        self.db.session().await
    }

    async fn lost(&self, session: &mut Session) {
        session.lost().await;
    }

    async fn flush(
        &self,
        session: &mut Session,
        calls: &[Call],
        wait: Wait,
    ) -> Result<Vec<CallAnswer>> {
        let mut statements = Statements::new(session, Storage::Fast, &self.clock, wait);
        let mut flush = Flush::new(calls);
        let (mut round, mut lapsed) = (0, false);
        loop {
            while !flush.open.is_empty() {
                round += 1;
                flush.round(&mut statements, round).await?;
            }
            if lapsed || !flush.let_lapse(&mut statements).await? {
                break;
            }
            lapsed = true;
        }
        flush.punish(&mut statements).await?;
        let answered = |answer: Option<CallAnswer>| answer.expect("each call is answered");
        Ok(flush.answers.into_iter().map(answered).collect())
    }
}

/// What is known of a row while a flush goes on.
struct Row {
    storage: Storage,
    key: Key,
    terms: Terms,
    state: State,
    born_ns: Option<i64>,
    /// What there is, in units; before it has been looked at, as much as there can be.
    left: i64,
    is_known: bool,
    // What this round asks of it.
    wanted: i64,
    step: Option<i64>,
    /// The first call of those that share keys, or its own place where nobody wants it.
    call: usize,
    taken: bool,
}

/// A flush: its calls, and the rows that they touch in the order in which they are locked.
struct Flush<'a> {
    calls: &'a [Call],
    /// The rows of each call's legs.
    rows_of: Vec<Vec<usize>>,
    rows: Vec<Row>,
    /// The calls that are not answered yet, in the order of their coming.
    open: Vec<usize>,
    answers: Vec<Option<CallAnswer>>,
    now_ns: i64,
}

impl<'a> Flush<'a> {
    fn new(calls: &'a [Call]) -> Self {
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
                call: 0,
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
        }
    }

    /// Takes for as many as can be served as far as is known, looks where the others want
    /// something, and answers all for whom this decides.
    async fn round(&mut self, statements: &mut Statements<'_>, round: usize) -> Result<()> {
        let chosen = self.choose(round);
        let looked_at = self.ask(statements, &chosen, round).await?;
        self.share(&chosen);
        // Who wants more than is left anywhere is refused.
        for at in std::mem::take(&mut self.open) {
            if self.answers[at].is_some() {
                continue;
            }
            let rows = &self.rows_of[at];
            let lacks = self.calls[at].legs.iter().zip(rows).any(|(leg, row)| {
                let row = &self.rows[*row];
                row.is_known && leg.units > row.left
            });
            let all_known = rows.iter().all(|row| self.rows[*row].is_known);
            if lacks && all_known && !matches!(self.calls[at].kind, Kind::Lease) {
                self.answers[at] = Some(self.answer(at, false));
            } else {
                self.open.push(at);
            }
        }
        debug_assert!(looked_at > 0, "a round asks for something");
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
            // Of those who want more than there can ever be, one asks, to hear that there is less.
            let hopeless =
                legs.clone().any(|(leg, row)| leg.units > self.rows[*row].terms.capacity);
            if fits && !hopeless {
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
            row.call = at;
        }
        for at in chosen {
            for pair in self.rows_of[*at].windows(2) {
                let (one, other) = (self.first_of(pair[0]), self.first_of(pair[1]));
                self.rows[one.max(other)].call = one.min(other);
            }
        }
        for at in 0..self.rows.len() {
            self.rows[at].call = self.first_of(at);
        }
    }

    fn first_of(&self, mut row: usize) -> usize {
        while self.rows[row].call != row {
            row = self.rows[row].call;
        }
        row
    }

    /// Asks for what the chosen want, and looks at what the other open calls want. How many rows.
    async fn ask(
        &mut self,
        statements: &mut Statements<'_>,
        chosen: &[usize],
        round: usize,
    ) -> Result<usize> {
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
        // Where each statement is a round trip, rows are made when they have been missed.
        let ensures = statements.sends_together() || round > 1;
        let rows = given.run(statements, now_ns, ensures).await?;
        assert_eq!(rows.len(), asked.len(), "a row comes back for each key");
        for (at, found) in asked.iter().zip(&rows) {
            let row = &mut self.rows[*at];
            let (state, now_ns) = read(found)?;
            (row.is_known, row.taken) = (found.try_get(7)?, found.try_get(8)?);
            self.now_ns = now_ns;
            row.born_ns = found.try_get(9)?;
            row.state = state;
            row.left = available(Some(state), now_ns, &row.terms);
        }
        Ok(asked.len())
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
                lapse::lapse(&mut statements.on(storage), Some(&keys), MOST_LAPSED).await?;
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

/// The parameters that are arrays.
#[derive(Default)]
struct Given {
    keys: Vec<Key>,
    durable: Vec<bool>,
    calls: Vec<i32>,
    wanted: Vec<i64>,
    steps: Vec<Option<i64>>,
    capacities: Vec<i64>,
    windows_ns: Vec<Option<i64>>,
    slide: Vec<bool>,
    before_ns: Vec<Option<i64>>,
    ends_ns: Vec<Option<i64>>,
    after_ns: Vec<Option<i64>>,
    reservations: Vec<Key>,
    reserved_keys: Vec<Key>,
    reserved: Vec<i64>,
    units: Vec<i64>,
    ttls_ns: Vec<i64>,
}

impl Given {
    fn push(&mut self, row: &Row) {
        let (length_ns, ends_ns) = row.terms.window.lengths();
        self.keys.push(row.key);
        self.durable.push(row.storage == Storage::Durable);
        self.calls.push(i32::try_from(row.call).expect("a flush is bounded"));
        self.wanted.push(row.wanted);
        self.steps.push(row.step);
        self.capacities.push(row.terms.capacity);
        self.windows_ns.push(length_ns);
        self.slide.push(matches!(row.terms.window, Window::Sliding { .. }));
        self.before_ns.push(ends_ns.map(|ends| ends[0]));
        self.ends_ns.push(ends_ns.map(|ends| ends[1]));
        self.after_ns.push(ends_ns.map(|ends| ends[2]));
    }

    fn reserve(&mut self, leg: &Leg, id: Key, ttl_ns: i64) {
        self.reservations.push(id);
        self.reserved_keys.push(leg.key);
        self.reserved.push(leg.units);
        self.units.push(leg.terms.unit.get());
        self.ttls_ns.push(ttl_ns);
    }

    /// Makes the rows that are missing if it is to, and takes.
    async fn run(
        &self,
        statements: &mut Statements<'_>,
        now_ns: Option<i64>,
        ensures: bool,
    ) -> Result<Vec<pgstead_store::tokio_postgres::Row>> {
        let bigints = Type::INT8_ARRAY;
        let parameters: [Parameter<'_>; 17] = [
            (&self.keys, Type::UUID_ARRAY),
            (&self.durable, Type::BOOL_ARRAY),
            (&self.calls, Type::INT4_ARRAY),
            (&self.wanted, bigints.clone()),
            (&self.steps, bigints.clone()),
            (&self.capacities, bigints.clone()),
            (&self.windows_ns, bigints.clone()),
            (&self.slide, Type::BOOL_ARRAY),
            (&self.before_ns, bigints.clone()),
            (&self.ends_ns, bigints.clone()),
            (&self.after_ns, bigints.clone()),
            (&self.reservations, Type::UUID_ARRAY),
            (&self.reserved_keys, Type::UUID_ARRAY),
            (&self.reserved, bigints.clone()),
            (&self.units, bigints.clone()),
            (&self.ttls_ns, bigints),
            (&now_ns, Type::INT8),
        ];
        // The fast ones stand first.
        let split = self.durable.partition_point(|durable| !durable);
        let (fast, durable) = self.keys.split_at(split);
        let (of_fast, of_durable): ([Parameter<'_>; 1], [Parameter<'_>; 1]) =
            ([(&fast, Type::UUID_ARRAY)], [(&durable, Type::UUID_ARRAY)]);
        let mut queries: Vec<(&'static str, &[Parameter<'_>])> = Vec::with_capacity(3);
        if ensures && !fast.is_empty() {
            queries.push((ENSURE.on(Storage::Fast), &of_fast));
        }
        if ensures && !durable.is_empty() {
            queries.push((ENSURE.on(Storage::Durable), &of_durable));
        }
        queries.push((TAKE.on(Storage::Fast), &parameters));
        let mut rows = statements.pipeline(&queries).await?;
        Ok(rows.pop().unwrap_or_default())
    }
}

impl Window {
    /// How long it is, if it slides.
    pub(crate) fn slides_ns(self) -> Option<i64> {
        match self {
            Self::Sliding { length_ns } => Some(length_ns),
            _ => None,
        }
    }

    /// How long it is, or when the calendar's periods end.
    pub(crate) fn lengths(self) -> (Option<i64>, Option<[i64; 3]>) {
        match self {
            Self::Refill => (None, None),
            Self::Fixed { length_ns } | Self::Sliding { length_ns } => (Some(length_ns), None),
            Self::Calendar { ends_ns } => (None, Some(ends_ns)),
            Self::Permits { ttl_ns } => (Some(ttl_ns), None),
        }
    }
}
