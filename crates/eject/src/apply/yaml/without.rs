//! Takes entries out of YAML by the bytes they stand in, so that comments, anchors and order stay; and proves it:
//! what is read afterwards is what was read before without those entries, and nothing else.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Range,
};

use super::{
    super::{
        comment,
        cut::{self, Cut},
        list::{self, Comments},
    },
    Node, Value, parse,
};

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

/// What is to be taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) enum Out {
    /// The entry whose key begins at that byte.
    Entry(usize),
    /// The item of a sequence that begins at that byte.
    Item(usize),
}

/// The cuts that take entries and items out; those that are empty then go with them. `names` are what comments are about.
pub(in super::super) fn without(
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
