//! The statement, and what it is given.

use pgstead_store::{
    Parameter, Result,
    tokio_postgres::{Row as Found, types::Type},
};

use super::{Leg, flush::Row};
use crate::lanes::{Key, Sql, Statements, Storage, Windows};

pub(crate) static TAKE: Sql = Sql::new(include_str!("../../sql/take.sql"));
pub(crate) static ENSURE: Sql = Sql::new(include_str!("../../sql/ensure.sql"));

/// The parameters that are arrays.
#[derive(Default)]
pub(super) struct Given {
    keys: Vec<Key>,
    durable: Vec<bool>,
    calls: Vec<i32>,
    wanted: Vec<i64>,
    steps: Vec<Option<i64>>,
    capacities: Vec<i64>,
    windows: Windows,
    reservations: Vec<Key>,
    reserved_keys: Vec<Key>,
    reserved: Vec<i64>,
    units: Vec<i64>,
    ttls_ns: Vec<i64>,
}

impl Given {
    pub(super) fn push(&mut self, row: &Row) {
        self.keys.push(row.key);
        self.durable.push(row.storage == Storage::Durable);
        self.calls.push(i32::try_from(row.first).expect("a flush is bounded"));
        self.wanted.push(row.wanted);
        self.steps.push(row.step);
        self.capacities.push(row.terms.capacity);
        self.windows.push(row.terms.window);
    }

    pub(super) fn reserve(&mut self, leg: &Leg, id: Key, ttl_ns: i64) {
        self.reservations.push(id);
        self.reserved_keys.push(leg.key);
        self.reserved.push(leg.units);
        self.units.push(leg.terms.unit.get());
        self.ttls_ns.push(ttl_ns);
    }

    /// Makes the rows that are missing if it is to, and takes.
    pub(super) async fn run(
        &self,
        statements: &mut Statements<'_>,
        now_ns: Option<i64>,
        ensures: bool,
    ) -> Result<Vec<Found>> {
        let bigints = Type::INT8_ARRAY;
        let parameters: [Parameter<'_>; 17] = [
            (&self.keys, Type::UUID_ARRAY),
            (&self.durable, Type::BOOL_ARRAY),
            (&self.calls, Type::INT4_ARRAY),
            (&self.wanted, bigints.clone()),
            (&self.steps, bigints.clone()),
            (&self.capacities, bigints.clone()),
            (&self.windows.lengths_ns, bigints.clone()),
            (&self.windows.slide, Type::BOOL_ARRAY),
            (&self.windows.before_ns, bigints.clone()),
            (&self.windows.ends_ns, bigints.clone()),
            (&self.windows.after_ns, bigints.clone()),
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
