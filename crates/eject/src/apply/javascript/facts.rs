//! What one module of JavaScript or TypeScript says, as far as edits have to know: what it imports and exports, what each
//! name is and where it is used, what it constructs with which options.

use std::ops::Range;

/// What a module says.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) imports: Vec<Import>,
    pub(super) exports: Vec<Export>,
    /// By the number of the symbol.
    pub(super) symbols: Vec<Symbol>,
    pub(super) constructs: Vec<Construct>,
    pub(super) attendants: Vec<Attendant>,
    /// `ns.name` of a symbol: the symbol, the name, where.
    pub(super) members: Vec<(usize, String, Range<usize>)>,
    /// The symbols that classes extend.
    pub(super) extended: Vec<usize>,
    /// The symbols that are called as functions.
    pub(super) called: Vec<usize>,
    pub(super) effects: Vec<Effect>,
    /// Where clients of Redis are made.
    pub(super) clients: Vec<usize>,
    /// `this.name`: the name and where.
    pub(super) own: Vec<(String, Range<usize>)>,
    /// The statements of the module itself.
    pub(super) statements: Vec<Statement>,
    pub(super) is_typescript: bool,
}

/// Something that is done, and does not only compute.
#[derive(Debug)]
pub(super) struct Effect {
    pub(super) at: usize,
    /// The innermost function in which it is done.
    pub(super) function: Option<Range<usize>>,
    /// The function of this module that is called.
    pub(super) called: Option<usize>,
}

/// One item of a list between brackets.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// What stands between the brackets.
    pub(super) inner: Range<usize>,
    pub(super) items: Vec<Range<usize>>,
    pub(super) index: usize,
}

/// How a module is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `import … from`.
    Import,
    /// `const … = require()`, `const … = await import()`.
    Bound,
    /// `export … from`.
    ReExport,
    /// `export * from`.
    All,
    /// `import 'x'`.
    Bare,
    /// `import('x').T`.
    Type,
    /// A call whose value goes elsewhere.
    Other,
}

/// A module that is asked for.
#[derive(Debug)]
pub(super) struct Import {
    pub(super) form: Form,
    /// The statement or the declarator.
    pub(super) span: Range<usize>,
    /// As it is written.
    pub(super) source: String,
    /// Between the quotes.
    pub(super) source_span: Range<usize>,
    pub(super) names: Vec<Imported>,
    pub(super) is_type: bool,
}

/// A name that is imported or exported on.
#[derive(Debug)]
pub(super) struct Imported {
    pub(super) span: Range<usize>,
    /// `default`, `*`, or the name that the other module gives it.
    pub(super) name: String,
    pub(super) symbol: Option<usize>,
    pub(super) is_type: bool,
    /// In `export { a as b } from`: `b`.
    pub(super) exported: Option<String>,
    /// Among the named ones.
    pub(super) item: Option<Item>,
}

/// A name that a module gives to others.
#[derive(Debug)]
pub(super) struct Export {
    pub(super) name: String,
    pub(super) symbol: usize,
    /// Where the symbol is mentioned for it; nothing where it is declared right there.
    pub(super) mention: Option<usize>,
    /// The statement that goes with it, or the item of a list.
    pub(super) place: ExportPlace,
}

#[derive(Clone, Debug)]
pub(super) enum ExportPlace {
    /// `export const a`: it goes with its declaration.
    Declaration,
    /// `export default a`, `exports.a = a`.
    Statement(Range<usize>),
    /// `export { a }`, `module.exports = { a }`: in a list, within a statement that goes with the last of it.
    Item(Item, Range<usize>),
}

/// A name that a module declares.
#[derive(Debug)]
pub(super) struct Symbol {
    /// Where it is mentioned, without its declaration.
    pub(super) mentions: Vec<usize>,
    /// Its name where it is declared.
    pub(super) span: Range<usize>,
    pub(super) declared: Declared,
}

#[derive(Debug)]
pub(super) enum Declared {
    /// By an import: its index, and the name's.
    Import(usize, usize),
    Variable(Variable),
    /// The whole statement, with `export`; the function's own span.
    Function {
        statement: Range<usize>,
        is_default: bool,
    },
    /// The parameter of a function.
    Parameter,
    Other,
}

#[derive(Clone, Debug)]
pub(super) struct Variable {
    /// `const a = 1` with `export`.
    pub(super) statement: Range<usize>,
    /// `a = 1`, among its siblings.
    pub(super) item: Item,
    pub(super) init: Init,
    /// Whether it is said what it has to have.
    pub(super) is_typed: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Init {
    /// A client of Redis is made; the ranges are its arguments.
    Client(Vec<Range<usize>>),
    /// A function is called: its symbol and the arguments.
    Call(usize, Vec<Range<usize>>),
    /// An object is written.
    Object(Object, Range<usize>),
    /// Something else.
    Other(Range<usize>),
    /// Nothing, or it cannot be taken out: a pattern, the head of a loop.
    Fixed,
}

/// An object as it is written.
#[derive(Clone, Debug)]
pub(super) struct Object {
    pub(super) span: Range<usize>,
    pub(super) properties: Vec<Property>,
}

#[derive(Clone, Debug)]
pub(super) struct Property {
    pub(super) span: Range<usize>,
    pub(super) name: Option<String>,
    pub(super) value: Range<usize>,
    /// Of `...a`: what is spread, if that is a name; and where.
    #[expect(clippy::option_option, reason = "nothing is spread; something is; a name is")]
    pub(super) spread: Option<Option<(usize, usize)>>,
}

/// `new X(…)`, `new ns.X(…)`.
#[derive(Debug)]
pub(super) struct Construct {
    pub(super) symbol: usize,
    pub(super) member: Option<String>,
    /// Behind the opening parenthesis to the closing one.
    pub(super) inner: Range<usize>,
    pub(super) arguments: Vec<(Range<usize>, Argument)>,
}

#[derive(Clone, Debug)]
pub(super) enum Argument {
    Object(Object),
    /// A name: the symbol, and where it is mentioned.
    Name(usize, usize),
    Other,
}

/// A call that only attends a client: `client.on('error', …)`, `await client.quit()`.
#[derive(Clone, Debug)]
pub(super) struct Attendant {
    pub(super) symbol: usize,
    /// Where the client is mentioned.
    pub(super) mention: usize,
    pub(super) span: Range<usize>,
    pub(super) place: AttendantPlace,
}

#[derive(Clone, Debug)]
pub(super) enum AttendantPlace {
    Statement,
    /// `() => client.quit()`.
    Body,
    /// `[client.quit(), …]`.
    Item(Item),
}

/// A statement of the module itself.
#[derive(Debug)]
pub(super) struct Statement {
    pub(super) span: Range<usize>,
    /// Whether it does nothing by itself: an import, an export, a declaration of a type or a function.
    pub(super) is_inert: bool,
}

/// Calls are followed so far to see what they do.
const FARTHEST: usize = 3;

impl Facts {
    /// Whether nothing is done when that is evaluated, besides making what is not used.
    pub(super) fn is_pure(&self, range: &Range<usize>) -> bool {
        self.is_pure_within(range, FARTHEST)
    }

    fn is_pure_within(&self, range: &Range<usize>, left: usize) -> bool {
        self.effects.iter().filter(|effect| range.contains(&effect.at)).all(|effect| {
            let is_later = effect
                .function
                .as_ref()
                .is_some_and(|function| range.start <= function.start && function.end <= range.end);
            is_later || effect.called.is_some_and(|called| self.computes(called, left))
        })
    }

    /// Whether a function only computes: one that reads a variable, and throws if it is not set.
    fn computes(&self, symbol: usize, left: usize) -> bool {
        let Some(left) = left.checked_sub(1) else { return false };
        let Declared::Function { statement, .. } = &self.symbols[symbol].declared else {
            return false;
        };
        self.effects.iter().filter(|effect| statement.contains(&effect.at)).all(|effect| {
            effect.called.is_some_and(|called| called != symbol && self.computes(called, left))
        })
    }
}
