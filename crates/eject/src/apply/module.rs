//! Files that nobody needs: backups, and modules that nothing asks for.

use super::{draft::Draft, javascript, mention};
use crate::{
    finding::{Kind, Life},
    life,
};

/// Deletes backups and the modules that a scan found nobody to import.
pub(super) fn apply(draft: &mut Draft<'_>) {
    for finding in draft.to_go(Kind::Backup) {
        let path = &finding.place.path;
        if life::of(path).0 != Life::Dormant {
            continue;
        }
        if let Err(why) = draft.delete(path, "it is a backup") {
            draft.leave(
                finding.place.clone(),
                format!("it is a backup, and {why}: delete it by hand"),
            );
        }
    }
    let (unused, unsure): (Vec<_>, Vec<_>) = draft
        .to_go(Kind::UnusedModule)
        .partition(|finding| is_deletable(draft, &finding.place.path));
    for finding in unsure {
        draft.leave(
            finding.place.clone(),
            "nothing imports this file: delete it if nobody runs it or finds it by its name",
        );
    }
    // Unused modules may ask for each other: they go together, or those go that only each other ask for.
    let mut going: Vec<_> = unused.iter().map(|finding| finding.place.path.clone()).collect();
    going.sort();
    going.dedup();
    let mut kept = Vec::new();
    loop {
        let asking = going.iter().position(|path| asked(draft, path, &going).is_some());
        let Some(index) = asking else { break };
        let path = going.remove(index);
        let by = asked(draft, &path, &going).unwrap_or_default();
        kept.push((path, by));
    }
    for path in going {
        if let Err(why) = draft.delete(&path, "nothing imports it") {
            let place = draft.place(&path, 0);
            draft
                .leave(place, format!("nothing imports this module, and {why}: delete it by hand"));
        }
    }
    for (path, by) in kept {
        let place = draft.place(&path, 0);
        draft.leave(place, format!("nothing imports this module, but {by} mentions it: delete it if that does not need it"));
    }
}

/// Whether a module is nothing without who imports it: not a script that somebody runs, and of a language that asks for modules by
/// their names. (Java, C# and PHP ask for classes, Ruby for whatever is in a folder.)
fn is_deletable(draft: &Draft<'_>, path: &str) -> bool {
    let Some(source) = draft.source(path) else { return false };
    let text = &source.file.text;
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension {
        "py" => !text.contains("__main__"),
        "rs" => true,
        // All of a package goes or none: the files of a folder see each other.
        "go" => {
            let folder = |path: &str| {
                path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned())
            };
            let mut beside = draft
                .files
                .iter()
                .filter(|other| other.ends_with(".go") && folder(other) == folder(path));
            let is_alone = beside.all(|other| **other == *path);
            is_alone && !text.contains("package main") && !text.contains("func init(")
        }
        _ => javascript::is_code(path) && javascript::is_for_others(path, text),
    }
}

/// Who asks for a module by its name, of those who stay.
fn asked(draft: &Draft<'_>, path: &str, going: &[String]) -> Option<String> {
    let others = draft.mentions.of(mention::stem(path)).iter();
    let mut others = others.filter(|other| {
        &***other != path && !draft.is_deleted(other) && !going.iter().any(|it| **it == ***other)
    });
    others.find_map(|other| {
        let at = asks(draft, other, path, &|_| false)?;
        Some(draft.place(other, at).to_string())
    })
}

/// Where a file asks for a module by its name, as paths and names of modules are written; where it does so for its `ignored`
/// reasons it does not count. What tells what was, what lies about and what a package manager wrote does not ask.
pub(super) fn asks(
    draft: &Draft<'_>,
    file: &str,
    module: &str,
    ignored: &dyn Fn(usize) -> bool,
) -> Option<usize> {
    if matches!(life::of(file).0, Life::Historical | Life::Dormant) || is_lock(file) {
        return None;
    }
    let source = draft.source(file)?;
    let text = &source.file.text;
    let stem = mention::stem(module);
    let is_asked = if javascript::is_code(module) { is_asked_by_path } else { is_asked_by_name };
    text.match_indices(stem).map(|(at, _)| at).find(|&at| {
        let line = &text[super::cut::line_start(text, at)..at];
        is_asked(line, &text[at + stem.len()..])
            && !ignored(at)
            && !draft.is_out(file, at)
            && !is_comment(line)
    })
}

/// Whether a name between these is the end of a path: `./lib/redis`, `"main": "redis.js"`. A package of that name, an image, the host
/// in an address are none.
fn is_asked_by_path(before: &str, after: &str) -> bool {
    let is_image = before.contains("image:") || before.trim_start().starts_with("FROM ");
    let is_host = before.ends_with("//");
    let ends =
        after.is_empty() || after.starts_with(['\'', '"', '`', '/', ' ', '\n', '\r', ')', ',']);
    let has_ending = [".js", ".ts", ".mjs", ".cjs", ".mts", ".cts", ".jsx", ".tsx"]
        .iter()
        .any(|it| after.starts_with(it));
    if before.ends_with(['/', '\\']) {
        return !is_image && !is_host && (ends || has_ending || after.starts_with('.'));
    }
    !before.ends_with(|c: char| c.is_alphanumeric() || "_-.@".contains(c)) && has_ending
}

/// Whether a name between these is asked for as languages do that name their modules: `import redis_cache`, `mod redis_cache;`,
/// `require_relative 'redis_cache'`, `app.redis_cache:main`.
fn is_asked_by_name(before: &str, after: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    if before.ends_with(is_word) || after.starts_with(is_word) {
        return false;
    }
    let words = ["import ", "from ", "mod ", "pub mod ", "use ", "require", "include", "load"];
    let is_statement = words.iter().any(|word| before.trim_start().starts_with(word));
    let is_path = before.ends_with(['/', '.', '\'', '"', '\\', ':'])
        || after.starts_with(['.', '/', ':', '\'', '"']);
    is_statement || is_path
}

/// Whether a line is a comment, by how it begins.
pub(super) fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    ["//", "#", "*", "/*", "--", "<!--", ";"].iter().any(|mark| line.starts_with(mark))
        && !line.starts_with("#[")
        && !line.starts_with("#include")
}

/// Whether a package manager wrote a file.
pub(super) fn is_lock(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let locks = [
        "package-lock.json",
        "npm-shrinkwrap.json",
        "pnpm-lock.yaml",
        "yarn.lock",
        "bun.lock",
        "Cargo.lock",
        "poetry.lock",
        "uv.lock",
        "pdm.lock",
        "Pipfile.lock",
        "go.sum",
        "Gemfile.lock",
        "composer.lock",
        "packages.lock.json",
        "Chart.lock",
        "gradle.lockfile",
    ];
    locks.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_asked_for_by_its_path_and_a_package_by_its_name() {
        let asked = |line: &str| {
            let at = line.rfind("redis").unwrap();
            is_asked_by_path(&line[..at], &line[at + "redis".len()..])
        };
        for line in [
            "from './lib/redis'",
            "require(\"../redis.js\")",
            "\"main\": \"redis.js\"",
            "node dist/lib/redis.js",
            "import('@/lib/redis')",
        ] {
            assert!(asked(line), "{line}");
        }
        for line in [
            "from 'redis'",
            "from 'ioredis'",
            "image: bitnami/redis",
            "redis://redis:6379",
            "redis:",
            "- redis",
            "from './lib/redis-store'",
        ] {
            assert!(!asked(line), "{line}");
        }
    }
}
