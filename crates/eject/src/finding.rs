//! What was found: where, what it is for, whether it lives, and how that is known.

use std::{fmt, ops::Range, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::catalogue::Package;

/// The kind of store that is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Store {
    /// Redis, and what speaks its protocol: Valkey, KeyDB, Dragonfly, Garnet.
    Redis,
    /// MongoDB: reported, never changed.
    Mongodb,
}

/// What the store is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Purpose {
    /// Refresh tokens, deny-lists, one-time codes.
    Tokens,
    /// Sessions of a web framework.
    Session,
    /// Rate limits, quotas, lockouts.
    Limits,
    /// Jobs, schedules, streams that are worked off.
    Queue,
    /// What can be computed again.
    Cache,
    /// Mutual exclusion.
    Lock,
    /// Messages to who listens now.
    PubSub,
    /// None of these, several of them, or not to be told.
    Other,
}

/// Whether it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Life {
    /// It runs in production, or production is built with it.
    Live,
    /// Tests, fixtures, mocks, development only.
    Test,
    /// It is in the tree and nothing reaches it: backups, modules that nobody imports, what is commented out.
    Dormant,
    /// It tells what was: documentation, changelogs, migrations that were applied.
    Historical,
}

/// The kind of place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// A manifest asks for a package.
    Package,
    /// A lock file holds a package.
    LockedPackage,
    /// Code imports a package, for its values or for its types alone.
    Import,
    /// Code makes a client, a queue, a limiter, a store.
    Client,
    /// Code calls a command, or a method of a client.
    Command,
    /// Code imports a module of the tree itself that leads to a package; `chain` says how.
    Wrapper,
    /// Code reads an environment variable.
    VariableRead,
    /// A file sets an environment variable.
    VariableSet,
    /// The address of a server.
    ConnectionString,
    /// A container that runs a server: compose, Kubernetes, a workflow's service.
    Container,
    /// What only refers to such a container: `depends_on`, a link, a network alias.
    ContainerReference,
    /// A chart that a Helm chart depends on.
    HelmDependency,
    /// A server that is declared as infrastructure: Terraform, Bicep, ARM, CloudFormation.
    Resource,
    /// A setting of a framework: `spring.redis.host`, `CACHES = {…}`, `cache_store :redis_cache_store`.
    Setting,
    /// A copy of a file that was left behind.
    Backup,
    /// A module that leads to a package and that nothing imports.
    UnusedModule,
    /// Prose that mentions it; one for each file.
    Mention,
}

/// Where in the tree: a path relative to its root with `/` between names, and a place in that file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The file.
    pub path: String,
    /// The first line, from 1.
    pub line: u32,
    /// The first column in characters, from 1.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.path, self.line, self.column)
    }
}

/// One step of the way from a finding to what it was found by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Where the step is taken.
    #[serde(flatten)]
    pub place: Place,
    /// What is taken there: the name imported, called or re-exported.
    pub name: String,
}

/// A use of the store, as reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The kind of place.
    pub kind: Kind,
    /// Which store.
    pub store: Store,
    /// What for.
    pub purpose: Purpose,
    /// Whether it runs.
    pub life: Life,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// The package, variable, resource, or module that this is about.
    pub name: String,
    /// The line, with what may be a secret masked, and shortened.
    pub text: String,
    /// Why this purpose, and why this life: sentences.
    pub reasons: Vec<String>,
    /// How it was reached: from here to the package, step by step. Empty where the line itself says it.
    pub chain: Vec<Step>,
    /// What replaces it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replacement: Option<String>,
    /// The path of the service that it belongs to.
    pub service: String,
    /// The same for the same use after lines were moved: what a baseline is kept by.
    pub fingerprint: String,
}

/// What a reader of one kind of file has seen, before the files are put together.
#[derive(Clone, Debug)]
pub(crate) struct Sighting {
    pub(crate) kind: Kind,
    pub(crate) store: Store,
    /// Bytes in the file.
    pub(crate) span: Range<usize>,
    /// The package, variable, resource or module.
    pub(crate) name: String,
    /// Of the catalogue, where it is about one.
    pub(crate) package: Option<&'static Package>,
    /// What it is for and why that is known, where the reader can tell.
    pub(crate) purpose: Option<(Purpose, String)>,
    /// Where this place's life is another than its file's: a development dependency, a type.
    pub(crate) life: Option<(Life, String)>,
    /// How it was reached.
    pub(crate) chain: Vec<Step>,
    /// A read of a variable of which only the value tells that it is for a store: it counts where the tree sets it to one.
    pub(crate) is_open: bool,
}

impl Sighting {
    /// A sighting of which only the place is known.
    pub(crate) fn new(kind: Kind, store: Store, span: Range<usize>, name: &str) -> Self {
        Self {
            kind,
            store,
            span,
            name: name.to_owned(),
            package: None,
            purpose: None,
            life: None,
            chain: Vec::new(),
            is_open: false,
        }
    }

    /// A sighting of a package of the catalogue.
    pub(crate) fn of(
        kind: Kind,
        package: &'static Package,
        span: Range<usize>,
        name: &str,
    ) -> Self {
        let mut sighting = Self::new(kind, package.store, span, name);
        sighting.package = Some(package);
        sighting
    }

    pub(crate) fn purpose(mut self, purpose: Purpose, why: impl Into<String>) -> Self {
        self.purpose = Some((purpose, why.into()));
        self
    }

    pub(crate) fn life(mut self, life: Life, why: impl Into<String>) -> Self {
        self.life = Some((life, why.into()));
        self
    }
}

/// A service of the fleet: a folder with a manifest, or a member of a workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Its folder, relative to the tree's root; `.` for the root.
    pub path: String,
    /// Its name in its manifest, or its folder's.
    pub name: String,
    /// Its manifests, relative to the tree's root.
    pub manifests: Vec<String>,
}

/// A file that could not be read as what it is; it was searched as text all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// The file.
    pub path: String,
    /// What was wrong, and what was done instead.
    pub what: String,
}

/// What a scan found.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// The version of this document's schema.
    pub version: u32,
    /// What wrote it: `pgstead` and its version.
    pub tool: String,
    /// How many files were looked at.
    pub files: u64,
    /// The services, by path.
    pub services: Vec<Service>,
    /// The findings, by path and line.
    pub findings: Vec<Finding>,
    /// What could not be read as what it is.
    pub troubles: Vec<Trouble>,
}

/// The path of a file relative to the root, shared by those who mention it.
pub(crate) type RelativePath = Arc<str>;
