//! `composer.json` and `composer.lock`.

use super::asked::{Asker, Use};
use crate::{
    catalogue::Ecosystem,
    document::{self, Node},
    file::File,
    finding::Sighting,
};

const SECTIONS: [(&str, &str, Use); 2] = [
    ("require", "packages", Use::Live),
    ("require-dev", "packages-dev", Use::Development("it is a development dependency")),
];

/// Reads `composer.json`.
pub(super) fn manifest(file: &File) -> Result<Vec<Sighting>, String> {
    let asker = Asker::manifest(Ecosystem::Packagist);
    let document = document::json(&file.text)?;
    let Some(root) = document.root() else { return Ok(Vec::new()) };
    let found = SECTIONS.iter().flat_map(|(section, _, usage)| {
        let pairs = root.get(section).into_iter().flat_map(Node::pairs);
        pairs.filter_map(|pair| asker.package(pair.key, pair.span(), usage))
    });
    Ok(found.collect())
}

/// Reads `composer.lock`: its packages, and the extensions of PHP that it asks the machine for.
pub(super) fn lock(file: &File) -> Result<Vec<Sighting>, String> {
    let asker = Asker::lock(Ecosystem::Packagist);
    let document = document::json(&file.text)?;
    let Some(root) = document.root() else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for (_, section, usage) in &SECTIONS {
        let packages = root.get(section).into_iter().flat_map(Node::items);
        found.extend(packages.filter_map(|package| {
            let name = package.pair("name")?;
            asker.package(name.value.text()?, name.span(), usage)
        }));
    }
    let platform = root.get("platform").into_iter().flat_map(Node::pairs);
    found.extend(platform.filter_map(|pair| asker.package(pair.key, pair.span(), &Use::Live)));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_and_extensions_are_asked_for() {
        let text = r#"{"require": {"php": "^8", "predis/predis": "^2", "ext-redis": "*"}, "require-dev": {"m6web/redis-mock": "1"}, "suggest": {"laravel/horizon": "x"}}"#;
        let file = File::new("composer.json".into(), text.into());
        let found = manifest(&file).unwrap();
        let told: Vec<_> =
            found.iter().map(|found| (found.name.as_str(), found.life.is_some())).collect();
        assert_eq!(
            told,
            [("predis/predis", false), ("ext-redis", false), ("m6web/redis-mock", true)]
        );
        let text = r#"{"packages": [{"name": "predis/predis", "require": {"x": "1"}, "suggest": {"ext-redis": "x"}}], "packages-dev": []}"#;
        let file = File::new("composer.lock".into(), text.into());
        assert_eq!(lock(&file).unwrap().len(), 1);
    }
}
