//! What is known of packages: `data/packages.toml`, a file of data.

use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

use serde::Deserialize;

use crate::{
    finding::{Purpose, Store},
    word,
};

/// Where packages come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ecosystem {
    Npm,
    Cargo,
    Pypi,
    Go,
    Gem,
    Maven,
    Packagist,
    Nuget,
    /// Elixir and Erlang.
    Hex,
    /// Dart.
    Pub,
    /// Packages of Swift, by the last name of their address.
    Swift,
    /// Perl.
    Cpan,
    /// C and C++: vcpkg, Conan, `CMake`.
    Native,
    /// Lua.
    Rocks,
}

/// What a package does with the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    /// It speaks to the store and nothing else: what for is told by who uses it.
    Client,
    /// It does something for which it needs the store.
    Library,
    /// It may use the store and may use something else: it counts where it is told to
    /// (`rate-limiter-flexible` with `RateLimiterRedis`, `celery` with a broker).
    Optional,
    /// Types alone, mocks and tools of development.
    Development,
}

/// A package of the catalogue.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Package {
    /// As its registry spells it. A `*` at the end stands for any rest.
    pub(crate) name: String,
    pub(crate) ecosystem: Ecosystem,
    pub(crate) store: Store,
    pub(crate) role: Role,
    pub(crate) purpose: Purpose,
    /// What it is, in a few words that go on from "the name is".
    pub(crate) what: String,
    /// What of pgstead, or of the language, replaces it.
    pub(crate) replacement: String,
    /// Under which names code imports it.
    pub(crate) imports: Vec<String>,
    /// What of it needs the store, for [`Role::Optional`]: names that are imported or constructed.
    pub(crate) only: Vec<String>,
    /// A part of a framework that most have without the store: that it is asked for tells nothing, its imports do.
    pub(crate) is_quiet: bool,
    /// Its code says where it keeps things, and no setting elsewhere: what does not name the store uses another.
    pub(crate) is_explicit: bool,
}

/// The file as it is written: groups say what their packages have in common.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    group: Vec<Group>,
    named: Vec<Named>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    ecosystem: Ecosystem,
    store: Store,
    role: Role,
    purpose: Purpose,
    what: String,
    replacement: String,
    packages: Vec<Member>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Member {
    Name(String),
    Entry(Box<Entry>),
}

/// A package as it is written: what it leaves out is its group's.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    role: Option<Role>,
    purpose: Option<Purpose>,
    what: Option<String>,
    replacement: Option<String>,
    imports: Option<Vec<String>>,
    #[serde(default)]
    only: Vec<String>,
    #[serde(default)]
    quiet: bool,
    #[serde(default)]
    explicit: bool,
}

/// What is said of a package that only its own name tells of.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    store: Store,
    words: Vec<String>,
    role: Role,
    purpose: Purpose,
    what: String,
    replacement: String,
}

/// The catalogue, and how it is looked up.
struct Catalogue {
    packages: Vec<Package>,
    named: Vec<(Vec<String>, Package)>,
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let data = include_str!("../data/packages.toml");
    let data: Data = toml::from_str(data).expect("a test reads the file");
    let packages = data.group.into_iter().flat_map(|group| {
        let members = group.packages.iter().map(|member| group.package(member));
        members.collect::<Vec<_>>()
    });
    let ecosystems = Ecosystem::ALL.iter().copied();
    let named = ecosystems.flat_map(|ecosystem| {
        let of =
            data.named.iter().map(move |named| (named.words.clone(), named.package(ecosystem)));
        of.collect::<Vec<_>>()
    });
    Catalogue { packages: packages.collect(), named: named.collect() }
});

impl Group {
    fn package(&self, member: &Member) -> Package {
        let plain = Entry::default();
        let (name, entry) = match member {
            Member::Name(name) => (name, &plain),
            Member::Entry(entry) => (&entry.name, &**entry),
        };
        let imports = entry.imports.clone();
        Package {
            name: name.clone(),
            ecosystem: self.ecosystem,
            store: self.store,
            role: entry.role.unwrap_or(self.role),
            purpose: entry.purpose.unwrap_or(self.purpose),
            what: entry.what.as_ref().unwrap_or(&self.what).clone(),
            replacement: entry.replacement.as_ref().unwrap_or(&self.replacement).clone(),
            imports: imports.unwrap_or_else(|| self.ecosystem.habit(name).into_iter().collect()),
            only: entry.only.clone(),
            is_quiet: entry.quiet,
            is_explicit: entry.explicit,
        }
    }
}

impl Named {
    fn package(&self, ecosystem: Ecosystem) -> Package {
        Package {
            name: "*".to_owned(),
            ecosystem,
            store: self.store,
            role: self.role,
            purpose: self.purpose,
            what: self.what.clone(),
            replacement: self.replacement.clone(),
            imports: Vec::new(),
            only: Vec::new(),
            is_quiet: false,
            is_explicit: false,
        }
    }
}

impl Ecosystem {
    pub(crate) const ALL: [Self; 14] = [
        Self::Npm,
        Self::Cargo,
        Self::Pypi,
        Self::Go,
        Self::Gem,
        Self::Maven,
        Self::Packagist,
        Self::Nuget,
        Self::Hex,
        Self::Pub,
        Self::Swift,
        Self::Cpan,
        Self::Native,
        Self::Rocks,
    ];

    /// A name as it is compared: some registries take several spellings for one.
    fn key(self, name: &str) -> Cow<'_, str> {
        match self {
            Self::Pypi => {
                let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
                if name.bytes().all(is_plain) {
                    return Cow::Borrowed(name);
                }
                Cow::Owned(name.to_ascii_lowercase().replace(['_', '.'], "-"))
            }
            Self::Cargo if name.contains('_') => Cow::Owned(name.replace('_', "-")),
            Self::Nuget | Self::Packagist | Self::Swift | Self::Native | Self::Rocks
                if name.bytes().any(|b| b.is_ascii_uppercase()) =>
            {
                Cow::Owned(name.to_ascii_lowercase())
            }
            _ => Cow::Borrowed(name),
        }
    }

    /// The name under which code imports a package of this name, by the habit of its language.
    fn habit(self, name: &str) -> Option<String> {
        match self {
            Self::Nuget => Some(name.trim_end_matches(['*', '.']).to_owned()),
            _ if name.ends_with('*') => None,
            Self::Npm | Self::Go | Self::Gem => Some(name.to_owned()),
            Self::Pypi => Some(name.to_ascii_lowercase().replace(['-', '.'], "_")),
            Self::Cargo => Some(name.replace('-', "_")),
            Self::Maven
            | Self::Packagist
            | Self::Hex
            | Self::Pub
            | Self::Swift
            | Self::Cpan
            | Self::Native
            | Self::Rocks => None,
        }
    }

    /// What stands between the parts of what code imports.
    fn separators(self) -> &'static [&'static str] {
        match self {
            Self::Npm | Self::Go | Self::Pub | Self::Native => &["/"],
            Self::Cargo | Self::Cpan => &["::"],
            Self::Pypi | Self::Maven | Self::Nuget | Self::Hex | Self::Swift | Self::Rocks => {
                &["."]
            }
            Self::Gem => &["/", "::"],
            Self::Packagist => &["\\"],
        }
    }
}

type Index = HashMap<Ecosystem, HashMap<Cow<'static, str>, &'static Package>>;

static BY_NAME: LazyLock<Index> = LazyLock::new(|| {
    let mut index = Index::new();
    for package in CATALOGUE.packages.iter().filter(|package| !package.name.ends_with('*')) {
        let of_ecosystem = index.entry(package.ecosystem).or_default();
        of_ecosystem.entry(package.ecosystem.key(&package.name)).or_insert(package);
    }
    index
});

static BY_START: LazyLock<Vec<(Ecosystem, Cow<'static, str>, &'static Package)>> =
    LazyLock::new(|| {
        let starts = CATALOGUE.packages.iter().filter_map(|package| {
            let start = package.name.strip_suffix('*')?;
            Some((package.ecosystem, package.ecosystem.key(start), package))
        });
        starts.collect()
    });

static BY_IMPORT: LazyLock<Index> = LazyLock::new(|| {
    let mut index = Index::new();
    for package in &CATALOGUE.packages {
        for import in &package.imports {
            let of_ecosystem = index.entry(package.ecosystem).or_default();
            of_ecosystem.entry(Cow::Borrowed(import.as_str())).or_insert(package);
        }
    }
    index
});

/// The package by its name in its registry.
pub(crate) fn package(ecosystem: Ecosystem, name: &str) -> Option<&'static Package> {
    if ecosystem == Ecosystem::Go {
        // A module's path goes on with its version, and with the modules inside it.
        return longest(&BY_NAME, ecosystem, name);
    }
    let key = ecosystem.key(name);
    BY_NAME.get(&ecosystem)?.get(&*key).copied().or_else(|| {
        // `@redis/` alone is no name; `redisclient`, of which Scala writes versions behind, is one.
        let goes_on = |start: &str| {
            key.len() > start.len() || start.ends_with(|end: char| end.is_ascii_alphanumeric())
        };
        let mut starts = BY_START.iter().filter(|(of, start, _)| {
            *of == ecosystem && key.starts_with(&**start) && goes_on(start)
        });
        starts.next().map(|&(_, _, package)| package)
    })
}

/// What can be said of a package that is not in the catalogue and is named for a store by a word of its own.
pub(crate) fn named(ecosystem: Ecosystem, name: &str) -> Option<&'static Package> {
    // A registry's host is no part of a name; neither is who the package is of.
    let own = match ecosystem {
        Ecosystem::Go | Ecosystem::Packagist => name.split_once('/').map_or(name, |(_, own)| own),
        Ecosystem::Maven => name.split_once(':').map_or(name, |(_, own)| own),
        _ => name,
    };
    let words: Vec<_> = word::words(own).collect();
    let mut of = CATALOGUE.named.iter().filter(|(_, package)| package.ecosystem == ecosystem);
    let found = of.find(|(named, _)| words.iter().any(|word| named.contains(word)));
    found.map(|(_, package)| package)
}

/// The package that code imports by the name of a module: `ioredis/built/utils`, `npm:ioredis@5`, `redis.asyncio`,
/// `github.com/redis/go-redis/v9`, `redis::aio`, `Redis::Namespace`, `redis.clients.jedis.Jedis`, `Predis\Client`,
/// `StackExchange.Redis.Extensions`. It must be the name of a package and not a path of the tree's own.
pub(crate) fn imported(ecosystem: Ecosystem, module: &str) -> Option<&'static Package> {
    if ecosystem == Ecosystem::Npm {
        return package(ecosystem, npm_name(module)?);
    }
    longest(&BY_IMPORT, ecosystem, module.trim_start_matches(['\\', ':']))
}

/// What an index has for a name or, part by part, for what it is a part of.
fn longest(index: &Index, ecosystem: Ecosystem, name: &str) -> Option<&'static Package> {
    let of_ecosystem = index.get(&ecosystem)?;
    let mut rest = name;
    loop {
        if let Some(package) = of_ecosystem.get(rest) {
            return Some(package);
        }
        let ends = ecosystem.separators().iter().filter_map(|between| rest.rfind(between));
        rest = &rest[..ends.max()?];
    }
}

/// `@scope/name` of `@scope/name/path`; Deno writes `npm:name@version/path`.
fn npm_name(module: &str) -> Option<&str> {
    let module = module.strip_prefix("npm:").unwrap_or(module).trim_start_matches('/');
    let parts = if module.starts_with('@') { 2 } else { 1 };
    let end = module.match_indices('/').nth(parts - 1).map_or(module.len(), |(at, _)| at);
    let name = &module[..end];
    let version = name.get(1..)?.find('@').map_or(name.len(), |at| at + 1);
    Some(&name[..version])
}

/// All packages of an ecosystem.
pub(crate) fn packages(ecosystem: Ecosystem) -> impl Iterator<Item = &'static Package> {
    CATALOGUE.packages.iter().filter(move |package| package.ecosystem == ecosystem)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(package: Option<&'static Package>) -> Option<&'static str> {
        package.map(|package| package.name.as_str())
    }

    #[test]
    fn packages_are_found_by_name_and_by_beginning() {
        use Ecosystem::{Go, Maven, Npm, Nuget, Pypi};
        for (ecosystem, asked, found) in [
            (Npm, "ioredis", Some("ioredis")),
            (Npm, "@redis/client", Some("@redis/*")),
            (Npm, "@redis/", None),
            (Npm, "redistribute", None),
            (Npm, "express-rate-limit", None),
            (Pypi, "ioredis", None),
            (Pypi, "Django_Redis", Some("django-redis")),
            (Go, "github.com/redis/go-redis/v9", Some("github.com/redis/go-redis")),
            (Go, "github.com/go-redis/redis/v8", Some("github.com/go-redis/redis")),
            (Go, "github.com/go-redis/redismock/v9", Some("github.com/go-redis/redismock")),
            (Go, "github.com/redistribute/x", None),
            (Maven, "redis.clients:jedis", Some("redis.clients:jedis")),
            (Nuget, "stackexchange.redis", Some("StackExchange.Redis")),
        ] {
            assert_eq!(name(package(ecosystem, asked)), found, "{asked}");
        }
    }

    #[test]
    fn what_code_imports_leads_to_its_package() {
        use Ecosystem::{Cargo, Gem, Go, Maven, Npm, Nuget, Packagist, Pypi};
        for (ecosystem, module, found) in [
            (Npm, "ioredis/built/utils", Some("ioredis")),
            (Npm, "npm:ioredis@5", Some("ioredis")),
            (Npm, "npm:@redis/client@1.2/x", Some("@redis/*")),
            (Npm, "./redis", None),
            (Npm, "redis-client-of-ours", None),
            (Npm, "", None),
            (Pypi, "redis.asyncio", Some("redis")),
            (Pypi, "redistribute.x", None),
            (Pypi, "django_redis.cache", Some("django-redis")),
            (Pypi, "bson.objectid", Some("pymongo")),
            (Go, "github.com/redis/go-redis/v9", Some("github.com/redis/go-redis")),
            (
                Go,
                "github.com/gin-contrib/sessions/redis",
                Some("github.com/gin-contrib/sessions/redis"),
            ),
            (Cargo, "redis::aio::ConnectionManager", Some("redis")),
            (Cargo, "deadpool_redis", Some("deadpool-redis")),
            (Gem, "sidekiq/web", Some("sidekiq")),
            (Gem, "Redis::Namespace", Some("redis-namespace")),
            (Gem, "::Redis", Some("redis")),
            (Maven, "redis.clients.jedis.Jedis", Some("redis.clients:jedis")),
            (Maven, "org.redisson.api.RedissonClient", Some("org.redisson:*")),
            (Packagist, "\\Predis\\Client", Some("predis/predis")),
            (Packagist, "Illuminate\\Support\\Facades\\Redis", Some("illuminate/redis")),
            (Packagist, "Illuminate\\Support\\Facades\\Cache", None),
            (Nuget, "StackExchange.Redis", Some("StackExchange.Redis")),
            (Nuget, "Hangfire", None),
        ] {
            assert_eq!(name(imported(ecosystem, module)), found, "{module}");
        }
    }

    #[test]
    fn a_word_of_the_name_tells_of_packages_that_nobody_knows() {
        let store = |ecosystem, name| named(ecosystem, name).map(|package| package.store);
        assert_eq!(store(Ecosystem::Npm, "@acme/redis-client"), Some(Store::Redis));
        assert_eq!(store(Ecosystem::Npm, "redistribute"), None);
        assert_eq!(store(Ecosystem::Nuget, "Acme.MongoDB"), Some(Store::Mongodb));
        assert_eq!(store(Ecosystem::Nuget, "BouncyCastle.Redist"), None);
        assert_eq!(store(Ecosystem::Go, "github.com/acme/valkeyx"), None);
    }

    #[test]
    fn each_package_stands_there_once() {
        let mut seen = std::collections::HashSet::new();
        for package in &CATALOGUE.packages {
            let key = package.ecosystem.key(&package.name);
            assert!(seen.insert((package.ecosystem, key)), "{} is there twice", package.name);
        }
    }

    #[test]
    fn what_may_use_the_store_says_which_part_of_it_does() {
        for package in CATALOGUE.packages.iter().filter(|p| p.role != Role::Optional) {
            assert!(package.only.is_empty(), "{} uses the store in all parts", package.name);
        }
    }
}
