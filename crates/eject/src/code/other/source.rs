//! What a file of code says, in one form for all languages.
//!
//! Paths are written with dots whatever a language writes: `Redis::Client.new`, `$this->redis`,
//! `redis::Client::open` are `Redis.Client.new`, `this.redis`, `redis.Client.open`.

mod bind;
mod call;
mod define;
mod mark;
mod path;
mod read;
mod tokens;

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    ops::Range,
};

use super::import::Import;
pub(super) use path::{clip, dotted, last, unowned, unquoted};
pub(super) use read::read;

/// What one file says.
#[derive(Debug, Default)]
pub(super) struct Source {
    /// The package or the namespace that it declares.
    pub(super) namespace: String,
    pub(super) imports: Vec<Import>,
    pub(super) definitions: Vec<Definition>,
    pub(super) bindings: Vec<Binding>,
    pub(super) calls: Vec<Call>,
    pub(super) texts: Vec<Text>,
    /// What is taken out by a key, as `os.environ["X"]`: the bytes of `os.environ`, and of all.
    pub(super) subscripts: Vec<(String, Range<usize>)>,
    pub(super) paths: Vec<Path>,
    /// Where each name stands first, by its number.
    pub(super) first: HashMap<u32, usize>,
    /// What is compiled for tests alone.
    pub(super) tests: Vec<Range<usize>>,
    /// Whether something is done when it is loaded, beside giving names.
    pub(super) acts: bool,
    /// Annotations, decorators, attributes.
    pub(super) marks: Vec<(String, Range<usize>)>,
    /// What classes are made from, in Python: the path, and where the class begins.
    pub(super) bases: Vec<(String, Range<usize>)>,
}

impl Source {
    /// Whether something is compiled for tests alone.
    pub(super) fn is_test(&self, at: usize) -> bool {
        self.tests.iter().any(|test| test.contains(&at))
    }
}

/// A name for code, for a type or for a value of the whole file.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "they are facts, each by itself")]
pub(super) struct Definition {
    pub(super) name: String,
    pub(super) span: Range<usize>,
    /// The numbers of the names within it, but for those within its members.
    pub(super) words: HashSet<u32>,
    /// The methods of a class, but for those that make an object of it.
    pub(super) members: Vec<Member>,
    is_class: bool,
    /// Whether a type is made by it, and not only more said of one.
    pub(super) is_type: bool,
    /// Whether a framework calls its methods.
    is_called: bool,
    /// Whether it is a value, and neither code nor a type.
    pub(super) is_value: bool,
    /// Whether a framework is told of it where it is defined, and calls it without its name.
    pub(super) is_announced: bool,
}

impl Definition {
    pub(super) fn is_class(&self) -> bool {
        self.is_class
    }

    /// The numbers of all names within it.
    pub(super) fn all_words(&self) -> impl Iterator<Item = u32> + '_ {
        let members = self.members.iter().flat_map(|member| &member.words);
        self.words.iter().chain(members).copied()
    }

    /// The methods that are called without a word of the class.
    pub(super) fn extensions(&self) -> impl Iterator<Item = &str> {
        self.members.iter().filter(|member| member.is_extension).map(|member| &*member.name)
    }

    /// What of it leads somewhere, by places or by names within it: all of it, some of its methods, or nothing.
    #[expect(clippy::option_option, reason = "nothing; all of it; some of its methods")]
    pub(super) fn leading(
        &self,
        places: &[usize],
        leads: impl Fn(&HashSet<u32>) -> bool,
    ) -> Option<Option<BTreeSet<String>>> {
        let member = |at: &usize| self.members.iter().find(|member| member.span.contains(at));
        if leads(&self.words) || places.iter().any(|at| member(at).is_none()) {
            return Some(None);
        }
        let by_place = places.iter().filter_map(member);
        let by_name = self.members.iter().filter(|member| leads(&member.words));
        let members: BTreeSet<_> =
            by_place.chain(by_name).map(|member| member.name.clone()).collect();
        (!members.is_empty()).then_some(Some(members))
    }
}

/// A method.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) span: Range<usize>,
    pub(super) words: HashSet<u32>,
    /// Whether it is called as a method of another type, which nobody does by the name of the class: `(this T it)` in C#.
    pub(super) is_extension: bool,
}

/// A name that is given to a value, or that has a type.
#[derive(Debug)]
pub(super) struct Binding {
    /// With dots, without `self.` and the like.
    pub(super) target: String,
    pub(super) span: Range<usize>,
    /// As it is written.
    pub(super) value: String,
    pub(super) value_span: Range<usize>,
    /// As it is written.
    pub(super) of_type: String,
    /// Whether it is a key within a literal or a call.
    pub(super) is_pair: bool,
}

/// A call.
#[derive(Debug)]
pub(super) struct Call {
    /// What is called, with dots, without `self.` and the like.
    pub(super) callee: String,
    pub(super) span: Range<usize>,
    /// Where the name of what is called stands: the last of the callee.
    pub(super) at: usize,
    /// Whether the callee is known to begin with a package and not with a value.
    pub(super) is_rooted: bool,
    /// Whether it is written as the making of an object: `new Redis()`.
    pub(super) is_new: bool,
    pub(super) arguments: Vec<Argument>,
}

/// A name with what it is in, as it stands in types and expressions.
#[derive(Debug)]
#[expect(clippy::struct_field_names, reason = "the path is what it is there for")]
pub(super) struct Path {
    pub(super) path: String,
    /// Whether it is known to begin with a package and not with a value.
    pub(super) is_rooted: bool,
    pub(super) span: Range<usize>,
}

/// What is given to a call.
#[derive(Debug)]
pub(super) struct Argument {
    pub(super) key: Option<String>,
    /// As it is written, shortened.
    pub(super) value: String,
}

/// A text in quotes, or a symbol.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) value: String,
    pub(super) span: Range<usize>,
}
