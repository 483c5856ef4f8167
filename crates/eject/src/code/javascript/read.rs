//! One module by itself: what it asks for, what it offers by name, and what its lines say without another's help.

use std::cell::RefCell;

use oxc_allocator::Allocator;
use oxc_ast_visit::Visit as _;

use super::{
    infrastructure,
    known::imported,
    option,
    request::{ALL, Asked, Manner, Requests},
    source::{self, Validity},
    visit::Reader,
};
use crate::{file::File, finding::Sighting};

/// What one module says.
#[derive(Debug, Default)]
pub(crate) struct Module {
    pub(super) requests: Requests,
    /// Names of properties on which something like a command is called, and tokens that are injected
    /// (with `@` before them), parted by NUL: by them modules are found that never import a client.
    pub(super) reached_by: Box<str>,
    /// Folders below the module's own whose modules it loads by a scan.
    pub(super) scans: Box<[String]>,
    pub(super) has_exports: bool,
    /// A name in it is bound to what may say which server to connect to.
    pub(super) has_connection: bool,
    /// Where its first statement begins.
    pub(super) start: u32,
    /// What its lines say by themselves.
    pub(super) sightings: Vec<Sighting>,
}

thread_local! {
    /// The memory of the parser, used again for each file of a thread.
    static MEMORY: RefCell<Allocator> = RefCell::new(Allocator::new());
}

/// Lends the memory of the parser.
pub(super) fn with_memory<T>(work: impl FnOnce(&Allocator) -> T) -> T {
    MEMORY.with(|memory| {
        let done = work(&memory.borrow());
        let mut memory = memory.borrow_mut();
        if memory.capacity() > 64 << 20 {
            *memory = Allocator::new();
        } else {
            memory.reset();
        }
        done
    })
}

/// Reads a module. One that cannot be parsed is searched as text, and that is told.
pub(crate) fn read(file: &File) -> (Option<Module>, Option<String>) {
    let (mut module, trouble) = read_any(file);
    if let Some(module) = &mut module {
        // What a line says twice it says once. What is known of it comes before what is not yet.
        let line = |sighting: &Sighting| (file.line_of(sighting.span.start), sighting.kind);
        module.sightings.sort_by_key(|sighting| (line(sighting), sighting.is_open));
        let is_again = |again: &Sighting, first: &Sighting| {
            let is_other = first.is_open && again.name != first.name;
            line(again) == line(first) && !is_other
        };
        module.sightings.dedup_by(|again, first| is_again(again, first));
    }
    (module, trouble)
}

fn read_any(file: &File) -> (Option<Module>, Option<String>) {
    if source::is_bundle(file) {
        let what = "it looks like the output of a bundler and was not read, though it mentions";
        return (None, mentioned(&file.text).map(|word| format!("{what} `{word}`")));
    }
    let source = source::of(file);
    let why = match source.is_exhausting() {
        Some(why) => why,
        None => match with_memory(|memory| parse(&source, memory, file)) {
            Some((module, Validity::Valid)) => return (Some(module), None),
            Some((module, Validity::Repaired)) => {
                let what = "a statement of it is invalid and was left out; the rest was read";
                let trouble = mentioned(&file.text).map(|_| what.to_owned());
                return (Some(module), trouble);
            }
            None => "its syntax is invalid",
        },
    };
    let module = search(source.text());
    let matters = module
        .requests
        .iter()
        .any(|request| imported(module.requests.specifier(request)).is_some());
    let what = || format!("{why}; it was searched as text for what it imports");
    let trouble = (matters || mentioned(&file.text).is_some()).then(what);
    (Some(module), trouble)
}

fn parse(
    source: &source::Source<'_>,
    memory: &Allocator,
    file: &File,
) -> Option<(Module, Validity)> {
    let (program, validity) = source.parse(memory)?;
    let name = file.name();
    let mut reader = Reader {
        is_lint: name.contains("eslint"),
        is_of_tests: name.contains("jest") || name.contains("vitest"),
        starts_programs: infrastructure::starts_programs(name),
        is_configuration: option::is_configuration(&file.path),
        ..Reader::default()
    };
    reader.start = program.body.first().map_or(0, |first| oxc_span::GetSpan::span(first).start);
    reader.visit_program(program);
    Some((reader.finish(), validity))
}

/// A word of the catalogue that stands in a text.
fn mentioned(text: &str) -> Option<&'static str> {
    ["ioredis", "bullmq", "redis", "mongodb", "mongoose"]
        .into_iter()
        .find(|word| text.contains(word))
}

/// The requests of a text that is no valid module: what stands behind `from`, `import` and `require`.
fn search(text: &str) -> Module {
    static REQUEST: std::sync::LazyLock<regex::Regex> = std::sync::LazyLock::new(|| {
        let pattern =
            r#"(?m)(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)["']([^"'\r\n]+)["']"#;
        regex::Regex::new(pattern).expect("it is valid")
    });
    let asked = REQUEST.captures_iter(text).filter_map(|found| {
        let all = found.get(0)?;
        let line = &text[text[..all.start()].rfind('\n').map_or(0, |at| at + 1)..all.start()];
        let line = line.trim_start();
        let is_comment = ["//", "*", "/*"].iter().any(|start| line.starts_with(start));
        (!is_comment).then(|| Asked {
            specifier: found[1].to_owned(),
            names: vec![ALL.to_owned()],
            span: small(all.start())..small(all.end()),
            manner: Manner::Value,
        })
    });
    Module { requests: Requests::new(asked.collect()), has_exports: true, ..Module::default() }
}

/// Places fit into 32 bits: larger files are not read.
pub(super) fn small(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
