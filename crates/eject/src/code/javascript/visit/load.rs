//! What a module asks for: by a name, by names that are made when it runs, and by listing a folder.

use oxc_ast::ast::{BindingPattern, CallExpression, Expression};
use oxc_span::Span;

use super::{
    super::{
        folder::constant_start,
        request::{ALL, Asked, Manner},
    },
    Reader,
};
use crate::file::folder_of;

impl Reader {
    pub(super) fn ask(&mut self, specifier: &str, names: Vec<String>, span: Span, manner: Manner) {
        let span = span.start..span.end;
        self.asked.push(Asked { specifier: specifier.to_owned(), names, span, manner });
    }

    /// `require` and `import()` of what is known.
    pub(super) fn ask_call(&mut self, source: &Expression<'_>, span: Span) {
        // What nothing is taken of is loaded for what it does.
        if let Expression::StringLiteral(text) = source.get_inner_expression()
            && self.unbound == Some(span.start)
        {
            return self.ask(&text.value, Vec::new(), span, Manner::Effects);
        }
        let names = self.wanted.remove(&span.start).unwrap_or_else(|| vec![ALL.to_owned()]);
        self.ask_for(source, names, span);
    }

    pub(super) fn ask_for(&mut self, source: &Expression<'_>, names: Vec<String>, span: Span) {
        match source.get_inner_expression() {
            Expression::ConditionalExpression(either) => {
                self.ask_for(&either.consequent, names.clone(), span);
                self.ask_for(&either.alternate, names, span);
            }
            Expression::LogicalExpression(either) => {
                self.ask_for(&either.left, names.clone(), span);
                self.ask_for(&either.right, names, span);
            }
            Expression::StringLiteral(text) => self.ask(&text.value, names, span, Manner::Value),
            Expression::TemplateLiteral(template) => {
                if let Some(text) = template.single_quasi() {
                    return self.ask(&text, names, span, Manner::Value);
                }
                let start = constant_start(source);
                if start.starts_with('.') && start.contains('/') {
                    let end = template.quasis.last().map_or("", |quasi| quasi.value.raw.as_str());
                    self.ask(&format!("{start}*{end}"), names, span, Manner::Value);
                }
                self.load(&start);
            }
            Expression::Identifier(name) if self.constants.contains_key(name.name.as_str()) => {
                let text = self.constants[name.name.as_str()].clone();
                self.ask(&text, names, span, Manner::Value);
            }
            _ => self.load(&constant_start(source)),
        }
    }

    /// A module is loaded whose name is made when it runs; the beginning of it may be known.
    pub(super) fn load(&mut self, start: &str) {
        self.loads_anything = true;
        if let Some((folder, _)) = start.rsplit_once('/') {
            self.is_scanning = true;
            self.scans.push(folder.to_owned());
        }
    }

    /// `readdirSync(…)`, `glob("…")`, `import.meta.glob("…")`, `require.context("…")`.
    pub(super) fn scan(&mut self, name: &str, call: &CallExpression<'_>) {
        // A context is what many a library makes: `require` alone loads by it.
        let of_require = matches!(
            &call.callee,
            Expression::StaticMemberExpression(member) if member.object.is_specific_id("require")
        );
        let loads_itself = matches!(name, "glob" | "globEager" | "loadModules" | "autoload")
            || name == "context" && of_require;
        let lists = matches!(
            name,
            "readdirSync"
                | "readdir"
                | "globSync"
                | "sync"
                | "globby"
                | "fg"
                | "fastGlob"
                | "requireAll"
                | "walkSync"
        );
        if !(loads_itself || lists) {
            return;
        }
        self.is_scanning = true;
        let is_meta = matches!(
            &call.callee,
            Expression::StaticMemberExpression(member) if matches!(
                member.object.get_inner_expression(),
                Expression::ImportMeta(_) | Expression::Identifier(_)
            )
        );
        self.loads_anything |= is_meta && matches!(name, "context" | "glob" | "globEager");
        self.loads_anything |= matches!(name, "loadModules" | "requireAll");
        for argument in &call.arguments {
            let Some(argument) = argument.as_expression() else { continue };
            let patterns: Vec<&Expression<'_>> = match argument.get_inner_expression() {
                Expression::ArrayExpression(array) => {
                    array.elements.iter().filter_map(|element| element.as_expression()).collect()
                }
                one => vec![one],
            };
            for pattern in patterns {
                let start = constant_start(pattern);
                let fixed = start.split(['*', '{', '(', '[']).next().unwrap_or_default();
                let folder = folder_of(fixed);
                if fixed.len() < start.len() {
                    self.scans.push(folder.to_owned());
                } else if !start.is_empty()
                    && matches!(
                        pattern,
                        Expression::StringLiteral(_)
                            | Expression::CallExpression(_)
                            | Expression::TemplateLiteral(_)
                    )
                {
                    self.scans.push(start);
                }
            }
        }
    }
}

/// The names that a pattern takes of an object, where it takes no others.
pub(super) fn names_of_pattern(pattern: &BindingPattern<'_>) -> Option<Vec<String>> {
    let BindingPattern::ObjectPattern(object) = pattern else { return None };
    if object.rest.is_some() {
        return None;
    }
    object
        .properties
        .iter()
        .map(|property| Some(property.key.static_name()?.into_owned()))
        .collect()
}

/// The call of `require` or `import()` behind `await`, `.default` and casts, by where it stands.
pub(super) fn call_of_module(expression: &Expression<'_>) -> Option<u32> {
    match expression.get_inner_expression() {
        Expression::AwaitExpression(awaited) => call_of_module(&awaited.argument),
        Expression::CallExpression(call) => Some(call.span.start),
        Expression::ImportExpression(import) => Some(import.span.start),
        _ => None,
    }
}

/// The call of `require` or `import()` that is a statement by itself, by where it stands.
pub(super) fn unbound(expression: &Expression<'_>) -> Option<u32> {
    match expression.get_inner_expression() {
        Expression::AwaitExpression(awaited) => unbound(&awaited.argument),
        Expression::UnaryExpression(of) => unbound(&of.argument),
        Expression::ImportExpression(import) => Some(import.span.start),
        Expression::CallExpression(call) => match &call.callee {
            Expression::Identifier(_) => Some(call.span.start),
            // `import("./worker").catch(report)`
            Expression::StaticMemberExpression(member) if member.property.name == "catch" => {
                unbound(&member.object)
            }
            _ => None,
        },
        _ => None,
    }
}
