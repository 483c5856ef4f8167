//! What follows on a refusal: it is counted, and the key is locked out.

use std::time::Duration;

use pgstead_store::{Parameter, Result, tokio_postgres::types::Type};

use crate::{
    lanes::{Answer, Key, Sql, Statements, read},
    policy::ns,
};

pub(crate) static COUNT_DENIED: Sql = Sql::new(include_str!("../sql/count_denied.sql"));
pub(crate) static LOCK_OUT: Sql = Sql::new(include_str!("../sql/lock_out.sql"));

/// What a policy has follow on a refusal.
#[derive(Debug)]
pub(crate) struct Penalty {
    /// What was refused counts as if it had been granted.
    pub(crate) count: bool,
    /// How long each lockout lasts, as an array of PostgreSQL's, in ns. Empty: there is none.
    ladder: String,
}

/// A refusal of a policy that has penalties.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refused<'a> {
    /// Where it stands among the asks.
    pub(crate) at: usize,
    pub(crate) key: Key,
    pub(crate) penalty: &'a Penalty,
    pub(crate) units: i64,
    /// As much as a key may owe.
    pub(crate) most: i64,
    /// Of a sliding window, how long it is.
    pub(crate) slides_ns: Option<i64>,
    /// What was spent when it was refused.
    pub(crate) spent_to: i64,
}

impl Penalty {
    pub(crate) fn new(count: bool, ladder: &[Duration]) -> Self {
        let steps: Vec<String> = ladder.iter().map(|step| ns(*step).to_string()).collect();
        let ladder =
            if steps.is_empty() { String::new() } else { format!("{{{}}}", steps.join(",")) };
        Self { count, ladder }
    }
}

/// Punishes those who were refused, and says to those who were locked out until when. They come in
/// the order of their keys.
pub(crate) async fn punish(
    statements: &mut Statements<'_>,
    refused: &[Refused<'_>],
    answers: &mut [Option<Answer>],
) -> Result<()> {
    let counted: Vec<&Refused<'_>> = refused.iter().filter(|one| one.penalty.count).collect();
    let locked: Vec<&Refused<'_>> =
        refused.iter().filter(|one| !one.penalty.ladder.is_empty()).collect();
    // First: a key that has become less since is not locked out.
    if !locked.is_empty() {
        lock_out(statements, &locked, answers).await?;
    }
    if !counted.is_empty() {
        count(statements, &counted).await?;
    }
    Ok(())
}

async fn lock_out(
    statements: &mut Statements<'_>,
    refused: &[&Refused<'_>],
    answers: &mut [Option<Answer>],
) -> Result<()> {
    let mut each = refused.to_vec();
    each.dedup_by_key(|one| one.key);
    let keys: Vec<Key> = each.iter().map(|one| one.key).collect();
    let ladders: Vec<&str> = each.iter().map(|one| one.penalty.ladder.as_str()).collect();
    let spent: Vec<i64> = each.iter().map(|one| one.spent_to).collect();
    let now_ns = statements.now_ns();
    let parameters: [Parameter<'_>; 4] = [
        (&keys, Type::UUID_ARRAY),
        (&ladders, Type::TEXT_ARRAY),
        (&spent, Type::INT8_ARRAY),
        (&now_ns, Type::INT8),
    ];
    let rows = statements.run(&[(&LOCK_OUT, &parameters)]).await?;
    for row in &rows[0] {
        let (state, now_ns) = read(row)?;
        let key: Key = row.try_get(7)?;
        let first = refused.partition_point(|one| one.key < key);
        for one in refused[first..].iter().take_while(|one| one.key == key) {
            answers[one.at] = Some(Answer { granted: false, held: Some(state), now_ns });
        }
    }
    Ok(())
}

async fn count(statements: &mut Statements<'_>, refused: &[&Refused<'_>]) -> Result<()> {
    let (mut keys, mut units, mut most) = (Vec::new(), Vec::new(), Vec::new());
    let mut windows_ns = Vec::new();
    for same in refused.chunk_by(|one, other| one.key == other.key) {
        keys.push(same[0].key);
        most.push(same[0].most);
        windows_ns.push(same[0].slides_ns);
        units.push(
            same.iter().fold(0_i64, |sum, one| sum.saturating_add(one.units)).min(same[0].most),
        );
    }
    let now_ns = statements.now_ns();
    let parameters: [Parameter<'_>; 5] = [
        (&keys, Type::UUID_ARRAY),
        (&units, Type::INT8_ARRAY),
        (&most, Type::INT8_ARRAY),
        (&windows_ns, Type::INT8_ARRAY),
        (&now_ns, Type::INT8),
    ];
    statements.run(&[(&COUNT_DENIED, &parameters)]).await?;
    Ok(())
}
