//! Whether what stands in a file runs, by where the file is.

use crate::finding::Life;

/// How the names of backups end.
pub(crate) const BACKUPS: &[&str] = &[
    ".bak",
    ".old",
    ".orig",
    ".backup",
    ".save",
    ".copy",
    ".disabled",
    ".swp",
    "~",
    ".bkp",
    ".prev",
];

/// Folders whose files run in tests alone.
const TESTS: &[&str] = &[
    "test",
    "tests",
    "__tests__",
    "__mocks__",
    "__fixtures__",
    "spec",
    "specs",
    "fixtures",
    "testdata",
    "e2e",
    "cypress",
    "playwright",
    "mocks",
    "testing",
    "test-utils",
    "testutils",
    "integration-tests",
    "bench",
    "benches",
    "benchmark",
    "benchmarks",
];

/// Folders that do so unless they are within what runs, where such a word is one like any other.
const SHOWN: &[&str] = &["examples", "example", "samples", "demo", "stories"];

/// Folders that tell what was.
const HISTORY: &[&str] = &["migrations"];

/// Folders that do so unless they are within what runs.
const TELLING: &[&str] =
    &["docs", "doc", "documentation", "adr", "rfcs", "changelog", "changelogs"];

/// Folders that were put aside.
const ASIDE: &[&str] = &["attic", "legacy-backup", "_old", "unused", "trash"];

/// Folders that were put aside unless they are within what runs.
const KEPT: &[&str] = &["archive", "archived", "deprecated", "backup", "backups", "old"];

/// Folders of what runs. Whether a module in one is needed is told by who imports it.
const SOURCES: &[&str] = &["src", "lib", "app", "internal", "pkg", "cmd"];

/// Beginnings of the names of files that tell what was, in lower case.
const TOLD: &[&str] = &[
    "changelog",
    "changes",
    "history",
    "news",
    "readme",
    "license",
    "contributing",
    "upgrading",
    "migration",
];

/// Endings of prose.
const PROSE: &[&str] = &["md", "mdx", "rst", "adoc", "asciidoc", "txt", "org", "textile"];

/// The life of a file by its path, and why, in a sentence.
pub(crate) fn of(path: &str) -> (Life, String) {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    if let Some(ending) = backup(name) {
        return (Life::Dormant, format!("the name ends with `{ending}`, as backups do"));
    }
    let lower = name.to_lowercase();
    let (stem, extension) = lower.rsplit_once('.').unwrap_or((&lower, ""));
    let is_manifest = ["requirements", "constraints"].iter().any(|name| stem.starts_with(name))
        || stem.ends_with("requirements")
        || folder.rsplit('/').next() == Some("requirements")
        || lower == "cmakelists.txt";
    let is_prose = PROSE.contains(&extension) && !is_manifest;
    if is_prose || extension.is_empty() && TOLD.iter().any(|told| stem.starts_with(told)) {
        return (Life::Historical, "it is documentation".to_owned());
    }
    if let Some(told) = by_folders(folder) {
        return told;
    }
    if is_test(&lower, name) {
        return (Life::Test, "its name is that of a test".to_owned());
    }
    (Life::Live, String::new())
}

fn by_folders(folder: &str) -> Option<(Life, String)> {
    let (mut is_source, mut before) = (false, "");
    for part in folder.split('/') {
        // Below it are the names of packages, such as `com.example`.
        if before == "src" && part == "main" {
            return None;
        }
        let lower = part.to_lowercase();
        let among = |sure: &[&str], loose: &[&str]| {
            sure.contains(&&*lower) || !is_source && loose.contains(&&*lower)
        };
        let life = if among(TESTS, SHOWN) {
            Some(Life::Test)
        } else if among(HISTORY, TELLING) {
            Some(Life::Historical)
        } else {
            among(ASIDE, KEPT).then_some(Life::Dormant)
        };
        if let Some(life) = life {
            return Some((life, format!("it is in a folder `{lower}`")));
        }
        is_source |= SOURCES.contains(&part);
        before = part;
    }
    None
}

/// How the name of a backup ends, if it is one.
pub(crate) fn backup(name: &str) -> Option<&'static str> {
    let ending =
        BACKUPS.iter().find(|ending| name.len() > ending.len() && name.ends_with(**ending));
    ending.copied().or_else(|| {
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let is_copy =
            stem.ends_with(" copy") || stem.ends_with(" (copy)") || stem.ends_with("-backup");
        is_copy.then_some(" copy")
    })
}

/// `name` is as it is written, `lower` in lower case.
fn is_test(lower: &str, name: &str) -> bool {
    let stem = lower.split('.').next().unwrap_or(lower);
    let parts: Vec<_> = lower.split('.').skip(1).collect();
    let marked = ["test", "tests", "spec", "specs", "e2e", "cy", "stories", "mock", "bench"];
    parts.iter().any(|part| marked.contains(part) || *part == "integration")
        || stem.starts_with("test_")
        || stem.ends_with("_test")
        || stem.ends_with("_spec")
        || matches!(stem, "conftest" | "tox" | "noxfile" | "pytest" | "phpunit" | "behat")
        || ["jest", "vitest", "playwright", "cypress", "karma"]
            .iter()
            .any(|runner| stem == *runner || stem.starts_with(&format!("{runner}-")))
        || [
            "Test.java",
            "Tests.java",
            "IT.java",
            "Test.kt",
            "Tests.cs",
            "Test.cs",
            "Test.php",
            "Spec.scala",
        ]
        .iter()
        .any(|ending| name.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_tells_whether_its_file_runs() {
        for (path, life) in [
            ("src/server.ts", Life::Live),
            ("src/contest.ts", Life::Live),
            ("src/latest.ts", Life::Live),
            ("requirements.txt", Life::Live),
            ("requirements-dev.txt", Life::Live),
            ("requirements/base.txt", Life::Live),
            ("src/redis.test.ts", Life::Test),
            ("tests/test_cache.py", Life::Test),
            ("pkg/cache_test.go", Life::Test),
            ("src/test/java/a/CacheTest.java", Life::Test),
            ("docker-compose.test.yml", Life::Test),
            ("tox.ini", Life::Test),
            ("toxic.py", Life::Live),
            ("jest.config.js", Life::Test),
            ("README.md", Life::Historical),
            ("docs/redis.ts", Life::Historical),
            ("CHANGELOG", Life::Historical),
            ("db/migrations/0001_x.sql", Life::Historical),
            ("src/queue.ts.bak", Life::Dormant),
            ("src/queue.ts~", Life::Dormant),
            ("src/queue copy.ts", Life::Dormant),
            ("archive/queue.ts", Life::Dormant),
            ("src/main/java/com/example/shop/Cache.java", Life::Live),
            ("shop/src/main/kotlin/com/example/test/Cache.kt", Life::Live),
            ("src/test/kotlin/com/example/Fixtures.kt", Life::Test),
            ("examples/shop/src/cache.ts", Life::Test),
            ("app/docs/page.tsx", Life::Live),
            ("src/archive/queue.ts", Life::Live),
            ("src/_old/queue.ts", Life::Dormant),
            ("src/migrations/0001_x.ts", Life::Historical),
            ("internal/testing/redis.go", Life::Test),
        ] {
            assert_eq!(of(path).0, life, "{path}");
        }
    }
}
