//! The configuration: a file, and variables of the environment that mirror it.
//!
//! `PGSTEAD_<SECTION>_<KEY>` stands above the file: `PGSTEAD_SERVER_LISTEN` for `server.listen`,
//! `PGSTEAD_LIMITS_API_BURST` for `limits.api.burst`. The database's URL is also taken from
//! `DATABASE_URL`, and the command line stands above all.
//!
//! This is the one place that reads the environment.
#![expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]

use std::{
    collections::BTreeMap,
    env,
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, Error, Result};
use ipnet::IpNet;
use pgstead_limits::Policy;
use pgstead_queue::Config as QueuesConfig;
use pgstead_server::nearest;
use pgstead_store::{Config as DatabaseConfig, Pooler};
use serde::Deserialize;
use toml::{Table, Value};

use crate::{
    cmd::Global,
    output::{Wrong, warn},
    policy::{self, PolicyKeys, optional_duration},
    queues::{self, OptionsKeys, QueueKeys},
    tokens::TokensKeys,
    webhooks::{self, WebhooksKeys},
};

/// What is configured, checked.
#[derive(Debug)]
pub(crate) struct Config {
    /// None: the embedded database.
    pub(crate) database_url: Option<String>,
    /// How to behave towards it; its URL is not set yet.
    pub(crate) database: DatabaseConfig,
    pub(crate) policies: Vec<Policy>,
    pub(crate) tokens: TokensKeys,
    pub(crate) queues: QueuesConfig,
    pub(crate) webhooks: WebhooksKeys,
    pub(crate) server: Server,
    pub(crate) embedded: Embedded,
    pub(crate) log: Log,
    /// `PATH`
    pub(crate) path: Option<OsString>,
    /// `NO_COLOR`
    pub(crate) no_color: bool,
    /// `PGSTEAD_API_KEY`: on a command line it would be seen by everybody on the machine.
    pub(crate) api_key: Option<String>,
}

/// The file that is read when none is named.
const DEFAULT_FILE: &str = "pgstead.toml";
const PREFIX: &str = "PGSTEAD_";
/// With what `limits top` asks a server.
const API_KEY: &str = "PGSTEAD_API_KEY";
/// Variables that mirror no key of the file, but the command line.
const FLAGS: [&str; 4] = ["PGSTEAD_CONFIG", "PGSTEAD_DATA_DIR", "PGSTEAD_REDIS_URL", API_KEY];

/// `pgstead.toml`
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    database: Database,
    limits: BTreeMap<String, PolicyKeys>,
    tokens: TokensKeys,
    queue: QueueKeys,
    queues: BTreeMap<String, OptionsKeys>,
    webhooks: WebhooksKeys,
    server: Server,
    embedded: Embedded,
    log: Log,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Database {
    url: Option<String>,
    direct_url: Option<String>,
    pooler: PoolerName,
    max_connections: Option<usize>,
    #[serde(deserialize_with = "optional_duration")]
    connect_timeout: Option<Duration>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum PoolerName {
    #[default]
    None,
    Transaction,
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Server {
    /// Where `serve` listens.
    pub(crate) listen: String,
    /// From whom to believe `X-Forwarded-For`.
    pub(crate) trusted_proxies: Vec<IpNet>,
}

impl Default for Server {
    fn default() -> Self {
        Self { listen: "127.0.0.1:7070".to_owned(), trusted_proxies: Vec::new() }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Embedded {
    /// Where the cluster lives.
    pub(crate) data_dir: Option<PathBuf>,
    /// Where to take PostgreSQL from: `auto`, `package`, or a directory with its programs.
    pub(crate) postgres: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Log {
    /// `error`, `warn`, `info`, `debug`, `trace`, or a filter of tracing-subscriber's.
    pub(crate) level: Option<String>,
    pub(crate) format: Format,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Format {
    #[default]
    Text,
    Json,
}

impl Config {
    /// Reads and checks the file and the environment.
    pub(crate) fn load(global: &Global) -> Result<Self> {
        let variables: BTreeMap<String, String> = env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let mut table = match &global.config {
            Some(path) => read(path)?.with_context(|| {
                Wrong(format!("there is no configuration at {}", path.display()))
            })?,
            None => read(Path::new(DEFAULT_FILE))?.unwrap_or_default(),
        };
        // The command line's and DATABASE_URL are one to clap; the mirror stands between them.
        let on_command_line =
            global.database_url.clone().filter(|url| variables.get("DATABASE_URL") != Some(url));
        let mirrored = variables.get("PGSTEAD_DATABASE_URL").cloned();
        let elsewhere = on_command_line.or(mirrored).or_else(|| global.database_url.clone());
        for unknown in overlay(&mut table, &variables)? {
            warn(&unknown);
        }
        let mut config = Self::check(table)?;
        config.database_url = elsewhere.or(config.database_url);
        config.path = env::var_os("PATH");
        config.api_key = variables.get(API_KEY).cloned();
        config.no_color = variables.get("NO_COLOR").is_some_and(|value| !value.is_empty());
        Ok(config)
    }

    fn check(table: Table) -> Result<Self> {
        let file: File = table.try_into().map_err(|error: toml::de::Error| {
            Error::new(Wrong(format!("the configuration is not valid: {}", explain(&error))))
        })?;
        let File {
            database: of_database,
            limits,
            tokens,
            queue,
            queues,
            webhooks,
            server,
            embedded,
            log,
        } = file;
        let mut database = DatabaseConfig::new("");
        database.direct_url = of_database.direct_url;
        database.pooler = match of_database.pooler {
            PoolerName::None => Pooler::None,
            PoolerName::Transaction => Pooler::Transaction,
        };
        database.max_connections = of_database.max_connections.unwrap_or(database.max_connections);
        database.connect_timeout = of_database.connect_timeout.unwrap_or(database.connect_timeout);
        tokens.check()?;
        webhooks.check()?;
        let queues = queues::config(&queue, &queues)?;
        let policies =
            limits.iter().map(|(name, keys)| keys.policy(name)).collect::<Result<_>>()?;
        Ok(Self {
            database_url: of_database.url,
            database,
            policies,
            tokens,
            queues,
            webhooks,
            server,
            embedded,
            log,
            path: None,
            no_color: false,
            api_key: None,
        })
    }
}

/// The file, if it is there. What is wrong in it is told with its place.
fn read(path: &Path) -> Result<Option<Table>> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            let wrong = Wrong(format!("cannot read {}", path.display()));
            return Err(Error::new(error).context(wrong));
        }
    };
    let placed = |error: &toml::de::Error| {
        let place = error.span().map_or_else(String::new, |span| place(&text, span.start));
        Wrong(format!("{}{place}: {}", path.display(), explain(error)))
    };
    // By itself, before the environment is laid over it, so that lines can be named.
    let _: File = toml::from_str(&text).map_err(|error| placed(&error))?;
    Ok(Some(toml::from_str(&text).map_err(|error| placed(&error))?))
}

fn place(text: &str, offset: usize) -> String {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    format!(":{line}:{column}")
}

/// The error without the line that it is in, which may hold a password; and what may be meant.
fn explain(error: &toml::de::Error) -> String {
    let message = error.message();
    let Some(rest) = message.strip_prefix("unknown field `") else {
        return message.to_owned();
    };
    let Some((unknown, expected)) = rest.split_once('`') else { return message.to_owned() };
    // "expected one of `a`, `b`": every second piece is a name.
    let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    match nearest(unknown, known.iter().copied()) {
        Some(meant) => format!("unknown key `{unknown}`; did you mean `{meant}`?"),
        None => format!("unknown key `{unknown}`; there are {}", known.join(", ")),
    }
}

/// Lays the environment over the file. What comes back is to be warned of: a name that begins like
/// ours may be somebody else's (Kubernetes makes some from a service's name).
fn overlay(table: &mut Table, variables: &BTreeMap<String, String>) -> Result<Vec<String>> {
    let mut unknown = Vec::new();
    for (name, value) in variables {
        let Some(rest) = name.strip_prefix(PREFIX) else { continue };
        if FLAGS.contains(&name.as_str()) {
            continue;
        }
        match target(&rest.to_lowercase(), table) {
            Some(path) => set(table, &path, parse(&path, value)),
            None => {
                unknown.push(format!("the variable {name} mirrors no key of the configuration"));
            }
        }
    }
    // What is wrong now is in the environment: the file has been read by itself.
    let checked: Result<File, _> = table.clone().try_into();
    checked.map(|_: File| unknown).map_err(|error| {
        Error::new(Wrong(format!("in the environment ({PREFIX}…): {}", explain(&error))))
    })
}

/// The key that a variable mirrors: `limits_api_on_outage` is `limits`, `api`, `on_outage`.
fn target(name: &str, table: &Table) -> Option<Vec<String>> {
    let (section, rest) = name.split_once('_')?;
    let path = |parts: &[&str]| Some(parts.iter().map(ToString::to_string).collect());
    match section {
        "database" | "tokens" | "queue" | "server" | "embedded" | "log" => path(&[section, rest]),
        "limits" | "queues" => {
            let keys = if section == "limits" { &policy::KEYS[..] } else { &queues::KEYS };
            let ends = |key: &&&str| {
                rest.strip_suffix(**key).is_some_and(|name| name.ends_with('_') && name.len() > 1)
            };
            // `group_concurrency` before `concurrency`.
            let key = keys.iter().filter(ends).max_by_key(|key| key.len())?;
            let name = &rest[..rest.len() - key.len() - 1];
            // A name in the file may have a `-` or a `.` where the environment has a `_`.
            let same = |known: &&String| known.replace(['-', '.'], "_") == name;
            let known = table.get(section).and_then(Value::as_table);
            let named = known.into_iter().flat_map(Table::keys).find(same);
            path(&[section, named.map_or(name, String::as_str), key])
        }
        "webhooks" => {
            let Some(rest) = rest.strip_prefix("in_") else { return path(&[section, rest]) };
            let ends = |key: &&&str| {
                rest.strip_suffix(**key).is_some_and(|name| name.ends_with('_') && name.len() > 1)
            };
            let key = webhooks::SOURCE_KEYS.iter().filter(ends).max_by_key(|key| key.len())?;
            let name = &rest[..rest.len() - key.len() - 1];
            let same = |known: &&String| known.replace(['-', '.'], "_") == name;
            let known = table.get(section).and_then(|webhooks| webhooks.get("in"));
            let known = known.and_then(Value::as_table);
            let named = known.into_iter().flat_map(Table::keys).find(same);
            path(&[section, "in", named.map_or(name, String::as_str), key])
        }
        _ => None,
    }
}

fn set(table: &mut Table, path: &[String], value: Value) {
    let [parents @ .., last] = path else { return };
    let mut inner = table;
    for parent in parents {
        let entry = inner.entry(parent).or_insert_with(|| Value::Table(Table::new()));
        if !entry.is_table() {
            *entry = Value::Table(Table::new());
        }
        let Value::Table(next) = entry else { return };
        inner = next;
    }
    inner.insert(last.clone(), value);
}

/// A list has commas; `100` is a number and `true` a truth; all else is text.
fn parse(path: &[String], text: &str) -> Value {
    let key = path.last().map_or("", String::as_str);
    let is_list = [&policy::LISTS[..], &queues::LISTS, &webhooks::LISTS]
        .iter()
        .any(|lists| lists.contains(&key));
    if is_list || key == "trusted_proxies" {
        let elements = text.split(',').map(str::trim).filter(|element| !element.is_empty());
        return Value::Array(elements.map(|element| Value::String(element.to_owned())).collect());
    }
    if let Ok(number) = text.parse() {
        return Value::Integer(number);
    }
    match text {
        "true" => Value::Boolean(true),
        "false" => Value::Boolean(false),
        _ => Value::String(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use pgstead_limits::OnOutage;

    use super::*;

    fn config(file: &str, variables: &[(&str, &str)]) -> Result<Config> {
        let mut table: Table = toml::from_str(file).unwrap();
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        overlay(&mut table, &variables.iter().map(own).collect())?;
        Config::check(table)
    }

    fn wrong(file: &str, variables: &[(&str, &str)]) -> String {
        config(file, variables).unwrap_err().to_string()
    }

    fn in_file(text: &str) -> String {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(&file, text).unwrap();
        let message = read(file.path()).unwrap_err().to_string();
        message.replace(&*file.path().to_string_lossy(), "file")
    }

    const API: &str = "[limits.api]\nalgorithm = \"token-bucket\"\nlimit = 100\nper = \"1m\"\n";

    #[test]
    fn the_environment_stands_above_the_file() {
        let file = format!(
            "{API}[limits.log-in]\nalgorithm = \"fixed-window\"\nlimit = 5\nper = \"5m\"\n"
        );
        let config = config(
            &file,
            &[
                ("PGSTEAD_DATABASE_MAX_CONNECTIONS", "7"),
                ("PGSTEAD_DATABASE_POOLER", "transaction"),
                ("PGSTEAD_SERVER_LISTEN", "0.0.0.0:80"),
                ("PGSTEAD_LIMITS_API_BURST", "20"),
                ("PGSTEAD_LIMITS_LOG_IN_ON_OUTAGE", "allow"),
                ("PGSTEAD_LIMITS_LOG_IN_DURABLE", "true"),
                ("PGSTEAD_LIMITS_LOG_IN_LOCKOUT", "15m, 1h"),
                ("PGSTEAD_LIMITS_LOG_IN_COUNT_DENIED", "true"),
                ("PGSTEAD_API_KEY", "pgs_key_x"),
                ("PGSTEAD_CONFIG", "elsewhere"),
                ("UNRELATED", "x"),
            ],
        )
        .unwrap();
        assert_eq!(config.database.max_connections, 7);
        assert_eq!(config.database.pooler, Pooler::Transaction);
        assert_eq!(config.server.listen, "0.0.0.0:80");
        let [api, log_in] = &config.policies[..] else { panic!("{:?}", config.policies) };
        assert_eq!(api.capacity(), 20);
        assert_eq!((log_in.name(), log_in.on_outage()), ("log-in", OnOutage::Allow));
        assert!(log_in.is_durable() && log_in.counts_denied());
        assert_eq!(log_in.lockout(), [Duration::from_mins(15), Duration::from_hours(1)]);
    }

    #[test]
    fn queues_are_configured_by_the_file_and_the_environment() {
        let config = config(
            "[queue]\nkeep_dead = \"7d\"\n[queues.web-hooks]\nmax_attempts = 9\n",
            &[
                ("PGSTEAD_QUEUE_LARGEST_PAYLOAD", "1000"),
                ("PGSTEAD_QUEUES_WEB_HOOKS_GROUP_CONCURRENCY", "2"),
                ("PGSTEAD_QUEUES_MAIL_CONCURRENCY", "64"),
                ("PGSTEAD_QUEUES_MAIL_BACKOFF", "5s, 1m"),
            ],
        );
        let queues = config.unwrap().queues;
        assert_eq!(queues.largest_payload, 1000);
        assert_eq!(queues.keep_dead, Duration::from_hours(7 * 24));
        let options = |name: &str| queues.options(&name.parse().unwrap()).clone();
        let (hooks, mail) = (options("web-hooks"), options("mail"));
        assert_eq!((hooks.max_attempts, hooks.group_concurrency), (9, 2));
        assert_eq!((mail.concurrency, mail.max_attempts), (64, 10));
        assert_eq!(mail.backoff.after(2, 0.0), Duration::from_mins(1));
        assert_eq!(
            wrong("[queues.Mail]\n", &[]),
            "the configuration is not valid: queues: \"Mail\" is no name of a queue: 1 to 47 of a-z, \
             0-9, _ and -, the first a letter"
        );
    }

    #[test]
    fn a_policy_may_stand_in_the_environment_alone() {
        let config = config(
            "",
            &[
                ("PGSTEAD_LIMITS_API_ALGORITHM", "fixed-window"),
                ("PGSTEAD_LIMITS_API_LIMIT", "3"),
                ("PGSTEAD_LIMITS_API_PER", "10s"),
            ],
        )
        .unwrap();
        assert_eq!(config.policies[0].limit(), 3);
    }

    #[test]
    fn a_foreign_variable_is_no_error() {
        let mut table = Table::new();
        let variables = [
            ("PGSTEAD_SERVICE_HOST".to_owned(), "10.0.0.1".to_owned()),
            ("PGSTEAD_PORT".to_owned(), "tcp://10.0.0.1:7070".to_owned()),
        ];
        let unknown = overlay(&mut table, &variables.into()).unwrap();
        assert_eq!(unknown.len(), 2);
        assert!(table.is_empty());
    }

    #[test]
    fn what_is_wrong_in_the_environment_is_told() {
        assert_eq!(
            wrong("", &[("PGSTEAD_DATABASE_URLL", "x")]),
            "in the environment (PGSTEAD_…): unknown key `urll`; did you mean `url`?"
        );
        assert_eq!(
            wrong(API, &[("PGSTEAD_LIMITS_API_PER", "soon")]),
            "in the environment (PGSTEAD_…): \"soon\" is no duration; write for example \"10s\" or \
             \"1m\""
        );
    }

    #[test]
    fn what_is_wrong_in_the_file_is_told_with_its_place() {
        for (text, message) in [
            (
                "[limits.api]\nalgorithm = \"token-bucket\"\nlimt = 1\nper = \"1m\"\n",
                "file:3:1: unknown key `limt`; did you mean `limit`?",
            ),
            (
                "[databse]\nurl = \"postgres://u:s3cret@h/d\"\n",
                "file:1:2: unknown key `databse`; did you mean `database`?",
            ),
            (
                "[cache]\nname = \"x\"\n",
                "file:1:2: unknown key `cache`; there are database, limits, tokens, queue, \
                 queues, webhooks, server, embedded, log",
            ),
            (
                "[queues.mail]\nconcurency = 1\n",
                "file:2:1: unknown key `concurency`; did you mean `concurrency`?",
            ),
            (
                "[queue]\nlargest_paylod = 1\n",
                "file:2:1: unknown key `largest_paylod`; did you mean `largest_payload`?",
            ),
            (
                "[limits.api]\nalgorithm = \"leaky-bucket\"\nlimit = 1\nper = \"1m\"\n",
                "file:2:13: unknown word \"leaky-bucket\"; there are token-bucket, fixed-window, \
                 sliding-window, quota, concurrency",
            ),
            (
                "[limits.api]\nalgorithm = \"quota\"\nlimit = 1\nperiod = \"moth\"\n",
                "file:4:10: unknown word \"moth\"; there are day, week, month; did you mean \
                 \"month\"?",
            ),
            (
                "[limits.api]\nalgorithm = \"fixed-window\"\nlimit = 1\nper = \"1m\"\n\
                 lockout = [\"1m\", \"later\"]\n",
                "file:5:11: \"later\" is no duration; write for example \"10s\" or \"1m\"",
            ),
            (
                "[limits.api]\nalgorithm = \"fixed-window\"\nlimit = 1\nper = \"1m\"\n\
                 lockout = \"1m\"\n",
                "file:5:11: invalid type: string \"1m\", expected a sequence",
            ),
            (
                "[database]\nconnect_timeout = \"5 parsecs\"\n",
                "file:2:19: \"5 parsecs\" is no duration; write for example \"10s\" or \"1m\"",
            ),
        ] {
            assert_eq!(in_file(text), message);
        }
        let broken = in_file("[database]\nurl = \"postgres://u:s3cret@h/d\n");
        assert!(broken.starts_with("file:2:"), "{broken}");
        assert!(!broken.contains("s3cret"), "{broken}");
    }

    #[test]
    fn a_policy_that_is_none_is_told_by_its_name() {
        let message = wrong(&API.replace("100", "0"), &[]);
        assert_eq!(message, "limits.api: limit must be 1 to 1000000000000");
    }
}
