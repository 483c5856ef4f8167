//! JSON on its way to and from PostgreSQL, without being taken apart.

use std::error::Error;

use bytes::{BufMut as _, BytesMut};
use pgstead_store::tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use serde_json::{Value, value::RawValue};

/// The version that stands in front of a `jsonb` on the wire.
const VERSION: u8 = 1;

/// A document as `jsonb` has it.
#[derive(Clone, Debug)]
pub(crate) struct Json(pub(crate) Box<RawValue>);

impl Json {
    /// Of a value that is JSON by its type.
    pub(crate) fn of(value: &Value) -> Self {
        Self(serde_json::value::to_raw_value(value).expect("a value is JSON"))
    }
}

impl ToSql for Json {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        out.put_u8(VERSION);
        out.put_slice(self.0.get().as_bytes());
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::JSONB
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Json {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        let [VERSION, text @ ..] = raw else { return Err("a jsonb of an unknown version".into()) };
        // It is JSON already: no need to read it for that.
        Ok(Self(RawValue::from_string(std::str::from_utf8(text)?.to_owned())?))
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::JSONB
    }
}

/// How deep what is kept may be nested: as deep as `serde_json` reads.
const DEEPEST: usize = 127;
/// The most bytes of a number, and the largest exponent.
const LONGEST_NUMBER: usize = 1000;

/// What of a JSON text PostgreSQL cannot keep, if there is any. Jobs that are sent at the same time share a
/// statement, which would fail for all of them.
#[must_use]
pub fn unkeepable(json: &str) -> Option<&'static str> {
    let bytes = json.as_bytes();
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => match end_of_string(bytes, at + 1) {
                Ok(end) => at = end,
                Err(what) => return Some(what),
            },
            b'[' | b'{' if depth == DEEPEST => return Some("more than 127 levels"),
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'-' | b'0'..=b'9' => {
                let is_number = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
                let length = bytes[at..].iter().take_while(|byte| is_number(byte)).count();
                if is_beyond(&json[at..at + length]) {
                    return Some("a number of more than 1000 digits");
                }
                at += length - 1;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// Where the quote is that ends the string that begins there.
fn end_of_string(bytes: &[u8], mut at: usize) -> Result<usize, &'static str> {
    loop {
        match bytes.get(at) {
            None | Some(b'"') => return Ok(at),
            Some(b'\\') if bytes.get(at + 1) == Some(&b'u') => match escaped(bytes, at) {
                Some(0) => return Err("the character U+0000"),
                Some(0xd800..=0xdbff) => {
                    if !matches!(escaped(bytes, at + 6), Some(0xdc00..=0xdfff)) {
                        return Err(HALF);
                    }
                    at += 12;
                }
                Some(0xdc00..=0xdfff) => return Err(HALF),
                _ => at += 6,
            },
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
        }
    }
}

const HALF: &str = "half of a character (a surrogate alone)";

/// The code of a `\uXXXX`, if there is one there.
fn escaped(bytes: &[u8], at: usize) -> Option<u32> {
    let escape = bytes.get(at..at + 6)?;
    let digits = escape.strip_prefix(b"\\u")?;
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

fn is_beyond(number: &str) -> bool {
    let exponent = number.split_once(['e', 'E']).map(|(_, exponent)| exponent.parse::<i32>());
    let is_large = match exponent {
        None => false,
        Some(Ok(exponent)) => exponent.unsigned_abs() as usize > LONGEST_NUMBER,
        Some(Err(_)) => true,
    };
    is_large || number.len() > LONGEST_NUMBER
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_kept_is_found_where_it_is() {
        for good in [
            r#"{"a":[1,-2.5e+3,true,null,"\\u0000","u0000","\ud83d\ude00","é"]}"#,
            r#""\"[[[""#,
            "1e1000",
            &format!("{}{}", "[".repeat(127), "]".repeat(127)),
            &format!("[{}]", vec!["[]"; 500].join(",")),
        ] {
            assert_eq!(unkeepable(good), None, "{good}");
        }
        for (bad, why) in [
            (r#""\u0000""#, "U+0000"),
            (r#"["\\\u0000"]"#, "U+0000"),
            (r#""\ud800""#, "surrogate"),
            (r#""\ud800\u0041""#, "surrogate"),
            (r#"{"\udc00":1}"#, "surrogate"),
            ("1e1001", "digits"),
            ("[1E-99999999999]", "digits"),
            (&"9".repeat(1001), "digits"),
            (&format!("{}{}", "[".repeat(128), "]".repeat(128)), "levels"),
        ] {
            assert!(unkeepable(bad).is_some_and(|what| what.contains(why)), "{bad}");
        }
    }
}
