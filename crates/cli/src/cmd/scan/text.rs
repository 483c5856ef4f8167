//! The report for people.

use std::{collections::BTreeMap, fmt::Write as _};

use comfy_table::{ContentArrangement, Table, presets::NOTHING};
use pgstead_eject::{
    Finding, Kind, Life, Report,
    report::{Counts, Usage},
};

/// The table of services, the findings by file with the living ones first, and what is next.
pub(super) fn report(report: &Report, with_historical: bool) -> String {
    let mut told = String::new();
    let rows = pgstead_eject::report::usages(report);
    if !rows.is_empty() {
        let _ = writeln!(told, "{}\n", usages(&rows));
    }
    for life in Life::ALL {
        if life != Life::Historical || with_historical {
            findings(&mut told, report, life);
        }
    }
    for trouble in &report.troubles {
        let _ = writeln!(told, "{}: {}", trouble.path, trouble.what);
    }
    if !report.troubles.is_empty() {
        told.push('\n');
    }
    told.push_str(&summary(report, with_historical));
    told
}

/// The table "Service | current usage | replacement", as wide as the terminal.
fn usages(rows: &[Usage]) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(120).set_header(["SERVICE", "STORE", "CURRENT USAGE", "REPLACEMENT"]);
    for row in rows {
        let store = row.store.word().to_owned();
        let replacement = row.replacement.replace('`', "");
        table.add_row([row.title(), store, row.current(), replacement]);
    }
    table.trim_fmt()
}

fn findings(told: &mut String, report: &Report, life: Life) {
    let of_life: Vec<_> = report.findings.iter().filter(|found| found.life == life).collect();
    if of_life.is_empty() {
        return;
    }
    let _ = writeln!(told, "{} ({})\n", life.word().to_uppercase(), of_life.len());
    for of_file in of_life.chunk_by(|a, b| a.place.path == b.place.path) {
        let (locked, others): (Vec<&Finding>, Vec<_>) =
            of_file.iter().partition(|found| found.kind == Kind::LockedPackage);
        let _ = writeln!(told, "{}", of_file[0].place.path);
        lock(told, &locked);
        for finding in others {
            describe(told, finding);
        }
        told.push('\n');
    }
}

/// The packages of a lock file: they go with what asks for them, so one line says it.
fn lock(told: &mut String, locked: &[&Finding]) {
    let Some(first) = locked.first() else { return };
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in locked {
        *names.entry(&finding.name).or_default() += 1;
    }
    let names: Vec<_> = names.into_keys().collect();
    let _ = writeln!(told, "  {:>5}  locked: {}", first.place.line, names.join(", "));
}

fn describe(told: &mut String, finding: &Finding) {
    let (line, kind, name) = (finding.place.line, finding.kind.word(), &finding.name);
    let purpose = finding.purpose.word();
    let _ = writeln!(told, "  {line:>5}  {kind} {name}: {purpose}");
    if !finding.text.is_empty() {
        let _ = writeln!(told, "         | {}", finding.text);
    }
    if !finding.reasons.is_empty() {
        let _ = writeln!(told, "         {}", finding.reasons.join("; "));
    }
    if !finding.chain.is_empty() {
        let steps: Vec<_> = finding.chain.iter().map(ToString::to_string).collect();
        let _ = writeln!(told, "         reached by: {}", steps.join(" ← "));
    }
}

fn summary(report: &Report, with_historical: bool) -> String {
    let Counts { live, test, dormant, historical, .. } = Counts::of(&report.findings);
    let files = report.files;
    let mut told = format!(
        "{files} files: {live} live, {test} test, {dormant} dormant, {historical} historical."
    );
    if historical > 0 && !with_historical {
        told.push_str(" --all lists the historical ones, too.");
    }
    told.push('\n');
    told.push_str(match (live, test + dormant) {
        (0, 0) => "Nothing is left to do here; `pgstead verify` says so with an exit status.",
        (0, _) => "Nothing lives. `pgstead apply` shows what can be cleaned up.",
        _ => "Next: `pgstead plan` says what to do in which order.",
    });
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(json: &serde_json::Value) -> Report {
        let finding = |kind: &str, path: &str, life: &str, name: &str| {
            serde_json::json!({
                "kind": kind, "store": "redis", "purpose": "queue", "life": life, "path": path,
                "line": 3, "column": 1, "name": name, "text": "the line", "reasons": ["because"],
                "chain": [], "service": "apps/a", "fingerprint": "f",
            })
        };
        let mut document = serde_json::json!({
            "version": 1, "tool": "pgstead", "files": 2, "troubles": [],
            "services": [{ "path": "apps/a", "name": "a", "manifests": [] }],
            "findings": [
                finding("locked_package", "apps/a/package-lock.json", "live", "bullmq"),
                finding("locked_package", "apps/a/package-lock.json", "live", "ioredis"),
                finding("wrapper", "apps/a/src/b.ts", "live", "createQueue"),
                finding("mention", "README.md", "historical", "redis"),
            ],
        });
        document["findings"][2]["chain"] = json.clone();
        serde_json::from_value(document).unwrap()
    }

    #[test]
    fn people_see_services_and_how_each_was_reached() {
        let chain = serde_json::json!([
            { "path": "apps/a/src/q.ts", "line": 1, "column": 1, "name": "createQueue" },
            { "path": "apps/a/src/q.ts", "line": 9, "column": 1, "name": "bullmq" },
        ]);
        let told = report(&found(&chain), false);
        for line in [
            "queue: createQueue (1 place in 1 file)",
            "LIVE (3)",
            "      3  locked: bullmq, ioredis",
            "      3  wrapper createQueue: queue",
            "reached by: apps/a/src/q.ts:1 createQueue ← apps/a/src/q.ts:9 bullmq",
            "2 files: 3 live, 0 test, 0 dormant, 1 historical. --all lists",
        ] {
            assert!(told.contains(line), "{line:?} in:\n{told}");
        }
        assert!(!told.contains("README.md"));
        assert!(report(&found(&chain), true).contains("README.md"));
    }
}
