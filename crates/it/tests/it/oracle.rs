//! The statements against the arithmetic that says the same in Rust.

use std::{cell::Cell, num::NonZeroI64};

use pgstead_it::TestDb;
use pgstead_limits::{
    arithmetic::{State, Terms, take},
    statements,
};
use pgstead_store::tokio_postgres::{Client, types::Type};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use tokio::runtime::Builder;

/// One request to each of some keys, all in one statement.
#[derive(Clone, Debug)]
struct Flush {
    /// How far the clock moves before it: back, too.
    clock_ns: i64,
    /// By key: wanted, step, capacity, window.
    asked: Vec<Option<(i64, i64, i64, i64)>>,
}

const KEYS: usize = 3;
/// Numbers small enough that limits are met, times from nothing to years.
const UNIT: i64 = 1000;

fn flush() -> impl Strategy<Value = Flush> {
    let clock_ns = prop_oneof![Just(0), 0..20 * UNIT, -20 * UNIT..0, Just(1 << 55)];
    let asked = (1..20 * UNIT, 1..7 * UNIT, 1..30 * UNIT, 1..20 * UNIT);
    let asked = prop::collection::vec(prop::option::weighted(0.8, asked), KEYS);
    (clock_ns, asked).prop_map(|(clock_ns, asked)| Flush { clock_ns, asked })
}

#[test]
fn the_token_buckets_statement_does_what_the_arithmetic_says() {
    compare(false);
}

#[test]
fn the_fixed_windows_statement_does_what_the_arithmetic_says() {
    compare(true);
}

fn compare(windows: bool) {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let db = runtime.block_on(TestDb::new());
    let client = runtime.block_on(db.client());
    let histories = Cell::new(0_u128);
    TestRunner::new(Config { cases: 200, failure_persistence: None, ..Config::default() })
        .run(&prop::collection::vec(flush(), 1..12), |flushes| {
            histories.update(|history| history + 1);
            runtime.block_on(follow(&client, histories.get(), windows, &flushes));
            Ok(())
        })
        .unwrap();
    // Its connection goes back before its database is dropped.
    let _inside = runtime.enter();
    drop((client, db));
}

/// Does the flushes in the database and in Rust, and compares after each.
async fn follow(client: &Client, history: u128, windows: bool, flushes: &[Flush]) {
    let mut held: [Option<State>; KEYS] = [None; KEYS];
    let mut now_ns = 1_000_000 * UNIT;
    for flush in flushes {
        now_ns = (now_ns + flush.clock_ns).max(UNIT);
        let mut expected = Vec::new();
        let (mut keys, mut wanted, mut steps) = (Vec::new(), Vec::new(), Vec::new());
        let (mut capacities, mut lengths) = (Vec::new(), Vec::new());
        for (at, asked) in flush.asked.iter().enumerate() {
            let &Some((want, step, capacity, length)) = asked else { continue };
            keys.push(format!("{:032x}", history << 8 | at as u128));
            wanted.push(want);
            steps.push(step);
            capacities.push(capacity);
            lengths.push(length);
            let unit = NonZeroI64::new(1).unwrap();
            let window_ns = windows.then_some(length);
            let terms = Terms { unit, capacity, window_ns };
            let step = NonZeroI64::new(step).unwrap();
            let state = take(held[at], now_ns, want, step, &terms);
            held[at] = Some(state);
            expected.push(state);
        }
        let mut parameters: Vec<(&(dyn pgstead_store::tokio_postgres::types::ToSql + Sync), Type)> = vec![
            (&keys, Type::TEXT_ARRAY),
            (&wanted, Type::INT8_ARRAY),
            (&steps, Type::INT8_ARRAY),
            (&capacities, Type::INT8_ARRAY),
        ];
        if windows {
            parameters.push((&lengths, Type::INT8_ARRAY));
        }
        let now = Some(now_ns);
        parameters.push((&now, Type::INT8));
        // Keys as text, which this client can send.
        let sql = statements()[if windows { 2 } else { 0 }];
        let sql = sql.replace("$1::uuid[]", "$1::text[]::uuid[]");
        let rows = client.query_typed(&sql, &parameters).await.unwrap();
        let found: Vec<State> = rows
            .iter()
            .map(|row| State {
                spent_from: row.get(0),
                spent_to: row.get(1),
                window_ends_ns: windows.then(|| row.get(3)),
            })
            .collect();
        assert_eq!(found, expected, "at {now_ns}");
        for row in &rows {
            // A bucket's row leaves its time out where it is where the grant began.
            let asked_at: Option<i64> = row.get(2);
            assert_eq!(asked_at.unwrap_or_else(|| row.get(0)), now_ns);
        }
    }
}
