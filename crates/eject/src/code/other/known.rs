//! What is known of the languages: `data/languages.toml`, a file of data.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::LazyLock,
};

use serde::Deserialize;

use crate::{
    finding::{Kind, Purpose, Store},
    word,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    factories: HashSet<String>,
    derives: HashSet<String>,
    commands: BTreeMap<Purpose, Vec<String>>,
    words: Vec<Words>,
    readers: HashSet<String>,
    setters: HashSet<String>,
    exporters: HashSet<String>,
    probes: HashSet<String>,
    telling: HashSet<String>,
    owners: BTreeMap<String, HashSet<String>>,
    extensions: BTreeMap<Purpose, HashSet<String>>,
    values: Vec<Values>,
    keys: Vec<String>,
    settings: Vec<Settings>,
    distinctive: HashSet<String>,
    parts: Vec<String>,
    types: HashSet<String>,
    holders: HashSet<String>,
    enqueues: HashSet<String>,
    registers: HashSet<String>,
    elsewhere: HashSet<String>,
    asides: HashSet<String>,
    attributes: HashSet<String>,
    asked: HashSet<String>,
    opens: HashSet<String>,
    through: HashSet<String>,
    builds: Vec<String>,
    of_any: HashSet<String>,
    lends: HashSet<String>,
    refers: HashSet<String>,
    added: Vec<Extensions>,
    macros: Vec<Macros>,
    standard: HashSet<String>,
    about: HashSet<String>,
    whole: HashSet<String>,
    lent: Vec<Lent>,
    clients: HashSet<String>,
    called: Vec<String>,
    declares: HashSet<String>,
    pools: HashSet<String>,
    starts: BTreeMap<Purpose, HashSet<String>>,
    classes: BTreeMap<Purpose, HashSet<String>>,
    announces: HashSet<String>,
    queries: HashSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    purpose: Purpose,
    words: HashSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "they are called so in the data")]
struct Values {
    store: Store,
    purpose: Option<Purpose>,
    values: HashSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    purpose: Purpose,
    /// Where the name alone says it.
    store: Option<Store>,
    names: HashSet<String>,
}

/// Methods of a framework's class that are there where a package is what it is told to use.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Extensions {
    pub(super) module: String,
    pub(super) packages: Vec<String>,
    pub(super) methods: HashSet<String>,
}

/// Methods of a package that are asked of what is not its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lent {
    pub(super) package: String,
    pub(super) of: HashSet<String>,
    pub(super) methods: HashSet<String>,
}

/// What gives a class a value in the store.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Macros {
    /// The package, as it is imported.
    pub(super) package: String,
    /// The module without which they are usual words.
    within: Option<String>,
    start: Option<String>,
    #[serde(default)]
    names: HashSet<String>,
}

impl Macros {
    /// Whether a call in a class, of which the text is given, is one of them.
    pub(super) fn has(&self, called: &str, class: &str) -> bool {
        let is_named = self.names.contains(called)
            || self.start.as_ref().is_some_and(|start| called.starts_with(&**start));
        is_named && self.within.as_ref().is_none_or(|module| class.contains(&**module))
    }
}

static DATA: LazyLock<Data> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../data/languages.toml")).expect("a test reads the file")
});

static COMMANDS: LazyLock<HashMap<&'static str, Purpose>> = LazyLock::new(|| {
    let each = DATA.commands.iter().rev();
    each.flat_map(|(&purpose, names)| names.iter().map(move |name| (name.as_str(), purpose)))
        .collect()
});

/// A method's name as it is compared: `set_ex`, `SetEx`, `setEx` and `SetExAsync` are one.
pub(super) fn plain(method: &str) -> String {
    let method: String =
        method.chars().filter(|&c| c != '_' && c != '!').flat_map(char::to_lowercase).collect();
    method.strip_suffix("async").filter(|rest| !rest.is_empty()).unwrap_or(&method).to_owned()
}

/// Whether what is called makes something.
pub(super) fn is_factory(method: &str) -> bool {
    let method = plain(method);
    DATA.factories.contains(&method)
        || DATA.factories.contains(&format!("{method}async"))
        || ["new", "dial"]
            .iter()
            .any(|start| method.starts_with(start) && method.len() > start.len())
}

/// Whether a client's method gives a client again.
pub(super) fn derives(method: &str) -> bool {
    DATA.derives.contains(&plain(method))
}

/// What a command is mostly for; nothing of what is none.
pub(super) fn command(method: &str) -> Option<Purpose> {
    let method = plain(method);
    COMMANDS.get(&*method).copied().or_else(|| {
        // `xadd_maxlen`, `zrange_withscores`, `xread_options`: variants of the Rust client.
        let known = |ending: &str| COMMANDS.get(method.strip_suffix(ending)?).copied();
        ["options", "withscores", "maxlen", "map", "multiple", "args", "to"]
            .into_iter()
            .find_map(known)
    })
}

/// Whether a method is a command and hardly anything else.
pub(super) fn is_distinctive(method: &str) -> bool {
    DATA.distinctive.contains(&plain(method))
}

/// Commands that hardly anything else has for a method.
pub(super) fn distinctive() -> impl Iterator<Item = &'static str> {
    DATA.distinctive.iter().map(String::as_str)
}

/// Whether a setting or a variable is read by what is called or looked into.
pub(super) fn is_reader(path: &str) -> bool {
    ends_in(&DATA.readers, path)
}

/// Whether a path is one of the names, behind any object.
fn ends_in(names: &HashSet<String>, path: &str) -> bool {
    let mut rest = path;
    loop {
        if names.contains(rest) {
            return true;
        }
        match rest.split_once('.') {
            Some((_, shorter)) => rest = shorter,
            None => return false,
        }
    }
}

/// What is set by what is called with the name of a setting or of a variable.
pub(super) fn sets(path: &str) -> Option<Kind> {
    if ends_in(&DATA.exporters, path) {
        return Some(Kind::VariableSet);
    }
    ends_in(&DATA.setters, path).then_some(Kind::Setting)
}

/// Whether what is called says whether a class is there that is named in a text.
pub(super) fn is_probe(path: &str) -> bool {
    ends_in(&DATA.probes, path)
}

/// Whether a type or a method says where a server is, or what is kept on it.
pub(super) fn tells(name: &str) -> bool {
    DATA.telling.contains(name)
}

/// From where all names must have been taken in for a type to be known.
pub(super) fn owners(name: &str) -> impl Iterator<Item = &'static str> {
    let owners = DATA.owners.iter().filter(move |(_, types)| types.contains(name));
    owners.map(|(module, _)| module.as_str())
}

/// What a method is for that a package adds to a class of a framework.
pub(super) fn extension(method: &str) -> Option<Purpose> {
    let mut all = DATA.extensions.iter();
    all.find(|(_, methods)| methods.contains(method)).map(|(&purpose, _)| purpose)
}

/// What words of a name or of a key say, and which word it was.
pub(super) fn purpose_of(name: &str) -> Option<(Purpose, String)> {
    let parts: Vec<_> = word::words(name).collect();
    DATA.words.iter().find_map(|group| {
        let word = parts.iter().find(|part| group.words.contains(*part));
        word.map(|word| (group.purpose, word.clone())).or_else(|| {
            // `rate_limit` and `rateLimit` are two words and mean one.
            let pairs = parts.windows(2).map(<[String]>::concat);
            let found = pairs.into_iter().find(|pair| group.words.contains(pair));
            found.map(|pair| (group.purpose, pair))
        })
    })
}

/// What a key is for by how it begins: `code:{code}`.
pub(super) fn purpose_of_start(key: &str) -> Option<(Purpose, String)> {
    let end = key.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')))?;
    let start = Some(&key[..end]).filter(|_| key[end..].starts_with(':'))?;
    Some((of_name(&DATA.starts, start)?, start.to_owned()))
}

/// What a type of a library is for, whatever is done by it.
pub(super) fn purpose_of_type(name: &str) -> Option<(Purpose, String)> {
    of_name(&DATA.classes, name).map(|of| (of, format!("`{name}` is for {}", of.word())))
}

fn of_name(names: &BTreeMap<Purpose, HashSet<String>>, name: &str) -> Option<Purpose> {
    names.iter().find(|(_, names)| names.contains(name)).map(|(&purpose, _)| purpose)
}

/// What a value of a setting names.
pub(super) fn value(value: &str) -> Option<(Store, Option<Purpose>)> {
    let value = value.to_lowercase();
    let group = DATA.values.iter().find(|group| group.values.contains(&value))?;
    Some((group.store, group.purpose))
}

/// Whether a setting of such a name takes such values.
pub(super) fn takes_values(key: &str) -> bool {
    word::words(key).any(|word| DATA.keys.contains(&word))
}

/// What a setting of a framework is for whose value is an address.
pub(super) fn setting(name: &str) -> Option<Purpose> {
    let name = name.to_lowercase();
    DATA.settings.iter().find(|group| group.names.contains(&name)).map(|group| group.purpose)
}

/// Whether a name is that of a part of a client, and not of one.
pub(super) fn is_part(name: &str) -> bool {
    DATA.parts.iter().any(|part| name.ends_with(&**part)) && !DATA.whole.contains(name)
}

/// Whether a name is one under which a client is given.
pub(super) fn is_client(name: &str) -> bool {
    DATA.clients.contains(name)
}

/// Whether a framework calls the methods of what is made from such a class.
pub(super) fn is_called(base: &str) -> bool {
    DATA.called.iter().any(|end| base.ends_with(&**end))
}

/// Whether the keys of a call are variables that are read.
pub(super) fn declares(path: &str) -> bool {
    DATA.declares.contains(path)
}

/// Methods of packages that are asked of what is not their own.
pub(super) fn lent() -> &'static [Lent] {
    &DATA.lent
}

/// Whether a type is known to be a client's although no store is named in it.
pub(super) fn is_type(name: &str) -> bool {
    DATA.types.contains(name)
}

/// Whether something only holds what is given to it.
pub(super) fn holds(name: &str) -> bool {
    DATA.holders.contains(name)
}

/// Whether a setting says by its name alone where it is.
pub(super) fn own_setting(name: &str) -> Option<(Store, Purpose)> {
    let name = name.to_lowercase();
    let mut groups = DATA.settings.iter().filter(|group| group.names.contains(&name));
    groups.find_map(|group| Some((group.store?, group.purpose)))
}

/// Whether a method puts a job into a queue, of a package where that is known.
pub(super) fn enqueues(method: &str, package: Option<&str>) -> bool {
    DATA.enqueues.contains(method)
        || package.is_some_and(|package| DATA.enqueues.contains(&format!("{package}.{method}")))
}

/// Whether a decorator makes a job of a function.
pub(super) fn registers(name: &str) -> bool {
    DATA.registers.contains(name)
}

/// Whether a decorator tells a framework of a function.
pub(super) fn announces(name: &str) -> bool {
    DATA.announces.contains(name) || registers(name)
}

/// Whether a method asks a database of tables, and hardly anything else.
pub(super) fn queries(method: &str) -> bool {
    DATA.queries.contains(&plain(method))
}

/// Whether of what a package has only a pool has the method `get`.
pub(super) fn pools(package: &str) -> bool {
    DATA.pools.contains(package)
}

/// Whether the name of what a package has says that it is for another store.
pub(super) fn is_elsewhere(path: &str) -> bool {
    word::words(path).any(|word| DATA.elsewhere.contains(&word))
}

/// Whether a class of a library asks the store nothing by itself.
pub(super) fn is_aside(class: &str) -> bool {
    DATA.asides.contains(class)
}

/// Whether an attribute of a library says where the store is.
pub(super) fn is_attribute(name: &str) -> bool {
    DATA.attributes.contains(name)
}

/// Whether a method takes out of a result what is in it.
pub(super) fn opens(method: &str) -> bool {
    DATA.opens.contains(method)
}

/// Whether an attribute leads to a client where what has it does.
pub(super) fn leads_through(attribute: &str) -> bool {
    DATA.through.contains(attribute)
}

/// Whether a method of a builder makes what it is for.
pub(super) fn builds(method: &str) -> bool {
    let method = plain(method);
    DATA.builds.iter().any(|start| method.starts_with(&**start))
}

/// Whether what is called reads where a server is: `Config::from_url`, `ConfigurationOptions.Parse`.
pub(super) fn reads_address(method: &str) -> bool {
    let plain = plain(method);
    plain == "parse" || ["url", "uri"].iter().any(|of| plain.contains(of)) && is_factory(method)
}

/// Whether a method is one of any value, which sends nothing.
pub(super) fn is_of_any(method: &str) -> bool {
    DATA.of_any.contains(&plain(method))
}

/// Whether a method lends a client to the function that it is given.
pub(super) fn lends(method: &str) -> bool {
    DATA.lends.contains(&plain(method))
}

/// Whether a method tells a part of an application of a server that it is given.
pub(super) fn refers(method: &str) -> bool {
    DATA.refers.contains(method)
}

/// Whether each method of a package's module asks the store.
pub(super) fn is_asked(package: &str) -> bool {
    DATA.asked.contains(package)
}

/// What packages add to the classes of frameworks.
pub(super) fn extensions() -> &'static [Extensions] {
    &DATA.added
}

/// What gives classes values in the store.
pub(super) fn macros() -> &'static [Macros] {
    &DATA.macros
}

/// Whether a type only says something about the one that it is given.
pub(super) fn is_about(of_type: &str) -> bool {
    DATA.about.contains(of_type)
}

/// Whether a module is of Python's own library.
pub(super) fn is_standard(module: &str) -> bool {
    DATA.standard.contains(module)
}

#[cfg(test)]
mod tests;
