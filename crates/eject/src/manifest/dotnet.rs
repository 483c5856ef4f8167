//! Projects of .NET, central versions, and lock files.

use std::collections::HashSet;

use super::{
    asked::{Asker, Use},
    xml::{self, Element},
};
use crate::{
    catalogue::{self, Ecosystem, Role},
    document::{self, Node},
    file::File,
    finding::{Kind, Sighting},
};

/// Reads a project, `Directory.Packages.props`, or `packages.config`.
pub(super) fn project(file: &File) -> Result<Vec<Sighting>, String> {
    let asker = Asker::manifest(Ecosystem::Nuget);
    let elements = xml::elements(&file.text)?;
    let of_tests = is_of_tests(file, &elements);
    let found = elements.iter().filter_map(|element| {
        if element.name() == "Using" {
            return taken_in(element);
        }
        let name = match element.name() {
            "PackageReference" | "PackageVersion" | "GlobalPackageReference" => {
                element.attribute("Include").or_else(|| element.attribute("Update"))?
            }
            "package" => element.attribute("id")?,
            _ => return None,
        };
        let usage = if of_tests {
            Use::Development("it is a project of tests")
        } else if element.attribute("developmentDependency") == Some("true") {
            Use::Development("it is a development dependency")
        } else {
            Use::Live
        };
        asker.package(name, element.span.clone(), &usage)
    });
    Ok(found.collect())
}

/// What all files of a project see: `<Using Include="StackExchange.Redis" />`.
fn taken_in(element: &Element) -> Option<Sighting> {
    let package = catalogue::imported(Ecosystem::Nuget, element.attribute("Include")?)?;
    let is_on = matches!(package.role, Role::Client | Role::Library);
    is_on.then(|| Sighting::of(Kind::Import, package, element.span.clone(), &package.name))
}

fn is_of_tests(file: &File, elements: &[Element]) -> bool {
    let stem = file.name().rsplit_once('.').map_or("", |(stem, _)| stem).to_lowercase();
    let by_name = [".tests", ".test", ".unittests", ".integrationtests", ".specs"];
    let says = |element: &Element| {
        element.name() == "IsTestProject" && element.text.eq_ignore_ascii_case("true")
            || element.attribute("Include") == Some("Microsoft.NET.Test.Sdk")
                && element.name() == "PackageReference"
    };
    by_name.iter().any(|ending| stem.ends_with(ending)) || elements.iter().any(says)
}

/// Reads `packages.lock.json`: a package is locked for each framework, and told once.
pub(super) fn lock(file: &File) -> Result<Vec<Sighting>, String> {
    let asker = Asker::lock(Ecosystem::Nuget);
    let document = document::json(&file.text)?;
    let frameworks = document.root().and_then(|root| root.get("dependencies"));
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for framework in frameworks.into_iter().flat_map(Node::pairs) {
        for pair in framework.value.pairs() {
            let says = |key| pair.value.get(key).and_then(Node::text);
            let version = says("resolved").unwrap_or_default();
            let is_own = says("type") == Some("Project");
            if !is_own && seen.insert((pair.key.to_owned(), version.to_owned())) {
                found.extend(asker.package(pair.key, pair.key_span(), &Use::Live));
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn projects_reference_packages() {
        let text = "\u{feff}<Project Sdk=\"Microsoft.NET.Sdk\">\r\n  <ItemGroup>\r\n    <PackageReference Include=\"StackExchange.Redis\" Version=\"2.7\" />\r\n    <PackageReference Include=\"BouncyCastle.Redist\" />\r\n    <PackageReference Include=\"MongoDB.Driver\">\r\n      <Version>2</Version>\r\n    </PackageReference>\r\n    <Using Include=\"StackExchange.Redis\" />\r\n  </ItemGroup>\r\n</Project>\r\n";
        for (path, is_test) in [("a/App.csproj", false), ("a/App.Tests.csproj", true)] {
            let file = File::new(path.into(), text.into());
            let found = project(&file).unwrap();
            let told: Vec<_> = found
                .iter()
                .filter(|found| found.kind == Kind::Package)
                .map(|found| {
                    (file.line_of(found.span.start) + 1, &*found.name, found.life.is_some())
                })
                .collect();
            assert_eq!(told, [(3, "StackExchange.Redis", is_test), (5, "MongoDB.Driver", is_test)]);
            // What all files of the project see.
            let mut taken = found.iter().filter(|found| found.kind == Kind::Import);
            assert_eq!(taken.next().map(|found| file.line_of(found.span.start) + 1), Some(8));
        }
        let text = r#"{"version": 1, "dependencies": {"net8.0": {"StackExchange.Redis": {"type": "Transitive", "resolved": "2.7"}, "app": {"type": "Project", "dependencies": {"StackExchange.Redis": "2"}}}, "net6.0": {"StackExchange.Redis": {"resolved": "2.7"}}}}"#;
        let file = File::new("packages.lock.json".into(), text.into());
        assert_eq!(lock(&file).unwrap().len(), 1);
    }
}
