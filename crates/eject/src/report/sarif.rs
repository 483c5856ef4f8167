//! The report as SARIF 2.1.0, as code scanning takes it.
//!
//! What services make of the format is narrower than the format: a result has one location, a path that is relative to the
//! root of the repository, and a rule whose help is shown beside it. GitHub takes 25,000 results of a run, so the most
//! alive come first and the rest is told of.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use serde_sarif::sarif::{
    ArtifactLocation, CodeFlow, Invocation, Location, Message, MultiformatMessageString,
    Notification, PhysicalLocation, PropertyBag, Region, ReportingConfiguration,
    ReportingDescriptor, Result, ResultLevel, Run, RunAutomationDetails, Sarif, ThreadFlow,
    ThreadFlowLocation, Tool, ToolComponent,
};

use super::counted;
use crate::finding::{Finding, Kind, Life, Place, Report, Store};

/// So many results of a run does GitHub take.
pub const MOST_RESULTS: usize = 25_000;

/// What stands in a path of a URI as it is. A colon does not: what is before it would be a scheme.
const IN_PATHS: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Where the tree's root is, whatever that is called on the machine that reads it.
const ROOT: &str = "%SRCROOT%";

const HOME: &str = env!("CARGO_PKG_REPOSITORY");
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The report as a SARIF log. What tells what was is in it only if asked for.
#[must_use]
pub fn sarif(report: &Report, with_historical: bool) -> Value {
    let is_told = |found: &&Finding| with_historical || found.life != Life::Historical;
    let mut findings: Vec<_> = report.findings.iter().filter(is_told).collect();
    findings.sort_by_key(|finding| (finding.store, finding.life));
    let left_out = findings.len().saturating_sub(MOST_RESULTS);
    findings.truncate(MOST_RESULTS);
    let mut rules = Rules::default();
    let results: Vec<_> = findings.iter().map(|finding| result(finding, &mut rules)).collect();
    let driver = ToolComponent::builder()
        .name("pgstead")
        .full_name(format!("pgstead {VERSION}"))
        .version(VERSION)
        .semantic_version(VERSION)
        .information_uri(HOME)
        .rules(rules.all)
        .build();
    let run = Run::builder()
        .tool(Tool::builder().driver(driver).build())
        .automation_details(RunAutomationDetails::builder().id("pgstead-scan/").build())
        .invocations(vec![invocation(report, left_out)])
        .original_uri_base_ids(BTreeMap::from([(
            ROOT.to_owned(),
            ArtifactLocation::builder().description(message("The root of the tree.")).build(),
        )]))
        .column_kind(json!("unicodeCodePoints"))
        .results(results)
        .build();
    let log = Sarif::builder()
        .schema("https://json.schemastore.org/sarif-2.1.0.json")
        .version(json!("2.1.0"))
        .runs(vec![run])
        .build();
    serde_json::to_value(log).expect("its keys are strings")
}

/// The rules that results are of, each once. A rule is a kind of place and its life: a finding that comes to life is another
/// alert, of another severity.
#[derive(Default)]
struct Rules {
    all: Vec<ReportingDescriptor>,
    by_what: BTreeMap<(Store, Life, Kind), usize>,
}

impl Rules {
    fn index(&mut self, finding: &Finding) -> usize {
        let (store, life, kind) = (finding.store, finding.life, finding.kind);
        *self.by_what.entry((store, life, kind)).or_insert_with(|| {
            self.all.push(rule(store, life, kind));
            self.all.len() - 1
        })
    }
}

fn rule(store: Store, life: Life, kind: Kind) -> ReportingDescriptor {
    let words = [store.word(), life.word(), kind.word()];
    let name: String = words.iter().flat_map(|words| words.split(' ')).map(capital).collect();
    let short = format!("{}: {} {}", store.word(), life.word(), kind.word());
    let what = format!("This use of {} {}.", store.word(), life.meaning());
    let advice = match (store, life) {
        (Store::Mongodb, _) => "pgstead reports uses of MongoDB and does nothing about them.",
        (_, Life::Live) => kind.advice(),
        (_, Life::Test) => "Change it together with the code that it tests.",
        (_, Life::Dormant) => "Delete it.",
        (_, Life::Historical) => Kind::Mention.advice(),
    };
    let help = MultiformatMessageString::builder()
        .text(format!("{what} {advice}"))
        .markdown(format!("**{what}**\n\n{advice}\n\nSee [how to move off Redis]({}).", guide()))
        .build();
    let severity = match level(store, life) {
        ResultLevel::Error => "error",
        ResultLevel::Warning => "warning",
        _ => "recommendation",
    };
    let properties = PropertyBag::builder()
        .tags(vec!["maintainability".to_owned(), store.word().to_lowercase()])
        .additional_properties(BTreeMap::from([
            ("precision".to_owned(), json!("high")),
            ("problem.severity".to_owned(), json!(severity)),
        ]))
        .build();
    ReportingDescriptor::builder()
        .id(id(store, life, kind))
        .name(name)
        .short_description(text(&format!("{short}.")))
        .full_description(text(&format!("{what} {advice}")))
        .help(help)
        .help_uri(guide())
        .default_configuration(
            ReportingConfiguration::builder().level(json!(level(store, life))).build(),
        )
        .properties(properties)
        .build()
}

fn id(store: Store, life: Life, kind: Kind) -> String {
    format!("{}/{}/{}", store.word(), life.word(), kind.word()).to_lowercase().replace(' ', "-")
}

/// Who is to do something about it, and how soon.
fn level(store: Store, life: Life) -> ResultLevel {
    match (store, life) {
        (Store::Redis, Life::Live) => ResultLevel::Error,
        (Store::Redis, Life::Dormant) | (Store::Mongodb, Life::Live) => ResultLevel::Warning,
        _ => ResultLevel::Note,
    }
}

fn result(finding: &Finding, rules: &mut Rules) -> Result {
    let (store, life, kind) = (finding.store, finding.life, finding.kind);
    let index = rules.index(finding);
    let fingerprint = &finding.fingerprint;
    let mut result = Result::builder()
        .rule_id(id(store, life, kind))
        .rule_index(i64::try_from(index).unwrap_or(-1))
        .level(level(store, life))
        .message(message(&sentence(finding)))
        .locations(vec![location(&finding.place)])
        .partial_fingerprints(BTreeMap::from([
            // What GitHub tells alerts apart by; it would else be made from the line's surroundings.
            (
                "primaryLocationLineHash".to_owned(),
                format!("{}:1", fingerprint.get(..16).unwrap_or(fingerprint)),
            ),
            ("pgstead/v1".to_owned(), fingerprint.clone()),
        ]))
        .build();
    if !finding.chain.is_empty() {
        let steps = finding.chain.iter().zip(1..).map(|(step, id)| {
            let (id, message) = (Some(id), Some(message(&step.name)));
            Location { id, message, ..location(&step.place) }
        });
        result.related_locations = Some(steps.collect());
        result.code_flows = Some(vec![flow(finding)]);
    }
    result
}

/// The way from the package to here: as data flows, and against the chain.
fn flow(finding: &Finding) -> CodeFlow {
    let place = |place: &Place, what: &str| {
        let location = Location { message: Some(message(what)), ..location(place) };
        ThreadFlowLocation::builder().location(location).build()
    };
    let steps = finding.chain.iter().rev().map(|step| place(&step.place, &step.name));
    let steps = steps.chain([place(&finding.place, &finding.name)]).collect::<Vec<_>>();
    CodeFlow::builder().thread_flows(vec![ThreadFlow::builder().locations(steps).build()]).build()
}

fn sentence(finding: &Finding) -> String {
    let reasons: Vec<_> = finding.reasons.iter().map(|reason| escaped(reason)).collect();
    let mut told = format!(
        "{} ({}) is used for {}{}{}.",
        escaped(&finding.name),
        finding.kind.word(),
        finding.purpose.word(),
        if reasons.is_empty() { "" } else { ": " },
        reasons.join("; "),
    );
    if !finding.chain.is_empty() {
        // A link to a location beside the result, by its id.
        let steps = finding.chain.iter().zip(1..);
        let steps: Vec<_> =
            steps.map(|(step, id)| format!("[{}]({id})", escaped(&step.name))).collect();
        told = format!("{told} Reached by {}.", steps.join(" ← "));
    }
    if let Some(replacement) = &finding.replacement {
        told = format!("{told} Replacement: {}.", escaped(replacement.trim_end_matches('.')));
    }
    told
}

/// A text in which no brackets make links.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

/// What stands beside the results: what could not be read, and what did not fit.
fn invocation(report: &Report, left_out: usize) -> Invocation {
    let notice = |level: &str, what: &str| {
        Notification::builder().level(json!(level)).message(message(what)).build()
    };
    let mut notices: Vec<_> = report
        .troubles
        .iter()
        .take(1000)
        .map(|trouble| {
            let mut notice = notice("warning", &format!("{}: {}", trouble.path, trouble.what));
            let place = Place { path: trouble.path.clone(), line: 1, column: 1 };
            notice.locations = Some(vec![location(&place)]);
            notice
        })
        .collect();
    if left_out > 0 {
        let more = counted(left_out, "finding");
        let what = format!("{more} are left out: a run has {MOST_RESULTS} results at most");
        notices.push(notice("warning", &what));
    }
    Invocation::builder().execution_successful(true).tool_execution_notifications(notices).build()
}

fn location(place: &Place) -> Location {
    let uri = utf8_percent_encode(&place.path, IN_PATHS).to_string();
    let region = Region::builder().start_line(place.line).start_column(place.column).build();
    let physical = PhysicalLocation::builder()
        .artifact_location(ArtifactLocation::builder().uri(uri).uri_base_id(ROOT).build())
        .region(region)
        .build();
    Location::builder().physical_location(physical).build()
}

fn message(text: &str) -> Message {
    Message::builder().text(text).build()
}

fn text(text: &str) -> MultiformatMessageString {
    MultiformatMessageString::builder().text(text).build()
}

fn guide() -> String {
    format!("{HOME}/blob/main/docs/MIGRATING.md")
}

fn capital(word: &str) -> String {
    let mut rest = word.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{plan::tests::finding, report::VERSION as SCHEMA_VERSION};

    fn report(findings: Vec<Finding>) -> Report {
        Report {
            version: SCHEMA_VERSION,
            tool: "pgstead".to_owned(),
            files: 1,
            services: Vec::new(),
            findings,
            troubles: Vec::new(),
        }
    }

    #[test]
    fn paths_are_uris_that_are_relative_to_the_root() {
        let mut found = finding(Kind::Import, "apps/a b/ü:1.ts", "ioredis");
        found.name = "a[0]".to_owned();
        let log = sarif(&report(vec![found]), false);
        let result = &log["runs"][0]["results"][0];
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "apps/a%20b/%C3%BC%3A1.ts");
        assert_eq!(place["artifactLocation"]["uriBaseId"], "%SRCROOT%");
        let told = result["message"]["text"].as_str().unwrap();
        assert!(told.starts_with("a\\[0\\] (import)"), "{told}");
    }

    #[test]
    fn a_rule_is_a_kind_of_a_life_and_stands_there_once() {
        let mut tested = finding(Kind::Import, "a.test.ts", "ioredis");
        tested.life = Life::Test;
        let mut told = finding(Kind::Mention, "README.md", "redis");
        told.life = Life::Historical;
        let live = || finding(Kind::Import, "a.ts", "ioredis");
        let log = sarif(&report(vec![told, tested, live(), live()]), false);
        let run = &log["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        let ids: Vec<_> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
        assert_eq!(ids, ["redis/live/import", "redis/test/import"]);
        assert_eq!(rules[0]["defaultConfiguration"]["level"], "error");
        let results = run["results"].as_array().unwrap();
        let of: Vec<_> = results.iter().map(|result| result["ruleIndex"].as_i64()).collect();
        assert_eq!(of, [Some(0), Some(0), Some(1)]);
    }

    #[test]
    fn what_does_not_fit_is_told_of_and_is_not_what_lives() {
        let mut findings = vec![finding(Kind::Import, "a.ts", "ioredis"); MOST_RESULTS + 1];
        findings[0].life = Life::Test;
        let log = sarif(&report(findings), false);
        let results = log["runs"][0]["results"].as_array().unwrap();
        assert_eq!(results.len(), MOST_RESULTS);
        assert!(results.iter().all(|result| result["level"] == "error"));
        let notices = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"];
        let told = notices[0]["message"]["text"].as_str().unwrap();
        assert!(told.starts_with("1 finding"), "{told}");
    }
}
