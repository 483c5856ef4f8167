//! Infrastructure as Terraform and Bicep declare it.
//!
//! The parser says where blocks are; within them lines are read, since what counts there is a name, an address or a
//! reference in a line, however it is nested. A file that cannot be parsed has its blocks found by their lines.

use std::{ops::Range, sync::LazyLock};

use hcl_edit::{Span as _, parser, structure::Body};
use regex::Regex;

use super::{
    line::{self, with_purpose},
    said, server, variable,
};
use crate::{
    file::File,
    finding::{Kind, Sighting, Store},
};

/// A block at the top of a file.
struct Block {
    /// `resource`, and the labels behind it.
    words: Vec<String>,
    span: Range<usize>,
}

impl Block {
    fn word(&self, index: usize) -> &str {
        self.words.get(index).map_or("", String::as_str)
    }
}

/// Reads Terraform.
pub(super) fn terraform(file: &File) -> (Vec<Sighting>, Option<String>) {
    let start = if file.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let parsed = parser::parse_body(&file.text[start..]);
    let trouble = parsed
        .is_err()
        .then(|| "it is not valid HCL; its blocks were found by their lines".to_owned());
    let blocks = parsed.map_or_else(|_| by_lines(file), |body| by_syntax(&body, start));
    let mut found = Vec::new();
    let mut next = 0;
    for block in &blocks {
        let lines = file.line_of(block.span.start)..file.line_of(block.span.end.max(1) - 1) + 1;
        found.extend((next..lines.start).filter_map(|index| assigned(file, index)));
        found.extend(of_block(file, block, lines.clone()));
        next = lines.end.max(next);
    }
    found.extend((next..file.line_count()).filter_map(|index| assigned(file, index)));
    (found, trouble)
}

fn by_syntax(body: &Body, start: usize) -> Vec<Block> {
    let blocks = body.blocks().filter_map(|block| {
        let labels = block.labels.iter().map(|label| label.as_str().to_owned());
        let words = std::iter::once(block.ident.to_string()).chain(labels).collect();
        let span = block.span()?;
        Some(Block { words, span: span.start + start..span.end + start })
    });
    blocks.collect()
}

/// Blocks that begin at the beginning of a line, and end where one begins with `}`.
fn by_lines(file: &File) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open: Option<(Vec<String>, usize)> = None;
    for index in 0..file.line_count() {
        let mut span = file.line(index);
        let line = file.text[span.clone()].trim_start_matches('\u{feff}');
        span.start = span.end - line.len();
        let begins = line.trim_end().ends_with('{') && !line.starts_with([' ', '\t', '#', '/']);
        if begins || line.starts_with('}') {
            if let Some((words, start)) = open.take() {
                blocks.push(Block { words, span: start..span.end });
            }
            if begins {
                let words = line.trim_end_matches(['{', ' ', '\t']).split_whitespace();
                let words = words.map(|word| word.trim_matches('"').to_owned()).collect();
                open = Some((words, span.start));
            }
        }
    }
    blocks.extend(open.map(|(words, start)| Block { words, span: start..file.text.len() }));
    blocks
}

fn of_block(file: &File, block: &Block, lines: Range<usize>) -> Vec<Sighting> {
    let header = file.line(lines.start);
    let sighting =
        |kind, store, name: String| vec![Sighting::new(kind, store, header.clone(), &name)];
    let text = &file.text[block.span.clone()];
    match block.word(0) {
        verb @ ("resource" | "data") => {
            let (kind, name) = (block.word(1), block.word(2));
            if let Some((store, index)) = chart(file, lines.clone()) {
                let span = file.line(index);
                return vec![Sighting::new(
                    Kind::HelmDependency,
                    store,
                    span,
                    &format!("{kind}.{name}"),
                )];
            }
            if let Some(store) = declared(kind, name, text) {
                let prefix = if verb == "data" { "data." } else { "" };
                return sighting(Kind::Resource, store, format!("{prefix}{kind}.{name}"));
            }
        }
        "module" => {
            let source = attribute(text, "source").and_then(server::of_name);
            if let Some(store) = source.or_else(|| server::of_name(block.word(1))) {
                return sighting(Kind::Resource, store, format!("module.{}", block.word(1)));
            }
        }
        "provider" => {
            if let Some(store) = server::of_resource(&format!("{}_x", block.word(1))) {
                return sighting(Kind::Resource, store, format!("provider.{}", block.word(1)));
            }
        }
        "locals" => {
            let inner = (lines.start..lines.end).filter_map(|index| local(file, index));
            return inner.collect();
        }
        "variable" | "output" => {
            if let Some(store) = variable::store_of(block.word(1)) {
                let found = Sighting::new(Kind::Setting, store, header, block.word(1));
                return vec![with_purpose(found, block.word(1))];
            }
        }
        _ => {}
    }
    let inner = lines.start..lines.end;
    inner.filter_map(|index| of_line(file, index)).collect()
}

/// The store that a resource is of: by its type, by what its attributes choose, or by the name that people gave it.
fn declared(kind: &str, name: &str, text: &str) -> Option<Store> {
    const CHOOSE: &[&str] =
        &["engine", "service", "type", "plan", "plan_id", "addon", "family", "cluster_type"];
    if attribute(text, "engine").is_some_and(|engine| engine == "memcached") {
        return None;
    }
    let by_type = server::of_resource(kind);
    let chosen = || CHOOSE.iter().find_map(|key| server::of_name(attribute(text, key)?));
    by_type.or_else(chosen).or_else(|| server::of_name(name)).or_else(|| opened(kind, text))
}

/// The store whose port alone a rule of a firewall opens.
fn opened(kind: &str, text: &str) -> Option<Store> {
    static PORT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r#"(?m)^\s*(?:from_port|to_port|ports?|port_range|destination_port_ranges?)\s*=\s*\[?\s*"?(?P<port>\d+)(?P<rest>[^\n]*)"#,
        )
        .expect("it is valid")
    });
    if !["security_group", "firewall", "security_rule"].iter().any(|of| kind.contains(of)) {
        return None;
    }
    // What goes out goes to any port, which is written 0.
    let mut stores = PORT.captures_iter(text).filter(|found| &found["port"] != "0").map(|found| {
        let is_one = !found["rest"].contains(|c: char| c.is_ascii_digit());
        match &found["port"] {
            "6379" | "6380" if is_one => Some(Store::Redis),
            "27017" if is_one => Some(Store::Mongodb),
            _ => None,
        }
    });
    let first = stores.next()??;
    stores.all(|store| store == Some(first)).then_some(first)
}

/// The store of which a chart is installed, and the line that names it.
fn chart(file: &File, mut lines: Range<usize>) -> Option<(Store, usize)> {
    lines.find_map(|index| {
        let chart = attribute(&file.text[file.line(index)], "chart")?;
        Some((server::of_chart(chart)?, index))
    })
}

/// The first text that an attribute of a name has in a block.
fn attribute<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    text.lines().find_map(|line| {
        let rest = line.trim_start().strip_prefix(name)?;
        let value = rest.trim_start().strip_prefix('=')?.trim_start().strip_prefix('"')?;
        value.split('"').next()
    })
}

/// A line of a file of values: all keys are variables of the configuration.
fn assigned(file: &File, index: usize) -> Option<Sighting> {
    let span = file.line(index);
    let (key, value) = file.text[span.clone()].split_once('=')?;
    let key = key.trim_start_matches('\u{feff}').trim();
    let is_key =
        !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    let by_name = variable::store_of(key).filter(|_| is_key);
    let store =
        by_name.or_else(|| said::of(key, value).filter(|_| is_key).map(|said| said.store))?;
    Some(with_purpose(Sighting::new(Kind::VariableSet, store, span, key), key))
}

/// A line of a block of locals: what one of them is, it is called by with `local.` before it.
fn local(file: &File, index: usize) -> Option<Sighting> {
    let mut said = of_line(file, index)?;
    if let Some((key, _)) = file.text[file.line(index)].split_once('=')
        && !said.is_open
        && !said::is_variable(key.trim())
        && key.trim().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    {
        said.kind = Kind::VariableSet;
        said.name = format!("local.{}", key.trim());
    }
    Some(said)
}

/// A variable that is set to a local, of which only the local's value tells.
fn of_local(file: &File, index: usize) -> Option<Sighting> {
    static LOCAL: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\blocal\.(\w+)").expect("it is valid"));
    let span = file.line(index);
    let line = &file.text[span.clone()];
    let name = &LOCAL.captures(line)?[1];
    let store = variable::store_of(name);
    let mut found = Sighting::new(
        Kind::VariableSet,
        store.unwrap_or(Store::Redis),
        span,
        &format!("local.{name}"),
    );
    found.is_open = store.is_none();
    Some(found)
}

/// A line within a block: a variable, an address, or a reference to what is declared elsewhere.
fn of_line(file: &File, index: usize) -> Option<Sighting> {
    static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(?:data\.)?([a-z][a-z0-9]*_[a-z0-9_]+|module)\.([A-Za-z_][\w-]*)")
            .expect("it is valid")
    });
    if let Some(found) = line::of_line(file, index) {
        return Some(found);
    }
    let span = file.line(index);
    let line = &file.text[span.clone()];
    if line.trim_start().starts_with(['#', '/']) {
        return None;
    }
    let referred = REFERENCE.captures_iter(line).find_map(|found| {
        let (kind, name) = (&found[1], &found[2]);
        let by_type = if kind == "module" { None } else { server::of_resource(kind) };
        Some((by_type.or_else(|| server::of_name(name))?, format!("{kind}.{name}")))
    });
    let Some((store, name)) = referred else { return of_local(file, index) };
    let key = line.split('=').next().unwrap_or_default().trim().trim_matches('"');
    if said::is_variable(key) {
        return Some(with_purpose(Sighting::new(Kind::VariableSet, store, span, key), key));
    }
    Some(Sighting::new(Kind::ContainerReference, store, span, &name))
}

/// Reads Bicep, line by line.
pub(super) fn bicep(file: &File) -> Vec<Sighting> {
    static DECLARED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\s*(?P<verb>resource|module|param|var|output)\s+(?P<name>\w+)\s*(?:'(?P<type>[^']+)')?")
            .expect("it is valid")
    });
    let mut found = Vec::new();
    let mut within_resource = false;
    for index in 0..file.line_count() {
        let span = file.line(index);
        let text = &file.text[span.clone()];
        if within_resource {
            within_resource = !text.starts_with('}');
            continue;
        }
        let Some(declared) = DECLARED.captures(text.trim_start_matches('\u{feff}')) else {
            found.extend(of_line(file, index));
            continue;
        };
        let name = &declared["name"];
        let kind = declared.name("type").map_or("", |kind| kind.as_str());
        let sighting = match &declared["verb"] {
            "resource" => {
                server::of_resource(kind).or_else(|| server::of_name(name)).map(|store| {
                    let kind = kind.split('@').next().unwrap_or(kind);
                    Sighting::new(Kind::Resource, store, span, &format!("{kind}.{name}"))
                })
            }
            "module" => server::of_name(kind)
                .or_else(|| server::of_name(name))
                .map(|store| Sighting::new(Kind::Resource, store, span, &format!("module.{name}"))),
            _ => variable::store_of(name)
                .map(|store| with_purpose(Sighting::new(Kind::Setting, store, span, name), name)),
        };
        match sighting {
            Some(sighting) => {
                within_resource = sighting.kind == Kind::Resource && text.trim_end().ends_with('{');
                found.push(sighting);
            }
            None => found.extend(of_line(file, index)),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(found: &[Sighting], file: &File) -> Vec<String> {
        let told = found.iter().map(|found| {
            format!("{} {:?} {}", file.line_of(found.span.start) + 1, found.kind, found.name)
        });
        told.collect()
    }

    const TERRAFORM: &str = r#"
resource "aws_elasticache_replication_group" "main" {
  engine = "redis"
  auth_token = var.redis_token
}

resource "aws_elasticache_cluster" "sessions" {
  engine = "memcached"
}

resource "aws_security_group" "redis" {
  name = "x"
}

resource "digitalocean_database_cluster" "kv" {
  engine = "valkey"
}

variable "redis_node_type" {
  default = "cache.t4g.small"
}

resource "aws_ecs_task_definition" "api" {
  container_definitions = jsonencode([{
    environment = [
      { name = "REDIS_HOST", value = "x" },
      { name = "CACHE", value = aws_elasticache_replication_group.main.primary_endpoint_address },
    ]
  }])
}

locals {
  REDIS_URL = "rediss://${local.host}:6379"
}
"#;

    #[test]
    fn terraform_declares_and_refers() {
        let file = File::new("main.tf".into(), TERRAFORM.into());
        let (found, trouble) = terraform(&file);
        assert_eq!(trouble, None);
        let expected = [
            "2 Resource aws_elasticache_replication_group.main",
            "11 Resource aws_security_group.redis",
            "15 Resource digitalocean_database_cluster.kv",
            "19 Setting redis_node_type",
            "26 VariableSet REDIS_HOST",
            "27 ContainerReference aws_elasticache_replication_group.main",
            "33 VariableSet REDIS_URL",
        ];
        assert_eq!(told(&found, &file), expected);
        let broken = TERRAFORM.replace("  name = \"x\"", "  name = ");
        let file = File::new("main.tf".into(), broken.clone().into());
        let (found, trouble) = terraform(&file);
        assert!(trouble.is_some());
        assert_eq!(told(&found, &file), expected);
        let marked = format!("\u{feff}{}", broken.trim_start());
        let file = File::new("main.tf".into(), marked.into());
        let first = &terraform(&file).0[0];
        assert_eq!((first.kind, file.line_of(first.span.start)), (Kind::Resource, 0));
        let file = File::new("prod.tfvars".into(), "redis_size = 1\nregion = \"x\"\n".into());
        assert_eq!(told(&terraform(&file).0, &file), ["1 VariableSet redis_size"]);
    }

    #[test]
    fn rules_of_firewalls_are_of_the_store_whose_port_alone_they_open() {
        let rule =
            |kind: &str, ports: &str| format!("resource \"{kind}\" \"cache\" {{\n{ports}}}\n");
        let both = |port: u16| {
            format!("  ingress {{\n    from_port = {port}\n    to_port   = {port}\n  }}\n")
        };
        let out = "  egress {\n    from_port = 0\n    to_port = 0\n  }\n";
        let text = [
            rule("aws_security_group", &(both(6379) + out)),
            rule("aws_security_group", &(both(6379) + &both(443))),
            rule("google_compute_firewall", "  allow {\n    ports = [\"6379\"]\n  }\n"),
            rule("google_compute_firewall", "  allow {\n    ports = [\"6379\", \"22\"]\n  }\n"),
            rule("aws_lb_listener", "  port = 6379\n"),
            rule("aws_security_group_rule", "  from_port = 27017\n  to_port = 27017\n"),
        ];
        let file = File::new("main.tf".into(), text.concat().into());
        let found = terraform(&file).0;
        let of: Vec<_> = found.iter().filter(|of| of.kind == Kind::Resource).collect();
        let told: Vec<_> = of.iter().map(|of| (&*of.name, of.store)).collect();
        assert_eq!(
            told,
            [
                ("aws_security_group.cache", Store::Redis),
                ("google_compute_firewall.cache", Store::Redis),
                ("aws_security_group_rule.cache", Store::Mongodb),
            ]
        );
    }

    #[test]
    fn locals_tell_of_who_is_set_to_them() {
        let text = "locals {\n  store = \"rediss://x:6379\"\n  name = \"a\"\n}\nresource \"a\" \"b\" {\n  e = [{ name = \"BROKER\", value = local.store }]\n  f = local.name\n}\n";
        let file = File::new("main.tf".into(), text.into());
        let (found, _) = terraform(&file);
        let open: Vec<_> = found.iter().map(|found| (&*found.name, found.is_open)).collect();
        assert_eq!(open, [("local.store", false), ("local.store", true), ("local.name", true)]);
    }

    #[test]
    fn bicep_declares_and_refers() {
        let text = "param redisName string\nresource cache 'Microsoft.Cache/redis@2023-08-01' = {\n  name: redisName\n}\nresource app 'Microsoft.Web/sites@2022-03-01' = {\n  properties: {\n    siteConfig: { appSettings: [\n      { name: 'REDIS_HOST', value: cache.properties.hostName }\n    ] }\n  }\n}\noutput host string = 'x'\n";
        let file = File::new("main.bicep".into(), text.into());
        assert_eq!(
            told(&bicep(&file), &file),
            [
                "1 Setting redisName",
                "2 Resource Microsoft.Cache/redis.cache",
                "8 VariableSet REDIS_HOST"
            ]
        );
    }
}
