//! The proof that it is gone: from the tree by a scan, and from a server by what that says of its clients and commands.

mod server;

use serde::{Deserialize, Serialize};

pub use self::server::{
    Client, Database, Error, LONGEST_ANSWER, Look, Quiet, Server, UNTIL_CONNECTED,
};
use crate::{
    finding::{Finding, Life, Report, Store},
    report::Counts,
};

/// What a tree still has.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Tree {
    /// How many files were looked at.
    pub files: u64,
    /// Of Redis, how many findings have which life.
    pub counts: Counts,
    /// Of MongoDB, which is told and decides nothing.
    pub mongodb: Counts,
    /// What lives.
    pub live: Vec<Finding>,
    /// How many files could not be read as what they are.
    pub troubles: usize,
}

impl Tree {
    /// Whether no live use of Redis is left.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.live.is_empty()
    }
}

/// What a scan proves.
#[must_use]
pub fn tree(report: &Report) -> Tree {
    let of = |store: Store| report.findings.iter().filter(move |found| found.store == store);
    Tree {
        files: report.files,
        counts: Counts::of(of(Store::Redis)),
        mongodb: Counts::of(of(Store::Mongodb)),
        live: of(Store::Redis).filter(|found| found.life == Life::Live).cloned().collect(),
        troubles: report.troubles.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        finding::Kind,
        plan::tests::{finding, report},
    };

    #[test]
    fn only_live_uses_of_redis_count() {
        let mut findings = vec![finding(Kind::Import, "a.ts", "ioredis"); 3];
        findings[0].life = Life::Historical;
        findings[1].life = Life::Test;
        findings[2].store = Store::Mongodb;
        let proof = tree(&report(findings.clone()));
        assert!(proof.is_clean());
        assert_eq!((proof.counts.test, proof.mongodb.live, proof.files), (1, 1, 100));
        findings[1].life = Life::Live;
        assert!(!tree(&report(findings)).is_clean());
    }
}
