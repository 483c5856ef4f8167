//! How the bindings of a module are gathered.
//!
//! The nodes of the tree are gone through in order, without descending: no nesting is too deep for that.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, HashSet},
    rc::Rc,
};

use oxc_ast::{
    AstKind,
    ast::{
        AssignmentExpression, AssignmentTarget, BindingPattern, Expression, ForOfStatement,
        ForStatementLeft, FormalParameters, ImportDeclaration, ImportDeclarationSpecifier,
        TSModuleReference, TSTypeAnnotation, VariableDeclarator,
    },
};
use oxc_semantic::{AstNodes, Scoping};
use oxc_span::GetSpan as _;
use oxc_syntax::{node::NodeId, symbol::SymbolId};

mod class;

use super::{
    binding::{Assigned, Bindings, Call, Function, Init, Mention, Root, this_node},
    request::ALL,
};

/// No property is asked for through more names.
pub(super) const LONGEST_PATH: usize = 4;

impl<'a> Bindings<'a> {
    pub(super) fn gather(nodes: &'a AstNodes<'a>, scoping: &'a Scoping) -> Self {
        let mut bindings = Self {
            nodes,
            scoping,
            inits: BTreeMap::new(),
            functions: HashMap::new(),
            classes: HashMap::new(),
            mentions: Vec::new(),
            assigned: Vec::new(),
            calls: Vec::new(),
            exports: HashSet::new(),
            within: Vec::with_capacity(nodes.len()),
        };
        // Parents stand before their children.
        for node in nodes.iter() {
            let parent = nodes.parent_id(node.id());
            let within = if parent == node.id() {
                None
            } else if is_function(nodes.kind(parent)) {
                Some(parent)
            } else {
                bindings.within.get(parent.index()).copied().flatten()
            };
            bindings.within.push(within);
        }
        for node in nodes.iter() {
            bindings.take(node.id(), node.kind());
        }
        bindings.find_exports();
        bindings.attach_prototypes();
        for node in nodes.iter() {
            bindings.mention(node.id(), node.kind());
        }
        bindings.mentions.sort_by_key(|mention| mention.span.start);
        bindings
    }

    pub(super) fn find_exports(&mut self) {
        let mut found = Vec::new();
        for (symbol, inits) in self.symbols() {
            let is_alias = inits.iter().any(|init| match init {
                Init::Value(value) => self.is_exports(value),
                _ => false,
            });
            found.extend(is_alias.then_some(symbol));
        }
        for (call, _) in &self.calls {
            let Call::Plain(call) = call else { continue };
            let callee = match call.callee.get_inner_expression() {
                // `(function (api) { … }).call(this, exports)` is not met.
                Expression::FunctionExpression(function) => &function.params,
                Expression::ArrowFunctionExpression(arrow) => &arrow.params,
                _ => continue,
            };
            for (param, argument) in callee.items.iter().zip(&call.arguments) {
                let is_alias = argument.as_expression().is_some_and(|value| self.is_exports(value));
                let name = param.pattern.get_binding_identifier();
                found.extend(name.filter(|_| is_alias).and_then(|name| name.symbol_id.get()));
            }
        }
        self.exports.extend(found);
    }

    pub(super) fn bind(&mut self, pattern: &'a BindingPattern<'a>, init: &Init<'a>) {
        match pattern {
            BindingPattern::BindingIdentifier(name) => {
                self.begin(name.symbol_id.get(), init.clone());
            }
            BindingPattern::ObjectPattern(object) => {
                let of = Rc::new(init.clone());
                for property in &object.properties {
                    if let Some(name) = property.key.static_name() {
                        self.bind(&property.value, &Init::Part(of.clone(), name));
                    }
                }
                if let Some(rest) = &object.rest {
                    self.bind(&rest.argument, init);
                }
            }
            BindingPattern::ArrayPattern(array) => {
                let of = Rc::new(init.clone());
                for (at, element) in array.elements.iter().enumerate() {
                    if let Some(element) = element {
                        self.bind(element, &Init::Element(of.clone(), Some(at)));
                    }
                }
            }
            BindingPattern::AssignmentPattern(default) => {
                self.bind(&default.left, init);
                self.bind(&default.left, &Init::Value(&default.right));
            }
        }
    }

    /// A name that begins with something; what has no name is not asked for.
    fn begin(&mut self, name: Option<SymbolId>, init: Init<'a>) {
        if let Some(symbol) = name {
            self.inits.entry(symbol).or_default().push(init);
        }
    }

    pub(super) fn take(&mut self, id: NodeId, kind: AstKind<'a>) {
        match kind {
            AstKind::VariableDeclarator(declarator) => self.take_declarator(declarator),
            AstKind::ForOfStatement(each) => self.take_each(each),
            AstKind::Function(function) => {
                let name = function.id.as_ref();
                self.begin(name.and_then(|name| name.symbol_id.get()), Init::Function(id));
                let name = name.map(|name| Cow::Borrowed(name.name.as_str()));
                let return_type = function.return_type.as_deref();
                self.take_function(id, name, &function.params, return_type, None);
            }
            AstKind::ArrowFunctionExpression(arrow) => {
                let value = arrow.body.as_expression();
                self.take_function(id, None, &arrow.params, arrow.return_type.as_deref(), value);
            }
            AstKind::ReturnStatement(statement) => {
                if let (Some(value), Some(function)) = (&statement.argument, self.within(id))
                    && let Some(function) = self.functions.get_mut(&function)
                {
                    function.returns.push(value);
                }
            }
            AstKind::Class(class) => self.take_class(id, class),
            AstKind::AssignmentExpression(assignment) => self.take_assignment(id, assignment),
            AstKind::ImportDeclaration(import) => self.take_import(import),
            AstKind::TSImportEqualsDeclaration(import) => {
                if let TSModuleReference::ExternalModuleReference(reference) =
                    &import.module_reference
                {
                    let init = Init::Import { at: reference.span.start, name: ALL.into() };
                    self.begin(import.id.symbol_id.get(), init);
                }
            }
            AstKind::TSTypeAliasDeclaration(alias) => {
                self.begin(alias.id.symbol_id.get(), Init::Alias(&alias.type_annotation));
            }
            AstKind::TSInterfaceDeclaration(interface) => {
                self.begin(interface.id.symbol_id.get(), Init::Interface(interface));
            }
            AstKind::CallExpression(call) => {
                let within = self.within(id);
                self.calls.push((Call::Plain(call), within));
                self.take_put(call);
            }
            AstKind::NewExpression(new) => {
                let within = self.within(id);
                self.calls.push((Call::New(new), within));
            }
            _ => {}
        }
    }

    fn take_declarator(&mut self, declarator: &'a VariableDeclarator<'a>) {
        if let Some(init) = &declarator.init {
            self.bind(&declarator.id, &Init::Value(init));
        }
        if let Some(annotation) = &declarator.type_annotation {
            self.bind(&declarator.id, &Init::Typed(&annotation.type_annotation));
        }
    }

    fn take_each(&mut self, each: &'a ForOfStatement<'a>) {
        if let ForStatementLeft::VariableDeclaration(declaration) = &each.left {
            for declarator in &declaration.declarations {
                let list = Rc::new(Init::Value(&each.right));
                self.bind(&declarator.id, &Init::Element(list, None));
            }
        }
    }

    fn take_assignment(&mut self, id: NodeId, assignment: &'a AssignmentExpression<'a>) {
        match &assignment.left {
            AssignmentTarget::AssignmentTargetIdentifier(name) => {
                let symbol = self.symbol(name);
                self.begin(symbol, Init::Value(&assignment.right));
            }
            AssignmentTarget::StaticMemberExpression(target) => {
                let bound = match self.nodes.parent_kind(id) {
                    AstKind::VariableDeclarator(declarator) => {
                        declarator.id.get_binding_identifier().and_then(|name| name.symbol_id.get())
                    }
                    _ => None,
                };
                self.assigned.push(Assigned { target, value: &assignment.right, bound });
            }
            AssignmentTarget::PrivateFieldExpression(target) => {
                let this = this_node(&target.object);
                if let Some(class) = this.and_then(|this| self.class_of_this(this)) {
                    let name = format!("#{}", target.field.name).into();
                    self.add_field(class, name, &assignment.right);
                }
            }
            AssignmentTarget::ComputedMemberExpression(target) => {
                self.take_element(target, &assignment.right);
            }
            _ => {}
        }
    }

    pub(super) fn take_function(
        &mut self,
        id: NodeId,
        name: Option<Cow<'a, str>>,
        params: &'a FormalParameters<'a>,
        return_type: Option<&'a TSTypeAnnotation<'a>>,
        value: Option<&'a Expression<'a>>,
    ) {
        for (index, param) in params.items.iter().enumerate() {
            if let Some(annotation) = &param.type_annotation {
                self.bind(&param.pattern, &Init::Typed(&annotation.type_annotation));
            }
            self.bind(&param.pattern, &Init::Parameter(id, index));
            if let Some(default) = &param.initializer {
                self.bind(&param.pattern, &Init::Value(default));
            }
            if !param.decorators.is_empty() {
                self.bind(&param.pattern, &Init::Injected(&param.decorators));
            }
        }
        let mut class = None;
        let parent = self.nodes.parent_node(id);
        let name = name.or_else(|| match parent.kind() {
            AstKind::VariableDeclarator(declarator) => {
                declarator.id.get_identifier_name().map(|name| Cow::Borrowed(name.as_str()))
            }
            AstKind::ObjectProperty(property) => property.key.static_name(),
            AstKind::MethodDefinition(method) => {
                method.key.static_name().or_else(|| method.key.name())
            }
            AstKind::PropertyDefinition(property) => property.key.static_name(),
            AstKind::AssignmentExpression(assignment) => match &assignment.left {
                AssignmentTarget::StaticMemberExpression(member) => {
                    Some(Cow::Borrowed(member.property.name.as_str()))
                }
                _ => None,
            },
            _ => None,
        });
        if matches!(parent.kind(), AstKind::MethodDefinition(_) | AstKind::PropertyDefinition(_)) {
            class = self.class_around(id);
        }
        let returns = value.into_iter().collect();
        self.functions.insert(id, Function { name, return_type, returns, class });
    }

    pub(super) fn take_import(&mut self, import: &'a ImportDeclaration<'a>) {
        for specifier in import.specifiers.iter().flatten() {
            let name = match specifier {
                ImportDeclarationSpecifier::ImportSpecifier(one) => {
                    Cow::Owned(one.imported.name().to_string())
                }
                ImportDeclarationSpecifier::ImportDefaultSpecifier(_) => Cow::Borrowed("default"),
                ImportDeclarationSpecifier::ImportNamespaceSpecifier(_) => Cow::Borrowed(ALL),
            };
            let init = Init::Import { at: import.span.start, name };
            self.begin(specifier.local().symbol_id.get(), init);
        }
    }

    /// Remembers who is mentioned, with the properties asked for.
    pub(super) fn mention(&mut self, id: NodeId, kind: AstKind<'a>) {
        let (root, span) = match kind {
            AstKind::IdentifierReference(identifier) => {
                let Some(reference) = identifier.reference_id.get() else { return };
                let reference = self.scoping.get_reference(reference);
                if !reference.is_value() {
                    return;
                }
                let Some(symbol) = reference.symbol_id() else { return };
                (Root::Symbol(symbol), identifier.span)
            }
            AstKind::ThisExpression(this) => match self.class_of_this(id) {
                Some(class) => (Root::This(class), this.span),
                None => return,
            },
            _ => return,
        };
        let (mut names, mut at) = (Vec::new(), id);
        while names.len() < LONGEST_PATH {
            let parent = self.nodes.parent_node(at);
            match parent.kind() {
                AstKind::StaticMemberExpression(member)
                    if member.object.span() == self.nodes.kind(at).span() =>
                {
                    names.push(member.property.name.as_str());
                }
                AstKind::TSNonNullExpression(_) | AstKind::ChainExpression(_) => {}
                _ => break,
            }
            at = parent.id();
        }
        let within = self.within(id);
        self.mentions.push(Mention { root, names, within, span });
    }
}

pub(super) fn is_function(kind: AstKind<'_>) -> bool {
    matches!(kind, AstKind::Function(_) | AstKind::ArrowFunctionExpression(_))
}
