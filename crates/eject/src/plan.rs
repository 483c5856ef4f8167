//! The plan: what has to be done for what was found, in which order, at which cost and risk, and how to go back.
//!
//! It is made from the report alone, and what it says of work, prices and risks is data: `data/effort.toml`,
//! `data/prices.toml`, `data/purposes.toml`. It plans for Redis; MongoDB is counted.

mod cost;
mod effort;
mod markdown;
mod phases;
pub(crate) mod purposes;
mod rules;

use serde::{Deserialize, Serialize};

pub use self::{
    cost::{Cost, CostLine, Infrastructure, Prices, infrastructure},
    effort::{Effort, Line, Rule},
    markdown::markdown,
    rules::Invalid,
};
use crate::{
    finding::{Finding, Life, Report, Store},
    report::{Counts, TOOL, Usage, usages},
};

/// The JSON Schema (2020-12) of a plan.
pub const SCHEMA: &str = include_str!("../schema/plan.schema.json");

/// The version of the document's schema.
const VERSION: u32 = 1;

/// What a plan is made by.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    /// How work is counted.
    pub rule: Rule,
    /// What servers cost.
    pub prices: Prices,
    /// The servers that the tree declares, as [`infrastructure`] measures them.
    pub infrastructure: Vec<Infrastructure>,
}

/// A plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The version of this document's schema.
    pub version: u32,
    /// What wrote it: `pgstead` and its version.
    pub tool: String,
    /// What lives, by service and purpose.
    pub services: Vec<Usage>,
    /// How many findings have which life.
    pub counts: Counts,
    /// How many of MongoDB live: this plan is not about them.
    pub mongodb: usize,
    /// What is done, in order.
    pub phases: Vec<Phase>,
    /// How much work that is.
    pub effort: Effort,
    /// What is saved each month.
    pub cost: Cost,
}

/// What is done together, and can be gone back from by itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Phase {
    /// Its name for programs.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// The paths of the services that it is about.
    pub services: Vec<String>,
    /// What is done, in order.
    pub steps: Vec<String>,
    /// Files to create.
    pub create: Vec<FileChange>,
    /// Files to modify.
    pub modify: Vec<FileChange>,
    /// Files to delete.
    pub delete: Vec<FileChange>,
    /// Packages to add.
    pub add_packages: Vec<PackageChange>,
    /// Packages to remove.
    pub remove_packages: Vec<PackageChange>,
    /// Variables to add.
    pub add_variables: Vec<VariableChange>,
    /// Variables to remove.
    pub remove_variables: Vec<VariableChange>,
    /// Servers, containers and charts to remove.
    pub remove_infrastructure: Vec<InfrastructureChange>,
    /// What can go wrong.
    pub risks: Vec<Risk>,
    /// How to go back.
    pub rollback: Vec<String>,
    /// How much work it is.
    pub points: f64,
}

/// A file that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileChange {
    /// The file.
    pub path: String,
    /// What for.
    pub why: String,
}

/// A package of a manifest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PackageChange {
    /// The manifest.
    pub manifest: String,
    /// The package, as the manifest spells it.
    pub package: String,
}

/// A variable of the environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariableChange {
    /// The variable.
    pub name: String,
    /// Where it is set, as `path:line`; where it is needed, for one that is added.
    pub places: Vec<String>,
}

/// A server, a container or a chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InfrastructureChange {
    /// What kind of thing it is.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Where it is declared, as `path:line`.
    pub place: String,
}

/// What can go wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    /// What that is.
    pub what: String,
    /// What is done against it.
    pub mitigation: String,
}

/// Plans for what was found.
#[must_use]
pub fn plan(report: &Report, options: &Options) -> Plan {
    let mut of_redis = report.clone();
    of_redis.findings.retain(|finding| finding.store == Store::Redis);
    let is_other = |found: &&Finding| found.store != Store::Redis && found.life == Life::Live;
    let (mut phases, lines) = phases::phases(&of_redis, &options.rule);
    for phase in &mut phases {
        let points = lines.iter().filter(|line| line.phase == phase.id).map(|line| line.points);
        phase.points = effort::round(points.sum());
    }
    Plan {
        version: VERSION,
        tool: TOOL.to_owned(),
        services: usages(&of_redis),
        counts: Counts::of(&of_redis.findings),
        mongodb: report.findings.iter().filter(is_other).count(),
        phases,
        effort: options.rule.sum(lines),
        cost: options.prices.cost(&options.infrastructure),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::finding::{Kind, Place, Purpose, Service, Step};

    pub(crate) fn finding(kind: Kind, path: &str, name: &str) -> Finding {
        let folder = path.rsplit_once('/').map_or(".", |(folder, _)| folder);
        Finding {
            kind,
            store: Store::Redis,
            purpose: Purpose::Other,
            life: Life::Live,
            place: Place { path: path.to_owned(), line: 1, column: 1 },
            name: name.to_owned(),
            text: format!("{name} in its line"),
            reasons: vec![format!("{name} is what it is")],
            chain: Vec::new(),
            replacement: None,
            service: folder.split("/src").next().unwrap_or(".").to_owned(),
            fingerprint: format!("{kind:?} {path} {name}"),
        }
    }

    pub(crate) fn report(findings: Vec<Finding>) -> Report {
        let mut paths: Vec<_> = findings.iter().map(|finding| finding.service.clone()).collect();
        paths.sort();
        paths.dedup();
        let service = |path: String| Service {
            name: path.rsplit('/').next().unwrap_or_default().to_owned(),
            manifests: vec![format!("{path}/package.json")],
            path,
        };
        Report {
            version: 1,
            tool: "pgstead".to_owned(),
            files: 100,
            services: paths.into_iter().map(service).collect(),
            findings,
            troubles: Vec::new(),
        }
    }

    /// Two services, with what most fleets have.
    fn fleet() -> Report {
        let with = |kind, path: &str, name: &str, purpose, life| {
            let mut found = finding(kind, path, name);
            (found.purpose, found.life) = (purpose, life);
            found
        };
        let live =
            |kind, path: &str, name: &str, purpose| with(kind, path, name, purpose, Life::Live);
        let mut wrapper = live(Kind::Wrapper, "apps/jobs/src/b.ts", "createQueue", Purpose::Queue);
        let place = Place { path: "apps/jobs/src/queue.ts".to_owned(), line: 3, column: 1 };
        wrapper.chain = vec![Step { place, name: "createQueue".to_owned() }];
        let mut mongo = finding(Kind::Import, "apps/auth/src/m.ts", "mongoose");
        mongo.store = Store::Mongodb;
        report(vec![
            live(Kind::Package, "apps/auth/package.json", "ioredis", Purpose::Tokens),
            live(Kind::Import, "apps/auth/src/tokens.ts", "ioredis", Purpose::Tokens),
            live(Kind::Client, "apps/auth/src/tokens.ts", "Redis", Purpose::Tokens),
            live(Kind::Command, "apps/auth/src/limit.ts", "incr", Purpose::Limits),
            with(Kind::Import, "apps/auth/test/a.ts", "ioredis", Purpose::Tokens, Life::Test),
            mongo,
            live(Kind::VariableSet, "apps/auth/.env", "REDIS_URL", Purpose::Tokens),
            with(Kind::Mention, "apps/auth/README.md", "redis", Purpose::Other, Life::Historical),
            live(Kind::Package, "apps/jobs/package.json", "bullmq", Purpose::Queue),
            live(Kind::LockedPackage, "apps/jobs/package-lock.json", "bullmq", Purpose::Queue),
            live(Kind::Import, "apps/jobs/src/queue.ts", "bullmq", Purpose::Queue),
            wrapper,
            with(Kind::Backup, "apps/jobs/src/queue.ts.bak", "x", Purpose::Queue, Life::Dormant),
            live(Kind::Command, "apps/web/src/limit.ts", "incr", Purpose::Limits),
            live(Kind::Container, "docker-compose.yml", "redis", Purpose::Other),
            live(Kind::Resource, "infra/main.tf", "aws_elasticache_cluster.a", Purpose::Other),
        ])
    }

    #[test]
    fn a_fleet_is_planned_for() {
        let infrastructure = vec![Infrastructure {
            name: "aws_elasticache_cluster.a".to_owned(),
            place: Place { path: "infra/main.tf".to_owned(), line: 1, column: 1 },
            what: Some("Amazon ElastiCache".to_owned()),
            size: Some("cache.t3.micro".to_owned()),
            gb: None,
            count: Some(1),
        }];
        let plan = plan(&fleet(), &Options { infrastructure, ..Options::default() });
        insta::assert_snapshot!(markdown(&plan));
        let document = serde_json::to_string(&plan).unwrap();
        assert_eq!(serde_json::from_str::<Plan>(&document).unwrap(), plan);
    }

    #[test]
    fn where_nothing_lives_there_is_nothing_to_switch() {
        let mut found = finding(Kind::Mention, "README.md", "redis");
        found.life = Life::Historical;
        let plan = plan(&report(vec![found]), &Options::default());
        let ids: Vec<_> = plan.phases.iter().map(|phase| &*phase.id).collect();
        assert_eq!(ids, ["verify"]);
        assert!(plan.services.is_empty());
    }

    #[test]
    fn deny_lists_come_before_anybody_is_switched_and_tokens_last() {
        let plan = plan(&fleet(), &Options::default());
        let ids: Vec<_> = plan.phases.iter().map(|phase| &*phase.id).collect();
        // What the root and `infra` declare is no code that is switched.
        let expected = [
            "prepare",
            "deny_lists",
            "switch:apps/web",
            "switch:apps/jobs",
            "switch:apps/auth",
            "apply",
            "verify",
            "decommission",
        ];
        assert_eq!(ids, expected);
    }
}
