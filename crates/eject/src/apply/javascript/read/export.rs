//! What a module gives to others.

use oxc_ast::{AstKind, ast};
use oxc_span::GetSpan;
use oxc_syntax::{node::NodeId, symbol::SymbolId};

use super::{
    super::facts::{Export, ExportPlace, Item},
    Reader,
};

impl Reader<'_, '_> {
    pub(super) fn export(&mut self, export: &ast::ExportDeclaration<'_>) {
        let names: Vec<_> = match &export.declaration {
            ast::Declaration::VariableDeclaration(it) => {
                let ids = it.declarations.iter().filter_map(|it| match &it.id {
                    ast::BindingPattern::BindingIdentifier(id) => Some(&**id),
                    _ => None,
                });
                ids.map(|id| (id.name.to_string(), id.symbol_id.get())).collect()
            }
            ast::Declaration::FunctionDeclaration(it) => {
                it.id.iter().map(|id| (id.name.to_string(), id.symbol_id.get())).collect()
            }
            ast::Declaration::ClassDeclaration(it) => {
                it.id.iter().map(|id| (id.name.to_string(), id.symbol_id.get())).collect()
            }
            _ => Vec::new(),
        };
        let exports = names.into_iter().filter_map(|(name, symbol)| {
            Some(Export {
                name,
                symbol: symbol?.index(),
                mention: None,
                place: ExportPlace::Declaration,
            })
        });
        self.facts.exports.extend(exports);
    }

    pub(super) fn export_named(&mut self, export: &ast::ExportNamedDeclaration<'_>) {
        let items: Vec<_> = export.specifiers.iter().map(|it| self.range(it.span)).collect();
        let inner = self.braces(&items);
        for (index, it) in export.specifiers.iter().enumerate() {
            let ast::ModuleExportName::IdentifierReference(local) = &it.local else { continue };
            let Some(symbol) = self.symbol(local) else { continue };
            let item = Item { inner: inner.clone(), items: items.clone(), index };
            self.facts.exports.push(Export {
                name: it.exported.name().to_string(),
                symbol,
                mention: Some(self.range(local.span).start),
                place: ExportPlace::Item(item, self.range(export.span)),
            });
        }
    }

    pub(super) fn export_default(&mut self, export: &ast::ExportDefaultDeclaration<'_>) {
        if let ast::ExportDefaultDeclarationKind::FunctionDeclaration(it) = &export.declaration {
            let symbol = it.id.as_ref().and_then(|id| id.symbol_id.get()).map(SymbolId::index);
            let place = ExportPlace::Declaration;
            let export =
                |symbol| Export { name: "default".to_owned(), symbol, mention: None, place };
            self.facts.exports.extend(symbol.map(export));
            return;
        }
        let Some((symbol, at)) = export.declaration.as_expression().and_then(|it| self.named(it))
        else {
            return;
        };
        let place = ExportPlace::Statement(self.range(export.span));
        self.facts.exports.push(Export {
            name: "default".to_owned(),
            symbol,
            mention: Some(at),
            place,
        });
    }

    /// `module.exports = a`, `module.exports = { a }`, `exports.a = a`.
    pub(super) fn common_exports(&mut self, node: NodeId, it: &ast::AssignmentExpression<'_>) {
        let left = &self.text[self.range(it.left.span())];
        let statement = match self.semantic.nodes().parent_kind(node) {
            AstKind::ExpressionStatement(statement) => self.range(statement.span),
            _ => return,
        };
        let named = left.strip_prefix("module.exports.").or_else(|| left.strip_prefix("exports."));
        match (left, named, it.right.get_inner_expression()) {
            ("module.exports", _, ast::Expression::ObjectExpression(object)) => {
                let items: Vec<_> =
                    object.properties.iter().map(|it| self.range(it.span())).collect();
                let whole = self.range(object.span);
                for (index, property) in object.properties.iter().enumerate() {
                    let ast::ObjectPropertyKind::ObjectProperty(it) = property else { continue };
                    let (Some(name), Some((symbol, at))) =
                        (it.key.static_name(), self.named(&it.value))
                    else {
                        continue;
                    };
                    let item =
                        Item { inner: whole.start + 1..whole.end - 1, items: items.clone(), index };
                    self.facts.exports.push(Export {
                        name: name.into_owned(),
                        symbol,
                        mention: Some(at),
                        place: ExportPlace::Item(item, statement.clone()),
                    });
                }
            }
            (_, named, right) if left == "module.exports" || named.is_some() => {
                let Some((symbol, at)) = self.named(right) else { return };
                let name = named.unwrap_or("*").to_owned();
                let place = ExportPlace::Statement(statement);
                self.facts.exports.push(Export { name, symbol, mention: Some(at), place });
            }
            _ => {}
        }
    }
}
