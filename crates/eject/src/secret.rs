//! Nothing that may be a secret leaves in an output: passwords in addresses, values of variables, access keys.

use std::{borrow::Cow, sync::LazyLock};

use regex::{Captures, Regex};

/// `user:password@` of an address; a password alone; what is behind `password=`, `AccessKey=` and the like.
static SECRETS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r#"(?P<scheme>\b[a-zA-Z][a-zA-Z0-9+.-]*://)(?P<user>[^\s:/@"'`]*):(?P<password>[^\s/"'`]+)@"#,
        r#"|(?i)(?P<key>[a-z0-9_.-]*(?:password|passwd|pwd|secret|token|access_?key|primary_?key|auth)[a-z0-9_-]*["']?\s*[:=]\s*["']?)(?P<value>[^\s"',;(){}<>\[\]]+)"#,
    ))
    .expect("it is valid")
});

/// The text with what may be a secret replaced by `***`. A reference to a variable is none.
pub(crate) fn mask(text: &str) -> Cow<'_, str> {
    SECRETS.replace_all(text, |found: &Captures<'_>| {
        if let Some(scheme) = found.name("scheme") {
            let password = &found["password"];
            let shown = if is_reference(password) { password } else { "***" };
            return format!("{}{}:{shown}@", scheme.as_str(), &found["user"]);
        }
        let shown = if is_reference(&found["value"]) { &found["value"] } else { "***" };
        format!("{}{shown}", &found["key"])
    })
}

/// `${PASSWORD}`, `$PASSWORD`, `process.env.PASSWORD`, `var.password`: where it is, not what it is.
fn is_reference(value: &str) -> bool {
    value.starts_with(['$', '<', '%', '{'])
        || ["process.env", "os.", "var.", "env.", "local.", "self.", "this.", "config.", "options."]
            .iter()
            .any(|start| value.starts_with(start))
        || matches!(value, "true" | "false" | "null" | "None" | "undefined" | "string" | "String")
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
        ] {
            assert_eq!(mask(text), masked);
        }
    }
}
