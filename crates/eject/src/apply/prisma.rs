//! The models of pgstead's tables beside a project's own, in `schema.prisma`.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    cut::{self, Cut},
    draft::Draft,
    package, standin,
};
use crate::{finding::Life, life};

/// A block of a schema: `model X {`.
static BLOCK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^[ \t]*(?P<kind>model|enum|view|type|datasource|generator)[ \t]+(?P<name>\w+)[ \t]*\{").expect("it is valid")
});

/// From this version on several schemas of a database are no preview.
const MULTI_SCHEMA: (u32, u32) = (6, 13);

/// Adds the models to the schemas of services that use a stand-in.
pub(super) fn apply(draft: &mut Draft<'_>) {
    let Some(models) = draft.options.models.clone() else { return };
    let schemas = draft.files.iter().filter(|path| {
        path.rsplit('/').next() == Some("schema.prisma") && life::of(path).0 == Life::Live
    });
    let schemas: Vec<_> = schemas.map(ToString::to_string).collect();
    for path in schemas {
        let Some(manifest) = package::manifest_above(draft, &path, "package.json") else {
            continue;
        };
        let asks = draft
            .after(&manifest)
            .is_some_and(|text| text.contains(&format!("\"{}\"", standin::PACKAGE)));
        let Some(source) = draft.source(&path).filter(|_| asks) else { continue };
        let text = &source.file.text;
        if text.contains("@@schema(\"pgstead\")") {
            continue;
        }
        let outcome = is_new_enough(draft, &manifest).and_then(|()| add(text, &models));
        if let Err(why) = outcome.and_then(|cuts| draft.edit(&path, cuts, Vec::new())) {
            let place = draft.place(&path, 0);
            draft.leave(place, format!("the models of pgstead are not added, since {why}: `pgstead schema --format prisma` prints them"));
        }
    }
}

/// Whether the manifest asks for a Prisma that knows several schemas.
fn is_new_enough(draft: &Draft<'_>, manifest: &str) -> Result<(), String> {
    let version = Regex::new(r#""(?:prisma|@prisma/client)"\s*:\s*"[\^~>=v ]*(\d+)(?:\.(\d+))?"#)
        .expect("it is valid");
    let text = draft.after(manifest).unwrap_or_default();
    let found = version.captures_iter(&text).filter_map(|found| {
        let minor = found.get(2).map_or(Ok(u32::MAX), |minor| minor.as_str().parse());
        Some((found[1].parse::<u32>().ok()?, minor.ok()?))
    });
    match found.min() {
        Some(found) if found < MULTI_SCHEMA => {
            Err(format!("Prisma {}.{} knows several schemas as a preview alone", found.0, found.1))
        }
        _ => Ok(()),
    }
}

fn add(text: &str, models: &str) -> Result<Vec<Cut>, String> {
    let newline = cut::newline(text);
    let names = |text: &str| -> Vec<String> {
        let blocks = BLOCK
            .captures_iter(text)
            .filter(|it| !matches!(&it["kind"], "datasource" | "generator"));
        blocks.map(|it| it["name"].to_owned()).collect()
    };
    let own = names(text);
    if let Some(twice) = names(models).iter().find(|name| own.contains(name)) {
        return Err(format!("it has a `{twice}` of its own"));
    }
    let mut cuts = Vec::new();
    let mut is_known = false;
    for block in BLOCK.captures_iter(text) {
        let whole = block.get(0).ok_or("it cannot be read")?;
        let end = close(text, whole.end()).ok_or("a block in it does not end")?;
        let inside = &text[whole.end()..end];
        match &block["kind"] {
            "datasource" => {
                is_known = true;
                cuts.extend(datasource(text, whole.end(), inside, newline)?);
            }
            // The schema of a type is that of who holds it.
            "model" | "enum" | "view" if !inside.contains("@@schema(") => {
                let line = cut::line_start(text, end);
                let gap = if inside.trim_end().ends_with('{') { "" } else { newline };
                let indent = indent(inside);
                cuts.push(Cut::insert(line, format!("{gap}{indent}@@schema(\"public\"){newline}")));
            }
            _ => {}
        }
    }
    if !is_known {
        return Err("its datasource is elsewhere".to_owned());
    }
    let gap = if text.ends_with('\n') { newline.to_owned() } else { format!("{newline}{newline}") };
    let models = models.trim().replace('\n', newline);
    cuts.push(Cut::insert(text.len(), format!("{gap}{models}{newline}")));
    Ok(cuts)
}

/// The white space before what stands in a block.
fn indent(inside: &str) -> String {
    let line = inside.lines().find(|line| !line.trim().is_empty());
    let indent = line.map_or("", |line| &line[..line.len() - line.trim_start().len()]);
    if indent.is_empty() { "  ".to_owned() } else { indent.to_owned() }
}

/// Says which schemas the database has.
fn datasource(
    text: &str,
    start: usize,
    inside: &str,
    newline: &str,
) -> Result<Option<Cut>, String> {
    let provider = Regex::new(r#"provider\s*=\s*"(\w+)""#).expect("it is valid");
    match provider.captures(inside) {
        Some(found) if matches!(&found[1], "postgresql" | "postgres" | "cockroachdb") => {}
        _ => return Err("its database is not PostgreSQL".to_owned()),
    }
    let schemas = Regex::new(r"schemas\s*=\s*\[(?P<all>[^\]]*)\]").expect("it is valid");
    if let Some(found) = schemas.captures(inside) {
        if found["all"].contains("\"pgstead\"") {
            return Ok(None);
        }
        let all = found.name("all").ok_or("it cannot be read")?;
        let at = start + all.start() + all.as_str().trim_end().len();
        let comma = if all.as_str().trim().is_empty() { "" } else { ", " };
        return Ok(Some(Cut::insert(at, format!("{comma}\"pgstead\""))));
    }
    let last = inside.trim_end();
    let at = start + last.len();
    let line = cut::line_start(text, at);
    let indent = cut::indent(text, line);
    Ok(Some(Cut::insert(at, format!("{newline}{indent}schemas = [\"public\", \"pgstead\"]"))))
}

/// The closing brace of a block, past strings and comments.
fn close(text: &str, start: usize) -> Option<usize> {
    let (mut at, mut depth) = (start, 0);
    let bytes = text.as_bytes();
    while at < text.len() {
        match bytes[at] {
            b'"' => {
                at += 1;
                while at < text.len() && bytes[at] != b'"' {
                    at += 1 + usize::from(bytes[at] == b'\\');
                }
            }
            b'/' if text[at..].starts_with("//") => at = cut::line_end(text, at),
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some(at),
            b'}' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_come_and_those_that_are_there_get_their_schema() {
        let text = "datasource db {\n  provider = \"postgresql\"\n  url      = env(\"DATABASE_URL\")\n}\n\n/// a { b\nmodel User {\n  id Int @id // }\n}\n";
        let models = "model PgsteadJob {\n  id Int @id\n\n  @@schema(\"pgstead\")\n}\n";
        let after = "datasource db {\n  provider = \"postgresql\"\n  url      = env(\"DATABASE_URL\")\n  schemas = [\"public\", \"pgstead\"]\n}\n\n/// a { b\nmodel User {\n  id Int @id // }\n\n  @@schema(\"public\")\n}\n\nmodel PgsteadJob {\n  id Int @id\n\n  @@schema(\"pgstead\")\n}\n";
        let made = cut::made(text, add(text, models).unwrap());
        assert_eq!(made, after);
        assert!(add(text, "model User {\n}\n").is_err());
        assert!(add("datasource db {\n  provider = \"mysql\"\n}\n", models).is_err());
    }
}
