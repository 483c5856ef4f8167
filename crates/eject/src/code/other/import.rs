//! What a file takes in from elsewhere.

use std::ops::Range;

use tree_sitter::Node;

use super::{
    language::Language,
    source::{dotted, last},
};

/// One name that is taken in, or a whole module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Import {
    /// The module as the language writes it: `redis.asyncio`, `github.com/redis/go-redis/v9`, `redis.aio`; `.cache` for
    /// one that is relative.
    pub(super) path: String,
    /// The name that is taken from it; nothing where the module itself is taken.
    pub(super) name: Option<String>,
    /// How it is called here; `*` for all names of the module.
    pub(super) alias: String,
    /// The whole statement.
    pub(super) span: Range<usize>,
    /// Whether it is given on under this file's name.
    pub(super) is_public: bool,
}

impl Import {
    /// The path with the name.
    pub(super) fn full(&self) -> String {
        match &self.name {
            Some(name) if self.path.is_empty() || self.path.ends_with('.') => {
                format!("{}{name}", self.path)
            }
            Some(name) => format!("{}.{name}", self.path),
            None => self.path.clone(),
        }
    }
}

/// Reads a statement.
pub(super) fn read(language: Language, node: Node<'_>, text: &str, imports: &mut Vec<Import>) {
    let span = node.byte_range();
    let written = text.get(span.clone()).unwrap_or_default();
    let start = imports.len();
    match language {
        Language::Python => python(written, imports),
        Language::Go => go(written, imports),
        Language::Rust => rust(written, imports),
        Language::Java | Language::Kotlin => java(written, imports),
        Language::Php if written.starts_with("use") => php(written, imports),
        Language::Php => imports.extend(php_file(written, span.clone())),
        Language::CSharp => c_sharp(written, imports),
        Language::Ruby => {}
    }
    for import in &mut imports[start..] {
        import.span = span.clone();
    }
}

fn import(path: &str, name: Option<&str>, alias: &str) -> Import {
    Import {
        path: path.to_owned(),
        name: name.map(str::to_owned),
        alias: alias.to_owned(),
        span: 0..0,
        is_public: false,
    }
}

/// `import a.b as c, d` and `from a import (b as c, d)`; of a light reading as of a node.
pub(super) fn python(written: &str, imports: &mut Vec<Import>) {
    let without_comments: Vec<_> =
        written.lines().map(|line| line.split('#').next().unwrap_or_default()).collect();
    let written = without_comments.join(" ").replace(['(', ')', '\\'], " ");
    let written = written.trim();
    let as_named = |part: &str| {
        let mut words = part.split_whitespace();
        let name = words.next()?.trim_end_matches(';').to_owned();
        let alias = words.nth(1).map(|alias| alias.trim_end_matches(';').to_owned());
        Some((name, alias))
    };
    if let Some(rest) = written.strip_prefix("from") {
        let Some((path, names)) = rest.split_once(" import ") else { return };
        let path: String = path.split_whitespace().collect();
        for (name, alias) in names.split(',').filter_map(as_named) {
            let mut found = import(&path, Some(&name), alias.as_deref().unwrap_or(&name));
            // Whatever a module has taken in can be taken from it.
            found.is_public = true;
            imports.push(found);
        }
    } else if let Some(rest) = written.strip_prefix("import") {
        for (path, alias) in rest.split(',').filter_map(as_named) {
            let root = path.split('.').next().unwrap_or_default();
            let mut found = import(&path, None, alias.as_deref().unwrap_or(root));
            found.is_public = alias.is_some();
            imports.push(found);
        }
    }
}

/// `alias "path"`.
pub(super) fn go(written: &str, imports: &mut Vec<Import>) {
    let Some((alias, rest)) = written.split_once(['"', '`']) else { return };
    let Some(path) = rest.split(['"', '`']).next() else { return };
    let alias = match alias.trim() {
        "" => go_name(path),
        "." => "*",
        alias => alias,
    };
    imports.push(import(path, None, alias));
}

/// How a Go package is called that is not given another name: `redis` for `github.com/redis/go-redis/v9`.
pub(super) fn go_name(path: &str) -> &str {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or(path);
    let is_version = name.strip_prefix('v').is_some_and(|version| version.parse::<u32>().is_ok());
    let name = if is_version { parts.next().unwrap_or(name) } else { name };
    let name = name.split(".v").next().unwrap_or(name);
    let name = name.strip_prefix("go-").unwrap_or(name);
    name.strip_suffix("-go").or_else(|| name.strip_suffix(".go")).unwrap_or(name)
}

/// `use a::{b as c, d::*}`, `pub use`, `extern crate a as b`.
fn rust(written: &str, imports: &mut Vec<Import>) {
    let written = written.trim().trim_end_matches(';');
    let start = imports.len();
    let (is_public, rest) = match written.split_once("extern crate ") {
        Some((before, rest)) => {
            let mut words = rest.split_whitespace();
            let path = words.next().unwrap_or_default();
            imports.push(import(path, None, words.nth(1).unwrap_or(path)));
            (before.contains("pub"), "")
        }
        None => match written.split_once("use ") {
            Some((before, rest)) => (before.contains("pub"), rest),
            None => return,
        },
    };
    tree("", rest, "::", 0, imports);
    for import in &mut imports[start..] {
        import.is_public = is_public;
    }
}

/// `a.b{c, d as e}`: what stands in braces is below what stands before them.
fn tree(prefix: &str, written: &str, between: &str, depth: usize, imports: &mut Vec<Import>) {
    const DEEPEST: usize = 16;
    for part in split_outside(written).filter(|_| depth < DEEPEST) {
        let part = part.trim();
        if part.is_empty() {
            continue;
        }
        if let Some((before, rest)) = part.split_once('{') {
            let below = dotted(before.trim().trim_end_matches(between));
            let path = join(prefix, &below);
            let inner = rest.rsplit_once('}').map_or(rest, |(inner, _)| inner);
            tree(&path, inner, between, depth + 1, imports);
            continue;
        }
        let (path, alias) = match part.split_once(" as ") {
            Some((path, alias)) => (path, Some(alias.trim())),
            None => (part, None),
        };
        let is_all = path.trim_end().ends_with('*');
        let path = dotted(path.trim().trim_end_matches('*').trim_end_matches(between));
        let full = join(prefix, &path);
        let found = if is_all {
            import(&full, Some("*"), "*")
        } else if path == "self" {
            import(prefix, None, alias.unwrap_or_else(|| last(prefix)))
        } else {
            match full.rsplit_once('.') {
                Some((module, name)) => import(module, Some(name), alias.unwrap_or(name)),
                None => import(&full, None, alias.unwrap_or(&full)),
            }
        };
        imports.push(found);
    }
}

fn join(prefix: &str, path: &str) -> String {
    match (prefix, path) {
        ("", path) => path.to_owned(),
        (prefix, "") => prefix.to_owned(),
        (prefix, path) => format!("{prefix}.{path}"),
    }
}

/// The parts between commas that are not within braces.
fn split_outside(written: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_i32;
    written.split(move |c| {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        c == ',' && depth == 0
    })
}

/// `import static a.b.C.d;`, `import a.b.*`, and of Kotlin `import a.b.C as D`.
fn java(written: &str, imports: &mut Vec<Import>) {
    let written = written.trim().trim_end_matches(';');
    let Some(rest) = written.strip_prefix("import") else { return };
    let (is_static, rest) = match rest.trim().strip_prefix("static ") {
        Some(rest) => (true, rest.trim()),
        None => (false, rest.trim()),
    };
    let (path, alias) = match rest.split_once(" as ") {
        Some((path, alias)) => (path.trim(), Some(alias.trim())),
        None => (rest, None),
    };
    let Some((mut module, mut name)) = path.rsplit_once('.') else { return };
    let alias = alias.unwrap_or(name);
    // What is taken from a class leads to the class.
    if is_static && let Some((package, class)) = module.rsplit_once('.') {
        (module, name) = (package, class);
    }
    imports.push(import(module, Some(name), alias));
}

/// `use A\B as C, A\{D, E as F};`
fn php(written: &str, imports: &mut Vec<Import>) {
    let written = written.trim().trim_end_matches(';');
    let Some(rest) = written.strip_prefix("use") else { return };
    let rest = rest.trim();
    let rest =
        ["function ", "const "].iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
    tree("", rest, "\\", 0, imports);
}

/// `using A.B;`, `using static A.B;`, `using C = A.B;`, `global using A.B;`
pub(super) fn c_sharp(written: &str, imports: &mut Vec<Import>) {
    let written = written.trim().trim_end_matches(';');
    let Some((before, rest)) = written.split_once("using ") else { return };
    let rest = rest.trim().trim_start_matches("static ").trim();
    let mut found = match rest.split_once('=') {
        Some((alias, path)) => import(&dotted(path), None, alias.trim()),
        None => import(&dotted(rest), None, "*"),
    };
    found.is_public = before.contains("global");
    imports.push(found);
}

/// How Ruby loads a file; what follows names it.
const LOADS: &[&str] = &["require_relative", "require_dependency", "require", "load", "autoload"];

/// Whether a statement of Ruby loads a file.
pub(super) fn is_load(written: &str) -> bool {
    let name = written.split(|c: char| !(c.is_alphanumeric() || c == '_')).next();
    name.is_some_and(|name| LOADS.contains(&name))
}

/// The file that a statement of Ruby loads: `./name` where it is named from where the statement stands.
pub(super) fn ruby(called: &str, file: &str, span: Range<usize>) -> Option<Import> {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/' | '.');
    if !LOADS.contains(&called) || file.is_empty() || !file.chars().all(is_name) {
        return None;
    }
    let file = file.strip_suffix(".rb").unwrap_or(file);
    let path = match called {
        "require_relative" => format!("./{file}"),
        // Of the folder in which the program is run.
        _ => file.trim_start_matches("./").to_owned(),
    };
    Some(Import { path, name: None, alias: "*".to_owned(), span, is_public: false })
}

/// The file that a statement of PHP loads: `require_once __DIR__ . '/lib/cache.php'`.
pub(super) fn php_file(written: &str, span: Range<usize>) -> Option<Import> {
    let rest = ["require_once", "include_once", "require", "include"]
        .iter()
        .find_map(|load| written.strip_prefix(load))?;
    let (before, quoted) = rest.split_once(['"', '\''])?;
    let file = quoted.split(['"', '\'']).next()?.strip_suffix(".php")?;
    let up = before.matches("dirname(").count();
    let up = if before.contains("__FILE__") { up.saturating_sub(1) } else { up };
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/' | '.');
    let path = format!("./{}{}", "../".repeat(up), file.trim_start_matches('/'));
    let found = Import { path, name: None, alias: "*".to_owned(), span, is_public: false };
    file.chars().all(is_name).then_some(found)
}

fn light_ruby(line: &str) -> Option<Import> {
    let called = LOADS
        .iter()
        .find(|load| line.strip_prefix(**load).is_some_and(|rest| rest.starts_with([' ', '('])))?;
    let mut quoted = line.split(['"', '\'']);
    ruby(called, quoted.nth(1)?, 0..0)
}

/// The imports of a file that is not parsed: enough to know whom it may lead to.
pub(super) fn light(language: Language, text: &str) -> Vec<Import> {
    let mut imports = Vec::new();
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let mut is_block = false;
    while let Some(line) = lines.next() {
        let line = line.trim_start();
        match language {
            Language::Python if line.starts_with("from ") || line.starts_with("import ") => {
                let mut statement = line.to_owned();
                let is_open = line.contains('(') && !line.contains(')');
                for line in lines.by_ref().take(if is_open { 400 } else { 0 }) {
                    statement.push('\n');
                    statement.push_str(line);
                    if line.contains(')') {
                        break;
                    }
                }
                python(&statement, &mut imports);
            }
            Language::Go if line.starts_with("import (") => is_block = true,
            Language::Go if is_block && line.starts_with(')') => break,
            Language::Go if is_block || line.starts_with("import ") => {
                go(line.strip_prefix("import ").unwrap_or(line), &mut imports);
            }
            Language::Go if line.starts_with("func ") => break,
            Language::Ruby => imports.extend(light_ruby(line)),
            Language::Php => imports.extend(php_file(line, 0..0)),
            Language::Rust => {
                let rest = line.strip_prefix("pub ").unwrap_or(line);
                let rest = rest.strip_prefix("pub(crate) ").unwrap_or(rest);
                let module = rest.strip_prefix("mod ").and_then(|rest| rest.split_once(';'));
                imports.extend(module.map(|(name, _)| import("self", Some(name.trim()), name)));
            }
            _ => {}
        }
    }
    imports
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(read: impl Fn(&str, &mut Vec<Import>), written: &str) -> Vec<String> {
        let mut imports = Vec::new();
        read(written, &mut imports);
        imports.iter().map(|import| format!("{} as {}", import.full(), import.alias)).collect()
    }

    #[test]
    fn statements_are_read_name_by_name() {
        assert_eq!(told(python, "import redis as r, os.path"), ["redis as r", "os.path as os"]);
        assert_eq!(
            told(python, "from .cache import (a as b, # why\n  c,\n)"),
            [".cache.a as b", ".cache.c as c"]
        );
        assert_eq!(told(python, "from . import cache"), [".cache as cache"]);
        assert_eq!(
            told(go, r#""github.com/redis/go-redis/v9""#),
            ["github.com/redis/go-redis/v9 as redis"]
        );
        assert_eq!(told(go, r#"r "gopkg.in/redis.v5""#), ["gopkg.in/redis.v5 as r"]);
        assert_eq!(
            told(rust, "pub use redis::{self, aio::{ConnectionManager as Manager}, *};"),
            ["redis as redis", "redis.aio.ConnectionManager as Manager", "redis.* as *"]
        );
        assert_eq!(told(rust, "extern crate redis as r;"), ["redis as r"]);
        assert_eq!(told(java, "import static a.b.C.d;"), ["a.b.C as d"]);
        assert_eq!(told(java, "import a.b.C as D"), ["a.b.C as D"]);
        assert_eq!(told(php, r"use A\{B, C as D};"), ["A.B as B", "A.C as D"]);
        assert_eq!(told(php, r"use Predis\Client;"), ["Predis.Client as Client"]);
        assert_eq!(told(c_sharp, "using R = A.B;"), ["A.B as R"]);
    }

    #[test]
    fn a_light_reading_sees_statements_over_several_lines() {
        let imports = light(Language::Python, "x = 1\n    from a import (\n  b,\n  c,\n)\n");
        assert_eq!(imports.iter().map(Import::full).collect::<Vec<_>>(), ["a.b", "a.c"]);
        let imports = light(Language::Go, "package a\nimport (\n\t\"fmt\"\n\tx \"a/b\"\n)\nfunc");
        assert_eq!(imports.iter().map(Import::full).collect::<Vec<_>>(), ["fmt", "a/b"]);
        let code = "require_relative 'a/b'\nrequire \"./c\"\nautoload :D, 'd'\nrequired 'e'\n";
        let imports = light(Language::Ruby, code);
        assert_eq!(imports.iter().map(Import::full).collect::<Vec<_>>(), ["./a/b", "c", "d"]);
        let imports = light(Language::Rust, "pub mod cache;\nmod x { }");
        assert_eq!(imports.iter().map(Import::full).collect::<Vec<_>>(), ["self.cache"]);
    }
}
