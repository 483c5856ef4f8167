//! The services of a tree: folders with a manifest.

use std::collections::BTreeMap;

use crate::finding::{RelativePath, Service};

/// Names of manifests; those with a dot in front are endings.
const MANIFESTS: &[&str] = &[
    "package.json",
    "Cargo.toml",
    "pyproject.toml",
    "requirements.txt",
    "setup.py",
    "Pipfile",
    "go.mod",
    "Gemfile",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "composer.json",
    ".csproj",
    ".fsproj",
    ".vbproj",
    "mix.exs",
];

/// Whether a file makes its folder a service.
pub(crate) fn is_manifest(name: &str) -> bool {
    MANIFESTS.iter().any(|manifest| match manifest.strip_prefix('.') {
        Some(_) => name.ends_with(manifest),
        None => name == *manifest,
    })
}

/// The services of a tree by the paths of its files; the root is always one.
#[derive(Debug)]
pub(crate) struct Services(BTreeMap<String, Vec<String>>);

impl Services {
    pub(crate) fn find(files: &[RelativePath]) -> Self {
        let mut services = BTreeMap::from([(String::new(), Vec::new())]);
        for path in files {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            if is_manifest(name) {
                services.entry(folder.to_owned()).or_default().push(path.to_string());
            }
        }
        Self(services)
    }

    /// The folder of the service to which a file belongs; empty for the root.
    pub(crate) fn of(&self, path: &str) -> &str {
        let mut folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        loop {
            if let Some((found, _)) = self.0.get_key_value(folder) {
                return found;
            }
            folder = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
        }
    }

    /// As they are reported, with names by what manifests say.
    pub(crate) fn into_report(
        self,
        name: impl Fn(&str, &[String]) -> Option<String>,
    ) -> Vec<Service> {
        let told = self.0.into_iter().map(|(path, manifests)| {
            let folder = path.rsplit('/').next().unwrap_or_default().to_owned();
            let name = name(&path, &manifests).unwrap_or(folder);
            let path = if path.is_empty() { ".".to_owned() } else { path };
            let name = if name.is_empty() { ".".to_owned() } else { name };
            Service { path, name, manifests }
        });
        told.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_belongs_to_the_nearest_manifest() {
        let files =
            ["package.json", "apps/a/package.json", "apps/a/src/x.ts", "apps/b/y.ts", "n/n.csproj"];
        let services = Services::find(&files.map(RelativePath::from));
        assert_eq!(services.of("apps/a/src/x.ts"), "apps/a");
        assert_eq!(services.of("apps/b/y.ts"), "");
        assert_eq!(services.of("n/src/Program.cs"), "n");
    }
}
