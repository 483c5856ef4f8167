//! The version catalogue of Gradle, `libs.versions.toml`.

use std::collections::BTreeSet;

use toml_edit::{Document, Item};

use crate::apply::{cut::Cut, toml};

/// The accessors by which build files ask for a library: `libs.lettuce.core`.
pub(in crate::apply) fn accessors(text: &str, name: &str) -> Vec<String> {
    let Ok(document) = Document::parse(text.trim_start_matches('\u{feff}')) else {
        return Vec::new();
    };
    let libraries = document.get("libraries").and_then(Item::as_table_like);
    let libraries = libraries.map(|table| table.iter().filter(|(_, item)| is_of(item, &[name])));
    let aliases = libraries.into_iter().flatten().map(|(alias, _)| alias.replace(['-', '_'], "."));
    aliases.map(|alias| format!("libs.{alias}")).collect()
}

fn is_of(item: &Item, names: &[&str]) -> bool {
    let text = |key| item.get(key).and_then(Item::as_str);
    let coordinates = match (text("module"), text("group"), text("name")) {
        (Some(module), ..) => Some(module.to_owned()),
        (None, Some(group), Some(name)) => Some(format!("{group}:{name}")),
        _ => {
            item.as_str().and_then(|all| all.rsplit_once(':')).map(|(module, _)| module.to_owned())
        }
    };
    coordinates.is_some_and(|module| names.contains(&module.as_str()))
}

pub(in crate::apply) fn without(text: &str, names: &[&str]) -> Result<Vec<Cut>, String> {
    let document = Document::parse(text.trim_start_matches('\u{feff}'));
    let document = document.map_err(|_| "it is no valid TOML".to_owned())?;
    let is_gone = |item: &Item| is_of(item, names);
    let (mut aliases, mut gone, mut kept) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for section in ["libraries", "plugins"] {
        let Some(table) = document.get(section).and_then(Item::as_table_like) else { continue };
        for (alias, item) in table.iter() {
            let version =
                item.get("version").and_then(|version| version.get("ref")).and_then(Item::as_str);
            let goes = section == "libraries" && is_gone(item);
            if goes {
                aliases.insert(alias.to_owned());
            }
            let versions = if goes { &mut gone } else { &mut kept };
            versions.extend(version.map(str::to_owned));
        }
    }
    toml::without(
        text,
        &toml::Goes {
            entry: &|path, key, item| match path {
                ["libraries"] => is_gone(item),
                ["versions"] => gone.contains(key) && !kept.contains(key),
                _ => false,
            },
            string: &|path, text| path.first() == Some(&"bundles") && aliases.contains(text),
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::cut;

    #[test]
    fn a_library_goes_with_its_version_and_out_of_bundles() {
        let text = "[versions]\njedis = \"5\"\nshared = \"1\"\n\n[libraries]\njedis = { module = \"redis.clients:jedis\", version.ref = \"jedis\" }\na = { group = \"a\", name = \"a\", version.ref = \"shared\" }\n\n[bundles]\nall = [\"a\", \"jedis\"]\n";
        let after = "[versions]\nshared = \"1\"\n\n[libraries]\na = { group = \"a\", name = \"a\", version.ref = \"shared\" }\n\n[bundles]\nall = [\"a\"]\n";
        let cuts = without(text, &["redis.clients:jedis"]).unwrap();
        assert_eq!(cut::made(text, cuts), after);
    }
}
