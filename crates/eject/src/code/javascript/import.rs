//! What is imported, or given by a decorator, as a name is bound to it.

use std::sync::Arc;

use oxc_ast::ast::{Argument, Decorator, Expression};
use oxc_span::Span;

use super::{
    knowledge::knowledge,
    known::package_name,
    reading::Reading,
    request::ALL,
    spread::Target,
    thing::{Nature, Thing},
    variable::last_name,
};
use crate::{
    catalogue::{Package, Role},
    finding::Step,
};

/// Things are taken apart so deep.
pub(super) const INSIDE: usize = 4;

impl<'a> Reading<'a, '_> {
    /// What is imported by the request at a byte.
    pub(super) fn import(&self, at: u32, name: &str) -> Option<Arc<Thing>> {
        let requests = &self.around.tree.modules[self.id as usize].requests;
        // A name that is made when it runs may be that of several modules.
        requests.at(at).find_map(|index| self.import_by(at, index, name))
    }

    pub(super) fn import_by(&self, at: u32, index: usize, name: &str) -> Option<Arc<Thing>> {
        let requests = &self.around.tree.modules[self.id as usize].requests;
        let request = requests.get(index);
        let step = || self.step(Span::new(at, at), requests.specifier(request));
        match self.around.target(self.id, index) {
            Target::Foreign(package) => {
                Some(foreign(package, requests.specifier(request), name, step()))
            }

            Target::Own(module) => {
                let thing = self.around.export(module, name)?;
                if thing.hops >= self.around.depth {
                    return None;
                }
                Some(Arc::new(imported(&thing, &step())))
            }
            Target::Outside => None,
        }
    }

    /// `@Inject(TOKEN)`, `@InjectQueue("…")`: what is given there.
    pub(super) fn injected(&self, decorator: &'a Decorator<'a>) -> Option<Arc<Thing>> {
        let Expression::CallExpression(call) = &decorator.expression else {
            return self.injection(&decorator.expression, decorator.span);
        };
        if last_name(&call.callee).is_some_and(|name| name.eq_ignore_ascii_case("inject")) {
            let token = match call.arguments.first()? {
                Argument::StringLiteral(token) => token.value.to_string(),
                other => {
                    let value = other.as_expression()?;
                    // A class is its own token.
                    if let Some(instance) = self.value(value).and_then(|class| class.instance()) {
                        return Some(instance);
                    }
                    last_name(value)?.to_owned()
                }
            };
            return self.around.token(&token);
        }
        self.injection(&call.callee, decorator.span)
    }

    pub(super) fn injection(&self, callee: &'a Expression<'a>, span: Span) -> Option<Arc<Thing>> {
        let thing = self.value(callee)?;
        let is_injection = knowledge().injections.contains(thing.class());
        is_injection.then(|| Arc::new(thing.made(thing.class(), Some((self.id, span.start)))))
    }
}

/// An export of a package, as a name is bound to it.
pub(super) fn foreign(
    package: &'static Package,
    specifier: &str,
    name: &str,
    step: Step,
) -> Arc<Thing> {
    let path = if name == ALL { "" } else { name };
    let way = super::thing::Way::default().after(step);
    let called = package_name(specifier).unwrap_or(&package.name);
    // What needs the store may be a part of the package that has a name of its own: `unstorage/drivers/redis`.
    let is_told =
        package.role == Role::Optional && package.only.iter().any(|only| only == specifier);
    let mut thing = Thing::new(Nature::Foreign(path.into()), package, called, way);
    thing.is_told = is_told;
    // Some packages export a client that is made already.
    let is_ready = matches!(
        (called, path),
        ("@vercel/kv", "kv" | "default") | ("bun" | "@devvit/redis", "redis")
    );
    if is_ready {
        thing = thing.made(path, None);
    }
    Arc::new(thing)
}

/// A thing of another module, as a name is bound to it here: what is inside is reached by the same import.
pub(super) fn imported(thing: &Thing, step: &Step) -> Thing {
    inside(thing, step, INSIDE)
}

pub(super) fn inside(thing: &Thing, step: &Step, deep: usize) -> Thing {
    let mut here = thing.clone();
    here.way = thing.way.after(step.clone());
    here.hops += 1;
    if let Some(deeper) = deep.checked_sub(1) {
        let members = thing.members.iter();
        here.members = members
            .map(|(name, member)| (name.clone(), Arc::new(inside(member, step, deeper))))
            .collect();
        here.gives = thing.gives.as_ref().map(|gives| Arc::new(inside(gives, step, deeper)));
    }
    here
}
