//! What a name stands for, as far as it leads to a store.

use std::{
    collections::{BTreeMap, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
    sync::{Arc, OnceLock},
};

use super::{
    binding::Shape,
    construct::is_only,
    knowledge::knowledge,
    purpose::{Verdict, by_constructor},
    resolve::ModuleId,
};
use crate::{catalogue::Package, finding::Step};

/// A way to a package, shared by all that begin with other steps.
#[derive(Clone, Debug, Default)]
pub(super) struct Way(Option<Arc<Link>>);

#[derive(Debug)]
struct Link {
    step: Step,
    next: Way,
}

impl Way {
    /// The way with one more step before it.
    pub(super) fn after(&self, step: Step) -> Self {
        Self(Some(Arc::new(Link { step, next: self.clone() })))
    }

    pub(super) fn first(&self) -> Option<&Step> {
        self.0.as_ref().map(|link| &link.step)
    }

    pub(super) fn steps(&self) -> Vec<Step> {
        let (mut steps, mut at) = (Vec::new(), self);
        while let Some(link) = &at.0 {
            steps.push(link.step.clone());
            at = &link.next;
        }
        steps
    }
}

/// Where a client was made.
pub(super) type Origin = (ModuleId, u32);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Nature {
    /// An export of a package of the catalogue, by the path of names to it; empty for the whole.
    Foreign(Box<str>),
    /// What a constructor or factory of that name gave.
    Made(Box<str>),
    /// Commands that are gathered.
    Batch,
    /// A method of a client, as a value.
    Method(Box<str>),
    /// What another package made of a client that it was given.
    Derived,
    /// A function, class or object of the tree that leads to a client.
    Own,
    /// An object of which the members matter and no more.
    Holder,
    /// A map or list: `gives` is what it holds.
    Kept(Shape),
    /// An interface or an alias: `gives` is what has this type.
    Type,
}

/// `const withRedis = (work) => work(client)`: a function that calls a function of its arguments with a client.
#[derive(Clone, Debug)]
pub(super) struct Hand {
    /// The place of the function among the arguments.
    pub(super) function: usize,
    /// The place of the client among those of that function.
    pub(super) index: usize,
    pub(super) client: Arc<Thing>,
}

/// What a name stands for.
#[derive(Clone, Debug)]
pub(super) struct Thing {
    pub(super) nature: Nature,
    /// The package that it leads to.
    pub(super) package: &'static Package,
    /// The package's name where the catalogue has only its beginning.
    pub(super) called: Arc<str>,
    pub(super) purpose: Option<Verdict>,
    pub(super) members: BTreeMap<Box<str>, Arc<Thing>>,
    /// What a call of it, or `new`, gives.
    pub(super) gives: Option<Arc<Thing>>,
    /// The clients that it calls functions with which it is given.
    pub(super) hands: Arc<[Hand]>,
    /// From here to the package.
    pub(super) way: Way,
    /// How many imports of the tree's own modules are between it and the package.
    pub(super) hops: usize,
    pub(super) origin: Option<Origin>,
    /// It is known only because somebody gave it to a function.
    pub(super) is_given: bool,
    /// Of a package that may use another store: it was asked for by the name of what needs this one.
    pub(super) is_told: bool,
    /// Whatever is asked of it leads to the store as well; of a client, what is no command.
    pub(super) is_open: bool,
    pub(super) signed: Signed,
}

impl Thing {
    pub(super) fn new(nature: Nature, package: &'static Package, called: &str, way: Way) -> Self {
        Self {
            nature,
            package,
            called: called.into(),
            purpose: None,
            members: BTreeMap::new(),
            gives: None,
            hands: Arc::default(),
            way,
            hops: 0,
            origin: None,
            is_given: false,
            is_told: false,
            is_open: false,
            signed: Signed::default(),
        }
    }

    /// The same way, another nature.
    pub(super) fn turned(&self, nature: Nature) -> Self {
        let (members, hands) = (BTreeMap::new(), Arc::default());
        Self { nature, members, hands, gives: None, ..self.clone() }
    }

    /// A property of it.
    pub(super) fn member(self: &Arc<Self>, name: &str) -> Option<Arc<Self>> {
        if let Some(member) = self.members.get(name) {
            return Some(member.clone());
        }
        match &self.nature {
            Nature::Foreign(path) => {
                let is_same = matches!(name, "default" | "exports") && path.is_empty();
                let path = match (is_same, path.is_empty()) {
                    (true, _) => "default".to_owned(),
                    (_, true) => name.to_owned(),
                    (_, false) if &**path == "default" => name.to_owned(),
                    _ => format!("{path}.{name}"),
                };
                Some(Arc::new(self.turned(Nature::Foreign(path.into()))))
            }
            Nature::Own if self.is_open => Some(self.clone()),
            Nature::Made(_) if self.is_open && !knowledge().methods.contains(name) => {
                Some(self.clone())
            }
            // A whole that has no `default` is one itself, as compilers make it.
            Nature::Own | Nature::Holder if name == "default" => Some(self.clone()),
            Nature::Made(_) if knowledge().rooms.contains(name) => Some(self.clone()),
            Nature::Made(_) | Nature::Derived if self.is_command(name) => {
                Some(Arc::new(self.turned(Nature::Method(name.into()))))
            }
            _ => None,
        }
    }

    /// Whether a method of that name is one of the store's.
    pub(super) fn is_command(&self, name: &str) -> bool {
        match &self.nature {
            // What a job says of itself is known already; what it does to itself is sent.
            Nature::Made(class) if knowledge().jobs.contains(&**class) => {
                knowledge().job_methods.contains(name)
            }
            Nature::Made(_) | Nature::Batch => !knowledge().not_commands.contains(name),
            Nature::Derived => knowledge().methods.contains(name.trim_end_matches("Async")),
            _ => false,
        }
    }

    /// What has it as its type.
    pub(super) fn instance(self: &Arc<Self>) -> Option<Arc<Self>> {
        match &self.nature {
            Nature::Foreign(path) => {
                let class = path.rsplit('.').next().unwrap_or_default();
                // Of what is for much else, only what needs the store has clients as its types.
                if self.package.is_quiet && !is_only(self.package, path) {
                    return None;
                }
                let is_job = knowledge().jobs.contains(class);
                if !is_job && knowledge().makes_nothing.contains(class) || class.ends_with("Error")
                {
                    return None;
                }
                Some(Arc::new(self.made(class, None)))
            }
            Nature::Type | Nature::Own => self.gives.clone(),
            _ => None,
        }
    }

    /// What a constructor or factory of a package gives.
    pub(super) fn made(&self, class: &str, origin: Option<Origin>) -> Self {
        let mut made = self.turned(Nature::Made(class.into()));
        made.origin = origin;
        made.purpose = by_constructor(self.package, class);
        made
    }

    /// The last name of an export, without `default`.
    pub(super) fn class(&self) -> &str {
        match &self.nature {
            Nature::Foreign(path) | Nature::Made(path) => match path.rsplit('.').next() {
                Some("default" | "") | None => &self.called,
                Some(class) => class,
            },
            _ => "",
        }
    }

    /// Whether it is a client, or a thing that keeps one.
    pub(super) fn is_instance(&self) -> bool {
        matches!(self.nature, Nature::Made(_) | Nature::Derived | Nature::Batch | Nature::Method(_))
    }

    /// Whether it is a client or an object that holds one, as an argument by which a client is handed on.
    pub(super) fn holds_instance(&self) -> bool {
        self.is_instance()
            || self.nature == Nature::Holder
                && self.members.values().any(|member| member.holds_instance())
            || matches!(self.nature, Nature::Kept(_))
                && self.gives.as_ref().is_some_and(|held| held.holds_instance())
    }

    /// What stands for it as far as others can tell the difference.
    pub(super) fn signature(&self) -> u64 {
        self.sign(DEPTH - 1)
    }

    /// Things may hold each other through modules that import each other, so it is signed to a depth; and what many
    /// hold is signed once.
    fn sign(&self, depth: usize) -> u64 {
        *self.signed.0[depth].get_or_init(|| {
            let mut hasher = DefaultHasher::new();
            self.nature.hash(&mut hasher);
            self.package.name.hash(&mut hasher);
            self.purpose.as_ref().map(|verdict| verdict.purpose).hash(&mut hasher);
            (self.is_given, self.is_open, self.hands.len()).hash(&mut hasher);
            if let Some(deeper) = depth.checked_sub(1) {
                for (name, member) in &self.members {
                    name.hash(&mut hasher);
                    member.sign(deeper).hash(&mut hasher);
                }
                self.gives.as_ref().map(|gives| gives.sign(deeper)).hash(&mut hasher);
            }
            hasher.finish()
        })
    }
}

/// Things are told apart by what they hold, so deep.
const DEPTH: usize = 5;

/// Signatures by depth. A copy is made in order to be changed, so it has none.
#[derive(Debug, Default)]
pub(super) struct Signed([OnceLock<u64>; DEPTH]);

impl Clone for Signed {
    fn clone(&self) -> Self {
        Self::default()
    }
}
