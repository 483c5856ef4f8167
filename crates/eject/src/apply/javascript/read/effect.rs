//! What a module does, beside computing and giving names; and what it makes with which options.

use oxc_ast::{AstKind, ast};
use oxc_span::{GetSpan, Span};
use oxc_syntax::node::NodeId;

use super::{
    super::facts::{Argument, Construct, Effect},
    Reader,
};

/// Calls that do nothing but compute.
const COMPUTING: &[&str] = &[
    "Number",
    "String",
    "Boolean",
    "Error",
    "TypeError",
    "RangeError",
    "parseInt",
    "parseFloat",
    "BigInt",
    "URL",
    "Map",
    "Set",
    "Object.freeze",
    "Object.assign",
    "JSON.parse",
    "JSON.stringify",
    "Number.parseInt",
    "Number.parseFloat",
    "Math.min",
    "Math.max",
];

/// Methods of values that do nothing but compute.
const COMPUTING_METHODS: &[&str] = &[
    "trim",
    "split",
    "replace",
    "replaceAll",
    "toLowerCase",
    "toUpperCase",
    "toString",
    "slice",
    "startsWith",
    "endsWith",
    "includes",
    "map",
    "filter",
    "join",
    "concat",
];

impl Reader<'_, '_> {
    pub(super) fn effect(&mut self, node: NodeId, span: Span) {
        let function = self.semantic.nodes().ancestor_kinds(node).find_map(|kind| match kind {
            AstKind::Function(it) => Some(it.span),
            AstKind::ArrowFunctionExpression(it) => Some(it.span),
            _ => None,
        });
        let function = function.map(|span| self.range(span));
        self.facts.effects.push(Effect { at: self.range(span).start, function, called: None });
    }

    /// Whether a call only computes.
    pub(super) fn computes(&self, callee: &ast::Expression<'_>) -> bool {
        let written = &self.text[self.range(callee.span())];
        if COMPUTING.contains(&written) {
            return true;
        }
        let ast::Expression::StaticMemberExpression(member) = callee.get_inner_expression() else {
            return false;
        };
        COMPUTING_METHODS.iter().any(|name| member.property.name == *name)
    }

    pub(super) fn construct(&mut self, new: &ast::NewExpression<'_>) {
        let (symbol, member) = match new.callee.get_inner_expression() {
            ast::Expression::StaticMemberExpression(member) => {
                let Some((symbol, _)) = self.named(&member.object) else { return };
                (symbol, Some(member.property.name.to_string()))
            }
            callee => {
                let Some((symbol, _)) = self.named(callee) else { return };
                (symbol, None)
            }
        };
        let span = self.range(new.span);
        let arguments = new.arguments.iter().map(|argument| {
            let shape = match argument.as_expression() {
                Some(expression) => {
                    match (self.named(expression), expression.get_inner_expression()) {
                        (Some((symbol, at)), _) => Argument::Name(symbol, at),
                        (None, ast::Expression::ObjectExpression(object)) => {
                            Argument::Object(self.object(object))
                        }
                        _ => Argument::Other,
                    }
                }
                None => Argument::Other,
            };
            (self.range(argument.span()), shape)
        });
        let arguments: Vec<_> = arguments.collect();
        let from = new.type_arguments.as_ref().map_or(new.callee.span().end, |it| it.span.end);
        let from = self.mark + from as usize;
        let Some(open) = self.text[from..span.end].find('(') else { return };
        let inner = from + open + 1..span.end - 1;
        self.facts.constructs.push(Construct { symbol, member, inner, arguments });
    }
}
