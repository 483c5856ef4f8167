//! Takes from a limit, or says when that will be possible.

use std::{fmt, num::NonZeroI64, sync::Arc, time::Duration, vec};

use pgstead_store::{
    Parameter, Result,
    tokio_postgres::{Row, types::Type},
};

use crate::{
    Limits, OnOutage, Policy,
    arithmetic::{State, Terms, available},
    lanes::{Answer, Ask, Key, Sql, Statements, Verb, read},
};

pub(crate) static TOKEN_BUCKET: Sql = Sql::new(include_str!("../sql/check_token_bucket.sql"));
pub(crate) static FIXED_WINDOW: Sql = Sql::new(include_str!("../sql/check_fixed_window.sql"));

/// One key of one policy.
#[derive(Clone, Debug)]
pub struct Subject {
    pub(crate) policy: Arc<Policy>,
    pub(crate) key: Key,
}

/// A cost that a key is asked to bear. It has been checked that the policy can grant it at all.
#[derive(Clone, Debug)]
pub struct Check {
    pub(crate) subject: Subject,
    pub(crate) cost: u64,
}

/// Why nothing was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Invalid {
    /// There is no policy of that name.
    UnknownPolicy {
        /// The name.
        name: String,
    },
    /// A key has at least one byte.
    EmptyKey,
    /// A key has at most [`LONGEST_KEY`] bytes.
    LongKey {
        /// How many it had.
        bytes: usize,
    },
    /// A check costs at least 1; to look without taking is to peek.
    ZeroCost,
    /// It costs more than the policy can ever grant at once.
    CostAboveCapacity {
        /// What it would cost.
        cost: u64,
        /// The burst of the token bucket, or the limit of the window.
        capacity: u64,
    },
}

/// The most bytes of a key.
pub const LONGEST_KEY: usize = 1024;

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// The cost has been taken.
    Allow(Standing),
    /// Nothing has been taken.
    Deny {
        /// After this time the same check is granted, if nobody else takes from the key.
        retry_after: Duration,
        /// Where the key stands.
        standing: Standing,
    },
}

/// Where a key stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Standing {
    /// How much can be taken now.
    pub remaining: u64,
    /// How long until the key is as if nothing had been taken.
    pub reset_after: Duration,
    /// Who says so.
    pub source: Source,
}

/// Who decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// PostgreSQL: exact, over all processes.
    Database,
    /// The policy's rule for when PostgreSQL does not answer.
    Outage(OnOutage),
}

impl Limits {
    /// One key of one policy.
    pub fn subject(&self, policy: &str, key: &str) -> Result<Subject, Invalid> {
        let Some(policy) = self.policies.get(policy) else {
            return Err(Invalid::UnknownPolicy { name: policy.to_owned() });
        };
        match key.len() {
            0 => Err(Invalid::EmptyKey),
            1..=LONGEST_KEY => Ok(Subject { policy: Arc::clone(policy), key: policy.key(key) }),
            bytes => Err(Invalid::LongKey { bytes }),
        }
    }

    /// Takes the cost if there is so much, else nothing.
    ///
    /// When PostgreSQL does not answer within the policy's timeout, the policy's outage rule
    /// decides; whether the cost has been taken is not known then. An error is a fault that
    /// waiting does not cure, such as a database without our tables.
    pub async fn check(&self, check: &Check) -> Result<Decision> {
        let Check { subject: Subject { policy, key }, cost } = check;
        let terms = *policy.terms();
        let units = terms.units(*cost);
        let ask = Ask { key: *key, terms, verb: Verb::Take { units } };
        let side = self.side(policy);
        match side.lanes.ask(ask, policy.timeout()).await {
            Ok(answer) => {
                side.outages.ended();
                Ok(Decision::of(&answer, &terms, units, Source::Database))
            }
            Err(error) if error.is_unavailable() || error.is_timeout() => {
                Ok(side.outages.decide(check, &error))
            }
            Err(error) => Err(error),
        }
    }
}

impl Subject {
    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// A check that costs so much.
    pub fn costing(self, cost: u64) -> Result<Check, Invalid> {
        match cost {
            0 => Err(Invalid::ZeroCost),
            cost if cost > self.policy.capacity() => {
                Err(Invalid::CostAboveCapacity { cost, capacity: self.policy.capacity() })
            }
            cost => Ok(Check { subject: self, cost }),
        }
    }
}

impl Check {
    /// Whom it asks.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }
}

impl Decision {
    pub(crate) fn of(answer: &Answer, terms: &Terms, units: i64, source: Source) -> Self {
        let standing = answer.standing(terms, source);
        if answer.granted {
            Self::Allow(standing)
        } else {
            Self::Deny { retry_after: answer.retry_after(terms, units), standing }
        }
    }

    /// Whether the cost has been taken.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allow(_))
    }

    /// Where the key stands after it.
    #[must_use]
    pub fn standing(&self) -> &Standing {
        match self {
            Self::Allow(standing) | Self::Deny { standing, .. } => standing,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database => f.write_str("database"),
            Self::Outage(rule) => write!(f, "outage-{rule}"),
        }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownPolicy { name } => write!(f, "there is no policy {name:?}"),
            Self::EmptyKey => f.write_str("the key is empty"),
            Self::LongKey { bytes } => {
                write!(f, "the key has {bytes} bytes; at most {LONGEST_KEY} are allowed")
            }
            Self::ZeroCost => f.write_str("the cost is 0; it has to be at least 1"),
            Self::CostAboveCapacity { cost, capacity } => write!(
                f,
                "the cost is {cost}, and the policy never grants more than {capacity} at once",
            ),
        }
    }
}

impl std::error::Error for Invalid {}

/// Those who take from one key: where they stand among the asks.
struct Group {
    start: usize,
    end: usize,
    /// What there was when last seen, in units; at first, as much as there can be.
    left: i64,
}

/// After so many rounds the callers of a key are served one by one.
const ROUNDS_TOGETHER: usize = 3;

/// Takes for those who take, first come first served from one grant for each key.
///
/// Callers who all want the same are decided in one round: what is granted is a multiple of it.
/// Where the costs differ, a round bids for as many callers as fit into what was last seen, all or
/// nothing; if there was less, the next round bids for those who fit into that.
pub(crate) async fn flush(
    statements: &mut Statements<'_>,
    asks: &[Ask],
    answers: &mut [Option<Answer>],
) -> Result<()> {
    let mut groups = groups(asks);
    let mut round = 0;
    while !groups.is_empty() {
        round += 1;
        let bids = Bids::collect(&groups, asks, answers, round);
        let mut outcomes = bids.take(statements).await?;
        // What is still open goes to the front, in its order, and into the next round.
        let mut open = 0;
        for at in 0..groups.len() {
            let group = &mut groups[at];
            let (state, now_ns) = outcomes.next_for(&asks[group.start])?;
            group.share(asks, answers, state, now_ns);
            if group.is_open(asks, answers, state, now_ns) {
                groups.swap(open, at);
                open += 1;
            }
        }
        groups.truncate(open);
    }
    Ok(())
}

/// The asks of a key stand together. Those that do not take are answered elsewhere.
fn groups(asks: &[Ask]) -> Vec<Group> {
    let mut groups = Vec::with_capacity(asks.len());
    let mut start = 0;
    for same in asks.chunk_by(|one, other| one.key == other.key) {
        let end = start + same.len();
        if same.iter().any(|ask| ask.units().is_some()) {
            groups.push(Group { start, end, left: same[0].terms.capacity });
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
        if alike { (all.min(self.left), step(first)) } else { (fitting, step(fitting)) }
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
    buckets: vec::IntoIter<Row>,
    windows: vec::IntoIter<Row>,
}

impl Bids {
    fn collect(groups: &[Group], asks: &[Ask], answers: &[Option<Answer>], round: usize) -> Self {
        let mut bids = Self::default();
        for (at, group) in groups.iter().enumerate() {
            let (wanted, step) = group.bid(asks, answers, round);
            let ask = &asks[group.start];
            let parameters = match ask.terms.window_ns {
                None => &mut bids.buckets,
                Some(_) => &mut bids.windows,
            };
            // As a rule those that come are of the same algorithm.
            let more = groups.len() - at;
            parameters.push(ask, wanted, step, more);
        }
        bids
    }

    /// Runs a statement for each algorithm that is wanted, all in one round trip.
    async fn take(&self, statements: &mut Statements<'_>) -> Result<Outcomes> {
        let Self { buckets, windows } = self;
        let now_ns = statements.now_ns();
        let of_buckets: [Parameter<'_>; 5] = [
            (&buckets.keys, Type::UUID_ARRAY),
            (&buckets.wanted, Type::INT8_ARRAY),
            (&buckets.steps, Type::INT8_ARRAY),
            (&buckets.capacities, Type::INT8_ARRAY),
            (&now_ns, Type::INT8),
        ];
        let of_windows: [Parameter<'_>; 6] = [
            (&windows.keys, Type::UUID_ARRAY),
            (&windows.wanted, Type::INT8_ARRAY),
            (&windows.steps, Type::INT8_ARRAY),
            (&windows.capacities, Type::INT8_ARRAY),
            (&windows.windows_ns, Type::INT8_ARRAY),
            (&now_ns, Type::INT8),
        ];
        let queries: [(&'static Sql, &[Parameter<'_>]); 2] =
            [(&TOKEN_BUCKET, &of_buckets), (&FIXED_WINDOW, &of_windows)];
        let (bucket_rows, window_rows) = match (buckets.keys.len(), windows.keys.len()) {
            (_, 0) => (statements.run(&queries[..1]).await?.pop(), None),
            (0, _) => (None, statements.run(&queries[1..]).await?.pop()),
            (_, _) => {
                let mut rows = statements.run(&queries).await?;
                let window_rows = rows.pop();
                (rows.pop(), window_rows)
            }
        };
        let (bucket_rows, window_rows) =
            (bucket_rows.unwrap_or_default(), window_rows.unwrap_or_default());
        assert_eq!(bucket_rows.len(), buckets.keys.len(), "a row comes back for each key");
        assert_eq!(window_rows.len(), windows.keys.len(), "a row comes back for each key");
        Ok(Outcomes { buckets: bucket_rows.into_iter(), windows: window_rows.into_iter() })
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
        self.windows_ns.extend(ask.terms.window_ns);
    }
}

impl Outcomes {
    /// The state of the group of that ask after its bid, and the time.
    fn next_for(&mut self, ask: &Ask) -> Result<(State, i64)> {
        let counted = "a row came back for each key";
        match ask.terms.window_ns {
            None => {
                let row = self.buckets.next().expect(counted);
                let (spent_from, spent_to) = (row.try_get(0)?, row.try_get(1)?);
                let now_ns = row.try_get::<_, Option<i64>>(2)?.unwrap_or(spent_from);
                Ok((State { spent_from, spent_to, window_ends_ns: None }, now_ns))
            }
            Some(_) => read(&self.windows.next().expect(counted)),
        }
    }
}

/// A step of so many units.
pub(crate) fn step(units: i64) -> NonZeroI64 {
    NonZeroI64::new(units).expect("a cost is at least 1")
}
