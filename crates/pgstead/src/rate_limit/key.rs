//! Whom a request is counted for.

use std::{error, fmt, sync::Arc};

use http::{HeaderName, request::Parts};

use super::ClientIp;

/// Whom a request is counted for: where in it the key is found that takes from the limit.
///
/// A key is one to 1024 bytes of text. What the sender of a request chooses himself, such as a
/// header that nobody has verified, is no key: he would choose another one for each request.
///
/// ```
/// use pgstead::rate_limit::{ClientIp, Key};
///
/// #[derive(Clone)]
/// struct User {
///     id: u64,
/// }
///
/// // Users that have logged in count for themselves, others by their address.
/// let key = Key::first_of([
///     ("user", Key::extension(|user: &User| user.id.to_string())),
///     ("ip", Key::client_ip(ClientIp::new())),
/// ]);
/// ```
#[derive(Clone)]
pub struct Key(Arc<dyn Fn(&mut Parts) -> Found + Send + Sync>);

/// The key of a request, if it has one.
pub(super) type Found = Result<Option<String>, NoPeer>;

/// The server did not say who is connected.
#[derive(Debug)]
pub(super) struct NoPeer;

impl fmt::Display for NoPeer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "the server does not say who is connected; with axum, serve \
             into_make_service_with_connect_info::<SocketAddr>()",
        )
    }
}

impl error::Error for NoPeer {}

impl Key {
    /// What that closure finds.
    ///
    /// ```
    /// use pgstead::rate_limit::Key;
    ///
    /// let by_host = Key::from_fn(|request| request.uri.host().map(str::to_owned));
    /// ```
    pub fn from_fn(find: impl Fn(&Parts) -> Option<String> + Send + Sync + 'static) -> Self {
        Self::new(move |request| Ok(find(request)))
    }

    /// The value of that header, for one that was verified before, or is set by a proxy through
    /// which every request comes. A header that stands there twice, or is no ASCII, is no key.
    #[must_use]
    pub fn header(name: HeaderName) -> Self {
        Self::from_fn(move |request| {
            let mut values = request.headers.get_all(&name).iter();
            match (values.next(), values.next()) {
                (Some(value), None) => value.to_str().ok().map(str::to_owned),
                // Of two, which one was meant is not known, and one of them may be a client's.
                _ => None,
            }
        })
    }

    /// What stands in the path of axum's route, `{id}` by the name `id`. Percent-encoding is
    /// undone. A route without such a part has no key.
    ///
    /// The layer has to be within the router: with axum's `Router::layer` and `route_layer` it is.
    #[cfg(feature = "axum")]
    pub fn path_param(name: impl Into<String>) -> Self {
        let name = name.into();
        Self::new(move |request| Ok(path_param(request, &name)))
    }

    /// What is said of the request in an extension of that type, such as the user whom a layer
    /// outside of this one has authenticated.
    pub fn extension<T: Send + Sync + 'static>(
        find: impl Fn(&T) -> String + Send + Sync + 'static,
    ) -> Self {
        Self::from_fn(move |request| request.extensions.get().map(&find))
    }

    /// The address that the request comes from.
    #[must_use]
    pub fn client_ip(client_ip: ClientIp) -> Self {
        Self::new(move |request| client_ip.key(request).map(Some).ok_or(NoPeer))
    }

    /// All of these together; where one is missing, all are. The key is `ann,/search`: a comma
    /// stands between two of them, and a backslash before a comma or backslash of theirs.
    pub fn all(keys: impl IntoIterator<Item = Key>) -> Self {
        let keys: Vec<Key> = keys.into_iter().collect();
        Self::new(move |request| {
            let mut joined = String::new();
            for (at, key) in keys.iter().enumerate() {
                let Some(part) = key.find(request)? else {
                    return Ok(None);
                };
                if at > 0 {
                    joined.push(',');
                }
                escape(&part, ',', &mut joined);
            }
            Ok(Some(joined))
        })
    }

    /// The first of these that a request has. The key is `user:42` or `ip:192.0.2.1`: the name
    /// stands before it, so that no user is taken for an address.
    pub fn first_of(keys: impl IntoIterator<Item = (&'static str, Key)>) -> Self {
        let named = |(name, key)| {
            let mut prefix = String::new();
            escape(name, ':', &mut prefix);
            (prefix + ":", key)
        };
        let keys: Vec<(String, Key)> = keys.into_iter().map(named).collect();
        Self::new(move |request| {
            for (prefix, key) in &keys {
                if let Some(found) = key.find(request)? {
                    return Ok(Some(prefix.clone() + &found));
                }
            }
            Ok(None)
        })
    }

    /// The key of a request. One that is empty is none.
    pub(super) fn find(&self, request: &mut Parts) -> Found {
        (self.0)(request).map(|found| found.filter(|key| !key.is_empty()))
    }

    fn new(find: impl Fn(&mut Parts) -> Found + Send + Sync + 'static) -> Self {
        Self(Arc::new(find))
    }
}

/// Appends a text in which that character stands only after a backslash.
fn escape(text: &str, special: char, to: &mut String) {
    for character in text.chars() {
        if character == special || character == '\\' {
            to.push('\\');
        }
        to.push(character);
    }
}

#[cfg(feature = "axum")]
fn path_param(request: &mut Parts, name: &str) -> Option<String> {
    use std::{
        pin::pin,
        task::{Context, Poll, Waker},
    };

    use axum::extract::{FromRequestParts as _, RawPathParams};

    let looking = pin!(RawPathParams::from_request_parts(request, &()));
    match looking.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(params)) => {
            params.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
        }
        // There are none, or they are no UTF-8.
        Poll::Ready(Err(_)) => None,
        Poll::Pending => unreachable!("it only looks at what the router has found"),
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Key").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn request(headers: &[(&'static str, &'static str)]) -> Parts {
        let mut request = Request::builder();
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    fn fixed(key: impl Into<String>) -> Key {
        let key = key.into();
        Key::from_fn(move |_| Some(key.clone()))
    }

    #[test]
    fn a_header_stands_once() {
        let key = Key::header(HeaderName::from_static("x-api-key"));
        for (headers, found) in [
            (&[][..], None),
            (&[("x-api-key", "")], None),
            (&[("x-api-key", "a, b")], Some("a, b")),
            (&[("X-Api-Key", "a")], Some("a")),
            (&[("x-api-key", "a"), ("x-api-key", "a")], None),
            (&[("x-api-key", "é")], None),
        ] {
            let found = found.map(str::to_owned);
            assert_eq!(key.find(&mut request(headers)).unwrap(), found, "{headers:?}");
        }
    }

    #[test]
    fn an_extension_is_found_by_its_type() {
        struct User(u64);
        let key = Key::extension(|user: &User| user.0.to_string());
        let mut request = request(&[]);
        assert_eq!(key.find(&mut request).unwrap(), None);
        request.extensions.insert(Arc::new(User(7)));
        assert_eq!(key.find(&mut request).unwrap(), None, "that is another type");
        let shared = Key::extension(|user: &Arc<User>| user.0.to_string());
        assert_eq!(shared.find(&mut request).unwrap().as_deref(), Some("7"));
    }

    #[test]
    fn the_first_has_its_name_before_it() {
        let header = |name| Key::header(HeaderName::from_static(name));
        let key = Key::first_of([("user", header("x-user")), ("ip", header("x-ip"))]);
        for (headers, found) in [
            (&[][..], None),
            (&[("x-ip", "192.0.2.1")], Some("ip:192.0.2.1")),
            (&[("x-ip", "192.0.2.1"), ("x-user", "ann")], Some("user:ann")),
            (&[("x-user", "ip:192.0.2.1")], Some("user:ip:192.0.2.1")),
        ] {
            let found = found.map(str::to_owned);
            assert_eq!(key.find(&mut request(headers)).unwrap(), found, "{headers:?}");
        }
    }

    #[test]
    fn without_a_peer_nothing_stands_in_for_it() {
        let ip = || Key::client_ip(ClientIp::new());
        assert!(ip().find(&mut request(&[])).is_err());
        assert!(Key::all([fixed("a"), ip()]).find(&mut request(&[])).is_err());
        assert!(
            Key::first_of([("ip", ip()), ("all", fixed("a"))]).find(&mut request(&[])).is_err()
        );
    }

    fn joined(parts: &[String]) -> Option<String> {
        Key::all(parts.iter().map(fixed)).find(&mut request(&[])).unwrap()
    }

    #[test]
    fn all_are_joined_or_none_is() {
        for (parts, found) in [
            (&[][..], None),
            (&["ann"], Some("ann")),
            (&["ann", "/search"], Some("ann,/search")),
            (&["a,b", "c"], Some(r"a\,b,c")),
            (&["a", "b,c"], Some(r"a,b\,c")),
            (&[r"a\", ",b"], Some(r"a\\,\,b")),
            (&["ann", ""], None),
        ] {
            let parts: Vec<String> = parts.iter().map(ToString::to_string).collect();
            assert_eq!(joined(&parts), found.map(str::to_owned), "{parts:?}");
        }
    }

    proptest::proptest! {
        /// No two combinations are one key.
        #[test]
        fn what_is_joined_is_told_apart(
            one in proptest::collection::vec("[a,\\\\]{1,3}", 1..4),
            other in proptest::collection::vec("[a,\\\\]{1,3}", 1..4),
        ) {
            proptest::prop_assert_eq!(joined(&one) == joined(&other), one == other);
        }
    }
}
