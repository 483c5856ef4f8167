//! What a call of a command says: its key, when that expires, whether it writes only where there is nothing.

use oxc_ast::ast::{Argument, BinaryOperator, Expression, ObjectExpression, ObjectPropertyKind};
use oxc_syntax::{node::NodeId, symbol::SymbolId};

use super::binding::{Bindings, Init, callable};

/// One command, as it is called.
#[derive(Clone, Debug, Default)]
pub(super) struct Command {
    pub(super) name: String,
    pub(super) key: Option<String>,
    pub(super) expiry: Option<String>,
    pub(super) is_if_none: bool,
    pub(super) script: Option<String>,
}

/// Texts are followed through so many names.
const FAR: usize = 4;
/// What stands for the part of a key that is not constant.
const REST: &str = "…";

/// Reads a call of a command.
pub(super) fn command<'a>(
    name: &str,
    arguments: &'a [Argument<'a>],
    bindings: &Bindings<'a>,
) -> Command {
    let lower = name.to_lowercase();
    let mut command = Command { name: name.to_owned(), ..Command::default() };
    let mut values = arguments.iter().filter_map(Argument::as_expression);
    let is_script = matches!(
        lower.trim_end_matches("async"),
        "eval" | "evalsha" | "eval_ro" | "scriptload" | "script" | "definecommand"
    );
    if is_script {
        let texts = arguments
            .iter()
            .filter_map(Argument::as_expression)
            .filter_map(|value| text(value, bindings, FAR));
        command.script = texts.max_by_key(String::len).filter(|text| text.len() > 20);
        return command;
    }
    let is_raw = matches!(lower.as_str(), "sendcommand" | "call" | "send_command");
    if is_raw
        && let Some(Expression::ArrayExpression(words)) =
            arguments.first().and_then(Argument::as_expression)
    {
        let mut words =
            words.elements.iter().filter_map(|word| text(word.as_expression()?, bindings, FAR));
        command.name = words.next().unwrap_or(command.name).to_lowercase();
        command.key = words.next().filter(|key| key != REST);
        return command;
    }
    command.key = values.next().and_then(|key| match key {
        Expression::ArrayExpression(keys) => {
            text(keys.elements.first()?.as_expression()?, bindings, FAR)
        }
        key => text(key, bindings, FAR),
    });
    command.key = command.key.filter(|key| key.len() > REST.len() && key.len() < 200);
    command.is_if_none = lower == "setnx" || lower == "set" && has_word(arguments, "nx");
    command.expiry = expiry(&lower, arguments);
    command
}

fn has_word(arguments: &[Argument<'_>], word: &str) -> bool {
    arguments.iter().skip(2).any(|argument| match argument {
        Argument::StringLiteral(text) => text.value.eq_ignore_ascii_case(word),
        Argument::ObjectExpression(options) => option(options, word).is_some(),
        _ => false,
    })
}

fn option<'e, 'a>(options: &'e ObjectExpression<'a>, word: &str) -> Option<&'e Expression<'a>> {
    options.properties.iter().find_map(|property| {
        let ObjectPropertyKind::ObjectProperty(property) = property else { return None };
        property.key.static_name()?.eq_ignore_ascii_case(word).then_some(&property.value)
    })
}

fn expiry(command: &str, arguments: &[Argument<'_>]) -> Option<String> {
    let number = |at: usize| amount(arguments.get(at)?.as_expression()?);
    match command {
        "setex" | "expire" => number(1).map(|seconds| format!("{seconds} s")),
        "psetex" | "pexpire" => number(1).map(|ms| format!("{ms} ms")),
        "set" | "getex" => {
            arguments.iter().zip(1..).skip(1).find_map(|(argument, next)| match argument {
                Argument::StringLiteral(word) if word.value.eq_ignore_ascii_case("ex") => {
                    number(next).map(|seconds| format!("{seconds} s"))
                }
                Argument::StringLiteral(word) if word.value.eq_ignore_ascii_case("px") => {
                    number(next).map(|ms| format!("{ms} ms"))
                }
                Argument::ObjectExpression(options) => option(options, "ex")
                    .and_then(amount)
                    .map(|seconds| format!("{seconds} s"))
                    .or_else(|| {
                        option(options, "px").and_then(amount).map(|ms| format!("{ms} ms"))
                    }),
                _ => None,
            })
        }
        _ => None,
    }
}

/// A number, or a product of numbers.
fn amount(expression: &Expression<'_>) -> Option<f64> {
    match expression.get_inner_expression() {
        Expression::NumericLiteral(number) => Some(number.value),
        Expression::BinaryExpression(product)
            if product.operator == BinaryOperator::Multiplication =>
        {
            Some(amount(&product.left)? * amount(&product.right)?)
        }
        _ => None,
    }
}

/// What is constant of a text; `…` stands for the rest.
pub(super) fn text<'a>(
    expression: &'a Expression<'a>,
    bindings: &Bindings<'a>,
    far: usize,
) -> Option<String> {
    if far == 0 {
        return None;
    }
    let part = |expression| text(expression, bindings, far - 1).unwrap_or_else(|| REST.to_owned());
    match expression.get_inner_expression() {
        Expression::StringLiteral(text) => Some(text.value.to_string()),
        Expression::TemplateLiteral(template) => {
            let mut whole = String::new();
            for (index, quasi) in template.quasis.iter().enumerate() {
                whole.push_str(quasi.value.cooked.as_ref().map_or("", |text| text.as_str()));
                if let Some(hole) = template.expressions.get(index) {
                    whole.push_str(&part(hole));
                }
            }
            Some(whole)
        }
        Expression::BinaryExpression(sum) if sum.operator == BinaryOperator::Addition => {
            Some(part(&sum.left) + &part(&sum.right))
        }
        Expression::Identifier(identifier) => {
            let symbol = bindings.symbol(identifier)?;
            bindings.inits(symbol).iter().find_map(|init| match init {
                Init::Value(value) => text(value, bindings, far - 1),
                _ => None,
            })
        }
        Expression::StaticMemberExpression(member) => {
            property(&member.object, member.property.name.as_str(), bindings, far - 1)
        }
        Expression::CallExpression(call) => {
            let function = function_of(&call.callee, bindings)?;
            returned(function, bindings, far - 1)
        }
        Expression::LogicalExpression(either) => text(&either.right, bindings, far - 1),
        Expression::AwaitExpression(awaited) => text(&awaited.argument, bindings, far - 1),
        _ => None,
    }
}

/// `KEYS.refresh` of an object whose text is known, or `this.prefix` of a field.
fn property<'a>(
    object: &'a Expression<'a>,
    name: &str,
    bindings: &Bindings<'a>,
    far: usize,
) -> Option<String> {
    match object.get_inner_expression() {
        Expression::Identifier(identifier) => {
            let symbol: SymbolId = bindings.symbol(identifier)?;
            bindings.inits(symbol).iter().find_map(|init| match init {
                Init::Value(Expression::ObjectExpression(object)) => {
                    text(option_exact(object, name)?, bindings, far)
                }
                _ => None,
            })
        }
        Expression::ThisExpression(_) => {
            bindings.field(object, name).and_then(|value| text(value, bindings, far))
        }
        _ => None,
    }
}

fn option_exact<'a>(object: &'a ObjectExpression<'a>, name: &str) -> Option<&'a Expression<'a>> {
    object.properties.iter().find_map(|property| {
        let ObjectPropertyKind::ObjectProperty(property) = property else { return None };
        (property.key.static_name()? == name).then_some(&property.value)
    })
}

/// The function of the module that a call means.
fn function_of<'a>(callee: &'a Expression<'a>, bindings: &Bindings<'a>) -> Option<NodeId> {
    match callee.get_inner_expression() {
        Expression::Identifier(identifier) => {
            let symbol = bindings.symbol(identifier)?;
            bindings.inits(symbol).iter().find_map(|init| match init {
                Init::Function(function) => Some(*function),
                Init::Value(value) => callable(value),
                _ => None,
            })
        }
        Expression::StaticMemberExpression(member) => {
            let name = member.property.name.as_str();
            match member.object.get_inner_expression() {
                Expression::ThisExpression(_) => bindings.method(&member.object, name),
                Expression::Identifier(identifier) => {
                    let symbol = bindings.symbol(identifier)?;
                    bindings.inits(symbol).iter().find_map(|init| match init {
                        Init::Value(Expression::ObjectExpression(object)) => {
                            callable(option_exact(object, name)?)
                        }
                        _ => None,
                    })
                }
                _ => None,
            }
        }
        Expression::PrivateFieldExpression(member) => {
            bindings.method(&member.object, &format!("#{}", member.field.name))
        }
        _ => None,
    }
}

/// The text that a function returns.
fn returned<'a>(function: NodeId, bindings: &Bindings<'a>, far: usize) -> Option<String> {
    let function = bindings.function(function)?;
    function.returns.iter().find_map(|value| text(value, bindings, far))
}
