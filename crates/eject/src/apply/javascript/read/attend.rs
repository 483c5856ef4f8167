//! What is done to a client for its own sake: `client.on(…)`, `client.quit()`.

use oxc_ast::{AstKind, ast};
use oxc_span::GetSpan;
use oxc_syntax::node::NodeId;

use super::{
    super::facts::{Attendant, AttendantPlace, Item},
    Reader,
};

/// Methods by which a client is only attended to: nothing is asked of Redis for the program's own sake.
pub(super) const ATTENDING: &[&str] = &[
    "on",
    "once",
    "off",
    "addListener",
    "removeListener",
    "removeAllListeners",
    "setMaxListeners",
    "connect",
    "quit",
    "disconnect",
    "close",
    "destroy",
    "end",
    "unref",
    "ref",
];

/// What may follow in a chain.
pub(super) const FOLLOWING: &[&str] = &["then", "catch", "finally"];

impl Reader<'_, '_> {
    /// `client.on(…)` as a statement, as the body of an arrow function, or as an item of a list.
    pub(super) fn attendant(&mut self, node: NodeId, call: &ast::CallExpression<'_>) {
        let Some((symbol, mention)) = self.attended(call) else { return };
        let nodes = self.semantic.nodes();
        let through = |kind: &AstKind<'_>| {
            matches!(
                kind,
                AstKind::AwaitExpression(_)
                    | AstKind::ParenthesizedExpression(_)
                    | AstKind::ChainExpression(_)
                    | AstKind::UnaryExpression(_)
            )
        };
        let mut last = node;
        for around in nodes.ancestors(node) {
            if through(&around.kind()) {
                last = around.id();
                continue;
            }
            let span = self.range(nodes.kind(last).span());
            let (span, place) = match around.kind() {
                AstKind::ExpressionStatement(statement) => {
                    let block = nodes.parent_node(around.id());
                    match block.kind() {
                        AstKind::Program(_)
                        | AstKind::BlockStatement(_)
                        | AstKind::FunctionBody(_) => {
                            (self.range(statement.span), AttendantPlace::Statement)
                        }
                        _ => return,
                    }
                }
                // Its body is the call alone: another place in it is that of a parameter.
                AstKind::ArrowFunctionExpression(_) => (span, AttendantPlace::Body),
                AstKind::ArrayExpression(array) => {
                    let items: Vec<_> =
                        array.elements.iter().map(|it| self.range(it.span())).collect();
                    let Some(index) = items.iter().position(|it| *it == span) else { return };
                    let whole = self.range(array.span);
                    let inner = whole.start + 1..whole.end - 1;
                    (span, AttendantPlace::Item(Item { inner, items, index }))
                }
                _ => return,
            };
            self.facts.attendants.push(Attendant { symbol, mention, span, place });
            return;
        }
    }

    /// The client of a chain of nothing but [`ATTENDING`] calls.
    fn attended(&self, call: &ast::CallExpression<'_>) -> Option<(usize, usize)> {
        let ast::Expression::StaticMemberExpression(member) = call.callee.get_inner_expression()
        else {
            return None;
        };
        let is = |names: &[&str]| names.iter().any(|name| member.property.name == *name);
        match member.object.get_inner_expression() {
            ast::Expression::CallExpression(inner) if is(ATTENDING) || is(FOLLOWING) => {
                self.attended(inner)
            }
            object if is(ATTENDING) => self.named(object),
            _ => None,
        }
    }
}
