//! Manifests that are written line by line: `go.mod`, `Gemfile`, `build.gradle`.

use regex::Regex;

use crate::apply::{
    comment,
    cut::{self, Cut},
};

/// Takes out each line that is nothing but a declaration of one of the packages. A declaration that goes on over more lines
/// is refused.
fn without(
    text: &str,
    names: &[&str],
    mark: &str,
    declares: &dyn Fn(&str, &str) -> bool,
) -> Result<Vec<Cut>, String> {
    let mut cuts = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim().trim_start_matches('\u{feff}');
        let name = names.iter().find(|name| declares(content, name));
        if let Some(name) = name.filter(|_| !content.starts_with(mark)) {
            let code = content.split(mark).next().unwrap_or(content).trim_end();
            let opens =
                |open: char, close: char| code.matches(open).count() != code.matches(close).count();
            if code.ends_with([',', '\\']) || opens('(', ')') || opens('{', '}') || opens('[', ']')
            {
                return Err(format!("what it says of `{name}` goes on over more than a line"));
            }
            let start = at + line.len() - line.trim_start_matches('\u{feff}').len();
            let lines = cut::lines(text, &(start..start));
            let lines = comment::with_comment(text, lines, mark, &[name]);
            cuts.push(Cut::out(lines));
        }
        at += line.len();
    }
    Ok(cuts)
}

/// `require` lines of `go.mod`, alone and in blocks; a block that is empty then goes.
pub(in crate::apply) fn go(text: &str, names: &[&str]) -> Result<Vec<Cut>, String> {
    let mut cuts = without(text, names, "//", &|line, name| {
        let rest = line.strip_prefix("require ").unwrap_or(line).trim_start();
        rest.strip_prefix(name)
            .is_some_and(|rest| rest.starts_with([' ', '\t']) && rest.trim_start().starts_with('v'))
    })?;
    let block = Regex::new(r"(?m)^require \(\r?\n(?P<inside>(?:[^)\n]*\n)*?)\)[ \t]*(?:\r?\n|$)")
        .expect("it is valid");
    for found in block.captures_iter(text) {
        let inside = found.name("inside").map_or(0..0, |it| it.range());
        let is_out = |at: usize| cuts.iter().any(|cut| cut.range.contains(&at));
        let mut at = inside.start;
        let is_empty = text[inside.clone()].split_inclusive('\n').all(|line| {
            at += line.len();
            line.trim().is_empty() || is_out(at - line.len())
        });
        if is_empty
            && !inside.is_empty()
            && let Some(whole) = found.get(0)
        {
            cuts.push(Cut::out(whole.range()));
        }
    }
    Ok(cuts)
}

/// `gem` lines.
pub(in crate::apply) fn gem(text: &str, names: &[&str]) -> Result<Vec<Cut>, String> {
    without(text, names, "#", &|line, name| {
        [
            "gem ",
            "gem(",
            "spec.add_dependency ",
            "spec.add_runtime_dependency ",
            "s.add_dependency ",
        ]
        .iter()
        .any(|word| {
            line.strip_prefix(word).is_some_and(|rest| {
                let rest = rest.trim_start_matches([' ', '(']);
                [format!("'{name}'"), format!("\"{name}\"")]
                    .iter()
                    .any(|quoted| rest.starts_with(quoted.as_str()))
            })
        })
    })
}

/// Lines of `build.gradle` and `build.gradle.kts`: `implementation 'group:artifact:version'`, `implementation(libs.artifact)`.
pub(in crate::apply) fn gradle(text: &str, names: &[&str]) -> Result<Vec<Cut>, String> {
    without(text, names, "//", &|line, name| {
        let Some((group, artifact)) = name.split_once(':') else {
            // An entry of the version catalogue by its accessor.
            let mut found = line.match_indices(name);
            return name.starts_with("libs.")
                && found.any(|(at, _)| {
                    line[at + name.len()..].starts_with([')', ' ', ';'])
                        || line.len() == at + name.len()
                });
        };
        let word = line.split([' ', '(', '\t']).next().unwrap_or_default();
        let is_declaration = [
            "mplementation",
            "ompileOnly",
            "untimeOnly",
            "pi",
            "ompile",
            "apt",
            "nnotationProcessor",
        ]
        .iter()
        .any(|end| word.ends_with(end));
        let coordinates = [
            format!("'{group}:{artifact}'"),
            format!("'{group}:{artifact}:"),
            format!("\"{group}:{artifact}\""),
            format!("\"{group}:{artifact}:"),
        ];
        let is_map =
            line.contains(&format!("'{group}'")) && line.contains(&format!("'{artifact}'"));
        // An entry of the version catalogue is named after its artifact, with dots.
        let accessor = artifact.replace(['-', '_'], ".");
        let is_accessor = ["libs.", "(libs."].iter().any(|start| {
            line.split(start)
                .nth(1)
                .is_some_and(|rest| rest.trim_end_matches([')', ' ']) == accessor)
        });
        is_declaration
            && (coordinates.iter().any(|it| line.contains(it.as_str())) || is_map || is_accessor)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(
        edit: fn(&str, &[&str]) -> Result<Vec<Cut>, String>,
        text: &str,
        name: &str,
        after: &str,
    ) {
        let cuts = edit(text, &[name]).unwrap();
        assert_eq!(cut::made(text, cuts), after);
    }

    #[test]
    fn lines_of_go() {
        let name = "github.com/redis/go-redis/v9";
        check(
            go,
            "module a\n\nrequire github.com/redis/go-redis/v9 v9.0.1 // x\n\nrequire b v1\n",
            name,
            "module a\n\nrequire b v1\n",
        );
        check(
            go,
            "require (\n\tb v1\n\tgithub.com/redis/go-redis/v9 v9.0.1\n)\n",
            name,
            "require (\n\tb v1\n)\n",
        );
        check(
            go,
            "module a\n\nrequire (\n\tgithub.com/redis/go-redis/v9 v9.0.1\n)\n",
            name,
            "module a\n",
        );
        check(
            go,
            "require github.com/redis/go-redis/v9/extra v9.0.1\n",
            name,
            "require github.com/redis/go-redis/v9/extra v9.0.1\n",
        );
    }

    #[test]
    fn lines_of_gems_and_of_gradle() {
        check(
            gem,
            "gem 'rails'\n# Redis\ngem \"redis\", '~> 5' # x\ngem 'redis-rails'\n",
            "redis",
            "gem 'rails'\ngem 'redis-rails'\n",
        );
        assert!(gem("gem 'redis',\n  '~> 5'\n", &["redis"]).is_err());
        let name = "redis.clients:jedis";
        check(
            gradle,
            "dependencies {\n    implementation 'redis.clients:jedis:5.0'\n    api(\"a:b:1\")\n}\n",
            name,
            "dependencies {\n    api(\"a:b:1\")\n}\n",
        );
        check(gradle, "    implementation(libs.jedis)\n", name, "");
        check(
            gradle,
            "    implementation(libs.jedis.x)\n    implementation(libs.jedis)\n",
            "libs.jedis",
            "    implementation(libs.jedis.x)\n",
        );
        assert!(gradle("    implementation('redis.clients:jedis:5.0') {\n        transitive = false\n    }\n", &[name]).is_err());
    }
}
