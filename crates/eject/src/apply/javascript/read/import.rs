//! What a module asks others for: imports, `require`, and what it gives on.

use std::ops::Range;

use oxc_ast::{AstKind, ast};
use oxc_span::{GetSpan, Span};
use oxc_syntax::{node::NodeId, symbol::SymbolId};

use super::{
    super::facts::{Form, Import, Imported, Item},
    Reader,
};

impl Reader<'_, '_> {
    pub(super) fn imports(&mut self) {
        for node in self.semantic.nodes().iter() {
            let import = match node.kind() {
                AstKind::ImportDeclaration(import) => self.import(import),
                AstKind::ExportFromDeclaration(export) => self.export_from(export),
                AstKind::ExportAllDeclaration(export) => {
                    let exported = export.exported.as_ref().map(|name| name.name().to_string());
                    let name = Imported {
                        span: self.range(export.span),
                        name: "*".to_owned(),
                        symbol: None,
                        is_type: false,
                        exported,
                        item: None,
                    };
                    self.asked(Form::All, export.span, &export.source, vec![name])
                }
                AstKind::TSImportType(import) => {
                    self.asked(Form::Type, import.span, &import.source, Vec::new())
                }
                AstKind::CallExpression(call) => {
                    let is_require = matches!(&call.callee, ast::Expression::Identifier(name)
                        if name.name == "require" && self.symbol(name).is_none());
                    match call.arguments.first() {
                        Some(ast::Argument::StringLiteral(source)) if is_require => {
                            self.bound(node.id(), call.span, source)
                        }
                        _ => continue,
                    }
                }
                AstKind::ImportExpression(import) => match &import.source {
                    ast::Expression::StringLiteral(source) => {
                        self.bound(node.id(), import.span, source)
                    }
                    _ => continue,
                },
                AstKind::TSExternalModuleReference(reference) => {
                    self.asked(Form::Other, reference.span, &reference.expression, Vec::new())
                }
                _ => continue,
            };
            self.facts.imports.push(import);
        }
    }

    fn asked(
        &self,
        form: Form,
        span: Span,
        source: &ast::StringLiteral<'_>,
        names: Vec<Imported>,
    ) -> Import {
        let (source_span, source) = (self.inside(source), source.value.to_string());
        Import { form, span: self.range(span), source, source_span, names, is_type: false }
    }

    fn import(&self, import: &ast::ImportDeclaration<'_>) -> Import {
        let Some(specifiers) = &import.specifiers else {
            return self.asked(Form::Bare, import.span, &import.source, Vec::new());
        };
        let is_named = |it: &&ast::ImportDeclarationSpecifier<'_>| {
            matches!(it, ast::ImportDeclarationSpecifier::ImportSpecifier(_))
        };
        let items: Vec<_> =
            specifiers.iter().filter(is_named).map(|it| self.range(it.span())).collect();
        let inner = self.braces(&items);
        let mut index = 0;
        let names = specifiers.iter().map(|specifier| {
            let is_named = is_named(&specifier);
            let (name, is_type) = match specifier {
                ast::ImportDeclarationSpecifier::ImportSpecifier(it) => {
                    (it.imported.name().to_string(), it.import_kind.is_type())
                }
                ast::ImportDeclarationSpecifier::ImportDefaultSpecifier(_) => {
                    ("default".to_owned(), false)
                }
                ast::ImportDeclarationSpecifier::ImportNamespaceSpecifier(_) => {
                    ("*".to_owned(), false)
                }
            };
            let item = is_named.then(|| Item { inner: inner.clone(), items: items.clone(), index });
            index += usize::from(is_named);
            let symbol = specifier.local().symbol_id.get().map(SymbolId::index);
            Imported {
                span: self.range(specifier.span()),
                name,
                symbol,
                is_type,
                exported: None,
                item,
            }
        });
        let names = names.collect();
        let mut asked = self.asked(Form::Import, import.span, &import.source, names);
        asked.is_type = import.import_kind.is_type();
        asked
    }

    fn export_from(&self, export: &ast::ExportFromDeclaration<'_>) -> Import {
        let items: Vec<_> = export.specifiers.iter().map(|it| self.range(it.span)).collect();
        let inner = self.braces(&items);
        let names = export.specifiers.iter().enumerate().map(|(index, it)| Imported {
            span: self.range(it.span),
            name: it.local.name().to_string(),
            symbol: None,
            is_type: it.export_kind.is_type(),
            exported: Some(it.exported.name().to_string()),
            item: Some(Item { inner: inner.clone(), items: items.clone(), index }),
        });
        let names = names.collect();
        let mut asked = self.asked(Form::ReExport, export.span, &export.source, names);
        asked.is_type = export.export_kind.is_type();
        asked
    }

    /// `const a = require()`, `const { a } = await import()`, or a call whose value goes elsewhere.
    fn bound(&self, call: NodeId, span: Span, source: &ast::StringLiteral<'_>) -> Import {
        let nodes = self.semantic.nodes();
        let through = |kind: &AstKind<'_>| {
            matches!(
                kind,
                AstKind::AwaitExpression(_)
                    | AstKind::ParenthesizedExpression(_)
                    | AstKind::TSAsExpression(_)
            )
        };
        let holder = nodes.ancestors(call).find(|node| !through(&node.kind()));
        let Some(AstKind::VariableDeclarator(declarator)) = holder.map(oxc_semantic::AstNode::kind)
        else {
            return self.asked(Form::Other, span, source, Vec::new());
        };
        let names = match &declarator.id {
            ast::BindingPattern::BindingIdentifier(name) => vec![Imported {
                span: self.range(name.span),
                name: "*".to_owned(),
                is_type: false,
                exported: None,
                item: None,
                symbol: name.symbol_id.get().map(SymbolId::index),
            }],
            ast::BindingPattern::ObjectPattern(pattern) if pattern.rest.is_none() => {
                let items: Vec<_> =
                    pattern.properties.iter().map(|it| self.range(it.span)).collect();
                let inner = self.braces(&items);
                let mut names = Vec::new();
                for (index, it) in pattern.properties.iter().enumerate() {
                    let (Some(name), ast::BindingPattern::BindingIdentifier(local)) =
                        (it.key.static_name(), &it.value)
                    else {
                        return self.asked(Form::Other, span, source, Vec::new());
                    };
                    names.push(Imported {
                        span: self.range(it.span),
                        name: name.into_owned(),
                        is_type: false,
                        exported: None,
                        symbol: local.symbol_id.get().map(SymbolId::index),
                        item: Some(Item { inner: inner.clone(), items: items.clone(), index }),
                    });
                }
                names
            }
            _ => return self.asked(Form::Other, span, source, Vec::new()),
        };
        self.asked(Form::Bound, declarator.span, source, names)
    }

    fn inside(&self, literal: &ast::StringLiteral<'_>) -> Range<usize> {
        let range = self.range(literal.span);
        range.start + 1..range.end.saturating_sub(1)
    }
}
