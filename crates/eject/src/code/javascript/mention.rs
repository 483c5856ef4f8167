//! Which mentions of a name are uses of a store.

use std::sync::Arc;

use oxc_span::Span;

use super::{
    binding::{Call, Mention, Root},
    construct::makes,
    purpose::Votes,
    reading::Reading,
    thing::{Nature, Thing},
};

impl<'a> Reading<'a, '_> {
    /// What is mentioned, if that leads to a store: not a type, nor a member that has nothing to do with it.
    pub(super) fn mentioned(&self, mention: &Mention<'a>) -> Option<Arc<Thing>> {
        let mut thing = match mention.root {
            Root::Symbol(symbol) => {
                // Who is only given a client uses it where a command is called.
                if self.bindings.is_parameter(symbol) {
                    return None;
                }
                self.things.get(&symbol)?
            }
            Root::This(class) => self.instances.get(&class)?,
        }
        .clone();
        for name in &mention.names {
            if matches!(thing.nature, Nature::Own | Nature::Holder) && !thing.members.is_empty() {
                thing = thing.member(name)?;
            } else {
                break;
            }
        }
        let is_bare_this = matches!(mention.root, Root::This(_)) && mention.names.is_empty();
        (leads(&thing) && !is_bare_this && !thing.is_given).then_some(thing)
    }

    /// The first thing that is mentioned in a part of the text.
    pub(super) fn used_between(&self, span: Span) -> Option<Arc<Thing>> {
        let from =
            self.bindings.mentions.partition_point(|mention| mention.span.start < span.start);
        let within = self.bindings.mentions[from..]
            .iter()
            .take_while(|mention| mention.span.start < span.end);
        let mut used = within.filter_map(|mention| self.mentioned(mention));
        let first = used.next()?;
        let mut votes = Votes::default();
        for verdict in first
            .purpose
            .iter()
            .chain(used.filter_map(|thing| thing.purpose.clone()).collect::<Vec<_>>().iter())
        {
            votes.add(verdict);
        }
        Some(Arc::new(Thing { purpose: votes.winner(), ..(*first).clone() }))
    }

    /// What a call uses of a client that the function was given.
    pub(super) fn used_by_call(&self, call: &Call<'a>) -> Option<Arc<Thing>> {
        match call {
            Call::Plain(call) => {
                let thing = self.value(&call.callee)?;
                matches!(thing.nature, Nature::Method(_) | Nature::Foreign(_) | Nature::Own)
                    .then_some(thing)
            }
            Call::New(new) => {
                let thing = self.value(&new.callee)?;
                matches!(thing.nature, Nature::Foreign(_)).then_some(thing)
            }
        }
        .filter(|thing| leads(thing))
    }
}

/// Whether the use of a thing is a use of the store.
pub(super) fn leads(thing: &Thing) -> bool {
    match &thing.nature {
        Nature::Foreign(_) => makes(thing, false),
        Nature::Type => false,
        Nature::Kept(_) => thing.gives.as_ref().is_some_and(|held| leads(held)),
        Nature::Holder => {
            thing.members.values().any(|member| leads(member))
                || thing.gives.as_ref().is_some_and(|gives| leads(gives) && gives.origin.is_some())
        }
        _ => true,
    }
}
