//! Nothing that may be a secret leaves in an output: passwords in addresses, values of variables, access keys.

use std::{borrow::Cow, sync::LazyLock};

use regex::{Captures, Regex};

/// Names of what is secret, without what stands around them.
const NAMES: &str = concat!(
    r"(?:pass(?:word|wd|phrase)?|pwd|secret|token|credentials?|auth",
    r"|(?:access|primary|secondary|account|shared|master|api|redis|cache)[_-]?key)"
);

/// Where secrets stand: in addresses, behind names, as arguments of programs and functions, between tags.
/// Each alternative shows what is before the secret and hides the secret. Words are those of ASCII: with all of
/// Unicode the regex has so many states that it is run by its slowest engine.
static SECRETS: LazyLock<Regex> = LazyLock::new(|| {
    let literal = r#""[^"]*"?|'[^']*'?|`[^`]*`?"#;
    let bare = r#"[^\s"'`,;(){}<>\[\]]+"#;
    Regex::new(&format!(
        concat!(
            // An unescaped `/` or `@` in a password is wrong and is seen.
            r#"(?P<address>(?-u:\b)[a-zA-Z][a-zA-Z0-9+.-]*://[^\s:/@"'`]*:)(?P<password>[^\s"'`]+)@"#,
            r#"|(?i)(?P<named>[[:word:].-]*{names}[[:word:]-]*["'`\])]*\s*(?:=>|:=|[:=])\s*)(?P<value>{literal}|{bare})"#,
            r#"|(?P<called>[[:word:]]*{names}[[:word:]]*(?:\.of)?\(\s*)(?P<argument>{literal})"#,
            r#"|(?P<defined>\(\s*["'][[:word:].-]*{names}[[:word:]-]*["']\s*,\s*)(?P<definition>{literal})"#,
            r#"|(?P<paired>{names}[[:word:]-]*["']?\s*,\s*["']?value["']?\s*[:=]\s*)(?P<pair>{literal}|{bare})"#,
            r#"|(?P<lone>^[^[:word:]]*value["']?\s*[:=]\s*)(?P<single>{literal}|{bare})"#,
            r#"|(?P<optional>(?:--?(?:requirepass|masterauth|pass|a)|(?-u:\b)requirepass|(?-u:\b)masterauth)["']?\s*[\s,=]\s*)(?P<option>{literal}|{bare})"#,
            r#"|(?P<environment>^\s*ENV\s+[[:word:]]*{names}[[:word:]]*\s+)(?P<spaced>{literal}|{bare})"#,
            r#"|(?P<tag><[[:word:].-]*{names}[[:word:].-]*>)(?P<tagged>[^<>]+)"#,
        ),
        names = NAMES,
        literal = literal,
        bare = bare,
    ))
    .expect("a test reads it")
});

/// The groups of [`SECRETS`] by pairs: what is shown, what is hidden.
const PAIRS: [(&str, &str); 8] = [
    ("named", "value"),
    ("called", "argument"),
    ("defined", "definition"),
    ("paired", "pair"),
    ("lone", "single"),
    ("optional", "option"),
    ("environment", "spaced"),
    ("tag", "tagged"),
];

/// The text with what may be a secret replaced by `***`. A reference to a variable is none.
pub(crate) fn mask(text: &str) -> Cow<'_, str> {
    SECRETS.replace_all(text, |found: &Captures<'_>| {
        if let Some(address) = found.name("address") {
            let password = &found["password"];
            let shown = if is_reference(password) { password } else { "***" };
            return format!("{}{shown}@", address.as_str());
        }
        let pair = PAIRS.iter().find_map(|(shown, hidden)| {
            Some((*shown, found.name(shown)?.as_str(), found.name(hidden)?.as_str()))
        });
        let Some((what, shown, hidden)) = pair else { return found[0].to_owned() };
        format!("{shown}{}", hide(hidden, what == "lone"))
    })
}

/// What is shown in place of a value, with its quotation marks; of one whose name is not seen only what is no address and no number is hidden.
fn hide(value: &str, is_nameless: bool) -> String {
    let quote = value.chars().next().filter(|first| matches!(first, '"' | '\'' | '`'));
    let inner = value.trim_matches(['"', '\'', '`']);
    let is_plain = inner.contains("://") || inner.bytes().all(|byte| byte.is_ascii_digit());
    if is_nameless && is_plain {
        return mask(value).into_owned();
    }
    if inner.is_empty() || is_reference(inner) {
        return value.to_owned();
    }
    let quote = quote.map(String::from).unwrap_or_default();
    format!("{quote}***{quote}")
}

/// `${PASSWORD}`, `$PASSWORD`, `process.env.PASSWORD`, `var.password`: where it is, not what it is.
fn is_reference(value: &str) -> bool {
    const STARTS: [&str; 11] = [
        "process.env",
        "os.",
        "var.",
        "env.",
        "local.",
        "self.",
        "this.",
        "config.",
        "options.",
        "await",
        "secrets.",
    ];
    const WORDS: [&str; 13] = [
        "true",
        "false",
        "null",
        "nil",
        "None",
        "undefined",
        "string",
        "String",
        "str",
        "async",
        "new",
        "function",
        "env",
    ];
    // A dollar alone begins a password as well as a reference: the rest tells.
    let is_variable = |rest: &str| {
        rest.starts_with(['{', '(']) || rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    value.strip_prefix('$').is_some_and(is_variable)
        || ["<%", "{{", "%{", "${"].iter().any(|start| value.starts_with(start))
        || STARTS.iter().any(|start| value.starts_with(start))
        || WORDS.contains(&value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_masked_and_references_are_not() {
        for (text, masked) in [
            ("REDIS_URL=redis://:hunter2@cache:6379/0", "REDIS_URL=redis://:***@cache:6379/0"),
            ("url: 'rediss://u:p@ss@h:1'", "url: 'rediss://u:***@h:1'"),
            ("x=redis://u:${PASSWORD}@h", "x=redis://u:${PASSWORD}@h"),
            ("REDIS_PASSWORD=hunter2", "REDIS_PASSWORD=***"),
            ("password: process.env.REDIS_PASSWORD,", "password: process.env.REDIS_PASSWORD,"),
            (r#""password": "hunter2","#, r#""password": "***","#),
            ("new Redis(6379)", "new Redis(6379)"),
            (
                "h.redis.cache.windows.net:6380,password=abc=,ssl=True",
                "h.redis.cache.windows.net:6380,password=***,ssl=True",
            ),
            (r#"REDIS_PASSWORD="a b c""#, r#"REDIS_PASSWORD="***""#),
            ("url: redis://:a/b@c@h:1", "url: redis://:***@h:1"),
            ("'password' => 'a',", "'password' => '***',"),
            ("'password' => env('REDIS_PASSWORD'),", "'password' => env('REDIS_PASSWORD'),"),
            (r#"os.environ["REDIS_PASSWORD"] = "a""#, r#"os.environ["REDIS_PASSWORD"] = "***""#),
            ("REDIS_PASS=a", "REDIS_PASS=***"),
            (r#"config.setPassword("a");"#, r#"config.setPassword("***");"#),
            (r#"RedisPassword.of("a")"#, r#"RedisPassword.of("***")"#),
            ("client.auth('a', done)", "client.auth('***', done)"),
            ("const token = issueToken(user);", "const token = ***(user);"),
            ("const tokens = await redis.get(key);", "const tokens = await redis.get(key);"),
            (
                r#"{ name: REDIS_PASSWORD, value: "a" }"#,
                r#"{ name: REDIS_PASSWORD, value: "***" }"#,
            ),
            ("  value: a", "  value: ***"),
            ("  value: redis://redis:6379", "  value: redis://redis:6379"),
            ("  value: redis://:a@redis:6379", "  value: redis://:***@redis:6379"),
            (r#"args: ["--requirepass", "a"]"#, r#"args: ["--requirepass", "***"]"#),
            ("redis-server --requirepass a", "redis-server --requirepass ***"),
            ("redis-cli -h h -a a PING", "redis-cli -h h -a *** PING"),
            ("requirepass a", "requirepass ***"),
            ("ENV REDIS_PASSWORD a", "ENV REDIS_PASSWORD ***"),
            ("<password>a b</password>", "<password>***</password>"),
            ("REDIS_KEY=a", "REDIS_KEY=***"),
            ("keyPrefix: 'a'", "keyPrefix: 'a'"),
            ("define('WP_REDIS_PASSWORD', 'a');", "define('WP_REDIS_PASSWORD', '***');"),
            ("env('REDIS_PASSWORD', null)", "env('REDIS_PASSWORD', null)"),
            ("passEnv: ['REDIS_PASSWORD', 'PORT']", "passEnv: ['REDIS_PASSWORD', 'PORT']"),
        ] {
            assert_eq!(mask(text), masked);
        }
    }
}
