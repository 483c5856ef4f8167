//! The services of a tree: folders with a manifest.
//!
//! A folder with a Dockerfile alone is none, nor is one whose `package.json` only says how its modules are read, nor are
//! those of tests, examples and documentation: what they hold belongs to the service around them.

use std::{collections::BTreeMap, fs, path::Path};

use crate::{
    document,
    file::folder_of,
    finding::{Life, RelativePath, Service},
    life,
};

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
    /// Reads those manifests of which the name alone does not tell.
    pub(crate) fn find(root: &Path, files: &[RelativePath]) -> Self {
        let mut services = Self::of_paths(files);
        services.0.retain(|folder, manifests| {
            manifests
                .retain(|path| !path.ends_with("package.json") || is_package(&root.join(path)));
            folder.is_empty() || !manifests.is_empty()
        });
        services
    }

    /// The services by their paths alone.
    pub(crate) fn of_paths(files: &[RelativePath]) -> Self {
        let mut services = BTreeMap::from([(String::new(), Vec::new())]);
        for path in files {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            if is_manifest(name) && life::of(path).0 == Life::Live {
                services.entry(folder.to_owned()).or_default().push(path.to_string());
            }
        }
        Self(services)
    }

    /// The folder of the service to which a file belongs; empty for the root.
    pub(crate) fn of(&self, path: &str) -> &str {
        let mut folder = folder_of(path);
        loop {
            if let Some((found, _)) = self.0.get_key_value(folder) {
                return found;
            }
            folder = folder_of(folder);
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

/// Whether a `package.json` is of a package: `{"type": "module"}` is not.
fn is_package(path: &Path) -> bool {
    let Ok(text) = fs::read_to_string(path) else { return true };
    let Ok(document) = document::json(&text) else { return true };
    let says =
        ["name", "scripts", "dependencies", "devDependencies", "peerDependencies", "workspaces"];
    document.root().is_some_and(|root| says.iter().any(|key| root.get(key).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_belongs_to_the_nearest_manifest() {
        let files =
            ["package.json", "apps/a/package.json", "apps/a/src/x.ts", "apps/b/y.ts", "n/n.csproj"];
        let services = Services::of_paths(&files.map(RelativePath::from));
        assert_eq!(services.of("apps/a/src/x.ts"), "apps/a");
        assert_eq!(services.of("apps/b/y.ts"), "");
        assert_eq!(services.of("n/src/Program.cs"), "n");
    }

    #[test]
    fn tests_and_marks_of_modules_are_no_services() {
        let root = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("api/package.json", r#"{"name": "api"}"#);
        write("api/esm/package.json", r#"{"type": "module"}"#);
        write("broken/package.json", "{");
        let files = [
            "api/package.json",
            "api/esm/package.json",
            "api/tests/fixture/package.json",
            "broken/package.json",
            "image/Dockerfile",
        ];
        let services = Services::find(root.path(), &files.map(RelativePath::from));
        let paths: Vec<_> = services.0.keys().map(String::as_str).collect();
        assert_eq!(paths, ["", "api", "broken"]);
    }
}
