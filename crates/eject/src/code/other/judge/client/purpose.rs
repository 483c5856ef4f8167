//! What a client or a command is for: by its key, by its package, by its name, by the code around it.

use super::{
    super::{Reading, beside, binding_around, is_open, of_middleware},
    make::told_of,
};
use crate::{
    catalogue::{Package, Role},
    code::other::{
        known,
        language::Language,
        source::{Call, clip, dotted, last, unquoted},
    },
    finding::{Purpose, Sighting},
};

/// What it is for: by its key, by the package, by the command, by the code around it.
pub(in super::super) fn with_purpose(
    reading: &Reading<'_>,
    sighting: Sighting,
    package: &'static Package,
    call: &Call,
    sent: Option<(&str, Purpose)>,
) -> Sighting {
    match purpose(reading, package, call, sent) {
        Some((purpose, why)) => sighting.purpose(purpose, why),
        None => sighting,
    }
}

fn purpose(
    reading: &Reading<'_>,
    package: &'static Package,
    call: &Call,
    sent: Option<(&str, Purpose)>,
) -> Option<(Purpose, String)> {
    if let Some(of_middleware) = of_middleware(last(&call.callee)) {
        return Some(of_middleware);
    }
    if package.role == Role::Library && !is_open(package) {
        return None;
    }
    if releases(reading, call) {
        return Some((Purpose::Lock, "the script gives up only what is still held".to_owned()));
    }
    if let Some((method, usual)) = sent {
        if usual == Purpose::PubSub {
            return Some((usual, format!("`{method}` sends to who listens")));
        }
        if matches!(method, "funnel" | "throttle") {
            return Some((Purpose::Limits, format!("`{method}` lets only so many through")));
        }
        let receiver = call.callee.rsplit('.').nth(1).unwrap_or_default();
        if let Some(subscribed) = subscribed(reading, receiver) {
            return Some((Purpose::PubSub, format!("`{receiver}` comes of `{subscribed}`")));
        }
        let key = chained_key(reading, call).or_else(|| key(call));
        if let Some(told) = key.as_deref().and_then(of_key).or_else(|| of_named_key(reading, call))
        {
            return Some(told);
        }
        if let Some(told) = of_type(reading, receiver) {
            return Some(told);
        }
        // `DoCache` is a command, and not for a cache by its name.
        let is_plain = known::command(method) == Some(Purpose::Other);
        let names = [method, receiver].into_iter().skip(usize::from(is_plain));
        let mut named = names.map(|name| (name, known::purpose_of(name)));
        let named = named.find_map(|(name, told)| Some((name, told?)));
        if let Some((name, (purpose, word))) = named {
            return Some((purpose, format!("`{name}` says `{word}`")));
        }
        if usual == Purpose::Other && (is_lock(call) || is_chained_lock(reading, call)) {
            return Some((Purpose::Lock, format!("`{method}` sets only what is not there")));
        }
        let around = reading.purpose_around(call.at);
        if around.is_some() {
            return around;
        }
        if usual != Purpose::Other {
            return Some((usual, format!("`{method}` is a command of such a use")));
        }
        // What only says when a key ends is for what the key is for.
        if has_expiry(call) && !known::plain(method).contains("expire") {
            return Some((Purpose::Cache, format!("`{method}` sets what expires")));
        }
        return None;
    }
    if let Some(told) = known::purpose_of_type(told_of(&call.callee, last(&call.callee))) {
        return Some(told);
    }
    let bound = binding_around(reading.source, call.span.start).filter(|binding| !binding.is_pair);
    let by_name = bound.and_then(|binding| {
        let (purpose, word) = known::purpose_of(&binding.target)?;
        Some((purpose, format!("`{}` says `{word}`", clip(&binding.target, 60))))
    });
    let around = by_name.or_else(|| reading.purpose_around(call.span.start));
    let of_taker = || taker(reading, &bound?.target).filter(|_| package.role != Role::Client);
    around.or_else(of_taker)
}

/// What all say to which a name is given: the `CacheBackedEmbeddings` of `CacheBackedEmbeddings.from_bytes_store(store)`.
fn taker(reading: &Reading<'_>, name: &str) -> Option<(Purpose, String)> {
    let calls = reading.source.calls.iter();
    let mut takers = calls.filter(|call| call.arguments.iter().any(|of| of.value == name));
    let of = |call: &Call| known::purpose_of(&call.callee).map(|(purpose, _)| purpose);
    let first = takers.next()?;
    let purpose = of(first)?;
    let why = format!("it is given to `{}`", clip(&first.callee, 60));
    takers.all(|call| of(call) == Some(purpose)).then_some((purpose, why))
}

/// What the type says by which a name is known: `RBlockingQueue<String> due`, `StatefulRedisPubSubConnection<…> connection`.
fn of_type(reading: &Reading<'_>, name: &str) -> Option<(Purpose, String)> {
    let mut bound =
        reading.source.bindings.iter().filter(|of| of.target == name && !of.of_type.is_empty());
    bound.find_map(|binding| {
        let outer = binding.of_type.split(['<', '[']).next().unwrap_or_default();
        let (purpose, word) = known::purpose_of(last(outer.trim()))?;
        Some((purpose, format!("`{}` says `{word}`", clip(outer, 60))))
    })
}

/// By which command a name listens that is what this command gives: `sub := rdb.PSubscribe(ctx, "rooms*")`.
fn subscribed(reading: &Reading<'_>, name: &str) -> Option<String> {
    // Each function may give the same name the same value: it is looked at once.
    let mut before = "";
    let mut of = reading.source.bindings.iter().filter(|binding| {
        let is_other = binding.target == name && binding.value != before;
        before = if is_other { &binding.value } else { before };
        is_other
    });
    of.find_map(|binding| {
        let value = dotted(&binding.value);
        let method = last(value.strip_suffix("()")?).to_owned();
        (known::command(&method) == Some(Purpose::PubSub)).then_some(method)
    })
}

pub(super) fn purpose_of_pending(
    reading: &Reading<'_>,
    call: &Call,
    method: &str,
    usual: Purpose,
) -> Option<(Purpose, String)> {
    if usual == Purpose::PubSub {
        return Some((usual, format!("`{method}` sends to who listens")));
    }
    let of_key = key(call).as_deref().and_then(of_key).or_else(|| of_named_key(reading, call));
    if of_key.is_some() {
        return of_key;
    }
    let receiver = call.callee.rsplit('.').nth(1).unwrap_or_default();
    if let Some(subscribed) = subscribed(reading, receiver) {
        return Some((Purpose::PubSub, format!("`{receiver}` comes of `{subscribed}`")));
    }
    if let Some(around) = reading.purpose_around(call.at) {
        return Some(around);
    }
    (usual != Purpose::Other).then(|| (usual, format!("`{method}` is a command of such a use")))
}

/// What a key says that it is for: by how it begins, or by a word of it.
fn of_key(key: &str) -> Option<(Purpose, String)> {
    let (purpose, word) = known::purpose_of_start(key).or_else(|| known::purpose_of(key))?;
    Some((purpose, format!("the key `{}` says `{word}`", clip(key, 60))))
}

/// Whether a script is made or sent that deletes a key while it has a value of one's own, which is how locks are given up.
fn releases(reading: &Reading<'_>, call: &Call) -> bool {
    let is_script = ["script", "eval"].iter().any(|of| call.callee.to_lowercase().contains(of));
    if !is_script {
        return false;
    }
    let is_it = |text: &str| {
        let plain: String = text.to_lowercase().split_whitespace().collect();
        let has = |part: &str| plain.contains(part);
        let calls =
            |name: &str| has(&format!("call('{name}',")) || has(&format!("call(\"{name}\","));
        has("==argv[1]then") && calls("get") && calls("del") && plain.len() < 400
    };
    let Some(given) = call.arguments.first() else { return false };
    let is_name = given.value.chars().all(|c| c.is_alphanumeric() || c == '_');
    let mut named = reading.source.bindings.iter().filter(|of| is_name && of.target == given.value);
    is_it(&given.value) || named.any(|of| is_it(&of.value))
}

/// What the value says that a key is given before by its name: `k := client.Key("sess", id)`.
fn of_named_key(reading: &Reading<'_>, call: &Call) -> Option<(Purpose, String)> {
    let name = beside::key(reading, call)?;
    let function = beside::function(reading, call.at)?;
    let mut before = reading.source.bindings.iter().rev().filter(|of| {
        (function..call.at).contains(&of.span.start) && of.target == name && !of.is_pair
    });
    let value = &before.next()?.value;
    let start = value.find(['"', '\'', '`'])?;
    let quote = value[start..].chars().next()?;
    of_key(value[start + 1..].split(quote).next()?)
}

/// The key of a command that rueidis puts together: `prefix + id` of `c.B().Get().Key(prefix + id).Cache()`.
fn built_key(call: &Call) -> Option<String> {
    let mut built = call.arguments.iter().filter(|argument| argument.value.contains(".B()."));
    let (_, rest) = built.find_map(|argument| argument.value.split_once(".Key("))?;
    let mut depth = 0;
    let end = rest.find(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth < 0
    });
    Some(rest[..end.unwrap_or(rest.len())].to_owned())
}

/// The key of a command: the first text among what is given to it.
fn key(call: &Call) -> Option<String> {
    if let Some(key) = built_key(call) {
        return Some(key);
    }
    let texts = call.arguments.iter().take(3).filter(|argument| {
        let name = unquoted(&argument.value);
        // `Do("SETEX", key)` says the command first.
        !(name.chars().all(|c| c.is_ascii_uppercase()) && known::command(name).is_some())
    });
    texts
        .into_iter()
        .find_map(|argument| {
            let start = argument.value.find(['"', '\'', '`', ':'])?;
            let value = &argument.value[start..];
            let quote = value.chars().next()?;
            let inner = &value[quote.len_utf8()..];
            let text = inner.split(quote).next().unwrap_or(inner);
            (quote != ':' && !text.is_empty()).then(|| text.to_owned()).or_else(|| {
                // A key that is made by a function or kept in a constant is named for what it is.
                argument.key.is_none().then(|| argument.value.clone())
            })
        })
        .or_else(|| {
            let first = call.arguments.iter().find(|argument| !is_context(&argument.value))?;
            Some(first.value.clone())
        })
}

/// Whether what is given only says how long is waited: `ctx` of Go, `cancellationToken` of C#.
fn is_context(value: &str) -> bool {
    let plain = value.to_ascii_lowercase();
    let plain = plain.trim_end_matches(".none");
    plain == "ctx" || plain.ends_with("cancellationtoken") || plain.ends_with("stoppingtoken")
}

/// The key that a command of Rust is given behind its name: `cmd("SET").arg(key)`, `script.key(key)`.
fn chained_key(reading: &Reading<'_>, call: &Call) -> Option<String> {
    if reading.names.language() != Language::Rust {
        return None;
    }
    let given =
        reading.source.calls.iter().filter(|of| {
            of.span.start == call.span.start && matches!(last(&of.callee), "arg" | "key")
        });
    key(given.min_by_key(|of| of.span.len())?)
}

/// `set(…, nx=True, ex=…)`, `.set(k, v, NX)`.
fn is_lock(call: &Call) -> bool {
    call.arguments.iter().skip(1).any(|argument| {
        argument.key.as_deref() == Some("nx") && argument.value != "False"
            || matches!(unquoted(&argument.value), "NX" | "nx" | "When.NotExists")
            || argument.value.contains("When.NotExists")
            || argument.value.contains("ExistenceCheck::NX")
    })
}

/// `cmd("SET").arg(key).arg(owner).arg("NX")` of Rust.
fn is_chained_lock(reading: &Reading<'_>, call: &Call) -> bool {
    let is_rust = reading.names.language() == Language::Rust;
    let mut chained = reading.source.calls.iter().filter(|of| {
        of.span.start == call.span.start && last(&of.callee) == "arg" && of.at > call.at
    });
    is_rust && chained.any(|of| of.arguments.iter().any(|given| unquoted(&given.value) == "NX"))
}

fn has_expiry(call: &Call) -> bool {
    call.arguments.iter().any(|argument| {
        matches!(argument.key.as_deref(), Some("ex" | "px" | "expiry" | "ttl" | "timeout" | "exat"))
            || ["Duration.", "TimeSpan.", "time.", "TTL", "ttl"]
                .iter()
                .any(|of| argument.value.contains(of))
    })
}
