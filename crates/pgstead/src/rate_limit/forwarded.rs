//! What proxies say of whom they forward, read from the right: from the nearest proxy outwards.
//!
//! What a proxy appended stands to the right of all that came with the request. Whoever reads from
//! the right reads what the nearest proxy wrote before anything that a client could have written,
//! and nothing to the left of a comma changes how what is to the right of it reads.

use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, HeaderName, header};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The addresses of `X-Forwarded-For`, the nearest hop first; `None` for what is none.
pub(super) fn x_forwarded_for(headers: &HeaderMap) -> impl Iterator<Item = Option<IpAddr>> {
    lines(headers, X_FORWARDED_FOR).flat_map(|line| {
        line.rsplit(|byte| *byte == b',')
            .filter(|element| !element.trim_ascii().is_empty())
            .map(|element| node(str::from_utf8(element).ok()?.trim_ascii()))
    })
}

/// The addresses of `Forwarded` (RFC 7239), the nearest hop first; `None` for one that is unknown,
/// hidden, or not said.
pub(super) fn forwarded(headers: &HeaderMap) -> impl Iterator<Item = Option<IpAddr>> {
    lines(headers, header::FORWARDED).flat_map(|line| {
        rsplit_unquoted(line, b',')
            .filter(|element| !element.trim_ascii().is_empty())
            .map(|element| forwarded_for(str::from_utf8(element).ok()?))
    })
}

/// The fields of that name, the last one first.
fn lines(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &[u8]> {
    headers.get_all(name).iter().rev().map(http::HeaderValue::as_bytes)
}

/// Splits from the right at what does not stand in a quoted string.
fn rsplit_unquoted(line: &[u8], at: u8) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let line = rest?;
        let mut is_quoted = false;
        for (position, byte) in line.iter().enumerate().rev() {
            match *byte {
                b'"' if !is_quoted => is_quoted = true,
                b'"' => is_quoted = is_escaped(line, position),
                byte if byte == at && !is_quoted => {
                    rest = Some(&line[..position]);
                    return Some(&line[position + 1..]);
                }
                _ => {}
            }
        }
        rest = None;
        Some(line)
    })
}

/// Whether the byte there has an odd number of backslashes before it.
fn is_escaped(line: &[u8], position: usize) -> bool {
    let backslashes = line[..position].iter().rev().take_while(|byte| **byte == b'\\').count();
    backslashes % 2 == 1
}

/// The node of the one parameter `for`.
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let mut found = None;
    for pair in rsplit_unquoted(element.as_bytes(), b';') {
        let Some((name, value)) = str::from_utf8(pair).ok()?.split_once('=') else {
            continue;
        };
        if !name.trim_ascii().eq_ignore_ascii_case("for") {
            continue;
        }
        let value = value.trim_ascii();
        let value =
            value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value);
        // Of two that differ neither can be believed.
        if found.replace(node(value)).is_some() {
            return None;
        }
    }
    found?
}

/// An address, perhaps with a port: `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]`,
/// `[2001:db8::1]:80`; the port may be hidden, as `:_port`.
fn node(text: &str) -> Option<IpAddr> {
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    if let Ok(address) = text.parse::<SocketAddr>() {
        return Some(address.ip());
    }
    if let Some(rest) = text.strip_prefix('[') {
        let (address, port) = rest.split_once(']')?;
        let address = address.parse().ok().map(IpAddr::V6)?;
        return (port.is_empty() || port.strip_prefix(':').is_some_and(is_hidden))
            .then_some(address);
    }
    let (address, port) = text.split_once(':')?;
    let address = address.parse().ok().map(IpAddr::V4)?;
    is_hidden(port).then_some(address)
}

/// An obfuscated port (RFC 7239, 6.2).
fn is_hidden(port: &str) -> bool {
    port.strip_prefix('_').is_some_and(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(name: &HeaderName, lines: &[&str]) -> HeaderMap {
        let line = |line: &&str| (name.clone(), HeaderValue::from_bytes(line.as_bytes()).unwrap());
        lines.iter().map(line).collect()
    }

    fn shown(hops: impl Iterator<Item = Option<IpAddr>>) -> String {
        let shown = hops.map(|hop| hop.map_or("-".to_owned(), |address| address.to_string()));
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn x_forwarded_for_is_read_from_the_right() {
        for (lines, hops) in [
            (&[][..], ""),
            (&[""], ""),
            (&["192.0.2.1"], "192.0.2.1"),
            (&["192.0.2.1, 198.51.100.2 ,203.0.113.3"], "203.0.113.3 198.51.100.2 192.0.2.1"),
            (&["192.0.2.1", "198.51.100.2, 203.0.113.3"], "203.0.113.3 198.51.100.2 192.0.2.1"),
            (&["192.0.2.1:4711"], "192.0.2.1"),
            (&["2001:db8::1"], "2001:db8::1"),
            (&["[2001:db8::1]"], "2001:db8::1"),
            (&["[2001:db8::1]:4711"], "2001:db8::1"),
            (&["::ffff:192.0.2.1"], "::ffff:192.0.2.1"),
            (&[", 192.0.2.1,, "], "192.0.2.1"),
            (&["unknown, 192.0.2.1"], "192.0.2.1 -"),
            (&["192.0.2.1, unknown"], "- 192.0.2.1"),
            (&["192.0.2.256"], "-"),
            (&["192.0.2.1 203.0.113.3"], "-"),
            (&["192.0.2.1:99999"], "-"),
            (&["192.0.2.1:"], "-"),
            (&["\"192.0.2.1\""], "-"),
            (&["fe80::1%eth0"], "-"),
            (&["é, 192.0.2.1"], "192.0.2.1 -"),
        ] {
            let headers = headers(&X_FORWARDED_FOR, lines);
            assert_eq!(shown(x_forwarded_for(&headers)), hops, "{lines:?}");
        }
    }

    #[test]
    fn forwarded_is_read_from_the_right() {
        for (lines, hops) in [
            (&[][..], ""),
            (&["for=192.0.2.43"], "192.0.2.43"),
            (&["for=192.0.2.43, for=198.51.100.17"], "198.51.100.17 192.0.2.43"),
            (&["for=192.0.2.43", "for=198.51.100.17"], "198.51.100.17 192.0.2.43"),
            (&["for=192.0.2.60;proto=http;by=203.0.113.43"], "192.0.2.60"),
            (&["proto=http; FOR = 192.0.2.60 ;by=203.0.113.43"], "192.0.2.60"),
            (&["For=\"[2001:db8:cafe::17]:4711\""], "2001:db8:cafe::17"),
            (&["for=\"[2001:db8:cafe::17]\""], "2001:db8:cafe::17"),
            (&["for=\"192.0.2.43:47011\""], "192.0.2.43"),
            (&["for=\"192.0.2.43:_gate\", for=\"[2001:db8::1]:_gate\""], "2001:db8::1 192.0.2.43"),
            (&["for=_hidden, for=unknown, for=192.0.2.1"], "192.0.2.1 - -"),
            (&["proto=https"], "-"),
            (&["for=192.0.2.1;for=192.0.2.2"], "-"),
            (&["for="], "-"),
            // A comma, a semicolon and a quote in a quoted string are none.
            (&["for=192.0.2.1;host=\"a,b;for=6.6.6.6\""], "192.0.2.1"),
            (&[r#"for=192.0.2.1;host="a\",for=6.6.6.6""#], "192.0.2.1"),
            (&[r#"for=192.0.2.1;host="a\\", for=192.0.2.2"#], "192.0.2.2 192.0.2.1"),
            // A quote that a client left open swallows what he wrote, and not what the proxy did.
            (&["for=\"6.6.6.6, for=192.0.2.1"], "192.0.2.1 -"),
            (&["for=\"6.6.6.6, for=\"[2001:db8::1]\""], "2001:db8::1 -"),
            (&["for=\"6.6.6.6\\", "for=192.0.2.1"], "192.0.2.1 -"),
        ] {
            let headers = headers(&header::FORWARDED, lines);
            assert_eq!(shown(forwarded(&headers)), hops, "{lines:?}");
        }
    }

    proptest::proptest! {
        /// Whatever a client sends, what the proxy appended reads the same.
        #[test]
        fn what_is_on_the_left_changes_nothing(sent in "[ -~]{0,40}") {
            let appended = format!("{sent}, for=\"[2001:db8::1]:80\";host=\"a,\\\"b\"");
            let headers = headers(&header::FORWARDED, &[&appended]);
            let nearest = forwarded(&headers).next().unwrap();
            proptest::prop_assert_eq!(nearest, Some("2001:db8::1".parse().unwrap()));
            let appended = format!("{sent}, 192.0.2.1");
            let headers = self::headers(&X_FORWARDED_FOR, &[&appended]);
            let nearest = x_forwarded_for(&headers).next().unwrap();
            proptest::prop_assert_eq!(nearest, Some("192.0.2.1".parse().unwrap()));
        }
    }
}
