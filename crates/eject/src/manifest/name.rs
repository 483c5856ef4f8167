//! The name of a service, as its manifest says it.

use std::{fs, path::Path, sync::LazyLock};

use regex::Regex;

use crate::document::{self, Node};

/// The name that a service has in the first of its manifests that says one.
pub(crate) fn name(root: &Path, manifests: &[String]) -> Option<String> {
    manifests.iter().find_map(|path| {
        let text = fs::read_to_string(root.join(path)).ok()?;
        let file = path.rsplit('/').next().unwrap_or(path);
        let name = of(file, &text)?;
        let name = name.trim();
        (!name.is_empty() && !name.contains(['$', '{'])).then(|| name.to_owned())
    })
}

fn of(file: &str, text: &str) -> Option<String> {
    let json = |ways: &[&[&str]]| first(&document::json(text).ok()?, ways);
    let toml = |ways: &[&[&str]]| first(&document::toml(text).ok()?, ways);
    match file {
        "package.json" | "composer.json" => json(&[&["name"]]),
        "Cargo.toml" => toml(&[&["package", "name"]]),
        "pyproject.toml" => toml(&[&["project", "name"], &["tool", "poetry", "name"]]),
        "go.mod" => module(text).map(str::to_owned),
        "pom.xml" => artifact(text),
        "setup.py" => {
            static NAME: LazyLock<Regex> = LazyLock::new(|| {
                Regex::new(r#"\bname\s*=\s*["']([^"']+)["']"#).expect("it is valid")
            });
            NAME.captures(text).map(|found| found[1].to_owned())
        }
        name => {
            let (stem, extension) = name.rsplit_once('.')?;
            extension.ends_with("proj").then(|| stem.to_owned())
        }
    }
}

fn first(document: &document::Document<'_>, ways: &[&[&str]]) -> Option<String> {
    let root = document.root()?;
    ways.iter().find_map(|way| root.at(way).and_then(Node::text)).map(str::to_owned)
}

/// The last part of a module's path that is no version.
fn module(text: &str) -> Option<&str> {
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let path = lines.find_map(|line| line.trim().strip_prefix("module "))?;
    let is_version = |part: &&str| part.strip_prefix('v').is_some_and(|n| n.parse::<u32>().is_ok());
    path.split("//").next()?.trim().trim_matches('"').rsplit('/').find(|part| !is_version(part))
}

/// The project's own artifact: neither its parent's nor a dependency's.
fn artifact(text: &str) -> Option<String> {
    let elements = super::xml::elements(text).ok()?;
    let own = elements.into_iter().find(|element| element.way == ["project", "artifactId"]);
    own.map(|element| element.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_names_itself() {
        for (file, text, name) in [
            ("package.json", r#"{"name": "@acme/api"}"#, "@acme/api"),
            ("Cargo.toml", "[package]\nname = \"api\"", "api"),
            ("pyproject.toml", "[tool.poetry]\nname = \"api\"", "api"),
            ("go.mod", "module github.com/acme/api/v2\n", "api"),
            (
                "pom.xml",
                "<project><parent><artifactId>p</artifactId></parent><artifactId>api</artifactId></project>",
                "api",
            ),
            ("setup.py", "setup(\n name='api')", "api"),
            ("Api.csproj", "<Project/>", "Api"),
        ] {
            assert_eq!(of(file, text).as_deref(), Some(name), "{file}");
        }
        assert_eq!(of("Cargo.toml", "[workspace]"), None);
        assert_eq!(of("package.json", "{"), None);
    }
}
