//! `composer.json`.

use crate::apply::{cut::Cut, json};

/// Sections whose properties are packages.
const SECTIONS: &[&str] = &["require", "require-dev", "suggest"];

pub(in crate::apply) fn without(text: &str, names: &[&str]) -> Result<Vec<Cut>, String> {
    json::edit(text, |editor, root| {
        let sections = SECTIONS.iter().filter_map(|section| root.get_object(section));
        sections
            .flat_map(|section| editor.without(section, &|name| names.contains(&name)))
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::cut;

    #[test]
    fn packages_go() {
        let text = "{\n    \"require\": {\n        \"php\": \"^8\",\n        \"predis/predis\": \"^2\"\n    }\n}\n";
        let after = "{\n    \"require\": {\n        \"php\": \"^8\"\n    }\n}\n";
        let cuts = without(text, &["predis/predis"]).unwrap();
        assert_eq!(cut::made(text, cuts), after);
    }
}
