//! The plan as Markdown, as GitHub renders it.

use std::{collections::HashMap, fmt::Write as _};

use super::{Cost, Effort, Phase, Plan, Risk};
use crate::report::{cell, code, counted};

/// The plan as Markdown.
#[must_use]
pub fn markdown(plan: &Plan) -> String {
    let mut told = String::from("# Plan: off Redis\n\n");
    let counts = plan.counts;
    let _ = writeln!(
        told,
        "Made by {} from what it found: {} live, {} test, {} dormant, {} historical. Steps, risks and ways back are \
         general; files, packages, variables, servers and numbers are those of this tree.\n",
        plan.tool, counts.live, counts.test, counts.dormant, counts.historical,
    );
    services(&mut told, plan);
    overview(&mut told, plan);
    let mut seen = Seen::default();
    for (phase, number) in plan.phases.iter().zip(1..) {
        describe(&mut told, phase, number, &mut seen);
    }
    effort(&mut told, &plan.effort);
    cost(&mut told, &plan.cost);
    if plan.mongodb > 0 {
        let _ = writeln!(
            told,
            "## Not part of this plan\n\n{} of MongoDB: pgstead reports them (`pgstead scan . --store mongodb`) and \
             does nothing about them.",
            counted(plan.mongodb, "live use"),
        );
    }
    told.truncate(told.trim_end().len());
    told
}

fn services(told: &mut String, plan: &Plan) {
    told.push_str("## Services\n\n");
    if plan.services.is_empty() {
        told.push_str("Nothing of Redis lives in this tree.\n\n");
        return;
    }
    told.push_str("| Service | Current Redis usage | Replacement |\n|---|---|---|\n");
    for usage in &plan.services {
        let (title, current) = (cell(&usage.title()), cell(&usage.current()));
        let _ = writeln!(told, "| {title} | {current} | {} |", cell(&usage.replacement));
    }
    told.push('\n');
}

fn overview(told: &mut String, plan: &Plan) {
    told.push_str("## Phases\n\n| | Phase | Points |\n|--:|---|--:|\n");
    for (phase, number) in plan.phases.iter().zip(1..) {
        let _ = writeln!(told, "| {number} | {} | {} |", cell(&phase.title), phase.points);
    }
    let Effort { points, points_per_day, days, .. } = plan.effort;
    let _ = writeln!(told, "| | all: {days} days at {points_per_day} points a day | {points} |\n");
}

/// In which phase a text stands already. What is said of a purpose is the same for each service, and is read once.
#[derive(Default)]
struct Seen(HashMap<String, usize>);

impl Seen {
    /// The texts, with those that stand elsewhere replaced by where that is.
    fn new_of(&mut self, texts: impl Iterator<Item = String>, phase: usize) -> Vec<String> {
        let mut new = Vec::new();
        for text in texts {
            let first = *self.0.entry(text.clone()).or_insert(phase);
            let of = text.split_once(": ").map_or("", |(of, _)| of);
            let text = if first == phase { text } else { format!("{of}: as in phase {first}.") };
            if new.last() != Some(&text) {
                new.push(text);
            }
        }
        new
    }
}

fn describe(told: &mut String, phase: &Phase, number: usize, seen: &mut Seen) {
    let _ = writeln!(told, "### {number}. {}\n", cell(&phase.title));
    let steps = seen.new_of(phase.steps.iter().cloned(), number);
    let risk = |risk: &Risk| format!("{} *{}*", risk.what, risk.mitigation);
    let risks = seen.new_of(phase.risks.iter().map(risk), number);
    let rollback = seen.new_of(phase.rollback.iter().cloned(), number);
    for (step, number) in steps.iter().zip(1..) {
        let _ = writeln!(told, "{number}. {step}");
    }
    told.push('\n');
    list(told, "Create", &phase.create, |file| format!("{}: {}", code(&file.path), file.why));
    list(told, "Modify", &phase.modify, |file| format!("{}: {}", code(&file.path), file.why));
    list(told, "Delete", &phase.delete, |file| format!("{}: {}", code(&file.path), file.why));
    for (title, packages) in
        [("Packages to add", &phase.add_packages), ("Packages to remove", &phase.remove_packages)]
    {
        list(told, title, packages, |change| {
            format!("{} in {}", code(&change.package), code(&change.manifest))
        });
    }
    for (title, variables) in [
        ("Variables to add", &phase.add_variables),
        ("Variables to remove", &phase.remove_variables),
    ] {
        list(told, title, variables, |change| {
            let places: Vec<_> = change.places.iter().map(|place| code(place)).collect();
            format!("{} in {}", code(&change.name), places.join(", "))
        });
    }
    list(told, "Infrastructure to remove", &phase.remove_infrastructure, |change| {
        format!("{} {} in {}", change.kind, code(&change.name), code(&change.place))
    });
    list(told, "Risks", &risks, Clone::clone);
    list(told, "Rollback", &rollback, Clone::clone);
}

fn list<T>(told: &mut String, title: &str, items: &[T], show: impl Fn(&T) -> String) {
    if items.is_empty() {
        return;
    }
    let _ = writeln!(told, "{title}:\n");
    for item in items {
        let _ = writeln!(told, "- {}", show(item));
    }
    told.push('\n');
}

fn effort(told: &mut String, effort: &Effort) {
    told.push_str("## Effort\n\n| For | Points | How |\n|---|--:|---|\n");
    for line in &effort.lines {
        let (what, how) = (cell(&line.what), cell(&line.arithmetic));
        let phase = line.phase.split(':').next().unwrap_or_default().replace('_', "-");
        let _ = writeln!(told, "| {phase}: {what} | {} | {how} |", line.points);
    }
    let Effort { points, points_per_day, days, .. } = effort;
    let _ = writeln!(told, "| all | {points} | {points} / {points_per_day} a day = {days} days |");
    told.push_str("\nThe rule is a file that you can set your own numbers above: `pgstead plan . --effort FILE`.\n\n");
}

fn cost(told: &mut String, cost: &Cost) {
    told.push_str("## Cost saved\n\n");
    if cost.lines.is_empty() {
        told.push_str("The tree declares no server that is paid for by itself.\n\n");
        return;
    }
    let currency = &cost.currency;
    let _ = writeln!(told, "| Server | {currency} a month | How | Price |\n|---|--:|---|---|");
    for line in &cost.lines {
        let server = &line.infrastructure;
        let size = server.size.as_deref().unwrap_or("size unknown");
        let what = format!("{} ({size}) {}:{}", server.name, server.place.path, server.place.line);
        let month = line.per_month.map_or("unknown".to_owned(), |month| format!("{month:.2}"));
        let price = line.source.as_deref().zip(line.date.as_deref());
        let price = price.map_or(String::new(), |(source, date)| format!("{source}, {date}"));
        let _ = writeln!(
            told,
            "| {} | {month} | {} | {} |",
            cell(&what),
            cell(&line.why),
            cell(&price)
        );
    }
    let unknown = match cost.unknown {
        0 => String::new(),
        unknown => format!(", and {unknown} of which the price is unknown"),
    };
    let _ = writeln!(
        told,
        "\nAll that is known: {:.2} {currency} a month{unknown}. List prices; set yours above them: `pgstead plan . --prices FILE`.\n",
        cost.per_month,
    );
}
