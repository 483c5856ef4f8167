//! Manifests of languages of which only what is plain is asked, line by line: Elixir, Dart, Swift, Perl, C and C++, Lua.

use std::{collections::HashSet, sync::LazyLock};

use regex::Regex;

use super::asked::{Asker, Use, is_of_development};
use crate::{
    catalogue::Ecosystem,
    document::{self, Node},
    file::File,
    finding::{Kind, Sighting},
};

const DEVELOPMENT: Use = Use::Development("it is asked for by development or tests alone");

type Told = Result<Vec<Sighting>, String>;

/// How lines ask for packages.
struct Form {
    ecosystem: Ecosystem,
    kind: Kind,
    /// What starts a comment.
    comment: &'static str,
    /// The package is the group `name`; what stands behind it in the line may say that it is of development.
    asked: &'static LazyLock<Regex>,
    is_development: fn(&str) -> bool,
}

impl Form {
    fn read(&self, file: &File) -> Vec<Sighting> {
        let asker = Asker { ecosystem: self.ecosystem, kind: self.kind };
        let mut seen = HashSet::new();
        let mut found = Vec::new();
        for index in 0..file.line_count() {
            let span = file.line(index);
            let line = &file.text[span.clone()];
            if line.trim_start().starts_with(self.comment) {
                continue;
            }
            for asked in self.asked.captures_iter(line) {
                let Some(name) = asked.name("name") else { continue };
                let usage = if (self.is_development)(line) { DEVELOPMENT } else { Use::Live };
                let place = span.start + name.start()..span.start + name.end();
                let is_new = seen.insert((index, name.as_str().to_ascii_lowercase()));
                // Where its own name and its files stand beside what it asks for, a name alone tells nothing.
                let is_plain = matches!(self.ecosystem, Ecosystem::Native | Ecosystem::Rocks);
                let asked = if is_plain {
                    asker.own(name.as_str(), place, &usage)
                } else {
                    asker.package(name.as_str(), place, &usage)
                };
                found.extend(asked.filter(|_| is_new));
            }
        }
        found
    }
}

macro_rules! pattern {
    ($name:ident, $text:expr) => {
        static $name: LazyLock<Regex> = LazyLock::new(|| Regex::new($text).expect("it is valid"));
    };
}

pattern!(HEX, r"\{\s*:?(?P<name>[a-z]\w*)\s*,");
pattern!(HEX_LOCK, r#"^\s*(?:"(?P<name>[a-z]\w*)":\s*\{:hex)"#);
pattern!(REBAR_LOCK, r#"\{<<"(?P<name>[a-z]\w*)">>,\s*\{pkg"#);
pattern!(
    SWIFT,
    r#"\.package\([^)]*?(?:url|id):\s*"(?:[^"]*/|[\w-]+\.)?(?P<name>[\w-]+)(?:\.git)?""#
);
pattern!(SWIFT_LOCK, r#""(?:identity|package)"\s*:\s*"(?P<name>[\w-]+)""#);
pattern!(
    CPAN,
    r#"^\s*(?:(?:test_|build_|configure_|author_)?requires|recommends|suggests|"?)\s*\(?["']?(?P<name>[A-Z]\w*(?:::\w+)*)["']?\s*(?:[,;)]|=>|$)"#
);
pattern!(NATIVE, r#"(?:^|["'\s])(?P<name>[a-z][\w+.-]*)(?:/[\w.\[\]<>=~ -]+)?(?:["'@]|\s*$)"#);
pattern!(
    BUILDS,
    r#"(?i)\b(?:find_package|find_library|dependency|fetchcontent_declare|pkg_check_modules|pkg_search_module|cpmaddpackage|find_path)\s*\((?:[^)]*?[\s("':/])?(?P<name>hiredis[\w-]*|redis\+\+|redis-plus-plus|cpp[-_]redis|libvalkey|mongocxx|bsoncxx|libmongoc[\w.-]*|mongoc-[\w.]*)(?:[\s)"'@/>]|$)"#
);
pattern!(ROCKS, r#"["'](?P<name>[\w.-]+)(?:\s*[<>=~][^"']*)?["']"#);

fn of_elixir(line: &str) -> bool {
    let only = line.split_once("only:").map(|(_, only)| only);
    only.is_some_and(|only| !only.contains(":prod") && only.contains([':', '[']))
}

fn never(_: &str) -> bool {
    false
}

/// Reads `mix.exs` and `rebar.config`.
pub(super) fn hex(file: &File) -> Told {
    let (ecosystem, kind) = (Ecosystem::Hex, Kind::Package);
    let comment = if file.name() == "mix.exs" { "#" } else { "%" };
    Ok(Form { ecosystem, kind, comment, asked: &HEX, is_development: of_elixir }.read(file))
}

/// Reads `mix.lock` and `rebar.lock`.
pub(super) fn hex_lock(file: &File) -> Told {
    let (ecosystem, kind) = (Ecosystem::Hex, Kind::LockedPackage);
    let asked = if file.name() == "mix.lock" { &HEX_LOCK } else { &REBAR_LOCK };
    Ok(Form { ecosystem, kind, comment: "#", asked, is_development: never }.read(file))
}

/// Reads `Package.swift`.
pub(super) fn swift(file: &File) -> Told {
    let (ecosystem, kind) = (Ecosystem::Swift, Kind::Package);
    Ok(Form { ecosystem, kind, comment: "//", asked: &SWIFT, is_development: never }.read(file))
}

/// Reads `Package.resolved`.
pub(super) fn swift_lock(file: &File) -> Told {
    let (ecosystem, kind) = (Ecosystem::Swift, Kind::LockedPackage);
    Ok(Form { ecosystem, kind, comment: "//", asked: &SWIFT_LOCK, is_development: never }
        .read(file))
}

/// Reads `cpanfile`, `Makefile.PL` and `Build.PL`, with the phases that are of tests.
pub(super) fn cpan(file: &File) -> Told {
    fn is_development(line: &str) -> bool {
        ["test_", "author_", "build_"].iter().any(|of| line.trim_start().starts_with(of))
    }
    let (ecosystem, kind) = (Ecosystem::Cpan, Kind::Package);
    let mut found = Form { ecosystem, kind, comment: "#", asked: &CPAN, is_development }.read(file);
    // `on 'test' => sub {` goes on to a `};` at the beginning of a line.
    let mut is_of_tests = false;
    let mut of_tests = HashSet::new();
    for index in 0..file.line_count() {
        let line = file.text[file.line(index)].trim();
        if line.starts_with("on ") {
            is_of_tests = is_of_development(line);
        } else if line.starts_with('}') {
            is_of_tests = false;
        }
        if is_of_tests {
            of_tests.insert(index);
        }
    }
    for sighting in &mut found {
        if of_tests.contains(&file.line_of(sighting.span.start)) && sighting.life.is_none() {
            sighting.life =
                Some((crate::finding::Life::Test, "it is of a phase of tests".to_owned()));
        }
    }
    Ok(found)
}

/// Reads `vcpkg.json` and files of Conan.
pub(super) fn native(file: &File) -> Told {
    let (ecosystem, kind) = (Ecosystem::Native, Kind::Package);
    Ok(Form { ecosystem, kind, comment: "#", asked: &NATIVE, is_development: never }.read(file))
}

/// Reads builds of `CMake` and Meson: what they look for.
pub(super) fn builds(file: &File) -> Told {
    let (ecosystem, kind) = (Ecosystem::Native, Kind::Package);
    Ok(Form { ecosystem, kind, comment: "#", asked: &BUILDS, is_development: never }.read(file))
}

/// Reads a specification of a rock.
pub(super) fn rocks(file: &File) -> Told {
    let (ecosystem, kind) = (Ecosystem::Rocks, Kind::Package);
    Ok(Form { ecosystem, kind, comment: "--", asked: &ROCKS, is_development: never }.read(file))
}

/// Reads `pubspec.yaml`.
pub(super) fn pubspec(file: &File) -> Told {
    let document = document::yaml(&file.text)?;
    let asker = Asker::manifest(Ecosystem::Pub);
    let sections = [("dependencies", Use::Live), ("dev_dependencies", DEVELOPMENT)];
    let found = sections.iter().flat_map(|(section, usage)| {
        let asked = document.root().and_then(|root| root.get(section));
        let pairs = asked.into_iter().flat_map(Node::pairs);
        pairs.filter_map(move |pair| {
            let is_own = pair.value.get("path").is_some();
            if is_own { None } else { asker.package(pair.key, pair.span(), usage) }
        })
    });
    Ok(found.collect())
}

/// Reads `pubspec.lock`.
pub(super) fn pub_lock(file: &File) -> Told {
    let document = document::yaml(&file.text)?;
    let packages = document.root().and_then(|root| root.get("packages"));
    let asker = Asker::lock(Ecosystem::Pub);
    let found = packages.into_iter().flat_map(Node::pairs).filter_map(|pair| {
        let kind = pair.value.get("dependency").and_then(Node::text).unwrap_or_default();
        let usage = if kind == "direct dev" { DEVELOPMENT } else { Use::Live };
        asker.package(pair.key, pair.key_span(), &usage)
    });
    Ok(found.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Life;

    fn told(read: fn(&File) -> Told, path: &str, text: &str) -> Vec<String> {
        let file = File::new(path.into(), text.into());
        let found = read(&file).unwrap().into_iter().map(|found| {
            let life = if matches!(found.life, Some((Life::Test, _))) { " test" } else { "" };
            format!("{} {}{life}", file.line_of(found.span.start) + 1, found.name)
        });
        found.collect()
    }

    #[test]
    fn elixir_and_erlang() {
        let text = "defp deps do\n [\n  {:redix, \"~> 1.5\"},\n  # {:exq, \"1\"},\n  {:hammer_backend_redis, \"6\", only: [:dev, :test]},\n  {:redistribute, \"1\"}, {:cachex, \"3\"}\n ]\n";
        assert_eq!(told(hex, "mix.exs", text), ["3 redix", "5 hammer_backend_redis test"]);
        assert_eq!(told(hex, "rebar.config", "{deps, [{eredis, \"1.7\"}]}.\n"), ["1 eredis"]);
        let text = "%{\n  \"redix\": {:hex, :redix, \"1.5.1\"},\n  \"plug\": {:hex, :plug, \"1\", [{:redix, \"1\"}]},\n}\n";
        assert_eq!(told(hex_lock, "mix.lock", text), ["2 redix"]);
    }

    #[test]
    fn dart_swift_and_perl() {
        let text = "name: redis_board\ndependencies:\n  redis: ^4.0.0\n  my_redis: {path: ../my_redis}\n  shelf: ^1\ndev_dependencies:\n  resp_client: any\n";
        assert_eq!(told(pubspec, "pubspec.yaml", text), ["3 redis", "7 resp_client test"]);
        let text = "let package = Package(name: \"Redis\", dependencies: [\n  .package(url: \"https://github.com/vapor/redis.git\", from: \"4\"),\n  // .package(url: \"https://x/RediStack\", from: \"1\"),\n  .package(url: \"https://github.com/swift-server/RediStack\", from: \"1\"),\n  .package(url: \"https://github.com/vapor/vapor.git\", from: \"4\"),\n  .product(name: \"Redis\", package: \"redis\"),\n";
        assert_eq!(told(swift, "Package.swift", text), ["2 redis", "4 RediStack"]);
        let text = "requires 'Redis::Fast';\n# requires 'Redis';\nrequires \"Mojo::Redis\", '>= 3';\nrequires 'DBD::Pg';\non test => sub {\n  requires 'RedisDB';\n};\nrecommends 'Redis';\n";
        assert_eq!(
            told(cpan, "cpanfile", text),
            ["1 Redis::Fast", "3 Mojo::Redis", "6 RedisDB test", "8 Redis"]
        );
    }

    #[test]
    fn c_and_lua() {
        let text = "{\"name\": \"redis-sensor\",\n\"dependencies\": [\n\"libpq\",\n\"hiredis\",\n{\"name\": \"redis-plus-plus\", \"features\": [\"tls\"]}\n]}\n";
        assert_eq!(told(native, "vcpkg.json", text), ["4 hiredis", "5 redis-plus-plus"]);
        assert_eq!(
            told(native, "conanfile.txt", "[requires]\nhiredis/1.2.0\nzlib/1.3\n"),
            ["2 hiredis"]
        );
        let text = "find_package(hiredis CONFIG REQUIRED)\n# find_package(redis++)\nfind_package(PostgreSQL)\npkg_check_modules(HIREDIS REQUIRED hiredis)\ntarget_link_libraries(x hiredis::hiredis)\nproject(hiredis-tool)\n";
        assert_eq!(told(builds, "CMakeLists.txt", text), ["1 hiredis", "4 hiredis"]);
        let text = "dependencies = {\n  \"lua >= 5.1\",\n  \"redis-lua ~> 2.0\",\n}\n";
        assert_eq!(told(rocks, "x.rockspec", text), ["3 redis-lua"]);
    }
}
