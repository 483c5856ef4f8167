//! Folders and beginnings of paths, as code names them: joined, concatenated, from the module's own folder.

use oxc_ast::ast::{Argument, CallExpression, Expression};

use super::variable;

/// The constant beginning of a text: of a template, a concatenation, a joined path.
pub(super) fn constant_start(expression: &Expression<'_>) -> String {
    match expression.get_inner_expression() {
        Expression::StringLiteral(text) => text.value.to_string(),
        Expression::TemplateLiteral(template) => {
            let own_folder = template.expressions.first().and_then(variable::last_name);
            let mut pieces = template.quasis.iter().map(|quasi| quasi.value.raw.as_str());
            match (pieces.next(), pieces.next()) {
                (Some(""), Some(rest)) if own_folder.is_some_and(is_own_folder) => {
                    format!(".{rest}")
                }
                (first, _) => first.unwrap_or_default().to_owned(),
            }
        }
        Expression::BinaryExpression(sum) => {
            let left = constant_start(&sum.left);
            let whole = matches!(sum.left.get_inner_expression(), Expression::StringLiteral(_));
            let own = variable::last_name(&sum.left).is_some_and(is_own_folder);
            match (whole, own) {
                (true, _) => left + &constant_start(&sum.right),
                (_, true) => format!(".{}", constant_start(&sum.right)),
                _ => left,
            }
        }
        Expression::CallExpression(call) if is_join(call) => {
            let mut pieces = Vec::new();
            for argument in &call.arguments {
                match argument {
                    Argument::StringLiteral(text) => pieces.push(text.value.to_string()),
                    other => {
                        let name = other.as_expression().and_then(variable::last_name);
                        if pieces.is_empty() && name.is_some_and(|name| is_own_folder(name)) {
                            pieces.push(".".to_owned());
                        } else {
                            pieces.push(String::new());
                            break;
                        }
                    }
                }
            }
            pieces.join("/")
        }
        Expression::NewExpression(url) => url
            .arguments
            .first()
            .and_then(Argument::as_expression)
            .map(constant_start)
            .unwrap_or_default(),
        _ => String::new(),
    }
}

pub(super) fn is_own_folder(name: &str) -> bool {
    matches!(name, "__dirname" | "dirname" | "meta" | "cwd" | "rootDir" | "baseDir")
}

pub(super) fn is_join(call: &CallExpression<'_>) -> bool {
    variable::last_name(&call.callee)
        .is_some_and(|name| matches!(name, "join" | "resolve" | "pathToFileURL" | "normalize"))
}

/// The folder that a call joins to the own one.
pub(super) fn constant_start_of_call(call: &CallExpression<'_>, own_folders: &[String]) -> String {
    let own =
        call.arguments.first().and_then(Argument::as_expression).and_then(variable::last_name);
    let is_own = |name: &str| is_own_folder(name) || own_folders.iter().any(|known| known == name);
    let mut start = if own.is_some_and(is_own) { ".".to_owned() } else { return String::new() };
    for argument in call.arguments.iter().skip(1) {
        let Argument::StringLiteral(text) = argument else { break };
        start.push('/');
        start.push_str(&text.value);
    }
    start
}
