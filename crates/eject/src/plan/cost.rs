//! What the servers cost that go: by what the tree says of their size, and a table of prices.
//!
//! Nothing is guessed: what the tree does not say, and what the table does not know, is unknown.

use std::{fs, path::Path};

use regex::Regex;
use serde::{Deserialize, Serialize};

use super::{
    effort::round,
    rules::{Cause, Invalid, overlay},
};
use crate::finding::{Finding, Kind, Life, Place, Report, Store};

const OURS: &str = include_str!("../../data/prices.toml");

/// What is known of prices, and how resources say their size.
#[derive(Clone, Debug)]
pub struct Prices {
    data: Data,
    resources: Vec<Resource>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    currency: String,
    hours_per_month: f64,
    #[serde(default)]
    free: Vec<String>,
    #[serde(default)]
    price: Vec<Price>,
    #[serde(default)]
    resource: Vec<ResourceData>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Price {
    what: String,
    size: String,
    up_to_gb: Option<f64>,
    per_hour: Option<f64>,
    per_gb_hour: Option<f64>,
    per_month: Option<f64>,
    region: String,
    source: String,
    date: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ResourceData {
    what: String,
    types: Vec<String>,
    size: Vec<PatternData>,
    gb: Option<PatternData>,
    #[serde(default)]
    count: Vec<PatternData>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PatternData {
    pattern: String,
    /// What it is where there is no such attribute.
    absent: Option<String>,
    attribute: Option<String>,
    /// What is added to a number.
    #[serde(default)]
    add: u32,
}

#[derive(Clone, Debug)]
struct Resource {
    what: String,
    types: Vec<String>,
    size: Vec<Pattern>,
    gb: Option<Pattern>,
    count: Vec<Pattern>,
}

#[derive(Clone, Debug)]
struct Pattern {
    regex: Regex,
    absent: Option<(Regex, String)>,
    add: u32,
}

/// A server that the tree declares, as far as the tree says what it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Infrastructure {
    /// The resource's name.
    pub name: String,
    /// Where it is declared.
    pub place: Place,
    /// Whose product it is, where it is of the table.
    pub what: Option<String>,
    /// Its size, such as `cache.t3.micro`, where the tree says it.
    pub size: Option<String>,
    /// Its memory in GB, where it is priced by that and the tree says it.
    pub gb: Option<f64>,
    /// How many there are of that size, where the tree says it.
    pub count: Option<u32>,
}

/// What is saved each month.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// In which currency.
    pub currency: String,
    /// A line for each server.
    pub lines: Vec<CostLine>,
    /// The sum of what is known.
    pub per_month: f64,
    /// Of how many servers it is not known.
    pub unknown: usize,
}

/// What one server costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CostLine {
    /// The server.
    #[serde(flatten)]
    pub infrastructure: Infrastructure,
    /// What it costs each month, if that is known.
    pub per_month: Option<f64>,
    /// How that is computed, or why it is not known.
    pub why: String,
    /// Where the price is from: whose, of which region.
    pub source: Option<String>,
    /// Of when the price is.
    pub date: Option<String>,
}

impl Default for Prices {
    fn default() -> Self {
        Self::with("").expect("a test reads the file")
    }
}

impl Prices {
    /// The default prices under a file of the user's.
    pub fn with(theirs: &str) -> Result<Self, Invalid> {
        let data: Data = overlay(OURS, theirs)?.try_into()?;
        let resources = data.resource.iter().map(ResourceData::compile).collect::<Result<_, _>>();
        let resources = resources.map_err(|error| Invalid(Cause::Pattern(error)))?;
        Ok(Self { data, resources })
    }

    /// What the servers cost.
    pub(super) fn cost(&self, servers: &[Infrastructure]) -> Cost {
        let lines: Vec<_> = servers.iter().map(|server| self.line(server)).collect();
        let known = lines.iter().filter_map(|line| line.per_month).sum();
        let unknown = lines.iter().filter(|line| line.per_month.is_none()).count();
        Cost { currency: self.data.currency.clone(), lines, per_month: round(known), unknown }
    }

    fn line(&self, server: &Infrastructure) -> CostLine {
        let unknown = |why: &str| CostLine {
            infrastructure: server.clone(),
            per_month: None,
            why: why.to_owned(),
            source: None,
            date: None,
        };
        let Some(what) = &server.what else {
            return unknown("the table of prices has no such resource");
        };
        let Some(size) = &server.size else { return unknown("the tree does not say its size") };
        let Some(count) = server.count else {
            return unknown("the tree does not say how many there are");
        };
        let fits = |price: &&Price| {
            let has_room = |most: f64| server.gb.is_some_and(|gb| gb <= most);
            price.what == *what && price.size == *size && price.up_to_gb.is_none_or(has_room)
        };
        let Some(price) = self.data.price.iter().find(fits) else {
            return unknown(&format!("the table of prices has no {what} of {size}"));
        };
        let hours = self.data.hours_per_month;
        let (each, how) = match (price.per_month, price.per_hour, price.per_gb_hour, server.gb) {
            (Some(month), ..) => (month, format!("{month} a month")),
            (_, Some(hour), ..) => (hour * hours, format!("{hour} an hour × {hours} hours")),
            (_, _, Some(hour), Some(gb)) => {
                (hour * gb * hours, format!("{hour} an hour and GB × {gb} GB × {hours} hours"))
            }
            _ => return unknown("the tree does not say how much memory it has"),
        };
        CostLine {
            infrastructure: server.clone(),
            per_month: Some(round(each * f64::from(count))),
            why: format!("{count} × {how}"),
            source: Some(format!("{}, {}", price.source, price.region)),
            date: Some(price.date.clone()),
        }
    }
}

impl ResourceData {
    fn compile(&self) -> Result<Resource, regex::Error> {
        let all = |patterns: &[PatternData]| -> Result<Vec<_>, _> {
            patterns.iter().map(PatternData::compile).collect()
        };
        Ok(Resource {
            what: self.what.clone(),
            types: self.types.clone(),
            size: all(&self.size)?,
            gb: self.gb.as_ref().map(PatternData::compile).transpose()?,
            count: all(&self.count)?,
        })
    }
}

impl PatternData {
    fn compile(&self) -> Result<Pattern, regex::Error> {
        let absent = match (&self.absent, &self.attribute) {
            (Some(absent), Some(attribute)) => {
                let attribute = regex::escape(attribute);
                let is_there = Regex::new(&format!(r#"(?m)^\s*"?{attribute}"?\s*[:=]"#))?;
                Some((is_there, absent.clone()))
            }
            _ => None,
        };
        Ok(Pattern { regex: Regex::new(&self.pattern)?, absent, add: self.add })
    }
}

impl Pattern {
    fn text(&self, lines: &str) -> Option<String> {
        let found = self.regex.captures(lines).and_then(|found| found.get(1));
        found.map(|found| found.as_str().to_owned()).or_else(|| {
            let (is_there, absent) = self.absent.as_ref()?;
            (!is_there.is_match(lines)).then(|| absent.clone())
        })
    }

    /// 1 where nothing is said; nothing where what is said is no number.
    fn factor(&self, lines: &str) -> Option<u32> {
        let Some(found) = self.regex.captures(lines).and_then(|found| found.get(1)) else {
            return Some(1);
        };
        let number = found.as_str().trim_matches(['"', '\'', ',']);
        number.parse().ok().and_then(|number: u32| number.checked_add(self.add))
    }
}

/// The servers that the tree under `root` declares and that live, with what it says of their size. Resources that cost
/// nothing by themselves are left out.
#[must_use]
pub fn infrastructure(root: &Path, report: &Report, prices: &Prices) -> Vec<Infrastructure> {
    let is_server = |found: &&Finding| {
        let is_declared = found.kind == Kind::Resource && found.life == Life::Live;
        let is_free = || {
            let of_free = |free: &String| found.name.contains(free) || found.text.contains(free);
            prices.data.free.iter().any(of_free)
        };
        is_declared && found.store == Store::Redis && !is_free()
    };
    report.findings.iter().filter(is_server).map(|found| measure(root, found, prices)).collect()
}

fn measure(root: &Path, found: &Finding, prices: &Prices) -> Infrastructure {
    let mut server = Infrastructure {
        name: found.name.clone(),
        place: found.place.clone(),
        what: None,
        size: None,
        gb: None,
        count: None,
    };
    let is_it = |resource: &&Resource| {
        let mut types = resource.types.iter();
        types.any(|kind| names(&found.name, kind) || names(&found.text, kind))
    };
    let Some(resource) = prices.resources.iter().find(is_it) else { return server };
    server.what = Some(resource.what.clone());
    let Ok(bytes) = fs::read(root.join(&found.place.path)) else { return server };
    let text = String::from_utf8_lossy(&bytes);
    let line = usize::try_from(found.place.line).unwrap_or(usize::MAX);
    let lines = block(&text, line.saturating_sub(1));
    let parts: Option<Vec<_>> = resource.size.iter().map(|part| part.text(&lines)).collect();
    server.size = parts.map(|parts| parts.join(" "));
    let gb = resource.gb.as_ref().and_then(|gb| gb.text(&lines));
    server.gb = gb.and_then(|gb| gb.parse().ok());
    let mut factors = resource.count.iter().map(|factor| factor.factor(&lines));
    server.count = factors.try_fold(1u32, |count, factor| count.checked_mul(factor?));
    server
}

/// Whether a text names a type, and not one that only begins like it: `Microsoft.Cache/redisEnterprise`.
fn names(text: &str, kind: &str) -> bool {
    let mut found = text.match_indices(kind);
    found.any(|(at, _)| {
        let next = text[at + kind.len()..].chars().next();
        !next.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

/// The lines that say what is declared in a line: those under it, if it opens something, or else those beside it. By how
/// far they are indented, which is the same for HCL, Bicep, YAML and JSON as people write them.
fn block(text: &str, at: usize) -> String {
    let lines: Vec<_> = text.lines().collect();
    let depth = |line: &str| line.len() - line.trim_start().len();
    let Some(first) = lines.get(at) else { return String::new() };
    let braces = |brace| first.matches(brace).count();
    if braces('{') > 0 && braces('{') == braces('}') {
        return (*first).to_owned();
    }
    let opens = first.trim_end().ends_with(['{', ':', '[', '(']);
    let own = depth(first);
    let within = |line: &&&str| {
        line.trim().is_empty() || if opens { depth(line) > own } else { depth(line) >= own }
    };
    let before = if opens { 0 } else { lines[..at].iter().rev().take_while(within).count() };
    let after = lines[at + 1..].iter().take_while(within).count();
    lines[at - before..=at + after].join("\n")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::plan::tests::{finding, report};

    /// What a file says of the resource in its line.
    fn measured(file: &str, text: &str, line: u32, name: &str) -> CostLine {
        let tree = tempfile::tempdir().unwrap();
        fs::write(tree.path().join(file), text).unwrap();
        let mut found = finding(Kind::Resource, file, name);
        found.place.line = line;
        let prices = Prices::default();
        let servers = infrastructure(tree.path(), &report(vec![found]), &prices);
        prices.cost(&servers).lines.remove(0)
    }

    #[test]
    fn sizes_and_numbers_are_what_the_resource_says() {
        let terraform = "resource \"aws_elasticache_replication_group\" \"a\" {\n  node_type = \
                         \"cache.t3.micro\"\n  num_node_groups = 2\n  replicas_per_node_group = 1\n}\n\
                         resource \"x\" \"y\" {\n  node_type = \"cache.m5.large\"\n}\n";
        let line = measured("a.tf", terraform, 1, "aws_elasticache_replication_group.a");
        // 4 × 0.017 × 730
        assert_eq!((line.per_month, line.infrastructure.count), (Some(49.64), Some(4)));
        let cloud_formation = "Resources:\n  Cache:\n    Type: AWS::ElastiCache::CacheCluster\n    \
                               Properties:\n      CacheNodeType: cache.m5.large\n      \
                               NumCacheNodes: 1\n  Other:\n    Type: X\n";
        let line = measured("a.yml", cloud_formation, 3, "AWS::ElastiCache::CacheCluster");
        assert_eq!(line.per_month, Some(113.88));
        let bicep = "resource r 'Microsoft.Cache/redis@2023-08-01' = {\n  name: 'x'\n  properties: \
                     {\n    sku: { name: 'Basic', family: 'C', capacity: 1 }\n  }\n}\n";
        let line = measured("a.bicep", bicep, 1, "Microsoft.Cache/redis@2023-08-01");
        assert_eq!(line.per_month, Some(40.15));
        let google = "resource \"google_redis_instance\" \"a\" {\n  memory_size_gb = 5\n}\n";
        let line = measured("a.tf", google, 1, "google_redis_instance.a");
        // 0.027 × 5 × 730
        assert_eq!(line.per_month, Some(98.55));
    }

    #[test]
    fn what_is_not_said_is_unknown() {
        let variable = "resource \"aws_elasticache_cluster\" \"a\" {\n  node_type = var.size\n}\n";
        let line = measured("a.tf", variable, 1, "aws_elasticache_cluster.a");
        assert_eq!((line.per_month, &*line.why), (None, "the tree does not say its size"));
        let count = "resource \"aws_elasticache_cluster\" \"a\" {\n  node_type = \
                     \"cache.t3.micro\"\n  num_cache_nodes = var.n\n}\n";
        let line = measured("a.tf", count, 1, "aws_elasticache_cluster.a");
        assert_eq!(
            (line.per_month, &*line.why),
            (None, "the tree does not say how many there are")
        );
        let line =
            measured("a.tf", "resource \"scaleway_redis_cluster\" \"a\" {}\n", 1, "scaleway");
        assert_eq!(&*line.why, "the table of prices has no such resource");
        let other = "Microsoft.Cache/redisEnterprise.a";
        let line = measured(
            "a.bicep",
            "resource r 'Microsoft.Cache/redisEnterprise@x' = {\n}\n",
            1,
            other,
        );
        assert_eq!(line.infrastructure.what, None);
    }

    #[test]
    fn prices_of_the_users_stand_above() {
        let theirs = r#"price = [{ what = "Amazon ElastiCache", size = "cache.t3.micro", per_month = 5, region = "ours", source = "contract", date = "2026" }]"#;
        let prices = Prices::with(theirs).unwrap();
        let server = Infrastructure {
            name: "a".to_owned(),
            place: Place { path: "a.tf".to_owned(), line: 1, column: 1 },
            what: Some("Amazon ElastiCache".to_owned()),
            size: Some("cache.t3.micro".to_owned()),
            gb: None,
            count: Some(2),
        };
        let cost = prices.cost(&[server]);
        assert_eq!((cost.per_month, cost.unknown), (10.0, 0));
        assert_eq!(cost.lines[0].source.as_deref(), Some("contract, ours"));
        assert!(
            Prices::with("[[resource]]\nwhat = \"x\"\ntypes = []\nsize = [{ pattern = \"(\" }]")
                .is_err()
        );
    }
}
