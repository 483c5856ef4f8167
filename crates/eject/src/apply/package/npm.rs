//! `package.json`.

use jsonc_parser::ast::{Object, Value};

use crate::apply::{
    cut::{self, Cut},
    json,
};

/// What becomes of a manifest.
#[derive(Debug, Default)]
pub(in crate::apply) struct Plan {
    /// Packages that go.
    pub(in crate::apply) out: Vec<String>,
    /// Packages that tests alone need.
    pub(in crate::apply) to_development: Vec<String>,
    /// A package that comes, with its version.
    pub(in crate::apply) add: Option<(String, String)>,
}

/// Sections whose properties are packages.
const SECTIONS: &[&str] = &[
    "dependencies",
    "devDependencies",
    "optionalDependencies",
    "peerDependencies",
    "peerDependenciesMeta",
];

/// Sections that say more about packages that are asked for elsewhere.
const SAID: &[&str] = &["resolutions", "overrides", "dependenciesMeta"];

/// Lists of packages.
const LISTS: &[&str] = &["bundledDependencies", "bundleDependencies", "trustedDependencies"];

pub(in crate::apply) fn edit(text: &str, plan: &Plan) -> Result<Vec<Cut>, String> {
    json::edit(text, |editor, root| {
        let is_out = |name: &str| plan.out.iter().any(|out| out == name);
        let moves = |name: &str| plan.to_development.iter().any(|moved| moved == name);
        let (mut cuts, mut empty) = (Vec::new(), Vec::new());
        for section in SECTIONS {
            let Some(object) = root.get_object(section) else { continue };
            let added = match *section {
                "dependencies" => plan
                    .add
                    .iter()
                    .map(|(name, version)| (name.clone(), format!("\"{version}\"")))
                    .collect(),
                "devDependencies" => moved(root, plan),
                _ => Vec::new(),
            };
            let is_gone = |name: &str| is_out(name) || *section == "dependencies" && moves(name);
            let is_empty = !object.properties.is_empty()
                && object.properties.iter().all(|it| is_gone(it.name.as_str()));
            if is_empty && added.is_empty() && *section != "dependencies" {
                empty.push(*section);
            } else {
                cuts.extend(editor.with(object, &is_gone, &added));
            }
        }
        cuts.extend(editor.without(root, &|name| empty.contains(&name)));
        let said = SAID.iter().filter_map(|section| root.get_object(section));
        let pnpm = root.get_object("pnpm").and_then(|pnpm| pnpm.get_object("overrides"));
        for object in said.chain(pnpm) {
            cuts.extend(editor.without(object, &is_out));
        }
        for list in LISTS.iter().filter_map(|list| root.get_array(list)) {
            let is_gone =
                |value: &Value<'_>| matches!(value, Value::StringLit(name) if is_out(&name.value));
            cuts.extend(editor.without_items(list, &is_gone));
        }
        let moved = moved(root, plan);
        let anchor = root.get("dependencies").or(root.properties.last());
        if let (false, None, Some(anchor)) =
            (moved.is_empty(), root.get_object("devDependencies"), anchor)
        {
            cuts.push(section(editor, anchor, "devDependencies", &moved));
        }
        if let (Some((name, version)), None, Some(anchor)) =
            (&plan.add, root.get_object("dependencies"), root.properties.last())
        {
            let added = [(name.clone(), format!("\"{version}\""))];
            cuts.push(section(editor, anchor, "dependencies", &added));
        }
        cuts
    })
}

/// The packages that move, with their versions as they are written.
fn moved(root: &Object<'_>, plan: &Plan) -> Vec<(String, String)> {
    let Some(dependencies) = root.get_object("dependencies") else { return Vec::new() };
    let version = |name: &String| {
        let version = dependencies.get_string(name)?;
        Some((name.clone(), serde_json::to_string(&version.value).ok()?))
    };
    plan.to_development.iter().filter_map(version).collect()
}

/// A section of its own behind another property.
fn section(
    editor: &json::Editor<'_>,
    anchor: &jsonc_parser::ast::ObjectProp<'_>,
    name: &str,
    packages: &[(String, String)],
) -> Cut {
    let range = editor.range(&anchor.range);
    let indent = cut::indent(editor.text, range.start);
    let newline = cut::newline(editor.text);
    let lines: Vec<_> = packages
        .iter()
        .map(|(name, version)| format!("{newline}{indent}{indent}\"{name}\": {version}"))
        .collect();
    let lines = lines.join(",");
    Cut::insert(range.end, format!(",{newline}{indent}\"{name}\": {{{lines}{newline}{indent}}}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, out: &[&str], moved: &[&str], add: bool, after: &str) {
        let plan = Plan {
            out: out.iter().map(ToString::to_string).collect(),
            to_development: moved.iter().map(ToString::to_string).collect(),
            add: add.then(|| ("pgstead".to_owned(), "^0.1.0".to_owned())),
        };
        let cuts = edit(text, &plan).unwrap();
        let made = cut::made(text, cuts);
        assert_eq!(made, after);
        let again = edit(&made, &Plan { add: plan.add, ..Plan::default() }).unwrap();
        assert_eq!(cut::made(&made, again), made, "a second time");
    }

    #[test]
    fn packages_go_and_come_and_all_else_stays() {
        check(
            "{\n  \"name\": \"a\",\n  \"dependencies\": {\n    \"bullmq\": \"^5\",\n    \"ioredis\": \"^5\",\n    \"zod\": \"^3\"\n  }\n}\n",
            &["bullmq", "ioredis"],
            &[],
            true,
            "{\n  \"name\": \"a\",\n  \"dependencies\": {\n    \"pgstead\": \"^0.1.0\",\n    \"zod\": \"^3\"\n  }\n}\n",
        );
        check(
            "{\r\n\t\"dependencies\": {\r\n\t\t\"ioredis\": \"^5\"\r\n\t},\r\n\t\"x\": 1\r\n}",
            &["ioredis"],
            &[],
            true,
            "{\r\n\t\"dependencies\": {\r\n\t\t\"pgstead\": \"^0.1.0\"\r\n\t},\r\n\t\"x\": 1\r\n}",
        );
        check(
            "\u{feff}{\"dependencies\":{\"a\":\"1\",\"redis\":\"2\"}}",
            &["redis"],
            &[],
            false,
            "\u{feff}{\"dependencies\":{\"a\":\"1\"}}",
        );
    }

    #[test]
    fn a_section_of_which_nothing_is_left_goes() {
        check(
            "{\n  \"name\": \"a\",\n  \"peerDependencies\": {\n    \"ioredis\": \"5\"\n  },\n  \"peerDependenciesMeta\": { \"ioredis\": { \"optional\": true } }\n}\n",
            &["ioredis"],
            &[],
            false,
            "{\n  \"name\": \"a\"\n}\n",
        );
    }

    #[test]
    fn what_tests_need_moves_to_development() {
        check(
            "{\n  \"dependencies\": {\n    \"ioredis\": \"^5\",\n    \"z\": \"1\"\n  }\n}\n",
            &[],
            &["ioredis"],
            false,
            "{\n  \"dependencies\": {\n    \"z\": \"1\"\n  },\n  \"devDependencies\": {\n    \"ioredis\": \"^5\"\n  }\n}\n",
        );
        check(
            "{\n  \"dependencies\": {\n    \"ioredis\": \"^5\",\n    \"z\": \"1\"\n  },\n  \"devDependencies\": {\n    \"a\": \"1\",\n    \"k\": \"1\"\n  }\n}\n",
            &[],
            &["ioredis"],
            false,
            "{\n  \"dependencies\": {\n    \"z\": \"1\"\n  },\n  \"devDependencies\": {\n    \"a\": \"1\",\n    \"ioredis\": \"^5\",\n    \"k\": \"1\"\n  }\n}\n",
        );
    }
}
