//! Manifests of Python.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::asked::{Asker, Use, is_of_development};
use crate::{
    catalogue::Ecosystem,
    document::{self, Node, Pair},
    file::File,
    finding::{Kind, Sighting},
    prose,
};

const ASKER: Asker = Asker { ecosystem: Ecosystem::Pypi, kind: Kind::Package };

const DEVELOPMENT: Use = Use::Development("it is a development dependency");

/// `name[extra, extra] >= 1`: a name, its extras, the rest.
static REQUIREMENT: LazyLock<Regex> = LazyLock::new(|| {
    let name = "[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?";
    let rest = r"(?:[<>=!~;@,\s(].*)?$";
    Regex::new(&format!(r"^\s*({name})\s*(?:\[([^\]]*)\])?{rest}")).expect("it is valid")
});

fn asked(text: &str, span: Range<usize>, usage: &Use) -> Option<Sighting> {
    let found = REQUIREMENT.captures(text)?;
    let extras = found.get(2).map_or("", |extras| extras.as_str());
    let extras: Vec<_> = extras.split(',').map(str::trim).collect();
    ASKER.with_extras(&found[1], &extras, span, usage)
}

fn of_group(group: &str) -> Use {
    if is_of_development(group) { DEVELOPMENT } else { Use::Live }
}

/// `requirements.txt`, `requirements-dev.in`, `requirements/base.txt`, `constraints.txt`.
pub(super) fn is_requirements(file: &File) -> bool {
    let name = file.name();
    let Some((stem, "txt" | "in" | "pip")) = name.rsplit_once('.') else { return false };
    let folder = file.folder().rsplit('/').next().unwrap_or_default();
    stem.starts_with("requirements")
        || stem.ends_with("requirements")
        || stem.starts_with("constraints")
        || folder == "requirements"
}

/// Reads requirements of pip.
pub(super) fn requirements(file: &File) -> Result<Vec<Sighting>, String> {
    let usage = of_group(file.name());
    let found = lines(file, 0..file.line_count()).filter(|(_, line)| !line.starts_with('-'));
    let found = found.filter_map(|(span, line)| asked(line, span, &usage));
    Ok(found.collect())
}

/// Lines without comments and blanks around them, where anything is left.
fn lines(file: &File, range: Range<usize>) -> impl Iterator<Item = (Range<usize>, &str)> {
    range.filter_map(|index| {
        let line = file.line(index);
        let text = file.text[line.clone()].trim_start_matches('\u{feff}');
        let code = if text.trim_start().starts_with('#') { "" } else { text };
        let code = code.split_once(" #").map_or(code, |(code, _)| code);
        let code = code.trim().trim_end_matches('\\').trim_end();
        let start = line.start + file.text[line].find(code)?;
        (!code.is_empty()).then(|| (start..start + code.len(), code))
    })
}

/// Reads `pyproject.toml`, as the standards and as Poetry, uv, PDM and Hatch write it.
pub(super) fn pyproject(file: &File) -> Result<Vec<Sighting>, String> {
    let document = document::toml(&file.text)?;
    let Some(root) = document.root() else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    list(root.at(&["project", "dependencies"]), &Use::Live, &mut found);
    groups(root.at(&["project", "optional-dependencies"]), None, &mut found);
    groups(root.get("dependency-groups"), None, &mut found);
    list(root.at(&["tool", "uv", "dev-dependencies"]), &DEVELOPMENT, &mut found);
    groups(root.at(&["tool", "pdm", "dev-dependencies"]), Some(&DEVELOPMENT), &mut found);
    table(root.at(&["tool", "poetry", "dependencies"]), &Use::Live, &mut found);
    table(root.at(&["tool", "poetry", "dev-dependencies"]), &DEVELOPMENT, &mut found);
    for group in root.at(&["tool", "poetry", "group"]).into_iter().flat_map(Node::pairs) {
        table(group.value.get("dependencies"), &of_group(group.key), &mut found);
    }
    for group in [&["project", "entry-points"][..], &["tool", "poetry", "plugins"]] {
        for group in root.at(group).into_iter().flat_map(Node::pairs) {
            found.extend(group.value.pairs().filter_map(entry_point));
        }
    }
    for environment in root.at(&["tool", "hatch", "envs"]).into_iter().flat_map(Node::pairs) {
        for section in ["dependencies", "extra-dependencies"] {
            list(environment.value.get(section), &DEVELOPMENT, &mut found);
        }
    }
    Ok(found)
}

/// What of a package others find by its name: `redis = "acme.backends.redis:RedisBackend"`.
fn entry_point(pair: Pair<'_>) -> Option<Sighting> {
    let (module, object) = pair.value.text()?.split_once(':')?;
    let named = [object, module, pair.key].into_iter().find_map(prose::mention);
    let (store, _) = named?;
    let sighting = Sighting::new(Kind::Setting, store, pair.span(), pair.key);
    Some(sighting)
}

fn list(node: Option<Node<'_>>, usage: &Use, found: &mut Vec<Sighting>) {
    let items = node.into_iter().flat_map(Node::items);
    found.extend(items.filter_map(|item| asked(item.text()?, item.span(), usage)));
}

/// Lists by the names of their groups.
fn groups(node: Option<Node<'_>>, usage: Option<&Use>, found: &mut Vec<Sighting>) {
    for group in node.into_iter().flat_map(Node::pairs) {
        let by_name = of_group(group.key);
        list(Some(group.value), usage.unwrap_or(&by_name), found);
    }
}

/// A table of names, as Poetry and Pipenv write it.
fn table(node: Option<Node<'_>>, usage: &Use, found: &mut Vec<Sighting>) {
    let pairs = node.into_iter().flat_map(Node::pairs);
    found.extend(pairs.filter_map(|pair| dependency(pair, usage)));
}

fn dependency(pair: Pair<'_>, usage: &Use) -> Option<Sighting> {
    let extras = pair.value.get("extras").into_iter().flat_map(Node::items);
    let extras: Vec<_> = extras.filter_map(Node::text).collect();
    if pair.value.get("path").is_some() {
        return ASKER.own(pair.key, pair.span(), usage);
    }
    ASKER.with_extras(pair.key, &extras, pair.span(), usage)
}

/// Reads `Pipfile`.
pub(super) fn pipfile(file: &File) -> Result<Vec<Sighting>, String> {
    let document = document::toml(&file.text)?;
    let mut found = Vec::new();
    for section in document.root().into_iter().flat_map(Node::pairs) {
        match section.key {
            "packages" => table(Some(section.value), &Use::Live, &mut found),
            "dev-packages" => table(Some(section.value), &DEVELOPMENT, &mut found),
            "source" | "requires" | "pipenv" | "scripts" => {}
            group => table(Some(section.value), &of_group(group), &mut found),
        }
    }
    Ok(found)
}

/// Reads `setup.cfg` and `tox.ini`.
pub(super) fn setup_cfg(file: &File) -> Result<Vec<Sighting>, String> {
    let mut section = String::new();
    let mut key = String::new();
    let mut found = Vec::new();
    for (span, line) in lines(file, 0..file.line_count()) {
        let is_indented = !file.text[..span.start].ends_with(['\n', '\u{feff}']) && span.start > 0;
        if let Some(name) = line.strip_prefix('[').filter(|_| !is_indented) {
            name.trim_end_matches(']').clone_into(&mut section);
            key.clear();
            continue;
        }
        let value = match line.split_once('=') {
            Some((name, value)) if !is_indented => {
                name.trim().clone_into(&mut key);
                value.trim()
            }
            _ => line,
        };
        let usage = match (&*section, &*key) {
            ("options", "install_requires") => Use::Live,
            ("options", "tests_require") => DEVELOPMENT,
            (of, "deps") if of.starts_with("testenv") => DEVELOPMENT,
            ("options.extras_require", group) => of_group(group),
            _ => continue,
        };
        // `py312: redis` of tox is for some of its environments.
        let value = value.split_once(": ").map_or(value, |(_, value)| value.trim());
        found.extend(asked(value, span, &usage));
    }
    Ok(found)
}

/// Reads the strings of `setup.py` that stand in lists of what is required.
pub(super) fn setup_py(file: &File) -> Result<Vec<Sighting>, String> {
    static PARTS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r#"(?i)(?P<list>\w*require\w*)\s*=[^\n\[\]{}(]*(?P<open>[\[{(])"#,
            r#"|["'](?P<group>[\w-]+)["']\s*:|["'](?P<text>[^"'\n]+)["']|(?P<close>[\])}])|#[^\n]*"#,
        ))
        .expect("it is valid")
    });
    // Within `extras_require={…}` each key names a group.
    let mut in_groups = false;
    let mut required: Option<Use> = None;
    let mut found = Vec::new();
    for part in PARTS.captures_iter(&file.text) {
        if let Some(list) = part.name("list") {
            in_groups = &part["open"] == "{";
            required = (!in_groups).then(|| of_group(list.as_str()));
        } else if let Some(group) = part.name("group").filter(|_| in_groups) {
            required = Some(of_group(group.as_str()));
        } else if let Some(close) = part.name("close") {
            required = None;
            in_groups &= close.as_str() != "}";
        } else if let (Some(text), Some(usage)) = (part.name("text"), &required) {
            found.extend(asked(text.as_str(), text.range(), usage));
        }
    }
    Ok(found)
}

/// Reads an environment of conda.
pub(super) fn conda(file: &File) -> Result<Vec<Sighting>, String> {
    let document = document::yaml(&file.text)?;
    let mut found = Vec::new();
    let asked_for = document.root().and_then(|root| root.get("dependencies"));
    list(asked_for, &Use::Live, &mut found);
    for item in asked_for.into_iter().flat_map(Node::items) {
        list(item.get("pip"), &Use::Live, &mut found);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Life;

    fn told(
        read: fn(&File) -> Result<Vec<Sighting>, String>,
        path: &str,
        text: &str,
    ) -> Vec<String> {
        let file = File::new(path.into(), text.into());
        let found = read(&file).unwrap().into_iter().map(|found| {
            let life = match found.life {
                Some((Life::Test, _)) => " test",
                _ => "",
            };
            format!("{} {}{life}", file.line_of(found.span.start) + 1, found.name)
        });
        found.collect()
    }

    #[test]
    fn requirements_have_extras_markers_and_comments() {
        let text = "\u{feff}redis==5.0 # a client\r\n# rq\r\n-r base.txt\r\ncelery[redis,msgpack]>=5 ; python_version > '3'\r\nDjango-Redis \\\r\n    --hash=sha256:redis\r\nredistribute==1\r\nhealth[redis]\r\nredis @ https://x/redis.whl\r\n";
        assert_eq!(
            told(requirements, "requirements.txt", text),
            ["1 redis", "4 celery", "5 Django-Redis", "8 health", "9 redis"]
        );
        assert_eq!(told(requirements, "requirements/dev.txt", "rq\n"), ["1 rq test"]);
    }

    #[test]
    fn pyproject_is_written_by_several_tools() {
        let text = "[project]\ndependencies = [\n  \"redis>=5\",\n  'httpx',\n]\n[project.optional-dependencies]\ncache = [\"django-redis\"]\ntest = [\"fakeredis\", \"rq\"]\n[dependency-groups]\ndev = [\"arq\", {include-group = \"x\"}]\n[tool.poetry.dependencies]\ncelery = {version = \"5\", extras = [\"redis\"]}\nrq = \"1\"\n[tool.poetry.group.dev.dependencies]\nhiredis = \"*\"\n[tool.pdm.dev-dependencies]\nany = [\"walrus\"]\n";
        assert_eq!(
            told(pyproject, "pyproject.toml", text),
            [
                "3 redis",
                "7 django-redis",
                "8 fakeredis test",
                "8 rq test",
                "10 arq test",
                "17 walrus test",
                "12 celery",
                "13 rq",
                "15 hiredis test",
            ]
        );
    }

    #[test]
    fn entry_points_name_what_others_find() {
        let text = "[project]\nname = \"x\"\n[project.entry-points.backends]\nredis = \"x.redis:Backend\"\nmemory = \"x.memory:Backend\"\n[project.scripts]\nredistribute = \"x.cli:run\"\n";
        let file = File::new("pyproject.toml".into(), text.into());
        let found = pyproject(&file).unwrap();
        let told: Vec<_> = found.iter().map(|found| (found.kind, &*found.name)).collect();
        assert_eq!(told, [(Kind::Setting, "redis")]);
    }

    #[test]
    fn older_manifests_are_read_too() {
        let text = "[options]\ninstall_requires =\n    redis>=4\n    # rq\n    six\ntests_require = fakeredis\n[options.extras_require]\nqueue =\n    rq\ndev = arq\n[metadata]\nkeywords = redis\n";
        assert_eq!(
            told(setup_cfg, "setup.cfg", text),
            ["3 redis", "6 fakeredis test", "9 rq", "10 arq test"]
        );
        let text = "[testenv]\ndeps =\n    fakeredis[lua]\n    py312: rq\ncommands = redis\n";
        assert_eq!(told(setup_cfg, "tox.ini", text), ["3 fakeredis test", "4 rq test"]);
        let text = "REQUIRES = [\n    'redis>=4',  # 'rq'\n]\nsetup(\n    name='redis',\n    keywords=['redis'],\n    install_requires=REQUIRES + [\"rq\"],\n    extras_require={'test': ['walrus'], \"fast\": ['hiredis']},\n)\n";
        assert_eq!(
            told(setup_py, "setup.py", text),
            ["2 redis", "7 rq", "8 walrus test", "8 hiredis"]
        );
        let text = "[packages]\nredis = \"*\"\ncelery = {extras = [\"redis\"], version = \"*\"}\n[dev-packages]\nrq = \"*\"\n";
        assert_eq!(told(pipfile, "Pipfile", text), ["2 redis", "3 celery", "5 rq test"]);
        let text = "dependencies:\n  - python=3\n  - redis-py=4\n  - pip:\n      - rq\n";
        assert_eq!(told(conda, "environment.yml", text), ["3 redis-py", "5 rq"]);
    }
}
