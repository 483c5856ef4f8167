//! Pipelines of Jenkins, line by line: containers, variables, and what its shells run.

use std::sync::LazyLock;

use regex::Regex;

use super::{address, command, line, server, trial};
use crate::{
    file::File,
    finding::{Kind, Sighting},
};

/// `docker.image('redis:7').withRun(…)`, `image 'redis:7'`.
static IMAGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"\b(?:docker\.image\(\s*|image\s+)['"](?P<image>[^'"]+)['"]"#)
        .expect("it is valid")
});

/// `stage('Test') {`
static STAGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"\bstage\s*\(\s*['"](?P<name>[^'"]+)['"]"#).expect("it is valid")
});

/// `sh 'npm test'`, `sh(script: "npm test")`.
static SHELL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"\b(?:sh|bat|pwsh|powershell)\b\s*\(?\s*(?:script:\s*)?['"]+(?P<script>.+?)['"]*\s*[,)]?[^'"]*$"#)
        .expect("it is valid")
});

/// `string(credentialsId: 'x', variable: 'REDIS_URL')`
static BOUND: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"\b\w*[vV]ariable:\s*['"](?P<name>[A-Z]\w*)['"]"#).expect("it is valid")
});

/// Whether a file is one, by its name.
pub(super) fn is(name: &str) -> bool {
    name.starts_with("Jenkinsfile") || name.ends_with(".jenkinsfile")
}

/// Reads a pipeline.
pub(super) fn read(file: &File) -> Vec<Sighting> {
    let mut is_of_tests = false;
    let mut found = Vec::new();
    for index in 0..file.line_count() {
        let line = &file.text[file.line(index)];
        if let Some(stage) = STAGE.captures(line) {
            is_of_tests = trial::is_of_tests(&stage["name"]);
        }
        let Some(sighting) = of_line(file, index) else { continue };
        let is_local = address::find(line).is_some_and(|address| address.is_local);
        found.push(match sighting.kind {
            Kind::Container => trial::of_tests(sighting, "a pipeline runs it beside a stage"),
            _ if is_of_tests => trial::of_tests(sighting, "a stage that tests has it"),
            _ if is_local => trial::of_tests(sighting, "it leads to a container of a pipeline"),
            _ => sighting,
        });
    }
    found
}

fn of_line(file: &File, index: usize) -> Option<Sighting> {
    let span = file.line(index);
    let text = &file.text[span.clone()];
    if text.trim_start().starts_with("//") {
        return None;
    }
    if let Some(image) = IMAGE.captures(text) {
        let store = server::of_image(&image["image"])?;
        return Some(Sighting::new(Kind::Container, store, span, &image["image"]));
    }
    if let Some(bound) = BOUND.captures(text) {
        let store = super::variable::store_of(&bound["name"])?;
        return Some(Sighting::new(Kind::VariableSet, store, span, &bound["name"]));
    }
    match SHELL.captures(text) {
        Some(run) => command::of_script(&run["script"], &span).map(|of| Sighting { span, ..of }),
        None => line::of_line(file, index).filter(|found| found.kind != Kind::Setting),
    }
}
