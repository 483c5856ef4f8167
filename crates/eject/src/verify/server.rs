//! What a server says of who uses it.
//!
//! Two looks, some time apart: who is connected (`CLIENT LIST`), and how often each command was called between them (`INFO
//! commandstats`). Nothing is written and no key is read. Redis 6 or later, and what speaks as it does.

mod command;
mod info;

use std::{collections::BTreeMap, error, fmt, future::Future, time::Duration};

use redis::{AsyncConnectionConfig, ErrorKind, ServerErrorKind, aio::MultiplexedConnection};
use serde::{Deserialize, Serialize};

use self::info::Info;

/// How long a server may take to be connected to.
pub const UNTIL_CONNECTED: Duration = Duration::from_secs(5);
/// How long it may take to answer.
pub const LONGEST_ANSWER: Duration = Duration::from_secs(10);

/// A server, by its address.
#[derive(Clone)]
pub struct Server {
    client: redis::Client,
    address: String,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The client knows a password.
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

/// A server could not be asked.
#[derive(Debug)]
pub struct Error {
    address: String,
    cause: Cause,
}

#[derive(Debug)]
enum Cause {
    /// Its own words may repeat the address, with the password.
    Address,
    Unreachable(redis::RedisError),
    Refused {
        what: &'static str,
        error: redis::RedisError,
    },
    Changed(&'static str),
}

impl Error {
    /// Whether the address is none, so that nobody was asked.
    #[must_use]
    pub fn is_address(&self) -> bool {
        matches!(self.cause, Cause::Address)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = &self.address;
        match &self.cause {
            Cause::Address => f.write_str(
                "the address of a Redis server is redis://[user:password@]host[:port][/database], or rediss:// with TLS",
            ),
            Cause::Unreachable(_) => write!(f, "{address} cannot be asked"),
            Cause::Refused { what, .. } => write!(
                f,
                "{address} does not permit {what}, without which nothing is proven; the user needs `+client|list +client|id +info`",
            ),
            Cause::Changed(what) => write!(f, "{address} {what} between the two looks; look again"),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match &self.cause {
            Cause::Address | Cause::Changed(_) => None,
            Cause::Unreachable(error) | Cause::Refused { error, .. } => Some(error),
        }
    }
}

/// A connection of somebody's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Client {
    /// Its number, which no other connection of this server has had.
    pub id: u64,
    /// From where.
    pub address: String,
    /// The name that it has given itself.
    pub name: String,
    /// Its library, where that says so.
    pub library: String,
    /// As which user.
    pub user: String,
    /// Its last command.
    pub command: String,
    /// For how many seconds it has said nothing.
    pub idle_s: u64,
    /// For how many seconds it has been connected.
    pub age_s: u64,
    /// Why it does not count, if it does not.
    pub explained: Option<String>,
}

/// How many keys a database holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Database {
    /// `db0` and so on.
    pub name: String,
    /// All keys.
    pub keys: u64,
    /// Those of them that go by themselves.
    pub with_ttl: u64,
}

/// How the server was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Look {
    /// Twice: commands are those between the looks.
    Twice,
    /// Once: commands are those since the statistics began, mostly with the server.
    Once,
}

/// Who uses a server.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Quiet {
    /// Where it is, without a password.
    pub address: String,
    /// Which server, of which version.
    pub server: String,
    /// `master` or `slave`, in the server's words.
    pub role: String,
    /// Whether it is one of a cluster's nodes, of which each has to be asked.
    pub is_of_cluster: bool,
    /// How it was looked at.
    pub look: Look,
    /// Over how many seconds commands were counted, by the server's clock.
    pub seconds: u64,
    /// Who else was connected at any look.
    pub clients: Vec<Client>,
    /// How many connections came meanwhile that were not ours, also those that have gone again.
    pub connections: u64,
    /// What was called that uses data, and how often.
    pub commands: BTreeMap<String, u64>,
    /// What was called besides: health checks, monitoring, replication.
    pub housekeeping: BTreeMap<String, u64>,
    /// What it still holds.
    pub databases: Vec<Database>,
}

impl Quiet {
    /// Whether nobody uses it: no other client that counts, and no command on data.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.users().next().is_none() && self.commands.is_empty()
    }

    /// The clients that count.
    pub fn users(&self) -> impl Iterator<Item = &Client> {
        self.clients.iter().filter(|client| client.explained.is_none())
    }
}

impl Server {
    /// The server at that address.
    pub fn at(address: &str) -> Result<Self, Error> {
        let Ok(client) = redis::Client::open(address) else {
            return Err(Error { address: String::new(), cause: Cause::Address });
        };
        // As it was understood, which has no password in it.
        let address = client.get_connection_info().addr().to_string();
        Ok(Self { client, address })
    }

    /// Where it is, without a password.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Looks twice, with `pause` in between, at who is connected and what is called.
    pub async fn watch(&self, pause: impl Future<Output = ()>) -> Result<Quiet, Error> {
        let first = self.look().await?;
        pause.await;
        let second = self.look().await?;
        if first.info.run_id() != second.info.run_id() {
            return Err(self.error(Cause::Changed("was started again")));
        }
        let commands = second.info.commands();
        let calls = command::between(&first.info.commands(), &commands);
        let calls = calls.ok_or_else(|| self.error(Cause::Changed("has reset its statistics")))?;
        let mut quiet = self.told(Look::Twice, &second.info, command::others(calls));
        let uptime = |look: &Seen| look.info.number("uptime_in_seconds");
        quiet.seconds = uptime(&second).saturating_sub(uptime(&first));
        let connections = |look: &Seen| look.info.number("total_connections_received");
        // The second look is a connection of ours.
        quiet.connections =
            connections(&second).saturating_sub(connections(&first)).saturating_sub(1);
        quiet.clients = together(first.clients, second.clients);
        // Our first connection may still be on its way out.
        quiet.clients.retain(|client| client.id != first.own);
        Ok(quiet)
    }

    /// Looks once, at who is connected and what was called since the statistics began.
    pub async fn look_once(&self) -> Result<Quiet, Error> {
        let seen = self.look().await?;
        let calls = command::others(seen.info.commands());
        let mut quiet = self.told(Look::Once, &seen.info, calls);
        quiet.seconds = seen.info.number("uptime_in_seconds");
        quiet.clients = seen.clients;
        Ok(quiet)
    }

    fn told(&self, look: Look, info: &Info, (commands, housekeeping): command::Split) -> Quiet {
        Quiet {
            address: self.address.clone(),
            server: info.server(),
            role: info.text("role").to_owned(),
            is_of_cluster: info.text("cluster_enabled") == "1",
            look,
            seconds: 0,
            clients: Vec::new(),
            connections: 0,
            commands,
            housekeeping,
            databases: info.databases(),
        }
    }

    /// One look. What is called first and last is so that nothing of ours is between the counts of two looks but what
    /// [`command::others`] knows of.
    async fn look(&self) -> Result<Seen, Error> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(UNTIL_CONNECTED))
            .set_response_timeout(Some(LONGEST_ANSWER));
        let connected = self.client.get_multiplexed_async_connection_with_config(&config).await;
        let mut connection = connected.map_err(|error| self.error(Cause::Unreachable(error)))?;
        let own: u64 = self.ask(&mut connection, "CLIENT ID", &["CLIENT", "ID"]).await?;
        let list: String = self.ask(&mut connection, "CLIENT LIST", &["CLIENT", "LIST"]).await?;
        let info: String = self.ask(&mut connection, "INFO", &["INFO", "all"]).await?;
        Ok(Seen { own, clients: clients(&list, own), info: Info::read(&info) })
    }

    async fn ask<T: redis::FromRedisValue>(
        &self,
        connection: &mut MultiplexedConnection,
        what: &'static str,
        words: &[&str],
    ) -> Result<T, Error> {
        let mut command = redis::cmd(words[0]);
        for word in &words[1..] {
            command.arg(word);
        }
        command.query_async(connection).await.map_err(|error: redis::RedisError| {
            let refused = ErrorKind::Server(ServerErrorKind::NoPerm);
            // A provider that renames commands away answers as to one that does not exist.
            let is_refused = error.kind() == refused
                || error.detail().is_some_and(|detail| detail.contains("unknown command"))
                || error.to_string().contains("unknown command");
            self.error(if is_refused {
                Cause::Refused { what, error }
            } else {
                Cause::Unreachable(error)
            })
        })
    }

    fn error(&self, cause: Cause) -> Error {
        Error { address: self.address.clone(), cause }
    }
}

/// What one look has seen.
struct Seen {
    /// The number of our connection.
    own: u64,
    clients: Vec<Client>,
    info: Info,
}

/// The lines of `CLIENT LIST`, without ourselves.
fn clients(list: &str, own: u64) -> Vec<Client> {
    let mut clients: Vec<_> = list.lines().filter_map(|line| client(line, own)).collect();
    clients.sort();
    clients
}

fn client(line: &str, own: u64) -> Option<Client> {
    let fields: BTreeMap<_, _> =
        line.split(' ').filter_map(|field| field.split_once('=')).collect();
    let field = |name: &str| fields.get(name).copied().unwrap_or_default();
    let number = |name: &str| field(name).parse().unwrap_or(0);
    if fields.is_empty() || number("id") == own {
        return None;
    }
    let name = field("name").to_owned();
    Some(Client {
        id: number("id"),
        explained: explained(field("flags"), &name).map(str::to_owned),
        address: field("addr").to_owned(),
        name,
        library: [field("lib-name"), field("lib-ver")].join(" ").trim().to_owned(),
        user: field("user").to_owned(),
        command: field("cmd").replace('|', " "),
        idle_s: number("idle"),
        age_s: number("age"),
    })
}

/// Why a connection is no use of the data.
fn explained(flags: &str, name: &str) -> Option<&'static str> {
    if flags.contains('S') {
        Some("a replica of this server")
    } else if flags.contains('M') {
        Some("the server that this one is a replica of")
    } else if flags.contains('O') {
        Some("somebody who watches with MONITOR")
    } else if name.starts_with("sentinel-") {
        Some("a Sentinel")
    } else {
        None
    }
}

/// Who was seen at either look, as last seen.
fn together(first: Vec<Client>, second: Vec<Client>) -> Vec<Client> {
    let by_id = |clients: Vec<Client>| clients.into_iter().map(|client| (client.id, client));
    let mut all: BTreeMap<_, _> = by_id(first).collect();
    all.extend(by_id(second));
    all.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_connected_is_told_and_who_keeps_the_server_explained() {
        let list = "\
            id=3 addr=10.0.0.1:1 laddr=x name= age=9 idle=2 flags=N db=0 cmd=get user=app lib-name=ioredis lib-ver=5.4\n\
            id=4 addr=10.0.0.2:1 name= age=9 idle=0 flags=S db=0 cmd=replconf user=default\n\
            id=5 addr=10.0.0.3:1 name=sentinel-ab-cmd age=9 idle=0 flags=N cmd=ping\n\
            id=6 addr=10.0.0.4:1 name= flags=O cmd=monitor\n\
            id=7 addr=10.0.0.5:1 name=me flags=N cmd=client|list\n";
        let clients = clients(list, 7);
        assert_eq!(clients.len(), 4);
        let counted: Vec<_> = clients.iter().filter(|c| c.explained.is_none()).collect();
        assert_eq!(counted.len(), 1);
        let Client { id, address, library, user, command, idle_s, age_s, .. } = counted[0];
        assert_eq!(*id, 3);
        assert_eq!((&**address, &**library, &**user), ("10.0.0.1:1", "ioredis 5.4", "app"));
        assert_eq!((&**command, *idle_s, *age_s), ("get", 2, 9));
    }

    #[test]
    fn a_password_is_in_no_message() {
        let server = Server::at("redis://app:hunter2@cache.example.com:6380/1").unwrap();
        assert_eq!(server.address(), "cache.example.com:6380");
        assert!(!format!("{server:?}").contains("hunter2"));
        let wrong = Server::at("http://app:hunter2@cache").unwrap_err();
        assert!(wrong.is_address());
        assert!(!format!("{wrong}").contains("hunter2"));
        assert!(error::Error::source(&wrong).is_none());
    }
}
