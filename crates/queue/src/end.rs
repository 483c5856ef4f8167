//! How jobs end that do not simply end well: they are tried again, given up, or have something to say.

use pgstead_store::{Parameter, Result, tokio_postgres::types::Type};
use serde_json::Value;

use crate::{
    QueueName,
    claim::{Claim, On, split},
    json::Json,
    texts::Texts,
};

/// The longest error that is kept, in bytes.
pub(crate) const LONGEST_ERROR: usize = 4096;

/// How a claim ends.
#[derive(Clone, Debug)]
pub(crate) enum End {
    /// It is done, and has nothing to say.
    Done,
    /// It is done or given up, and has something to say.
    Concluded { result: Option<Value>, discarded: bool },
    /// It is tried again later. Without an error it was not tried yet, and the claim does not count.
    Retry { delay_ms: i64, error: Option<String> },
    /// It is a dead letter.
    Dead { error: String },
}

/// Ends claims other than those of [`End::Done`], and says which jobs are gone or put back.
pub(crate) async fn end(
    on: &mut On<'_>,
    queue: &QueueName,
    texts: &'static Texts,
    ends: &[(Claim, End)],
) -> Result<Vec<i64>> {
    let (mut retried, mut delays_ms, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    let (mut concluded, mut results, mut discarded) = (Vec::new(), Vec::new(), Vec::new());
    let (mut dead, mut last_errors) = (Vec::new(), Vec::new());
    for (claim, end) in ends {
        match end {
            End::Done => unreachable!("those that are done are removed with the next claim"),
            End::Concluded { result, discarded: is_discarded } => {
                concluded.push(*claim);
                results.push(result.as_ref().map(Json::of));
                discarded.push(*is_discarded);
            }
            End::Retry { delay_ms, error } => {
                retried.push(*claim);
                delays_ms.push(*delay_ms);
                errors.push(error.as_deref());
            }
            End::Dead { error } => {
                dead.push(*claim);
                last_errors.push(error.as_str());
            }
        }
    }
    let mut ended = Vec::new();
    let queue = queue.as_str();
    if !retried.is_empty() {
        let (ids, claims) = split(&retried);
        let parameters: [Parameter<'_>; 4] = [
            (&ids, Type::INT8_ARRAY),
            (&claims, Type::INT4_ARRAY),
            (&delays_ms, Type::INT8_ARRAY),
            (&errors, Type::TEXT_ARRAY),
        ];
        run(on, texts.retry, &parameters, &mut ended).await?;
    }
    if !concluded.is_empty() {
        let (ids, claims) = split(&concluded);
        let parameters: [Parameter<'_>; 5] = [
            (&ids, Type::INT8_ARRAY),
            (&claims, Type::INT4_ARRAY),
            (&results, Type::JSONB_ARRAY),
            (&discarded, Type::BOOL_ARRAY),
            (&queue, Type::TEXT),
        ];
        run(on, texts.conclude, &parameters, &mut ended).await?;
    }
    if !dead.is_empty() {
        let (ids, claims) = split(&dead);
        let parameters: [Parameter<'_>; 4] = [
            (&ids, Type::INT8_ARRAY),
            (&claims, Type::INT4_ARRAY),
            (&last_errors, Type::TEXT_ARRAY),
            (&queue, Type::TEXT),
        ];
        run(on, texts.bury, &parameters, &mut ended).await?;
    }
    Ok(ended)
}

async fn run(
    on: &mut On<'_>,
    sql: &'static str,
    parameters: &[Parameter<'_>],
    ended: &mut Vec<i64>,
) -> Result<()> {
    for row in on.run(sql, parameters).await? {
        ended.push(row.try_get(0)?);
    }
    Ok(())
}

/// An error as it is kept: with its causes, without what PostgreSQL cannot keep, and not too long.
pub(crate) fn kept(error: &str) -> String {
    let mut kept = error.replace('\0', "\u{fffd}");
    if kept.len() > LONGEST_ERROR {
        kept.truncate(kept.floor_char_boundary(LONGEST_ERROR));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_kept_as_far_as_they_can_be() {
        assert_eq!(kept("a\0b"), "a\u{fffd}b");
        assert_eq!(kept(&"é".repeat(4000)).len(), LONGEST_ERROR);
        assert_eq!(kept(&format!("a{}", "é".repeat(4000))).len(), LONGEST_ERROR - 1);
    }
}
