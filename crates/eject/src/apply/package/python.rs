//! `pyproject.toml`, `Pipfile`, `requirements.txt` and its like.

use crate::apply::{
    comment,
    cut::{self, Cut},
    toml,
};

/// Tables whose keys are packages, by the ends of their names.
const TABLES: &[&str] = &["dependencies", "dev-dependencies", "packages", "dev-packages"];

/// What the path of a list of requirements has in it.
const LISTS: &[&str] =
    &["dependencies", "optional-dependencies", "dependency-groups", "dev-dependencies", "extras"];

/// A name as it is compared: `Django_Redis` is `django-redis`.
fn normal(name: &str) -> String {
    let parts: Vec<_> = name.split(['-', '_', '.']).filter(|part| !part.is_empty()).collect();
    parts.join("-").to_lowercase()
}

/// The name in a requirement, `redis` of `redis[hiredis]>=4; python_version > "3"`, and whether nothing is asked of it
/// that would need another name.
fn name(requirement: &str) -> &str {
    let end = requirement.find(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c));
    requirement[..end.unwrap_or(requirement.len())].trim_end_matches('.')
}

fn is_of(requirement: &str, names: &[&str]) -> bool {
    let found = normal(name(requirement.trim_start()));
    names.iter().any(|name| normal(name) == found)
}

/// `pyproject.toml` and `Pipfile`.
pub(in crate::apply) fn without(text: &str, names: &[&str]) -> Result<Vec<Cut>, String> {
    toml::without(
        text,
        &toml::Goes {
            entry: &|path, key, _| {
                path.last().is_some_and(|table| TABLES.contains(table)) && is_of(key, names)
            },
            string: &|path, text| {
                path.iter().any(|part| LISTS.contains(part)) && is_of(text, names)
            },
        },
    )
}

/// Lines of requirements, with those that go on with hashes and with the comments that pip-compile puts below.
#[expect(clippy::unnecessary_wraps, reason = "it is one of several editors")]
pub(in crate::apply) fn without_lines(text: &str, names: &[&str]) -> Result<Vec<Cut>, String> {
    let mut cuts = Vec::new();
    let mut at = text.len() - text.trim_start_matches('\u{feff}').len();
    while at < text.len() {
        let start = at;
        let mut end = cut::line_end(text, at);
        while text[start..end].trim_end().ends_with('\\') && end < text.len() {
            end = cut::line_end(text, end + 1);
        }
        at = (end + 1).min(text.len());
        let line = text[start..end].trim_start();
        if line.starts_with(['#', '-']) || !is_of(line, names) {
            if end >= text.len() {
                break;
            }
            continue;
        }
        let mut last = end;
        // `    # via …` belongs to the line above it.
        while last < text.len() {
            let next = &text[last + 1..cut::line_end(text, last + 1)];
            if !(next.starts_with([' ', '\t']) && next.trim_start().starts_with('#')) {
                break;
            }
            last = last + 1 + next.len();
        }
        let lines = cut::lines(text, &(start..last));
        cuts.push(Cut::out(comment::with_comment(text, lines, "#", names)));
        at = (last + 1).min(text.len());
    }
    Ok(cuts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_go_with_their_hashes() {
        let text = "django==5\nRedis[hiredis]==5.0 \\\n    --hash=sha256:a \\\n    --hash=sha256:b\n    # via celery\nredis-om==1\n-r other.txt\ndjango_redis>=5 ; python_version > '3'";
        let after = "django==5\nredis-om==1\n-r other.txt";
        let cuts = without_lines(text, &["redis", "django-redis"]).unwrap();
        assert_eq!(cut::made(text, cuts), after);
    }

    #[test]
    fn tables_and_lists_of_every_tool() {
        let text = "[project]\ndependencies = [\n    \"fastapi\",\n    \"redis[hiredis]>=4\",\n]\n\n[project.optional-dependencies]\ncache = [\"redis\", \"x\"]\n\n[tool.poetry.dependencies]\npython = \"^3\"\nRedis = { version = \"1\", extras = [\"hiredis\"] }\n\n[tool.poetry.group.dev.dependencies]\nredis = \"1\"\n";
        let after = "[project]\ndependencies = [\n    \"fastapi\",\n]\n\n[project.optional-dependencies]\ncache = [\"x\"]\n\n[tool.poetry.dependencies]\npython = \"^3\"\n\n[tool.poetry.group.dev.dependencies]\n";
        let cuts = without(text, &["redis"]).unwrap();
        assert_eq!(cut::made(text, cuts), after);
    }
}
