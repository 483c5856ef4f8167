//! The phases: prepare, import what is denied, switch service by service, clean up, prove it, take the servers down.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    FileChange, InfrastructureChange, Line, PackageChange, Phase, Risk, Rule, VariableChange,
    purposes,
};
use crate::{
    finding::{Finding, Kind, Life, Purpose, Report},
    report::counted,
};

/// Who does what about a finding.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Work {
    /// A person, when the service is switched.
    Switch,
    /// `pgstead apply`, or a person after it.
    Apply,
    /// A person, when nobody connects any more.
    Decommission,
    /// Nobody: it tells what was.
    None,
}

/// `code` are the files in which something is switched: an address in there is, too.
fn work(finding: &Finding, code: &BTreeSet<&str>) -> Work {
    match (finding.life, finding.kind) {
        (Life::Live | Life::Test, Kind::ConnectionString)
            if code.contains(&*finding.place.path) =>
        {
            Work::Switch
        }
        (Life::Historical, _) | (_, Kind::Mention) => Work::None,
        (Life::Dormant, _) => Work::Apply,
        (
            _,
            Kind::Import
            | Kind::Client
            | Kind::Command
            | Kind::Wrapper
            | Kind::VariableRead
            | Kind::Setting,
        ) => Work::Switch,
        (_, Kind::Resource) => Work::Decommission,
        _ => Work::Apply,
    }
}

/// The phases for what was found, and where their points come from.
pub(super) fn phases(report: &Report, rule: &Rule) -> (Vec<Phase>, Vec<Line>) {
    let mut planned = Planned { rule, phases: Vec::new(), lines: Vec::new() };
    let is_code = |found: &&Finding| work(found, &BTreeSet::new()) == Work::Switch;
    let code = report.findings.iter().filter(is_code).map(|found| &*found.place.path).collect();
    let of = |wanted: Work| -> Vec<&Finding> {
        report.findings.iter().filter(|found| work(found, &code) == wanted).collect()
    };
    let (to_switch, to_apply, to_remove) =
        (of(Work::Switch), of(Work::Apply), of(Work::Decommission));
    let lives = |found: &&Finding| found.life == Life::Live;
    let uses = uses(&to_switch);
    if !uses.is_empty() {
        planned.prepare(&uses);
    }
    if uses.values().any(has_deny_lists) {
        planned.deny_lists(&uses);
    }
    for (service, uses) in in_order(uses) {
        planned.switch(report, service, &uses);
    }
    if !to_apply.is_empty() {
        planned.apply(&to_apply);
    }
    planned.verify();
    if to_remove.iter().any(lives) || to_apply.iter().any(lives) {
        planned.decommission(&to_remove);
    }
    (planned.phases, planned.lines)
}

type Uses<'f> = BTreeMap<Purpose, Vec<&'f Finding>>;

/// What is switched, by service and purpose; only services in which something lives.
fn uses<'f>(findings: &[&'f Finding]) -> BTreeMap<&'f str, Uses<'f>> {
    let mut uses: BTreeMap<&str, Uses<'f>> = BTreeMap::new();
    for &finding in findings {
        let of_service = uses.entry(&finding.service).or_default();
        of_service.entry(finding.purpose).or_default().push(finding);
    }
    let lives = |of_service: &Uses<'_>| of_service.values().flatten().any(|f| f.life == Life::Live);
    uses.retain(|_, of_service| lives(of_service));
    uses
}

/// Services with the least to lose first.
fn in_order<'f>(uses: BTreeMap<&'f str, Uses<'f>>) -> Vec<(&'f str, Uses<'f>)> {
    let mut services: Vec<_> = uses.into_iter().collect();
    let harm = |uses: &Uses<'_>| uses.keys().map(|&purpose| purposes::of(purpose).order).max();
    services.sort_by_key(|(service, uses)| (harm(uses), *service));
    services
}

fn has_deny_lists(uses: &Uses<'_>) -> bool {
    uses.contains_key(&Purpose::Tokens) || uses.contains_key(&Purpose::Session)
}

struct Planned<'r> {
    rule: &'r Rule,
    phases: Vec<Phase>,
    lines: Vec<Line>,
}

impl Planned<'_> {
    fn count(&mut self, phase: &str, what: &str, (points, arithmetic): (f64, String)) {
        let (phase, what) = (phase.to_owned(), what.to_owned());
        self.lines.push(Line { phase, what, arithmetic, points });
    }

    fn prepare(&mut self, uses: &BTreeMap<&str, Uses<'_>>) {
        let has = |purpose| uses.values().any(|of_service| of_service.contains_key(&purpose));
        let mut phase = Phase {
            id: "prepare".to_owned(),
            title: "Prepare PostgreSQL and pgstead".to_owned(),
            services: uses.keys().map(|&service| service.to_owned()).collect(),
            steps: texts(&[
                "Choose the PostgreSQL (14 or later) that holds this: the one that the services have. Behind a transaction pooler, have a direct URL at hand too.",
                "`pgstead migrate --dry-run`, read it, then `pgstead migrate`.",
                "Run `pgstead serve` for services that are not in Rust, with a key for each (`pgstead keys create`).",
                "Watch it: `/healthz` and `/readyz`, the size of the schema `pgstead`, and the load of the database before the first switch.",
                "Write a baseline (`pgstead scan --baseline FILE --write-baseline`) and have CI refuse new uses (`--deny live`).",
            ]),
            rollback: texts(&[
                "Nothing uses it yet: stop the server. The schemas `pgstead` and `pgmq` may stay; dropping them removes all of it.",
            ]),
            ..Phase::default()
        };
        if has(Purpose::Limits) || has(Purpose::Queue) {
            let why = "the policies and queues that replace what is on Redis".to_owned();
            phase.create.push(FileChange { path: "pgstead.toml".to_owned(), why });
        }
        phase.risks.push(risk(
            "PostgreSQL gets load that it did not have.",
            "Switch the service with the least traffic first, and compare.",
        ));
        let once = self.rule.phases().prepare;
        self.count("prepare", "PostgreSQL, pgstead, monitoring", (once, once.to_string()));
        self.phases.push(phase);
    }

    fn deny_lists(&mut self, uses: &BTreeMap<&str, Uses<'_>>) {
        let services = uses.iter().filter(|(_, uses)| has_deny_lists(uses));
        self.phases.push(Phase {
            id: "deny_lists".to_owned(),
            title: "Bring over what is denied, before anything else".to_owned(),
            services: services.map(|(&service, _)| service.to_owned()).collect(),
            steps: texts(&[
                "List the keys that deny: deny-lists, revoked token ids, lockouts. A deny-list that is lost fails open.",
                "Revoke the sessions of those users on the new side, or keep asking Redis for them until the last token that it could name has expired.",
                "Block keys that are locked out: `pgstead limits block POLICY KEY --for TIME`.",
                "Test with a token that was revoked before: it must stay refused.",
            ]),
            risks: vec![risk(
                "What is revoked between the import and the switch is missing.",
                "Write revocations to both sides from now on, or import again right before the switch.",
            )],
            rollback: texts(&["Redis is still asked: nothing has to be done."]),
            ..Phase::default()
        });
        let once = self.rule.phases().deny_lists;
        self.count("deny_lists", "deny-lists and lockouts", (once, once.to_string()));
    }

    fn switch(&mut self, report: &Report, service: &str, uses: &Uses<'_>) {
        let mut in_order: Vec<_> = uses.iter().collect();
        in_order.sort_by_key(|(purpose, _)| purposes::of(**purpose).order);
        let words: Vec<_> = in_order.iter().map(|(purpose, _)| purpose.word()).collect();
        let name = report.services.iter().find(|found| found.path == service);
        let name = name.map_or(service, |found| &found.name);
        let name = if name == "." { "the root" } else { name };
        let mut phase = Phase {
            id: format!("switch:{service}"),
            title: format!("Switch {name}: {}", words.join(", ")),
            services: vec![service.to_owned()],
            ..Phase::default()
        };
        for (purpose, findings) in &in_order {
            let (known, word) = (purposes::of(**purpose), purpose.word());
            let of = |text: &String| format!("**{word}**: {text}");
            phase.steps.extend(known.steps.iter().map(of));
            phase.rollback.extend(known.rollback.iter().map(of));
            let named = |risk: &Risk| Risk { what: of(&risk.what), ..risk.clone() };
            phase.risks.extend(known.risks.iter().map(named));
            let points = self.rule.switch(**purpose, findings.iter().copied());
            self.count(&phase.id, &format!("{name}, {word}"), points);
        }
        phase.modify = modified(uses.values().flatten().copied(), &BTreeSet::new());
        clients(report, service, &mut phase);
        self.phases.push(phase);
    }

    fn apply(&mut self, findings: &[&Finding]) {
        let is_whole = |found: &&&Finding| matches!(found.kind, Kind::Backup | Kind::UnusedModule);
        let deleted: BTreeMap<_, _> = findings
            .iter()
            .filter(is_whole)
            .map(|found| (found.place.path.as_str(), found.kind.word()))
            .collect();
        let paths: BTreeSet<_> = deleted.keys().copied().collect();
        let services: BTreeSet<_> = findings.iter().map(|found| &found.service).collect();
        for service in &services {
            let of_service = findings.iter().copied().filter(|found| found.service == **service);
            let points = self.rule.edit(of_service, self.rule.phases().apply);
            self.count("apply", service, points);
        }
        let packages: BTreeSet<_> = findings
            .iter()
            .filter(|found| found.kind == Kind::Package)
            .map(|found| PackageChange {
                manifest: found.place.path.clone(),
                package: found.name.clone(),
            })
            .collect();
        let mut variables: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for found in findings.iter().filter(|found| found.kind == Kind::VariableSet) {
            variables.entry(&found.name).or_default().push(line(found));
        }
        let change = |(name, places): (&str, _)| VariableChange { name: name.to_owned(), places };
        let delete =
            |(path, why): (&str, &str)| FileChange { path: path.to_owned(), why: why.to_owned() };
        let removed = [Kind::Container, Kind::HelmDependency];
        self.phases.push(Phase {
            id: "apply".to_owned(),
            title: "Remove what nobody uses any more".to_owned(),
            services: services.into_iter().cloned().collect(),
            steps: texts(&[
                "`pgstead apply .` shows the changes as a diff; nothing is written.",
                "`pgstead apply . --write` on a clean git tree makes them; what it leaves alone it lists, with what to do.",
                "Have the package managers write their lock files where `apply` could not, run the tests of each service, and deploy.",
                "Rotate the passwords of addresses that stood in the tree: they are in its history.",
            ]),
            modify: modified(findings.iter().copied(), &paths),
            delete: deleted.into_iter().map(delete).collect(),
            remove_packages: packages.into_iter().collect(),
            remove_variables: variables.into_iter().map(change).collect(),
            remove_infrastructure: infrastructure(findings, &removed),
            risks: vec![risk(
                "A package or variable is used in a way that the scan does not see.",
                "Types, tests and a start of each service with the variable missing show it; it is one commit.",
            )],
            rollback: texts(&["Revert the commit, and set the variables again in the environments that are not in the tree."]),
            ..Phase::default()
        });
    }

    fn verify(&mut self) {
        self.phases.push(Phase {
            id: "verify".to_owned(),
            title: "Prove that it is gone".to_owned(),
            steps: texts(&[
                "`pgstead verify .` exits with 0 when no live use is left in the tree.",
                "`pgstead verify . --redis URL --minutes 60` exits with 0 when the server has no other client and saw no command for that time. Choose a time that covers what runs rarely: nightly jobs, monthly reports.",
            ]),
            rollback: texts(&["It changes nothing."]),
            ..Phase::default()
        });
        let once = self.rule.phases().verify;
        self.count("verify", "the tree and the servers", (once, once.to_string()));
    }

    fn decommission(&mut self, findings: &[&Finding]) {
        self.phases.push(Phase {
            id: "decommission".to_owned(),
            title: "Take the servers down".to_owned(),
            steps: texts(&[
                "Make a last snapshot of each server and keep it as long as you keep backups.",
                "Shut the servers off for clients first (a security group, a firewall rule, `requirepass`), and wait for a full cycle of the business.",
                "Remove the resources, and with them their secrets, alerts, dashboards and network rules.",
            ]),
            modify: modified(findings.iter().copied(), &BTreeSet::new()),
            remove_infrastructure: infrastructure(findings, &[Kind::Resource]),
            risks: vec![risk(
                "Somebody uses a server who is not in this tree.",
                "`verify --redis` names each client with its address; shut off before you remove.",
            )],
            rollback: texts(&[
                "Until it is removed: open it again. After that: make a server from the snapshot; what was written to PostgreSQL meanwhile is not in it.",
            ]),
            ..Phase::default()
        });
        let once = self.rule.phases().decommission;
        let points = self.rule.edit(findings.iter().copied(), once);
        self.count("decommission", "servers", points);
    }
}

/// By what a service asks pgstead: a package of its language, or HTTP.
fn clients(report: &Report, service: &str, phase: &mut Phase) {
    let found = report.services.iter().find(|found| found.path == service);
    let manifests = found.map(|found| found.manifests.as_slice()).unwrap_or_default();
    let mut is_in_process = false;
    for manifest in manifests {
        let name = manifest.rsplit('/').next().unwrap_or_default();
        if matches!(name, "package.json" | "Cargo.toml") {
            is_in_process = true;
            let (manifest, package) = (manifest.clone(), "pgstead".to_owned());
            phase.add_packages.push(PackageChange { manifest, package });
        }
    }
    let names: &[&str] =
        if is_in_process { &["DATABASE_URL"] } else { &["PGSTEAD_URL", "PGSTEAD_API_KEY"] };
    let place =
        |name: &&str| VariableChange { name: (*name).to_owned(), places: vec![service.to_owned()] };
    phase.add_variables = names.iter().map(place).collect();
}

/// The files in which something is changed, with what.
fn modified<'f>(
    findings: impl Iterator<Item = &'f Finding>,
    but: &BTreeSet<&str>,
) -> Vec<FileChange> {
    let mut files: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in findings.filter(|finding| !but.contains(&*finding.place.path)) {
        files.entry(&finding.place.path).or_default().push(finding);
    }
    let change = |(path, findings): (&str, Vec<&Finding>)| {
        let kinds: BTreeSet<_> = findings.iter().map(|found| found.kind).collect();
        let kinds: Vec<_> = kinds.into_iter().map(Kind::word).collect();
        let life = findings.iter().map(|found| found.life).min().unwrap_or(Life::Live);
        let life = if life == Life::Live { "" } else { life.word() };
        let places = counted(findings.len(), "place");
        let separator = if life.is_empty() { "" } else { ", " };
        let why = format!("{places}: {}{separator}{life}", kinds.join(", "));
        FileChange { path: path.to_owned(), why }
    };
    files.into_iter().map(change).collect()
}

fn infrastructure(findings: &[&Finding], kinds: &[Kind]) -> Vec<InfrastructureChange> {
    let wanted = findings.iter().filter(|found| kinds.contains(&found.kind));
    let change = |found: &&Finding| InfrastructureChange {
        kind: found.kind.word().to_owned(),
        name: found.name.clone(),
        place: line(found),
    };
    wanted.map(change).collect()
}

fn line(finding: &Finding) -> String {
    format!("{}:{}", finding.place.path, finding.place.line)
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

fn risk(what: &str, mitigation: &str) -> Risk {
    Risk { what: what.to_owned(), mitigation: mitigation.to_owned() }
}
