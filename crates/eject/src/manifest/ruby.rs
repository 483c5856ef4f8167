//! `Gemfile`, its lock file, and specifications of gems.

use std::sync::LazyLock;

use regex::Regex;

use super::asked::{Asker, Use, is_of_development};
use crate::{
    catalogue::Ecosystem,
    file::File,
    finding::{Kind, Sighting},
};

const ASKER: Asker = Asker { ecosystem: Ecosystem::Gem, kind: Kind::Package };

const DEVELOPMENT: Use = Use::Development("it is in a group of development");

/// Reads `Gemfile`, with its groups.
pub(super) fn gemfile(file: &File) -> Result<Vec<Sighting>, String> {
    static GEM: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"^\s*gem[\s(]+["']([^"']+)["']([^#]*)"#).expect("it is valid")
    });
    static INLINE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:\bgroups?:|:groups?\s*=>)\s*(\[[^\]]*\]|:\w+)").expect("it is valid")
    });
    // For each block that is open: whether it is a group of development alone.
    let mut blocks: Vec<bool> = Vec::new();
    let mut found = Vec::new();
    for index in 0..file.line_count() {
        let span = file.line(index);
        let line = &file.text[span.clone()];
        let code = line.trim();
        if code.starts_with('#') {
            continue;
        }
        if let Some(gem) = GEM.captures(line.trim_start_matches('\u{feff}')) {
            let inline = INLINE.captures(&gem[2]).is_some_and(|group| is_development(&group[1]));
            let path = gem[2].contains("path:") || gem[2].contains(":path");
            let usage = if inline || blocks.contains(&true) { DEVELOPMENT } else { Use::Live };
            let start = span.start + line.len() - line.trim_start().len();
            let span = start..start + code.len();
            found.extend(if path {
                ASKER.own(&gem[1], span, &usage)
            } else {
                ASKER.package(&gem[1], span, &usage)
            });
        }
        let is_opened = code.ends_with(" do") || code.contains(" do |");
        if is_opened || ["if ", "unless ", "case "].iter().any(|word| code.starts_with(word)) {
            blocks.push(code.starts_with("group") && is_development(code));
        } else if code == "end" {
            blocks.pop();
        }
    }
    Ok(found)
}

/// `:development, :test`: all that are named are of development.
fn is_development(groups: &str) -> bool {
    static NAMES: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#":(\w+)|["'](\w+)["']"#).expect("it is valid"));
    let mut names = NAMES.captures_iter(groups).filter_map(|name| name.get(1).or(name.get(2)));
    let mut any = false;
    names.all(|name| {
        any = true;
        is_of_development(name.as_str())
    }) && any
}

/// Reads a specification of a gem.
pub(super) fn gemspec(file: &File) -> Result<Vec<Sighting>, String> {
    static ADD: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"(?m)^[^#\n]*\.add_(\w*?)_?dependency[\s(]+["']([^"']+)["'][^\n]*"#)
            .expect("it is valid")
    });
    let found = ADD.captures_iter(&file.text).filter_map(|add| {
        let usage = if &add[1] == "development" { DEVELOPMENT } else { Use::Live };
        let name = add.get(2)?;
        ASKER.package(name.as_str(), name.range(), &usage)
    });
    Ok(found.collect())
}

/// Reads `Gemfile.lock`: what stands under `specs:`, and not what that asks for.
pub(super) fn lock(file: &File) -> Result<Vec<Sighting>, String> {
    let asker = Asker::lock(Ecosystem::Gem);
    let mut is_path = false;
    let mut found = Vec::new();
    for index in 0..file.line_count() {
        let span = file.line(index);
        let line = &file.text[span.clone()];
        if !line.starts_with(' ') && !line.is_empty() {
            is_path = line == "PATH";
        }
        let Some(entry) = line.strip_prefix("    ").filter(|entry| !entry.starts_with(' ')) else {
            continue;
        };
        if let Some((name, _)) = entry.split_once(" (").filter(|_| !is_path) {
            found.extend(asker.package(name, span.start + 4..span.end, &Use::Live));
        }
    }
    // A gem is locked for each platform, in a line of its own.
    found.dedup_by(|b, a| a.name == b.name);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Life;

    fn told(read: fn(&File) -> Result<Vec<Sighting>, String>, text: &str) -> Vec<(String, bool)> {
        let file = File::new("Gemfile".into(), text.into());
        let found = read(&file).unwrap().into_iter();
        found.map(|found| (found.name, matches!(found.life, Some((Life::Test, _))))).collect()
    }

    #[test]
    fn groups_say_what_is_of_development() {
        let text = "\u{feff}source 'https://rubygems.org'\n# gem 'resque'\ngem \"sidekiq\", \"~> 7\"\ngem 'redis', group: :test\ngroup :development, :test do\n  gem 'fakeredis'\n  install_if -> { true } do\n    gem 'kredis'\n  end\nend\ngroup :production, :test do\n  gem('redlock')\nend\ngem 'my_redis', path: 'x'\n";
        let expected = [
            ("sidekiq", false),
            ("redis", true),
            ("fakeredis", true),
            ("kredis", true),
            ("redlock", false),
        ];
        assert_eq!(told(gemfile, text), expected.map(|(name, test)| (name.to_owned(), test)));
        let text = "Gem::Specification.new do |s|\n  s.add_dependency 'redis', '>= 4'\n  s.add_development_dependency(\"sidekiq\")\n  # s.add_dependency 'resque'\nend\n";
        let expected = [("redis", false), ("sidekiq", true)];
        assert_eq!(told(gemspec, text), expected.map(|(name, test)| (name.to_owned(), test)));
    }

    #[test]
    fn a_lock_names_each_gem_once() {
        let text = "PATH\n  remote: .\n  specs:\n    redis-app (1.0)\n\nGEM\n  specs:\n    hiredis (0.6)\n    hiredis (0.6-java)\n    sidekiq (7.2.0)\n      redis-client (>= 0.19)\n\nDEPENDENCIES\n  sidekiq\n";
        let expected = ["hiredis", "sidekiq"].map(|name| (name.to_owned(), false));
        assert_eq!(told(lock, text), expected);
    }
}
