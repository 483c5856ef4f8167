//! `Cargo.toml`.

use toml_edit::Item;

use crate::apply::{cut::Cut, toml};

/// Tables of packages.
const TABLES: &[&str] = &["dependencies", "dev-dependencies", "build-dependencies"];

pub(in crate::apply) fn without(text: &str, names: &[&str]) -> Result<Vec<Cut>, String> {
    let is_gone = |key: &str, item: &Item| {
        let package = item.get("package").and_then(Item::as_str).unwrap_or(key);
        names.contains(&package)
    };
    // Under another name it is known to features.
    let mut known: Vec<String> = names.iter().map(ToString::to_string).collect();
    let document = toml_edit::Document::parse(text.trim_start_matches('\u{feff}'));
    let document = document.map_err(|_| "it is no valid TOML".to_owned())?;
    for table in TABLES.iter().filter_map(|table| document.get(table)?.as_table_like()) {
        let renamed = table.iter().filter(|(key, item)| is_gone(key, item));
        known.extend(renamed.map(|(key, _)| key.to_owned()));
    }
    toml::without(
        text,
        &toml::Goes {
            entry: &|path, key, item| {
                path.last().is_some_and(|table| TABLES.contains(table)) && is_gone(key, item)
            },
            string: &|path, text| {
                let name = text.strip_prefix("dep:").unwrap_or(text);
                let name = name.split(['/', '?']).next().unwrap_or(name);
                path.first() == Some(&"features") && known.iter().any(|known| known == name)
            },
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::cut;

    #[test]
    fn a_package_goes_with_the_features_that_name_it() {
        let text = "[features]\ndefault = [\"cache\", \"redis/tls\"]\ncache = [\"dep:store\"]\n\n[dependencies]\nredis = { workspace = true, optional = true }\nserde = \"1\"\n\n[dev-dependencies]\nstore = { package = \"redis\", version = \"1\" }\n\n[target.'cfg(unix)'.dependencies]\nredis = \"1\"\nlibc = \"1\"\n";
        let after = "[features]\ndefault = [\"cache\"]\ncache = []\n\n[dependencies]\nserde = \"1\"\n\n[dev-dependencies]\n\n[target.'cfg(unix)'.dependencies]\nlibc = \"1\"\n";
        let cuts = without(text, &["redis"]).unwrap();
        assert_eq!(cut::made(text, cuts), after);
    }
}
