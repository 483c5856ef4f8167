//! The answer to `INFO`.

use std::collections::BTreeMap;

use super::Database;

/// Its fields, by name.
#[derive(Clone, Debug)]
pub(super) struct Info(BTreeMap<String, String>);

impl Info {
    pub(super) fn read(text: &str) -> Self {
        let fields = text.lines().filter(|line| !line.starts_with('#'));
        let fields = fields.filter_map(|line| line.trim_end().split_once(':'));
        Self(fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    pub(super) fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    pub(super) fn number(&self, name: &str) -> u64 {
        self.text(name).parse().unwrap_or(0)
    }

    /// What is another after each start.
    pub(super) fn run_id(&self) -> &str {
        self.text("run_id")
    }

    /// Which server, of which version. Those that are not Redis say what version of it they are like, too.
    pub(super) fn server(&self) -> String {
        for (name, field) in [
            ("Valkey", "valkey_version"),
            ("Dragonfly", "dragonfly_version"),
            ("Garnet", "garnet_version"),
        ] {
            if !self.text(field).is_empty() {
                return format!("{name} {}", self.text(field).trim_start_matches("df-v"));
            }
        }
        format!("Redis {}", self.text("redis_version"))
    }

    /// How often each command was called, in lower case, with `|` before a word that is a command of its own.
    pub(super) fn commands(&self) -> BTreeMap<String, u64> {
        let of_command = |(name, value): (&String, &String)| {
            let name = name.strip_prefix("cmdstat_")?.to_lowercase();
            Some((name, field(value, "calls")))
        };
        self.0.iter().filter_map(of_command).collect()
    }

    /// What the databases hold; those that hold nothing are not there.
    pub(super) fn databases(&self) -> Vec<Database> {
        let is_database = |name: &str| {
            name.strip_prefix("db").is_some_and(|number| number.parse::<u32>().is_ok())
        };
        let databases = self.0.iter().filter(|(name, _)| is_database(name));
        let database = |(name, value): (&String, &String)| Database {
            name: name.clone(),
            keys: field(value, "keys"),
            with_ttl: field(value, "expires"),
        };
        databases.map(database).collect()
    }
}

/// A number of `keys=1,expires=0`.
fn field(value: &str, name: &str) -> u64 {
    let fields = value.split(',').filter_map(|field| field.split_once('='));
    let found = fields.into_iter().find(|(found, _)| *found == name);
    found.and_then(|(_, value)| value.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_found() {
        let info = Info::read(
            "# Server\r\nredis_version:7.2.4\r\nvalkey_version:8.0.1\r\nrun_id:ab\r\n\
             # Commandstats\r\ncmdstat_client|list:calls=2,usec=9\r\ncmdstat_GET:calls=7,usec=1\r\n\
             # Keyspace\r\ndb0:keys=3,expires=1,avg_ttl=9\r\ndb11:keys=1,expires=0\r\n",
        );
        assert_eq!((info.server().as_str(), info.run_id()), ("Valkey 8.0.1", "ab"));
        let expected = BTreeMap::from([("client|list".to_owned(), 2), ("get".to_owned(), 7)]);
        assert_eq!(info.commands(), expected);
        let databases = info.databases();
        let keys: Vec<_> = databases.iter().map(|db| (&*db.name, db.keys, db.with_ttl)).collect();
        assert_eq!(keys, [("db0", 3, 1), ("db11", 1, 0)]);
        assert_eq!(info.number("no such field"), 0);
    }
}
