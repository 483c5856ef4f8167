//! Where a tree of configuration is: for which tool, and what only that tool has.

use std::collections::{HashMap, HashSet};

use super::{
    said, server,
    tool::{Tool, store_of_file, tool},
    trial::{is_of_tests, of_tests},
};
use crate::{
    catalogue::{self, Ecosystem},
    document::{Node, Pair},
    file::File,
    finding::{Kind, Life, Purpose, Sighting, Store},
    word,
};

/// The tool, and what of its file must be known before it is walked.
pub(super) struct Place<'d> {
    tool: Tool,
    /// Names of containers that are servers.
    servers: HashMap<&'d str, Store>,
    /// Jobs of a workflow that run tests.
    test_jobs: HashSet<&'d str>,
    /// Whether the whole file is of tests by its name.
    is_of_tests: bool,
    /// What a store is for by the file's name: `cable.yml`, `sidekiq.yml`.
    purpose: Option<(Purpose, String)>,
    /// The store that the whole file is for: `config/redis.yml`, `config/redis/shared.yml`.
    store: Option<Store>,
    /// Whether its texts are names of variables.
    names_variables: bool,
}

impl<'d> Place<'d> {
    pub(super) fn of(file: &File, root: Node<'d>) -> Self {
        let tool = tool(file, root);
        let mut place = Self {
            tool,
            servers: HashMap::new(),
            test_jobs: HashSet::new(),
            is_of_tests: is_of_tests(file.name().split('.').next().unwrap_or_default())
                || tool == Tool::Compose && is_of_tests(file.name()),
            purpose: said::purpose(file.name())
                .filter(|_| tool == Tool::Other)
                .map(|(purpose, _)| (purpose, format!("it stands in `{}`", file.name()))),
            store: store_of_file(file).filter(|_| tool == Tool::Other),
            names_variables: file.name().starts_with("custom-environment-variables."),
        };
        match tool {
            Tool::Compose => place.servers = servers(root),
            Tool::Workflow => place.test_jobs = test_jobs(file, root),
            _ => {}
        }
        place
    }

    /// What the tool's own form says, before the walk.
    pub(super) fn tell(&self, root: Node<'d>, found: &mut Vec<Sighting>) {
        match self.tool {
            Tool::Compose => self.compose(root, found),
            Tool::Kubernetes => found.extend(object(root)),
            Tool::Package => scripts(root, found),
            _ => {}
        }
    }

    /// Services that are servers, and the volumes that only they have.
    fn compose(&self, root: Node<'d>, found: &mut Vec<Sighting>) {
        let services = root.get("services").into_iter().flat_map(Node::pairs);
        let (own, others): (Vec<_>, Vec<_>) = services.partition(|pair| server_of(*pair).is_some());
        for pair in &own {
            let Some(store) = server_of(*pair) else { continue };
            // Its image tells people what it is; one that comes from elsewhere leaves its name.
            let image = pair.value.pairs().find(|inner| inner.key == "image");
            let span = image.filter(|_| !pair.value.is_alias()).map(|image| image.span());
            let span = span.unwrap_or_else(|| pair.key_span());
            let sighting = Sighting::new(Kind::Container, store, span, pair.key);
            found.push(self.with_life(sighting, &["services", pair.key], true));
        }
        let volumes = |pairs: &[Pair<'d>]| -> HashSet<&'d str> {
            let mounted = pairs.iter().filter_map(|pair| pair.value.get("volumes"));
            mounted.flat_map(Node::items).filter_map(volume).collect()
        };
        let (theirs, shared) = (volumes(&own), volumes(&others));
        for pair in root.get("volumes").into_iter().flat_map(Node::pairs) {
            let store = own.first().and_then(|pair| server_of(*pair));
            if let Some(store) =
                store.filter(|_| theirs.contains(pair.key) && !shared.contains(pair.key))
            {
                let sighting =
                    Sighting::new(Kind::ContainerReference, store, pair.key_span(), pair.key);
                found.push(self.with_life(sighting, &["volumes"], true));
            }
        }
    }

    /// What a store is for by the file's name.
    pub(super) fn purpose(&self) -> Option<(Purpose, String)> {
        self.purpose.clone()
    }

    /// The store that the whole file is for.
    pub(super) fn store(&self) -> Option<Store> {
        self.store
    }

    /// Whether the text of a key is the name of a variable.
    pub(super) fn names_variables(&self, key: &str) -> bool {
        self.names_variables || said::names_variables(key) && !said::is_variable(key)
    }

    /// Whether a map says what is installed or started on a machine, as those of Ansible do.
    pub(super) fn manages(&self, pair: Pair<'_>) -> bool {
        self.tool == Tool::Other && said::manages(pair.key) && pair.value.is_map()
    }

    /// Whether what a pair says was told before the walk.
    pub(super) fn is_told(&self, way: &[&str], key: &str) -> bool {
        match self.tool {
            // An image of a service that is told by its name.
            Tool::Compose => {
                key == "image"
                    && matches!(way, ["services", service] if self.servers.contains_key(service))
            }
            // What an object is was told with its name.
            Tool::Kubernetes => way.is_empty() && matches!(key, "kind" | "apiVersion"),
            // Of a manifest of packages the scripts alone are configuration, and they are told.
            Tool::Package => way.is_empty(),
            // What Python's packages ask for is told by their manifest.
            Tool::Python => !is_of_python(way, key),
            _ => false,
        }
    }

    /// What only this tool says by a key with a text.
    pub(super) fn sighting(&self, way: &[&str], pair: Pair<'_>, text: &str) -> Option<Sighting> {
        let of = |kind, store: Option<Store>| Some(Sighting::new(kind, store?, pair.span(), text));
        match (pair.key, self.tool) {
            ("chart", _) => of(Kind::HelmDependency, server::of_chart(text)),
            ("image" | "Image" | "imageName", _)
            | ("uses", Tool::Workflow)
            | ("type", Tool::Platform) => of(Kind::Container, server::of_image(text)),
            ("type", Tool::Render) if matches!(text, "redis" | "keyvalue") => {
                of(Kind::Container, Some(Store::Redis))
            }
            ("plan" | "addon", _) => of(Kind::Resource, server::of_name(text)),
            ("engine", _) if way.contains(&"databases") => {
                of(Kind::Resource, server::of_name(text))
            }
            ("name", Tool::Kubernetes)
                if matches!(way.iter().rev().nth(1), Some(&("secretRef" | "configMapRef"))) =>
            {
                of(Kind::ContainerReference, server::of_name(text))
            }
            _ if way.first() == Some(&"relationships") && self.tool == Tool::Platform => {
                of(Kind::ContainerReference, server::of_name(text))
            }
            // `services: {redis: redis}` of Azure, by the name of a container.
            _ if way.iter().rev().nth(1) == Some(&"services") && self.tool == Tool::Workflow => {
                of(Kind::ContainerReference, server::of_name(text))
            }
            // `module: {redis: 0}` of Drupal, by which modules are on.
            _ if way.first() == Some(&"module") && self.tool == Tool::Drupal => {
                let store = server::of_name(pair.key)?;
                Some(Sighting::new(Kind::Setting, store, pair.span(), pair.key))
            }
            // `extensions: mbstring, redis-6.1.0` of what sets PHP up.
            ("extensions", Tool::Workflow) => {
                of(Kind::Package, text.split(',').find_map(server::of_name))
            }
            _ => None,
        }
    }

    /// What only this tool says by a text in a list.
    pub(super) fn item(&self, way: &[&str], item: Node<'_>, text: &str) -> Option<Sighting> {
        let of = |kind, store: Option<Store>| Some(Sighting::new(kind, store?, item.span(), text));
        match (way.last().copied()?, self.tool) {
            // `services: [redis:7]` of GitLab, of Bitbucket and of Travis.
            ("services", Tool::Workflow) => of(Kind::Container, server::of_image(text)),
            ("resources" | "components" | "bases", Tool::Kubernetes) => {
                of(Kind::ContainerReference, server::of_name(text))
            }
            ("targets", Tool::Other) if way.contains(&"static_configs") => {
                of(Kind::ContainerReference, server::of_name(text))
            }
            _ if way.iter().any(|key| key.starts_with("no-restricted-")) => banned(item, text),
            ("addons" | "plugins", _) => of(Kind::Resource, server::of_name(text)),
            // `dependencies: ['redis:redis']` of a module of Drupal.
            ("dependencies", Tool::Drupal) => of(Kind::Setting, server::of_name(text)),
            _ => None,
        }
    }

    /// Whether a text of this key is a command line.
    pub(super) fn is_command(&self, key: &str) -> bool {
        said::is_command(key) && self.tool != Tool::Workflow
    }

    /// Whether the text or the list of this key is a script of a workflow.
    pub(super) fn is_script(&self, key: &str) -> bool {
        self.tool == Tool::Workflow && said::is_script(key) || key == "cmds"
    }

    /// Whether a map of a list here is a chart that a chart depends on.
    pub(super) fn is_dependency(&self, way: &[&str]) -> bool {
        self.tool == Tool::Chart && way.last() == Some(&"dependencies")
            || matches!(way.last(), Some(&"helmCharts"))
    }

    /// Whether a map of a list here is an image with its name: `services: [{name: redis:7}]` of GitLab.
    pub(super) fn lists_images(&self, way: &[&str]) -> bool {
        self.tool == Tool::Workflow && way.last() == Some(&"services")
            || self.tool == Tool::Kubernetes && way == ["images"]
    }

    /// Whether a map here is named by the key above it, as services are.
    pub(super) fn names_containers(way: &[&str]) -> bool {
        way.len() >= 2 && matches!(way[way.len() - 2], "services" | "containers" | "service")
    }

    /// Whether keys here are names that people gave, and no settings.
    pub(super) fn names_things(&self, way: &[&str]) -> bool {
        match self.tool {
            Tool::Compose => {
                matches!(way, ["services" | "volumes" | "networks" | "secrets" | "configs", _])
            }
            Tool::Workflow => matches!(way, ["jobs", _] | [_]) || Self::names_containers(way),
            Tool::Kubernetes => matches!(way.last(), Some(&("labels" | "annotations"))),
            _ => false,
        }
    }

    /// Whether the file holds the values of a Helm chart, in which an image is a part of a chart's setting.
    pub(super) fn is_values(&self) -> bool {
        self.tool == Tool::Values
    }

    /// The server to which a variable leads by the name of a container: `CACHE_HOST: cache`.
    pub(super) fn leads_to_server(&self, key: &str, value: &str) -> Option<Store> {
        const LEADS: &[&str] = &[
            "host", "hosts", "url", "uri", "addr", "address", "server", "servers", "endpoint",
            "dsn",
        ];
        if self.servers.is_empty()
            || !said::is_variable(key)
            || !word::words(key).any(|word| LEADS.contains(&&*word))
        {
            return None;
        }
        let is_sign = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_');
        let authority = value.split_once("://").map_or(value, |(_, rest)| rest);
        let authority = authority.split('/').next().unwrap_or(authority);
        authority.split(is_sign).find_map(|part| self.servers.get(part)).copied()
    }

    /// The server that a reference names, by its name in the file or by what its name says.
    pub(super) fn reference(&self, text: &str) -> Option<Store> {
        if self.tool == Tool::Workflow {
            return None;
        }
        let mut parts = text.split(':');
        parts.find_map(|part| self.servers.get(part).copied()).or_else(|| server::of_name(text))
    }

    /// The life that a sighting has by where it stands.
    pub(super) fn with_life(&self, sighting: Sighting, way: &[&str], is_local: bool) -> Sighting {
        if self.tool == Tool::Compose && self.is_of_tests {
            return of_tests(sighting, "its name is that of a stack of tests");
        }
        // Heroku's `app.json` has environments, and `pyproject.toml` has tools.
        if matches!(way, ["environments" | "tool", of, ..] if is_of_tests(of)) {
            return of_tests(sighting, "it is set for tests alone");
        }
        if self.tool != Tool::Workflow {
            return sighting;
        }
        if matches!(sighting.kind, Kind::Container | Kind::ContainerReference) {
            return of_tests(sighting, "a workflow runs it beside a job");
        }
        let job = match way {
            ["jobs", job, ..] | [job, ..] => *job,
            [] => "",
        };
        if is_local {
            return of_tests(sighting, "it leads to a container beside a job of a workflow");
        }
        if self.test_jobs.contains(job) {
            return of_tests(sighting, "a job of a workflow that tests has it");
        }
        sighting
    }
}

fn servers(root: Node<'_>) -> HashMap<&str, Store> {
    let mut servers = HashMap::new();
    for pair in root.get("services").into_iter().flat_map(Node::pairs) {
        let Some(store) = server_of(pair) else { continue };
        servers.insert(pair.key, store);
        let names = ["container_name", "hostname"].iter().filter_map(|key| pair.value.get(key));
        servers.extend(names.filter_map(Node::text).map(|name| (name, store)));
    }
    servers
}

/// The store of which a service of compose is a server, or something that goes with it.
fn server_of(pair: Pair<'_>) -> Option<Store> {
    if let Some(image) = pair.value.get("image").and_then(Node::text) {
        return server::of_image(image);
    }
    // It is built: a name that is nothing but the store's tells.
    let is_built = pair.value.get("build").is_some();
    let is_plain = word::words(pair.key).count() == 1;
    server::of_name(pair.key).filter(|_| is_built && is_plain)
}

/// The name of a volume that is mounted: `redis-data:/data`, `{source: redis-data}`.
fn volume(item: Node<'_>) -> Option<&str> {
    let name = item.text().map(|text| text.split(':').next().unwrap_or(text));
    let name = name.or_else(|| item.get("source").and_then(Node::text))?;
    (!name.starts_with(['.', '/', '~'])).then_some(name)
}

/// Jobs that run tests: by their names, by the workflow's, or because a server runs beside them.
fn test_jobs<'d>(file: &File, root: Node<'d>) -> HashSet<&'d str> {
    const SHIPS: &[&str] =
        &["deploy", "deployment", "release", "publish", "production", "prod", "staging"];
    let jobs = root.get("jobs").filter(|jobs| jobs.is_map()).unwrap_or(root);
    let by_file = is_of_tests(file.name()) && file.path.contains(".github/");
    let tests = jobs.pairs().filter(|job| {
        let name = job.value.get("name").and_then(Node::text).unwrap_or_default();
        let stage = job.value.get("stage").and_then(Node::text).unwrap_or_default();
        let ships = word::words(job.key).any(|word| SHIPS.contains(&&*word));
        let is_said = [job.key, name, stage].iter().any(|said| is_of_tests(said));
        !ships && (is_said || by_file || has_server(job.value))
    });
    tests.map(|job| job.key).collect()
}

fn has_server(job: Node<'_>) -> bool {
    let Some(services) = job.get("services") else { return false };
    let images = services.pairs().filter_map(|pair| pair.value.get("image"));
    let mut texts = images.chain(services.items()).filter_map(Node::text);
    texts.any(|image| server::of_image(image).is_some())
}

/// An object of Kubernetes that is a server by its kind, or that is named for one and has none in it.
fn object(root: Node<'_>) -> Option<Sighting> {
    const NAMED: &[&str] = &[
        "ConfigMap",
        "ExternalSecret",
        "HorizontalPodAutoscaler",
        "Ingress",
        "NetworkPolicy",
        "PersistentVolume",
        "PersistentVolumeClaim",
        "PodDisruptionBudget",
        "SealedSecret",
        "Secret",
        "Service",
        "ServiceAccount",
        "ServiceMonitor",
    ];
    let kind = root.pair("kind")?;
    let said = kind.value.text()?;
    let name = root.get("metadata")?.pair("name");
    let text = name.and_then(|name| name.value.text()).unwrap_or_default();
    if NAMED.contains(&said) {
        let store = server::of_name(text)?;
        return Some(Sighting::new(Kind::ContainerReference, store, name?.span(), text));
    }
    // Kinds of the cluster's own are not named for a store; those of its operators are.
    let is_of_operator = root.get("apiVersion")?.text()?.contains('.');
    let store = server::of_resource(said).filter(|_| is_of_operator)?;
    Some(Sighting::new(
        Kind::Container,
        store,
        kind.span(),
        if text.is_empty() { said } else { text },
    ))
}

/// Whether a table of `pyproject.toml` is configuration: of tools that set variables or run commands.
fn is_of_python(way: &[&str], key: &str) -> bool {
    const TOOLS: &[&str] =
        &["pytest_env", "pytest", "tox", "hatch", "poe", "pdm", "taskipy", "pixi"];
    match way {
        [] => key == "tool",
        ["tool"] => TOOLS.contains(&key),
        ["tool", "hatch"] => key == "envs",
        ["tool", "pdm"] => key == "scripts",
        ["tool", "hatch", "envs", _] => !key.ends_with("dependencies"),
        _ => true,
    }
}

/// A package that a rule of lint bans: it is named in order not to be there.
fn banned(item: Node<'_>, text: &str) -> Option<Sighting> {
    let package = catalogue::package(Ecosystem::Npm, text)?;
    let sighting = Sighting::of(Kind::Package, package, item.span(), text);
    Some(sighting.life(Life::Dormant, "a rule of lint bans it"))
}

/// Scripts of a manifest of packages that start a server or name one.
fn scripts(root: Node<'_>, found: &mut Vec<Sighting>) {
    for pair in root.get("scripts").into_iter().flat_map(Node::pairs) {
        let Some(text) = pair.value.text() else { continue };
        let address = super::address::find(text).filter(|address| address.is_certain);
        let sighting = match (address, server::of_command(text)) {
            (Some(address), _) => Sighting::new(
                Kind::ConnectionString,
                address.store,
                pair.span(),
                &text[address.span],
            ),
            (None, Some((program, store))) => {
                Sighting::new(Kind::Command, store, pair.span(), program)
            }
            (None, None) => match super::filled::of_command(text, pair.span()) {
                Some(sighting) if !sighting.is_open => sighting,
                _ => continue,
            },
        };
        let is_of_tests = is_of_tests(pair.key);
        found.push(if is_of_tests {
            sighting.life(Life::Test, "a script of tests has it")
        } else {
            sighting
        });
    }
}
