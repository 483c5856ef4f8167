//! What each name of a module is bound to, which functions and classes there are, and who mentions whom.
//!
//! The nodes of the tree are gone through once, in order, without descending: no nesting is too deep for that.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, HashSet},
    rc::Rc,
};

use oxc_ast::{
    AstKind,
    ast::{
        AssignmentTarget, CallExpression, Class, Decorator, Expression, IdentifierReference,
        MemberExpression, NewExpression, ObjectExpression, StaticMemberExpression,
        TSInterfaceDeclaration, TSType, TSTypeAnnotation,
    },
};
use oxc_semantic::{AstNodes, Scoping};
use oxc_span::Span;
use oxc_syntax::{node::NodeId, symbol::SymbolId};

/// Where a name gets its value from.
#[derive(Clone, Debug)]
pub(super) enum Init<'a> {
    Value(&'a Expression<'a>),
    /// A property of a value.
    Part(Rc<Init<'a>>, Cow<'a, str>),
    /// What a list, or a map, holds: any of it, or that at a place.
    Element(Rc<Init<'a>>, Option<usize>),
    /// A map or list that this was put into: `clients[name] = createClient()`.
    Kept(Shape, &'a Expression<'a>),
    Function(NodeId),
    Class(NodeId),
    /// A parameter of a function, by its place.
    Parameter(NodeId, usize),
    /// What a decorator asks to be given.
    Injected(&'a [Decorator<'a>]),
    /// By the request that stands at a byte, and the name that is exported there.
    Import {
        at: u32,
        name: Cow<'a, str>,
    },
    /// It has this type.
    Typed(&'a TSType<'a>),
    /// It is the name of this type.
    Alias(&'a TSType<'a>),
    Interface(&'a TSInterfaceDeclaration<'a>),
}

/// What things are kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Shape {
    /// By keys: `new Map()`, `{}`.
    Map,
    /// One after the other: `[]`, `new Set()`.
    List,
}

/// A function, however it is written.
pub(super) struct Function<'a> {
    pub(super) name: Option<Cow<'a, str>>,
    pub(super) return_type: Option<&'a TSTypeAnnotation<'a>>,
    pub(super) returns: Vec<&'a Expression<'a>>,
    pub(super) class: Option<NodeId>,
}

/// A class, or a function that is used as one.
#[derive(Default)]
pub(super) struct ClassFacts<'a> {
    pub(super) class: Option<&'a Class<'a>>,
    pub(super) fields: Vec<Field<'a>>,
    pub(super) methods: Vec<Method<'a>>,
    pub(super) constructor: Option<NodeId>,
}

pub(super) struct Field<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) source: Init<'a>,
    pub(super) is_static: bool,
}

pub(super) struct Method<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) function: NodeId,
    pub(super) is_getter: bool,
    pub(super) is_static: bool,
}

/// A name, or `this`, with the properties that are asked of it.
pub(super) struct Mention<'a> {
    pub(super) root: Root,
    pub(super) names: Vec<&'a str>,
    pub(super) within: Option<NodeId>,
    pub(super) span: Span,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Root {
    Symbol(SymbolId),
    This(NodeId),
}

/// `a.b = c`.
pub(super) struct Assigned<'a> {
    pub(super) target: &'a StaticMemberExpression<'a>,
    pub(super) value: &'a Expression<'a>,
    /// The name that the whole is bound to: `var app = module.exports = …`.
    pub(super) bound: Option<SymbolId>,
}

/// A call or a construction, and the function that it stands in.
pub(super) enum Call<'a> {
    Plain(&'a CallExpression<'a>),
    New(&'a NewExpression<'a>),
}

pub(super) struct Bindings<'a> {
    pub(super) nodes: &'a AstNodes<'a>,
    pub(super) scoping: &'a Scoping,
    pub(super) inits: BTreeMap<SymbolId, Vec<Init<'a>>>,
    pub(super) functions: HashMap<NodeId, Function<'a>>,
    pub(super) classes: HashMap<NodeId, ClassFacts<'a>>,
    pub(super) mentions: Vec<Mention<'a>>,
    pub(super) assigned: Vec<Assigned<'a>>,
    pub(super) calls: Vec<(Call<'a>, Option<NodeId>)>,
    /// Names that stand for what the module exports: `var self = module.exports`, `(function (api) { … })(exports)`.
    pub(super) exports: HashSet<SymbolId>,
    /// The function around each node.
    pub(super) within: Vec<Option<NodeId>>,
}

impl<'a> Bindings<'a> {
    pub(super) fn symbol(&self, identifier: &IdentifierReference<'_>) -> Option<SymbolId> {
        self.scoping.get_reference(identifier.reference_id.get()?).symbol_id()
    }

    /// Whether an expression is what the module exports.
    pub(super) fn is_exports(&self, expression: &Expression<'_>) -> bool {
        match expression.get_inner_expression() {
            Expression::Identifier(name) => match self.symbol(name) {
                Some(symbol) => self.exports.contains(&symbol),
                None => name.name == "exports",
            },
            Expression::StaticMemberExpression(member) => {
                member.property.name == "exports"
                    && matches!(&member.object, Expression::Identifier(object)
                        if object.name == "module" && self.symbol(object).is_none())
            }
            Expression::AssignmentExpression(assignment) => match &assignment.left {
                AssignmentTarget::StaticMemberExpression(member) => {
                    member.property.name == "exports" && member.object.is_specific_id("module")
                }
                AssignmentTarget::AssignmentTargetIdentifier(name) => name.name == "exports",
                _ => false,
            },
            _ => false,
        }
    }

    pub(super) fn inits(&self, symbol: SymbolId) -> &[Init<'a>] {
        self.inits.get(&symbol).map_or(&[], Vec::as_slice)
    }

    pub(super) fn symbols(&self) -> impl Iterator<Item = (SymbolId, &[Init<'a>])> {
        self.inits.iter().map(|(symbol, inits)| (*symbol, inits.as_slice()))
    }

    /// The symbol of a name at the top of the module.
    pub(super) fn top(&self, name: &str) -> Option<SymbolId> {
        let root = self.scoping.root_scope_id();
        self.scoping
            .get_bindings(root)
            .iter()
            .find(|(known, _)| known.as_str() == name)
            .map(|(_, symbol)| *symbol)
    }

    pub(super) fn function(&self, function: NodeId) -> Option<&Function<'a>> {
        self.functions.get(&function)
    }

    pub(super) fn within(&self, node: NodeId) -> Option<NodeId> {
        self.within.get(node.index()).copied().flatten()
    }

    /// The functions around a node, from the nearest.
    pub(super) fn around(&self, within: Option<NodeId>) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(within, |function| self.within(*function))
    }

    pub(super) fn is_parameter(&self, symbol: SymbolId) -> bool {
        self.inits(symbol).iter().any(|init| {
            let mut init = init;
            while let Init::Part(of, _) | Init::Element(of, _) = init {
                init = of;
            }
            matches!(init, Init::Parameter(..))
        })
    }

    /// The class whose instance `this` is.
    pub(super) fn class_of_this(&self, this: NodeId) -> Option<NodeId> {
        let mut at = this;
        loop {
            let function = self.within(at);
            // A field's value is no function, and its `this` is the instance.
            let stop = function.unwrap_or(NodeId::ROOT);
            let field =
                self.nodes.ancestors(at).take_while(|node| node.id() != stop).find_map(|node| {
                    let is_field = matches!(
                        node.kind(),
                        AstKind::PropertyDefinition(_) | AstKind::StaticBlock(_)
                    );
                    is_field.then(|| self.class_around(node.id())).flatten()
                });
            if field.is_some() {
                return field;
            }
            let function = function?;
            if !matches!(self.nodes.kind(function), AstKind::ArrowFunctionExpression(_)) {
                return self.functions.get(&function)?.class;
            }
            at = function;
        }
    }

    /// The object of whose method `this` is the object: `{ queue, close() { return this.queue.close(); } }`.
    pub(super) fn object_of_this(&self, this: NodeId) -> Option<&'a ObjectExpression<'a>> {
        let is_arrow = |function: &NodeId| {
            matches!(self.nodes.kind(*function), AstKind::ArrowFunctionExpression(_))
        };
        let method = self.around(self.within(this)).find(|function| !is_arrow(function))?;
        let property = self.nodes.parent_id(method);
        let AstKind::ObjectProperty(_) = self.nodes.kind(property) else { return None };
        match self.nodes.parent_kind(property) {
            AstKind::ObjectExpression(object) => Some(object),
            _ => None,
        }
    }

    /// The value of a field of `this`.
    pub(super) fn field(&self, this: &Expression<'a>, name: &str) -> Option<&'a Expression<'a>> {
        let class = self.class_of_this(this_node(this)?)?;
        self.classes.get(&class)?.fields.iter().find_map(|field| match &field.source {
            Init::Value(value) if field.name == name => Some(*value),
            _ => None,
        })
    }

    /// The method of `this` of that name.
    pub(super) fn method(&self, this: &Expression<'a>, name: &str) -> Option<NodeId> {
        let class = self.class_of_this(this_node(this)?)?;
        let methods = &self.classes.get(&class)?.methods;
        methods.iter().find(|method| method.name == name).map(|method| method.function)
    }

    pub(super) fn class_around(&self, element: NodeId) -> Option<NodeId> {
        let mut around = self.nodes.ancestors(element);
        around.find(|node| matches!(node.kind(), AstKind::Class(_))).map(oxc_semantic::AstNode::id)
    }
}

/// The function that an expression is.
pub(super) fn callable(expression: &Expression<'_>) -> Option<NodeId> {
    match expression.get_inner_expression() {
        Expression::FunctionExpression(function) => Some(function.node_id.get()),
        Expression::ArrowFunctionExpression(arrow) => Some(arrow.node_id.get()),
        _ => None,
    }
}

/// The class that an expression is.
pub(super) fn class_expression(expression: &Expression<'_>) -> Option<NodeId> {
    match expression.get_inner_expression() {
        Expression::ClassExpression(class) => Some(class.node_id.get()),
        _ => None,
    }
}

pub(super) fn this_node(expression: &Expression<'_>) -> Option<NodeId> {
    match expression.get_inner_expression() {
        Expression::ThisExpression(this) => Some(this.node_id.get()),
        _ => None,
    }
}

/// The name at the beginning of an expression, behind calls and properties.
pub(super) fn root_identifier<'a>(
    expression: &'a Expression<'a>,
) -> Option<&'a IdentifierReference<'a>> {
    let mut at = expression.get_inner_expression();
    loop {
        at = match at {
            Expression::Identifier(identifier) => return Some(identifier),
            Expression::StaticMemberExpression(member) => member.object.get_inner_expression(),
            Expression::ComputedMemberExpression(member) => member.object.get_inner_expression(),
            Expression::CallExpression(call) => call.callee.get_inner_expression(),
            Expression::NewExpression(new) => new.callee.get_inner_expression(),
            Expression::AwaitExpression(awaited) => awaited.argument.get_inner_expression(),
            Expression::ChainExpression(chain) => match &chain.expression {
                oxc_ast::ast::ChainElement::CallExpression(call) => {
                    call.callee.get_inner_expression()
                }
                other => match other.as_member_expression()? {
                    MemberExpression::StaticMemberExpression(member) => {
                        member.object.get_inner_expression()
                    }
                    _ => return None,
                },
            },
            _ => return None,
        };
    }
}
