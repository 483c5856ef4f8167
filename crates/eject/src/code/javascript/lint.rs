//! Packages that a lint rule bans: that they are named shows that they are gone.

use oxc_ast::ast::{ObjectProperty, StringLiteral};
use oxc_ast_visit::Visit;

use super::known::imported;
use crate::finding::{Kind, Life, Sighting};

/// Rules that ban imports, without their plugins.
const RULES: &[&str] = &["no-restricted-imports", "no-restricted-modules", "no-restricted-require"];

/// The packages that a property of a configuration bans.
pub(super) fn banned(property: &ObjectProperty<'_>) -> Vec<Sighting> {
    let name = property.key.static_name();
    if !name.is_some_and(|name| RULES.iter().any(|rule| name.ends_with(rule))) {
        return Vec::new();
    }
    let mut bans = Bans::default();
    bans.visit_expression(&property.value);
    bans.sightings
}

#[derive(Default)]
struct Bans {
    sightings: Vec<Sighting>,
}

impl<'a> Visit<'a> for Bans {
    fn visit_string_literal(&mut self, text: &StringLiteral<'a>) {
        let name = text.value.trim_end_matches("/*");
        let package = imported(name).or_else(|| imported(&format!("{name}/client")));
        if let Some(package) = package {
            let span = text.span.start as usize..text.span.end as usize;
            let sighting = Sighting::of(Kind::Mention, package, span, &text.value);
            self.sightings.push(sighting.life(Life::Dormant, "a rule bans its import"));
        }
    }
}
