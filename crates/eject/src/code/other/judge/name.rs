//! Which package a name of a file leads to.

use std::collections::{HashMap, HashSet};

use super::super::{
    import::Import,
    known,
    language::Language,
    source::{Source, last, unowned},
    words::number,
};
use super::Around;
use crate::{
    catalogue::{self, Ecosystem, Package, Role},
    finding::Purpose,
    prose, word,
};

/// The names of a file that lead to packages.
pub(super) struct Names<'a> {
    language: Language,
    /// What packages are called here, and what elsewhere.
    renames: &'a [(String, String)],
    /// What is taken in for the file elsewhere.
    elsewhere: &'a [Import],
    /// Whether the file has no namespace: in PHP its names are then rooted as they stand.
    is_global: bool,
    /// What each name stands for: the package, and the path of which the name is the end.
    aliases: HashMap<&'a str, (&'static Package, &'a Import)>,
    /// Packages of which all names were taken in.
    all: Vec<(&'static Package, &'a Import)>,
    /// Names of the tree's own, which are none of those.
    own: HashSet<&'a str>,
}

impl<'a> Names<'a> {
    pub(super) fn new(source: &'a Source, language: Language, around: Around<'a>) -> Self {
        let Around { renames, global: elsewhere, own } = around;
        let defined = source.definitions.iter().filter(|of| of.is_type).map(|of| &*of.name);
        let mut names = Self {
            language,
            renames,
            elsewhere,
            is_global: source.namespace.is_empty(),
            aliases: HashMap::new(),
            all: Vec::new(),
            own: own.iter().map(|name| &**name).chain(defined).collect(),
        };
        for import in source.imports.iter().chain(elsewhere) {
            let Some(package) = names.imported(import) else {
                names.own.insert(&import.alias);
                continue;
            };
            if import.alias == "*" {
                names.all.push((package, import));
            } else {
                names.aliases.insert(&import.alias, (package, import));
            }
        }
        names
    }

    pub(super) fn language(&self) -> Language {
        self.language
    }

    /// The packages that are taken in for the file elsewhere, where that is told.
    pub(super) fn taken_in_elsewhere(&self) -> impl Iterator<Item = &'static Package> {
        self.elsewhere.iter().filter_map(|import| self.imported(import))
    }

    /// The package of which something is taken in.
    pub(super) fn imported(&self, import: &Import) -> Option<&'static Package> {
        let is_own = import.path.starts_with('.')
            || ["crate.", "self.", "super."].iter().any(|own| import.path.starts_with(own))
            || ["crate", "self", "super"].contains(&&*import.path);
        if is_own {
            return None;
        }
        let full =
            if import.name.as_deref() == Some("*") { import.path.clone() } else { import.full() };
        self.of_path(&full)
    }

    /// The client that an ecosystem mostly uses.
    pub(super) fn usual_client(&self) -> Option<&'static Package> {
        let module = match self.language.ecosystem() {
            Ecosystem::Go => "github.com/redis/go-redis/v9",
            Ecosystem::Maven => "redis.clients.jedis",
            Ecosystem::Packagist => "Predis",
            Ecosystem::Nuget => "StackExchange.Redis",
            _ => "redis",
        };
        catalogue::imported(self.language.ecosystem(), module)
    }

    /// The package of a full path.
    fn of_path(&self, path: &str) -> Option<&'static Package> {
        let ecosystem = self.language.ecosystem();
        let first = path.split('.').next().unwrap_or(path);
        let renamed = self.renames.iter().find(|(alias, _)| alias == first);
        let renamed = renamed.map(|(_, name)| format!("{name}{}", &path[first.len()..]));
        let path = renamed.as_deref().unwrap_or(path);
        let path = match ecosystem {
            Ecosystem::Cargo | Ecosystem::Gem => path.replace('.', "::"),
            Ecosystem::Packagist => path.replace('.', "\\"),
            _ => path.to_owned(),
        };
        catalogue::imported(ecosystem, &path)
    }

    /// What a path of the file's own names leads to: the package, and the path as the package has it.
    pub(super) fn resolve(
        &self,
        path: &str,
        is_rooted: bool,
    ) -> Option<(&'static Package, String)> {
        let path = unowned(path);
        let first = path.split(['.', '(']).next().unwrap_or(path);
        // `\Redis` of PHP is not the `Redis` that was taken in.
        let is_bare = is_rooted && !self.is_global && !path.contains('.');
        let is_own = self.language != Language::Php || !is_bare;
        if let Some((package, import)) = self.aliases.get(first).filter(|_| is_own) {
            let is_plain = import.name.is_none() && self.language == Language::Python;
            // `import a.b` gives the name `a`, of which `a.b` is taken.
            let full = if is_plain && import.path.split('.').next() == Some(first) {
                path.to_owned()
            } else {
                format!("{}{}", import.full(), &path[first.len()..])
            };
            return Some((package, full));
        }
        if self.own.contains(first) {
            return self.rooted(path, is_rooted);
        }
        let is_type = first.starts_with(char::is_uppercase);
        let owners: Vec<&str> = known::owners(first).collect();
        if !owners.is_empty() {
            // A crate may give on the one that it uses: `tower_sessions_redis_store::fred::prelude::*`.
            let is_of = |import: &Import| {
                let path = format!(".{}.", import.path);
                owners.iter().any(|owner| path.contains(&format!(".{owner}.")))
            };
            if let Some((package, _)) = self.all.iter().find(|(_, import)| is_of(import)) {
                return Some((package, path.to_owned()));
            }
            // Other packages may have such a type, too.
            if !known::is_type(first) {
                return self.rooted(path, is_rooted);
            }
        }
        // Types that are known by their names alone are those of clients.
        if known::is_type(first)
            && let Some((package, _)) = self.all.iter().find(|(of, _)| of.role == Role::Client)
        {
            return Some((package, path.to_owned()));
        }
        let is_known = is_type && (known::is_type(first) || is_called_after(first));
        if let (true, Some(package)) = (is_known, self.closest(first)) {
            return Some((package, path.to_owned()));
        }
        self.rooted(path, is_rooted)
    }

    /// Of the packages of which all names were taken in, the one whose path says most of a type's name.
    fn closest(&self, of_type: &str) -> Option<&'static Package> {
        let said = |import: &Import| {
            let path: Vec<_> = word::words(&import.path).collect();
            word::words(of_type).filter(|word| path.contains(word)).count()
        };
        let best = self.all.iter().rev().max_by_key(|(_, import)| said(import));
        best.map(|(package, _)| *package)
    }

    /// A path that begins with a package, without an import.
    pub(super) fn rooted(&self, path: &str, is_rooted: bool) -> Option<(&'static Package, String)> {
        if !is_rooted || path.starts_with("crate.") || path.starts_with("super.") {
            return None;
        }
        let path = path.trim_start_matches('.');
        let is_long = path.matches('.').count() >= 2;
        let may = match self.language {
            Language::Java | Language::Kotlin => is_long,
            Language::CSharp => path.starts_with(char::is_uppercase) && path.contains('.'),
            Language::Ruby => path.starts_with(char::is_uppercase),
            Language::Rust | Language::Php => true,
            Language::Python | Language::Go => false,
        };
        let path = path.split("()").next().unwrap_or(path);
        may.then(|| Some((self.of_path(path)?, path.to_owned()))).flatten()
    }

    /// The package of which a type is: any of the names in it.
    pub(super) fn of_type(&self, written: &str) -> Option<(&'static Package, String)> {
        // `ILogger<RedisHolds>` is about what it names, and holds none.
        let outer = written.split(['<', '[']).next().unwrap_or(written);
        if outer.len() < written.len() && known::is_about(last(outer.trim())) {
            return None;
        }
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | ':' | '\\');
        let paths = written.split(|c| !is_name(c)).filter(|path| !path.is_empty());
        paths.into_iter().find_map(|path| {
            let is_rooted = path.contains("::") || path.contains('\\') || path.contains('.');
            let dots = path.trim_start_matches(['\\', ':']).replace("::", ".").replace('\\', ".");
            let (package, full) =
                self.resolve(&dots, is_rooted || self.language == Language::Ruby)?;
            (!known::is_part(last(&full)) && counts(package, &full)).then_some((package, full))
        })
    }

    /// The numbers of names that lead to packages which may be told to use the store.
    pub(super) fn told_aliases(&self) -> impl Iterator<Item = (u32, &'static Package)> + '_ {
        self.aliases.iter().filter_map(|(alias, (package, import))| {
            let may = may_be_told(package) && !counts(package, &import.full());
            may.then(|| (number(alias), *package))
        })
    }

    /// The numbers of names that lead to packages which count wherever they are used.
    pub(super) fn aliases(&self) -> impl Iterator<Item = (u32, &'static Package)> + '_ {
        self.aliases.iter().filter_map(|(alias, (package, import))| {
            let full = import.full();
            // Who only catches what a client throws does not use one.
            let is_part = known::is_part(last(&full))
                || full.split('.').any(|part| part == "exceptions" || part == "errors");
            let leads = package.role != Role::Development && counts(package, &full) && !is_part;
            (leads && *alias != "_").then(|| (number(alias), *package))
        })
    }
}

/// Whether a type is called after a store: `RedisClient`, and `IRedisClient` of .NET.
pub(in super::super) fn is_called_after(of_type: &str) -> bool {
    let inner = of_type.strip_prefix('I').filter(|rest| rest.starts_with(char::is_uppercase));
    let mut names = std::iter::once(of_type).chain(inner);
    names.any(|name| prose::mention(name).is_some())
}

/// Whether a package is one that a service tells elsewhere which store to use.
pub(in super::super) fn may_be_told(package: &Package) -> bool {
    package.role == Role::Optional && package.purpose == Purpose::Queue && !package.is_explicit
}

/// Whether what is taken of a package needs the store: all of a client; of what may use another store, what names this one.
pub(super) fn counts(package: &Package, full: &str) -> bool {
    if package.role != Role::Optional {
        return true;
    }
    let full = full.replace("::", ".").replace('\\', ".");
    let is_only = |only: &String| {
        let only = only.replace("::", ".").replace('\\', ".");
        full == only || full.starts_with(&format!("{only}.")) || full.ends_with(&format!(".{only}"))
    };
    package.only.iter().any(is_only)
        || prose::mention(&full).is_some_and(|(store, _)| store == package.store)
}
