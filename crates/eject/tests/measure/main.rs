//! How good a scan is, measured on trees for which people have written down what is right.
//!
//! `tests/corpus/<project>/tree` is what is scanned, `tests/corpus/<project>/expected.toml` what is to be found; `tests/corpus/README.md`
//! says by which rules; `tests/unseen` has more of them, by which nothing was mended. `cargo test -p pgstead-eject --test measure -- --nocapture` prints the table, each miss and each false alarm.
//! `PGSTEAD_TEST_PROJECT=fleet` measures one project; `PGSTEAD_TEST_LONG=1` generates 100,000 files instead of 10,000.

#![expect(
    clippy::disallowed_methods,
    reason = "a test is told by the environment, and measures time"
)]
#![expect(clippy::unwrap_used, reason = "what helps a test may fail as it does")]

mod expected;
mod hostile;
mod large;
mod process;
mod score;
mod tree;

use std::fs;

use pgstead_eject::{Life, Options, Report, scan};

use crate::{
    expected::Expected,
    score::Score,
    tree::{Projects, Variant},
};

/// What the issue asks of precision and recall.
const BAR: f64 = 0.98;
/// What is asked where the words leave room: kinds, purposes, and the lives that are not `live`.
const LOWER_BAR: f64 = 0.95;
/// What has been reached on trees that nothing was mended by, lest it fall.
const UNSEEN_PRECISION: f64 = 0.98;
const UNSEEN_RECALL: f64 = 0.94;

fn scan_of(project: &tree::Project) -> Report {
    scan(project.path(), &Options::default(), &|_| {}).unwrap()
}

/// How good it is on all of these; and that with each deviation, for people.
fn score_of(names: &[String]) -> (Score, String) {
    let mut total = Score::default();
    let mut table = vec![Score::heading()];
    for name in names {
        let project = Projects::copy(name, Variant::Plain);
        let expected = Expected::read(name, project.path());
        let score = Score::of(name, &expected, &scan_of(&project));
        table.push(score.row(name));
        total.add(score);
    }
    table.push(total.row("all"));
    let told = format!("{}\n\n{}", total.notes.join("\n"), table.join("\n"));
    (total, told)
}

#[test]
fn what_is_expected_is_found_and_nothing_else() {
    let (total, told) = score_of(&Projects::names());
    println!("{told}");
    assert!(total.precision() >= BAR, "precision");
    assert!(total.recall() >= BAR, "recall");
    assert!(total.purposes() >= LOWER_BAR, "purposes");
    assert!(total.kinds() >= LOWER_BAR, "kinds");
    assert!(total.others() >= LOWER_BAR, "test, dormant and historical places");
    assert!(total.strays() >= LOWER_BAR, "places of other lives that nobody expects");
    assert_eq!(total.twice, 0, "one finding for a place and kind");
}

/// Of trees that nothing was mended by: what somebody's own tree can expect.
#[test]
fn what_nobody_has_looked_at_is_found_too() {
    let (total, told) = score_of(&Projects::unseen());
    println!("{told}");
    assert!(total.precision() >= UNSEEN_PRECISION, "precision");
    assert!(total.recall() >= UNSEEN_RECALL, "recall");
    assert_eq!(total.twice, 0, "one finding for a place and kind");
}

#[test]
fn how_lines_end_and_a_mark_at_the_start_change_nothing() {
    for name in Projects::names() {
        let places = |variant| {
            let report = scan_of(&Projects::copy(&name, variant));
            let places = report.findings.into_iter();
            let places = places.map(|f| (f.place.path, f.place.line, f.kind, f.life, f.purpose));
            places.collect::<Vec<_>>()
        };
        let plain = places(Variant::Plain);
        for variant in [Variant::Windows, Variant::Marked] {
            let found = places(variant);
            let lost: Vec<_> = plain.iter().filter(|place| !found.contains(place)).collect();
            let new: Vec<_> = found.iter().filter(|place| !plain.contains(place)).collect();
            assert!(
                lost.is_empty() && new.is_empty(),
                "{name}, {variant:?}: lost {lost:#?}, new {new:#?}"
            );
        }
    }
}

#[test]
fn no_secret_of_the_corpus_leaves() {
    for name in Projects::names() {
        let project = Projects::copy(&name, Variant::Plain);
        let json = serde_json::to_string_pretty(&scan_of(&project)).unwrap();
        // Each secret of the corpus begins and ends with the first; the second is how it begins in base64.
        for secret in ["hunter2", "ahvudgvy"] {
            let line = json.lines().find(|line| line.to_lowercase().contains(secret));
            assert_eq!(line, None, "{name}");
        }
    }
}

#[test]
fn each_finding_can_be_shown_and_judged() {
    for name in Projects::names() {
        let project = Projects::copy(&name, Variant::Plain);
        let report = scan_of(&project);
        let services: Vec<_> = report.services.iter().map(|service| &service.path).collect();
        let mut fingerprints = std::collections::HashSet::new();
        for finding in &report.findings {
            let told = format!("{name}: {finding:#?}");
            let text = fs::read_to_string(project.path().join(&finding.place.path)).unwrap();
            assert!(text.lines().nth(finding.place.line as usize - 1).is_some(), "{told}");
            assert!(finding.text.chars().count() <= 200, "{told}");
            assert!(services.contains(&&finding.service), "{told}");
            assert!(fingerprints.insert(&finding.fingerprint), "{told}");
            let needs_chain = finding.kind == pgstead_eject::Kind::Wrapper;
            assert!(!needs_chain || !finding.chain.is_empty(), "{told}");
            assert!(finding.life == Life::Live || !finding.reasons.is_empty(), "{told}");
        }
        let places = report.findings.iter().map(|finding| &finding.place);
        assert!(places.is_sorted(), "{name}");
    }
}

#[test]
fn a_scan_says_the_same_each_time_and_on_any_number_of_threads() {
    for name in Projects::names() {
        let project = Projects::copy(&name, Variant::Plain);
        let mut options = Options::default();
        let [first, rest @ ..] = [1, 2, 7].map(|threads| {
            options.threads = threads.try_into().unwrap();
            serde_json::to_string_pretty(&scan(project.path(), &options, &|_| {}).unwrap()).unwrap()
        });
        for again in rest {
            let differs = first.lines().zip(again.lines()).find(|(first, again)| first != again);
            assert!(again == first, "{name}: {differs:?}");
        }
    }
}

/// The files whose imports are wrappers, in a chain of twelve modules of which the first uses Redis.
fn followed(write: impl Fn(usize) -> (String, String), depth: usize) -> usize {
    let project = Projects::empty();
    for module in 0..12 {
        let (path, text) = write(module);
        let path = project.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fs::write(project.path().join("package.json"), r#"{ "name": "x", "main": "m11.ts" }"#).unwrap();
    let mut options = Options::default();
    options.depth = depth;
    let findings = scan(project.path(), &options, &|_| {}).unwrap().findings;
    findings.iter().filter(|finding| finding.kind == pgstead_eject::Kind::Wrapper).count()
}

#[test]
fn depth_bounds_how_many_modules_are_followed() {
    let typescript = |module: usize| {
        let text = match module.checked_sub(1) {
            None => "import Redis from 'ioredis';\nconst redis = new Redis();\nexport const f0 = () => redis.get('a');\n".to_owned(),
            Some(before) => format!(
                "import {{ f{before} }} from './m{before}';\nexport const f{module} = () => f{before}();\n"
            ),
        };
        (format!("m{module}.ts"), text)
    };
    let python = |module: usize| {
        let text = match module.checked_sub(1) {
            None => "import redis\n\nclient = redis.Redis()\n\n\ndef f0():\n    return client.get('a')\n".to_owned(),
            Some(before) => format!(
                "from m{before} import f{before}\n\n\ndef f{module}():\n    return f{before}()\n"
            ),
        };
        (format!("m{module}.py"), text)
    };
    for depth in [0, 1, 3, 8] {
        assert_eq!(followed(typescript, depth), depth, "TypeScript");
        assert_eq!(followed(python, depth), depth, "Python");
    }
}
