//! What functions and classes of a module stand for: what they use, what they give, what they keep.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use oxc_ast::ast::ClassElement;
use oxc_span::GetSpan as _;
use oxc_syntax::node::NodeId;

use super::{
    binding::{Bindings, Init},
    evaluate::DEEPEST,
    purpose::{Verdict, Votes},
    reading::{Reading, differs},
    thing::{Nature, Thing},
};

impl<'a> Reading<'a, '_> {
    pub(super) fn settle_functions(&mut self) -> bool {
        let mut uses: HashMap<NodeId, Arc<Thing>> = HashMap::new();
        let mut effects = None;
        let mut use_at = |bindings: &Bindings<'a>, within: Option<NodeId>, thing: &Arc<Thing>| {
            if within.is_none() {
                effects.get_or_insert_with(|| thing.clone());
            }
            for function in bindings.around(within) {
                let used = uses.entry(function).or_insert_with(|| thing.clone());
                // The shortest way is followed furthest.
                if thing.hops < used.hops {
                    *used = thing.clone();
                }
            }
        };
        for mention in &self.bindings.mentions {
            if let Some(thing) = self.mentioned(mention) {
                use_at(&self.bindings, mention.within, &thing);
            }
        }
        for (call, within) in &self.bindings.calls {
            if let Some(thing) = self.used_by_call(call) {
                use_at(&self.bindings, *within, &thing);
            }
        }
        self.effects = effects;
        let mut hands = self.hands();
        let mut is_new = false;
        for id in in_order(&self.bindings.functions) {
            let function = &self.bindings.functions[&id];
            let returned = function.returns.iter().find_map(|value| self.value(value));
            let gives = returned.or_else(|| {
                let annotation = function.return_type?;
                self.type_of(&annotation.type_annotation, DEEPEST)
            });
            let uses = uses.remove(&id);
            if uses.is_none() && gives.is_none() {
                continue;
            }
            let known = self.functions.entry(id).or_default();
            let hands = hands.remove(&id).unwrap_or_default();
            let is_same = known.uses.is_some() == uses.is_some()
                && known.hands.len() == hands.len()
                && known.gives.as_ref().map(|thing| thing.signature())
                    == gives.as_ref().map(|thing| thing.signature());
            if !is_same {
                is_new = true;
                known.uses = uses.or(known.uses.take());
                (known.gives, known.hands) = (gives, hands);
            }
        }
        is_new
    }

    pub(super) fn settle_classes(&mut self) -> bool {
        let mut is_new = false;
        for id in in_order(&self.bindings.classes) {
            let Some((class, instance)) = self.class(id) else { continue };
            if differs(self.classes.get(&id), &class) || differs(self.instances.get(&id), &instance)
            {
                is_new = true;
                self.classes.insert(id, class);
                self.instances.insert(id, instance);
            }
        }
        is_new
    }

    /// A class and its instances.
    pub(super) fn class(&self, id: NodeId) -> Option<(Arc<Thing>, Arc<Thing>)> {
        let facts = &self.bindings.classes[&id];
        let heritage = facts.class.and_then(|class| class.heritage.as_ref());
        let parent = heritage.and_then(|heritage| self.value(&heritage.expression));
        let (mut own, mut of_class) = (BTreeMap::new(), BTreeMap::new());
        // The instance leads to a store by what it does, or by what it keeps.
        let mut leads: Option<Arc<Thing>> = None;
        for field in &facts.fields {
            let Some(thing) = self.init(&field.source) else { continue };
            let is_typed = matches!(field.source, Init::Typed(_) | Init::Parameter(..));
            if !thing.is_given && (thing.is_instance() || !is_typed) {
                leads.get_or_insert_with(|| thing.clone());
            }
            let members = if field.is_static { &mut of_class } else { &mut own };
            members.entry(Box::from(&*field.name)).or_insert(thing);
        }
        for method in &facts.methods {
            let Some(thing) = self.function_thing(method.function) else { continue };
            leads = Some(thing.clone()).or(leads);
            let thing = if method.is_getter { thing.gives.clone().unwrap_or(thing) } else { thing };
            let members = if method.is_static { &mut of_class } else { &mut own };
            members.insert(Box::from(&*method.name), thing);
        }
        if let Some(constructor) =
            facts.constructor.and_then(|function| self.function_thing(function))
        {
            leads = leads.or(Some(constructor));
        }
        let decorators = facts.class.map_or(&[][..], |class| &class.decorators);
        let of_members = facts.class.into_iter().flat_map(|class| &class.body.body);
        let of_members = of_members.flat_map(|element| match element {
            ClassElement::MethodDefinition(method) => &method.decorators[..],
            ClassElement::PropertyDefinition(property) => &property.decorators[..],
            _ => &[],
        });
        leads = leads.or_else(|| {
            let mut decorators = decorators.iter().chain(of_members);
            decorators.find_map(|decorator| self.used_between(decorator.span))
        });
        let base = parent.as_ref().and_then(|parent| match parent.nature {
            Nature::Foreign(_) => parent.instance(),
            _ => parent.gives.clone(),
        });
        let mut instance = match (&base, &leads) {
            (Some(base), _) => (**base).clone(),
            (None, Some(leads)) => leads.turned(Nature::Own),
            (None, None) => {
                let held = own.values().chain(of_class.values()).next()?;
                held.turned(Nature::Holder)
            }
        };
        if let Some(base) = &base {
            instance.members.clone_from(&base.members);
        }
        instance.members.extend(own);
        instance.purpose = instance.purpose.or_else(|| self.purpose_of_class(id));
        let instance = Arc::new(instance);
        let nature = if instance.nature == Nature::Holder { Nature::Holder } else { Nature::Own };
        let mut class = instance.turned(nature);
        if let Some(name) = facts.class.and_then(|class| class.id.as_ref()) {
            class.way = instance.way.clone().after(self.step(name.span, name.name.as_str()));
        }
        class.members = of_class;
        class.gives = Some(instance.clone());
        Some((Arc::new(class), instance))
    }

    pub(super) fn purpose_of_class(&self, id: NodeId) -> Option<Verdict> {
        let mut votes = Votes::default();
        for method in &self.bindings.classes[&id].methods {
            if let Some(verdict) =
                self.functions.get(&method.function).and_then(|facts| facts.purpose.as_ref())
            {
                votes.add(verdict);
            }
        }
        votes.winner()
    }

    /// A function as a thing, or the class that it is by its prototype.
    pub(super) fn callable_thing(&self, id: NodeId) -> Option<Arc<Thing>> {
        self.classes.get(&id).cloned().or_else(|| self.function_thing(id))
    }

    /// A function as a thing: one that leads to a package, or gives what does.
    pub(super) fn function_thing(&self, id: NodeId) -> Option<Arc<Thing>> {
        let facts = self.functions.get(&id)?;
        let of = facts.uses.as_ref().or(facts.gives.as_ref())?;
        let mut thing = of.turned(if facts.uses.is_some() { Nature::Own } else { Nature::Holder });
        thing.gives.clone_from(&facts.gives);
        thing.hands = facts.hands.as_slice().into();
        thing.is_given = false;
        thing.purpose = facts.purpose.clone().or(thing.purpose);
        thing.origin = None;
        if let Some(name) = self.bindings.function(id).and_then(|function| function.name.as_ref()) {
            let span = self.bindings.nodes.kind(id).span();
            thing.way = thing.way.after(self.step(span, name));
        }
        Some(Arc::new(thing))
    }
}

/// In the order in which they stand in the file: what is known of one can decide what is found of the next.
fn in_order<T>(by_node: &HashMap<NodeId, T>) -> Vec<NodeId> {
    let mut ids: Vec<_> = by_node.keys().copied().collect();
    ids.sort_unstable();
    ids
}
