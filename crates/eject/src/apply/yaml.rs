//! Takes entries out of YAML by the bytes they stand in, so that comments, anchors and order stay; and proves it:
//! what is read afterwards is what was read before without those entries, and nothing else.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Range,
};

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::{
    comment,
    cut::{self, Cut},
    list::{self, Comments},
};

/// Deeper files are not read.
const DEEPEST: usize = 128;

/// Keys that say nothing without something in them: they go with the last of it.
const GO_WHEN_EMPTY: &[&str] = &[
    "depends_on",
    "links",
    "external_links",
    "environment",
    "env",
    "envFrom",
    "env_file",
    "volumes",
    "dependencies",
    "args",
    "needs",
    "variables",
    "env_variables",
    "condition",
];

/// Stands for the key of what is an item of a sequence.
const ITEM: &str = "-";

/// A document, or a part of one.
#[derive(Debug)]
pub(super) struct Node {
    /// From its first byte to behind its last; without its anchor and tag.
    pub(super) span: Range<usize>,
    /// The number of its anchor in its file; 0 for none.
    anchor: usize,
    pub(super) value: Value,
}

/// What a node is.
#[derive(Debug)]
pub(super) enum Value {
    Scalar(String),
    /// Of the node with that anchor.
    Alias(usize),
    Sequence {
        is_flow: bool,
        items: Vec<Node>,
    },
    Mapping {
        is_flow: bool,
        entries: Vec<(Node, Node)>,
    },
}

impl Node {
    pub(super) fn scalar(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn items(&self) -> &[Node] {
        match &self.value {
            Value::Sequence { items, .. } => items,
            _ => &[],
        }
    }

    pub(super) fn entries(&self) -> &[(Node, Node)] {
        match &self.value {
            Value::Mapping { entries, .. } => entries,
            _ => &[],
        }
    }

    /// The key and the value of an entry.
    pub(super) fn entry(&self, key: &str) -> Option<&(Node, Node)> {
        self.entries().iter().find(|(name, _)| name.scalar() == Some(key))
    }

    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|(_, value)| value)
    }

    /// The end of the last thing that is written in it.
    pub(super) fn end(&self) -> usize {
        match &self.value {
            Value::Sequence { is_flow: false, items } => {
                items.last().map_or(self.span.end, Node::end)
            }
            Value::Mapping { is_flow: false, entries } => {
                entries.last().map_or(self.span.end, |(key, value)| key.end().max(value.end()))
            }
            _ => self.span.end,
        }
    }

    /// Whether a byte is in it, or before it on its first line: at its dash.
    pub(super) fn holds(&self, text: &str, at: usize) -> bool {
        cut::line_start(text, self.span.start) <= at && at <= self.end()
    }

    /// The node, and all in it.
    pub(super) fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Node)) {
        visit(self);
        self.items().iter().for_each(|item| item.walk(visit));
        for (key, value) in self.entries() {
            key.walk(visit);
            value.walk(visit);
        }
    }
}

/// What is to be taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Out {
    /// The entry whose key begins at that byte.
    Entry(usize),
    /// The item of a sequence that begins at that byte.
    Item(usize),
}

/// Reads all documents of a file. Templates of Helm are read as if they were words.
pub(super) fn parse(text: &str) -> Result<Vec<Node>, String> {
    let masked = mask(text);
    let mark = text.len() - text.trim_start_matches('\u{feff}').len();
    let offsets = Offsets::of(&masked[mark..], mark);
    let parser = Parser::new_from_str(&masked[mark..]);
    let mut reader = Reader { parser, offsets, text: &masked };
    let mut documents = Vec::new();
    loop {
        match reader.next()? {
            (Event::StreamEnd, _) => return Ok(documents),
            (
                Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing,
                _,
            ) => {}
            (event, span) => documents.push(reader.node(event, span, 0)?),
        }
    }
}

/// The text with templates (`{{ … }}`) made harmless, every byte at its place: a line of nothing but one is a comment,
/// one within a line is a word.
fn mask(text: &str) -> String {
    let mark = if text.starts_with('\u{feff}') { "   " } else { "" };
    let rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !rest.contains("{{") {
        return format!("{mark}{rest}");
    }
    let mut bytes = rest.as_bytes().to_vec();
    let mut at = 0;
    while let Some(open) = rest[at..].find("{{").map(|found| at + found) {
        let close = rest[open..].find("}}").map_or(rest.len(), |found| open + found + 2);
        for byte in &mut bytes[open..close] {
            *byte = if matches!(*byte, b'\n' | b'\r') { *byte } else { b'x' };
        }
        let line = cut::line_start(rest, open);
        let is_first = rest[line..open].trim().is_empty();
        if is_first && rest[close..cut::line_end(rest, close)].trim().is_empty() {
            let mut at = open;
            while at < close {
                bytes[at] = b'#';
                at = cut::line_end(rest, at) + 1;
            }
        }
        at = close;
    }
    format!("{mark}{}", String::from_utf8_lossy(&bytes))
}

/// Where each character is in bytes.
struct Offsets {
    /// Nothing where each character is one byte.
    bytes: Option<Vec<usize>>,
    length: usize,
    /// How many bytes are before the first character.
    before: usize,
}

impl Offsets {
    fn of(text: &str, before: usize) -> Self {
        let indices = || text.char_indices().map(|(at, _)| at).collect();
        Self { bytes: (!text.is_ascii()).then(indices), length: text.len(), before }
    }

    fn byte(&self, character: usize) -> usize {
        let byte = match &self.bytes {
            Some(bytes) => bytes.get(character).copied().unwrap_or(self.length),
            None => character.min(self.length),
        };
        self.before + byte
    }
}

struct Reader<'a> {
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
    offsets: Offsets,
    text: &'a str,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Range<usize>), String> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => {
                let (start, end) = (span.start.index(), span.end.index());
                Ok((event, self.offsets.byte(start)..self.offsets.byte(end)))
            }
            Some(Err(error)) => Err(error.to_string()),
            None => Ok((Event::StreamEnd, self.text.len()..self.text.len())),
        }
    }

    /// Behind the anchor and the tag of a node.
    fn behind_properties(&self, mut at: usize) -> usize {
        while self.text[at..].starts_with(['&', '!']) {
            let rest = &self.text[at..];
            let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
            at += word + (rest[word..].len() - rest[word..].trim_start().len());
        }
        at
    }

    fn node(&mut self, event: Event<'a>, span: Range<usize>, depth: usize) -> Result<Node, String> {
        if depth > DEEPEST {
            return Err("it is nested too deeply".to_owned());
        }
        let start = self.behind_properties(span.start);
        let span = start..span.end.max(start);
        let is_flow = self.text[span.start..].starts_with(['{', '[']);
        let (anchor, value, end) = match event {
            Event::Scalar(text, style, anchor, _) => {
                let written = &self.text[span.clone()];
                let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                // A block goes to the line behind it; what is written ends before.
                let length = if is_block || style == ScalarStyle::Plain {
                    written.trim_end().len()
                } else {
                    written.len()
                };
                (anchor, Value::Scalar(text.into_owned()), span.start + length)
            }
            Event::Alias(anchor) => (0, Value::Alias(anchor), span.end),
            Event::SequenceStart(anchor, _) => {
                let mut items = Vec::new();
                let end = loop {
                    match self.next()? {
                        (Event::SequenceEnd, span) => break span.end,
                        (event, span) => items.push(self.node(event, span, depth + 1)?),
                    }
                };
                (anchor, Value::Sequence { is_flow, items }, end)
            }
            Event::MappingStart(anchor, _) => {
                let mut entries = Vec::new();
                let end = loop {
                    match self.next()? {
                        (Event::MappingEnd, span) => break span.end,
                        (event, span) => {
                            let key = self.node(event, span, depth + 1)?;
                            let (event, span) = self.next()?;
                            entries.push((key, self.node(event, span, depth + 1)?));
                        }
                    }
                };
                (anchor, Value::Mapping { is_flow, entries }, end)
            }
            _ => return Err("it ends where it should not".to_owned()),
        };
        Ok(Node { span: span.start..end.max(span.start), anchor, value })
    }
}

/// The cuts that take entries and items out; those that are empty then go with them. `names` are what comments are about.
pub(super) fn without(
    text: &str,
    documents: &[Node],
    out: &BTreeSet<Out>,
    names: &[&str],
) -> Result<Vec<Cut>, String> {
    let mut editor = Editor {
        text,
        out,
        names,
        cuts: Vec::new(),
        gone: Vec::new(),
        anchors: BTreeMap::new(),
        aliases: aliases(documents),
    };
    let mut expected = Vec::new();
    for document in documents {
        if let Some(model) = editor.keep(document, None)? {
            expected.push(model);
        }
    }
    editor.anchors_are_kept()?;
    let cuts =
        cut::tidy(text, editor.cuts).into_iter().map(|cut| with_condition(text, cut)).collect();
    editor.cuts = cut::tidy(text, cuts);
    let after = cut::cut(text, &editor.cuts).ok_or("its edits contradict each other")?;
    let read: Vec<_> = parse(&after)?.iter().map(|document| model(&after, document)).collect();
    if read != expected {
        return Err("more than that would be changed".to_owned());
    }
    Ok(editor.cuts)
}

/// Lines that are all that a template's condition is about go with it.
fn with_condition(text: &str, mut cut: Cut) -> Cut {
    if !cut.text.is_empty() || !text[..cut.range.start].ends_with('\n') {
        return cut;
    }
    loop {
        let start = cut::line_start(text, cut.range.start.saturating_sub(1));
        let end = cut::line_end(text, cut.range.end);
        let (above, below) = (text[start..cut.range.start].trim(), text[cut.range.end..end].trim());
        let inside = |line: &str| -> Option<String> {
            let inside = line.strip_prefix("{{")?.strip_suffix("}}")?;
            (!inside.contains("}}")).then(|| inside.trim_matches(['-', ' ']).to_owned())
        };
        let is_condition =
            inside(above).is_some_and(|said| said.starts_with("if ") || said.starts_with("with "));
        if !is_condition || inside(below).as_deref() != Some("end") {
            break;
        }
        cut.range = start..(end + 1).min(text.len());
    }
    cut
}

/// What a document says, without where.
#[derive(Debug, PartialEq, Eq)]
enum Model {
    Scalar(String),
    Alias(String),
    Sequence(Vec<Model>),
    Mapping(Vec<(Model, Model)>),
}

fn model(text: &str, node: &Node) -> Model {
    match &node.value {
        Value::Scalar(value) => Model::Scalar(value.clone()),
        Value::Alias(_) => Model::Alias(text[node.span.clone()].trim().to_owned()),
        Value::Sequence { items, .. } => {
            Model::Sequence(items.iter().map(|item| model(text, item)).collect())
        }
        Value::Mapping { entries, .. } => {
            let both = |(key, value): &(Node, Node)| (model(text, key), model(text, value));
            Model::Mapping(entries.iter().map(both).collect())
        }
    }
}

fn aliases(documents: &[Node]) -> HashMap<usize, Vec<usize>> {
    let mut aliases: HashMap<usize, Vec<usize>> = HashMap::new();
    for document in documents {
        document.walk(&mut |node| {
            if let Value::Alias(anchor) = node.value {
                aliases.entry(anchor).or_default().push(node.span.start);
            }
        });
    }
    aliases
}

struct Editor<'a> {
    text: &'a str,
    out: &'a BTreeSet<Out>,
    names: &'a [&'a str],
    cuts: Vec<Cut>,
    /// What is taken out, by the nodes' own bytes.
    gone: Vec<Range<usize>>,
    /// The anchors that go, and where they are.
    anchors: BTreeMap<usize, usize>,
    /// Where each anchor is asked for.
    aliases: HashMap<usize, Vec<usize>>,
}

impl Editor<'_> {
    /// Cuts within a node. Gives what is left of it; nothing if that is nothing and it may go altogether.
    fn keep(&mut self, node: &Node, key: Option<&str>) -> Result<Option<Model>, String> {
        let before = self.cuts.len();
        let (count, kept) = match &node.value {
            Value::Scalar(_) | Value::Alias(_) => return Ok(Some(model(self.text, node))),
            Value::Sequence { is_flow, items } => {
                let (mut models, mut gone) = (Vec::new(), Vec::new());
                for (index, item) in items.iter().enumerate() {
                    let kept = if self.out.contains(&Out::Item(item.span.start)) {
                        None
                    } else {
                        self.keep(item, Some(ITEM))?
                    };
                    match kept {
                        Some(model) => models.push(model),
                        None => gone.push(index),
                    }
                }
                for &index in &gone {
                    self.lose(&items[index]);
                }
                let spans: Vec<_> = items.iter().map(|item| item.span.start..item.end()).collect();
                self.take(node, *is_flow, &spans, &gone, true)?;
                (items.len(), Model::Sequence(models))
            }
            Value::Mapping { is_flow, entries } => {
                let (mut models, mut gone) = (Vec::new(), Vec::new());
                for (index, (name, value)) in entries.iter().enumerate() {
                    let kept = if self.out.contains(&Out::Entry(name.span.start)) {
                        None
                    } else {
                        self.keep(value, name.scalar())?
                    };
                    match kept {
                        Some(value) => models.push((model(self.text, name), value)),
                        None => gone.push(index),
                    }
                }
                let span = |(key, value): &(Node, Node)| key.span.start..key.end().max(value.end());
                let spans: Vec<_> = entries.iter().map(span).collect();
                for &index in &gone {
                    self.lose(&entries[index].1);
                }
                self.take(node, *is_flow, &spans, &gone, false)?;
                (entries.len(), Model::Mapping(models))
            }
        };
        let (is_empty, empty) = match &kept {
            Model::Sequence(models) => (models.is_empty(), "[]"),
            Model::Mapping(models) => (models.is_empty(), "{}"),
            _ => (false, ""),
        };
        if !is_empty || count == 0 {
            return Ok(Some(kept));
        }
        self.cuts.truncate(before);
        let is_asked_for = node.anchor > 0 && self.aliases.contains_key(&node.anchor);
        let Some(key) = key else { return Err("nothing would be left of it".to_owned()) };
        if !is_asked_for && (key == ITEM || GO_WHEN_EMPTY.contains(&key)) {
            return Ok(None);
        }
        self.cuts.push(Cut::replace(self.blank(node), format!(" {empty}")));
        Ok(Some(kept))
    }

    /// What is replaced by `{}` when all in a node goes: from behind its key (and anchor) to its end.
    fn blank(&self, node: &Node) -> Range<usize> {
        let before = self.text[..node.span.start].trim_end();
        before.len()..node.end()
    }

    /// Remembers the anchors of what goes.
    fn lose(&mut self, node: &Node) {
        node.walk(&mut |node| {
            if node.anchor > 0 {
                self.anchors.insert(node.anchor, node.span.start);
            }
        });
    }

    fn take(
        &mut self,
        node: &Node,
        is_flow: bool,
        spans: &[Range<usize>],
        gone: &[usize],
        is_sequence: bool,
    ) -> Result<(), String> {
        self.gone.extend(gone.iter().map(|&index| spans[index].clone()));
        if gone.is_empty() || gone.len() == spans.len() {
            return Ok(());
        }
        if is_flow {
            let inner = node.span.start + 1..node.span.end.saturating_sub(1);
            let cuts = list::without(self.text, &inner, spans, gone, Comments::Hash, self.names);
            self.cuts.extend(cuts);
            return Ok(());
        }
        for &index in gone {
            let mut span = spans[index].clone();
            if is_sequence {
                let dash = self.text[..span.start].rfind('-').ok_or("its dash is not found")?;
                if !self.text[dash + 1..span.start].chars().all(char::is_whitespace) {
                    // `- &anchor x`: an anchor stands in between.
                    let line = cut::line_start(self.text, span.start);
                    if dash < line {
                        return Err("its dash is not found".to_owned());
                    }
                }
                span.start = dash;
            }
            let line = cut::line_start(self.text, span.start);
            if self.text[line..span.start].trim_start_matches('\u{feff}').trim().is_empty() {
                self.take_lines(span);
            } else if let Some(next) = spans.get(index + 1) {
                // The first entry of an item: the next one takes its place behind the dash.
                self.cuts.push(Cut::out(span.start..next.start));
            } else {
                return Err("it stands on a line with something else".to_owned());
            }
        }
        Ok(())
    }

    fn take_lines(&mut self, span: Range<usize>) {
        let column = span.start - cut::line_start(self.text, span.start);
        let mut lines = cut::lines(self.text, &span);
        // Comments that are deeper than it belong to it.
        let mut end = lines.end;
        while end < self.text.len() {
            let line = &self.text[end..cut::line_end(self.text, end)];
            let depth = line.len() - line.trim_start().len();
            let is_comment = line.trim_start().starts_with('#');
            if !(line.trim().is_empty() || is_comment && depth > column) {
                break;
            }
            end = (end + line.len() + 1).min(self.text.len());
            if is_comment {
                lines.end = end;
            }
        }
        let lines = comment::with_comment(self.text, lines, "#", self.names);
        self.cuts.push(Cut::out(lines));
    }

    /// Nothing that stays asks for an anchor that goes, and templates are taken out whole.
    fn anchors_are_kept(&self) -> Result<(), String> {
        let is_gone = |at: usize| self.gone.iter().any(|range| range.contains(&at));
        let lost = self.anchors.iter().find(|(anchor, _)| {
            self.aliases.get(anchor).is_some_and(|asked| !asked.iter().all(|&at| is_gone(at)))
        });
        if let Some((_, &at)) = lost {
            let line = self.text[..at].matches('\n').count() + 1;
            return Err(format!("an anchor in it (line {line}) is used elsewhere"));
        }
        for cut in &self.cuts {
            let out = &self.text[cut.range.clone()];
            let count = |words: &[&str]| -> usize {
                words
                    .iter()
                    .flat_map(|word| {
                        [
                            format!("{{{{{word}"),
                            format!("{{{{ {word}"),
                            format!("{{{{- {word}"),
                            format!("{{{{-{word}"),
                        ]
                    })
                    .map(|word| out.matches(&word).count())
                    .sum()
            };
            if count(&["if ", "range ", "with ", "define ", "block "]) != count(&["end"]) {
                return Err("a template begins in it and ends outside".to_owned());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes out what begins with each of the words: `-` before one for an item.
    fn check(text: &str, out: &[&str], after: Result<&str, &str>) {
        let documents = parse(text).unwrap();
        let out = out.iter().map(|word| match word.strip_prefix("- ") {
            Some(item) => Out::Item(text.find(item).unwrap()),
            None => Out::Entry(text.find(word).unwrap()),
        });
        let cuts = without(text, &documents, &out.collect(), &["REDIS_URL"]);
        let made = cuts.map(|cuts| cut::made(text, cuts));
        assert_eq!(made.as_deref().map_err(String::as_str), after, "{text}");
    }

    #[test]
    fn entries_go_with_their_lines() {
        check("a: 1\nb:\n  c: 2\n  # of b\nd: 3\n", &["b"], Ok("a: 1\nd: 3\n"));
        check("a: 1\n\n# Redis\nb:\n  c: |\n    x\n    y\n\nd: 3", &["b"], Ok("a: 1\n\nd: 3"));
        check("s:\n- x: 1\n  y: 2\n- z\n", &["x"], Ok("s:\n- y: 2\n- z\n"));
        check("s:\n- x: 1\n  y: 2\n- z\n", &["- x"], Ok("s:\n- z\n"));
        check("s: [a, redis, b]\n", &["- redis"], Ok("s: [a, b]\n"));
        check("s: {a: 1, redis: 2}\r\nt: é\r\n", &["redis"], Ok("s: {a: 1}\r\nt: é\r\n"));
        check("\u{feff}redis: 1\nb: é\n", &["redis"], Ok("\u{feff}b: é\n"));
        check("é: 1\nredis: 'x' # ü\nb: 2\n", &["redis"], Ok("é: 1\nb: 2\n"));
    }

    #[test]
    fn what_is_empty_goes_or_is_said_to_be_empty() {
        check("a:\n  env:\n    R: 1\n  b: 1\n", &["R"], Ok("a:\n  b: 1\n"));
        check("a:\n  data:\n    R: 1\n  b: 1\n", &["R"], Ok("a:\n  data: {}\n  b: 1\n"));
        check("x: &x\n  R: 1\na:\n  <<: *x\n", &["R"], Ok("x: &x {}\na:\n  <<: *x\n"));
        check("R: 1\n", &["R"], Err("nothing would be left of it"));
    }

    #[test]
    fn anchors_that_are_used_elsewhere_keep_what_they_are_in() {
        let text = "redis:\n  healthcheck: &check\n    test: x\nb:\n  healthcheck: *check\n";
        check(text, &["redis"], Err("an anchor in it (line 3) is used elsewhere"));
        let text = "redis:\n  a: &a\n    test: x\n  b: *a\nc: 1\n";
        check(text, &["redis"], Ok("c: 1\n"));
    }

    #[test]
    fn templates_are_read_over() {
        let text = "env:\n  {{- if .Values.x }}\n  - name: REDIS_URL\n    value: {{ .Values.redis.url | quote }}\n  {{- end }}\n  - name: A\n    value: \"{{ .a }}\"\n";
        let after = "env:\n  - name: A\n    value: \"{{ .a }}\"\n";
        check(text, &["- name: REDIS_URL"], Ok(after));
        let text = "a:\n  R: 1\n  b:\n    {{- if x }}\n    c: 1\n  d: 1\n    {{- end }}\n";
        check(text, &["b"], Err("a template begins in it and ends outside"));
    }
}
