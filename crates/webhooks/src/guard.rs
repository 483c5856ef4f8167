//! Where requests may go: not to what is private, whoever asks for it.
//!
//! Tenants say where they want their webhooks, and the server that sends them stands in a network with
//! things in it that are nobody's business. So every address of a name is looked at when a connection to it
//! is made, and a name with one that is refused is refused as a whole. What is looked at is what is connected
//! to: there is no time in between in which a name could change. Addresses that stand in a URL are looked
//! at by themselves, since nobody resolves those. Redirects are not followed, and there is no proxy.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    task::{Context, Poll},
    vec,
};

use futures_util::{FutureExt as _, future::BoxFuture};
use hyper_util::client::legacy::connect::dns::Name;
use ipnet::IpNet;
use url::{Host, Url};

/// The longest URL, in bytes.
pub const LONGEST_URL: usize = 2048;

/// Finds the addresses of a name.
pub trait Resolve: fmt::Debug + Send + Sync {
    /// All of them.
    fn resolve<'a>(&'a self, name: &'a str) -> BoxFuture<'a, std::io::Result<Vec<IpAddr>>>;
}

/// The system's resolver.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemResolver;

/// Where requests may go.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    allow: Arc<[IpNet]>,
    https_only: bool,
    resolver: Arc<dyn Resolve>,
}

/// A URL that nothing is sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidUrl {
    /// It is none, or longer than [`LONGEST_URL`].
    NotAUrl,
    /// It is not of `https` or `http`.
    Scheme,
    /// It is of `http`, and only `https` is allowed.
    NotEncrypted,
    /// It has a user or a password in it.
    Credentials,
    /// It has a fragment, which is never sent.
    Fragment,
    /// Its address is private, or otherwise not to be sent to.
    Forbidden,
}

/// Why there is no address to connect to.
#[derive(Debug)]
pub(crate) enum Unreachable {
    /// One of the name's addresses is not to be connected to.
    Forbidden,
    /// The name has no address, or could not be resolved.
    Unresolved,
}

impl Guard {
    pub(crate) fn new(allow: &[IpNet], https_only: bool, resolver: Arc<dyn Resolve>) -> Self {
        Self { allow: allow.into(), https_only, resolver }
    }

    /// The URL, if something may be sent there as far as can be seen without resolving its name.
    pub(crate) fn check(&self, text: &str) -> Result<Url, InvalidUrl> {
        if text.len() > LONGEST_URL {
            return Err(InvalidUrl::NotAUrl);
        }
        // It reads decimal, octal and hexadecimal forms of an address as browsers do.
        let url = Url::parse(text).map_err(|_| InvalidUrl::NotAUrl)?;
        match url.scheme() {
            "http" if self.https_only => return Err(InvalidUrl::NotEncrypted),
            "https" | "http" => {}
            _ => return Err(InvalidUrl::Scheme),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidUrl::Credentials);
        }
        if url.fragment().is_some() {
            return Err(InvalidUrl::Fragment);
        }
        let is_admitted = match url.host() {
            Some(Host::Ipv4(address)) => self.admits(address.into()),
            Some(Host::Ipv6(address)) => self.admits(address.into()),
            Some(Host::Domain(name)) if !name.is_empty() => true,
            _ => return Err(InvalidUrl::NotAUrl),
        };
        if is_admitted { Ok(url) } else { Err(InvalidUrl::Forbidden) }
    }

    fn admits(&self, address: IpAddr) -> bool {
        let embedded = match address {
            IpAddr::V4(_) => None,
            IpAddr::V6(v6) => embedded(v6),
        };
        let is_allowed = |net: &IpNet| {
            net.contains(&address) || embedded.is_some_and(|v4| net.contains(&IpAddr::V4(v4)))
        };
        !is_forbidden(address) || self.allow.iter().any(is_allowed)
    }

    async fn resolve(&self, name: &str) -> Result<Vec<IpAddr>, Unreachable> {
        let addresses =
            self.resolver.resolve(name).await.map_err(|_error| Unreachable::Unresolved)?;
        if addresses.is_empty() {
            return Err(Unreachable::Unresolved);
        }
        // One bad one is enough: who has put it there did not do so by mistake.
        if addresses.iter().all(|address| self.admits(*address)) {
            Ok(addresses)
        } else {
            Err(Unreachable::Forbidden)
        }
    }
}

/// As hyper asks for the addresses that it connects to.
impl tower_service::Service<Name> for Guard {
    type Response = vec::IntoIter<SocketAddr>;
    type Error = Unreachable;
    type Future = BoxFuture<'static, Result<Self::Response, Unreachable>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Unreachable>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let guard = self.clone();
        async move {
            let addresses = guard.resolve(name.as_str()).await?;
            // The port is that of the URL.
            let addresses: Vec<_> =
                addresses.into_iter().map(|address| SocketAddr::new(address, 0)).collect();
            Ok(addresses.into_iter())
        }
        .boxed()
    }
}

impl Resolve for SystemResolver {
    fn resolve<'a>(&'a self, name: &'a str) -> BoxFuture<'a, std::io::Result<Vec<IpAddr>>> {
        async move {
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        }
        .boxed()
    }
}

/// Private, loopback, link-local, shared, for benchmarks, multicast, reserved, or one that stands for such
/// an address (the registries of RFC 6890, as they are now).
fn is_forbidden(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_forbidden_v4(address),
        IpAddr::V6(address) => match embedded(address) {
            Some(v4) => is_forbidden_v4(v4),
            None => is_forbidden_v6(address),
        },
    }
}

#[expect(clippy::unnested_or_patterns, reason = "a line for each range")]
fn is_forbidden_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    matches!(
        (a, b, c),
        (0 | 10 | 127, ..)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0)
            | (192, 168, _)
            | (198, 18..=19, _)
            | (224..=255, ..)
    )
}

#[expect(clippy::unnested_or_patterns, reason = "a line for each range")]
fn is_forbidden_v6(address: Ipv6Addr) -> bool {
    matches!(
        address.segments(),
        // Unspecified, loopback, and the IPv4-compatible ones that nobody uses.
        [0, 0, 0, 0, 0, 0, ..]
            // Translated by a network of its own: 64:ff9b:1::/48.
            | [0x64, 0xff9b, 1, ..]
            // Teredo and 6to4: 2001::/32 and 2002::/16.
            | [0x2001, 0, ..]
            | [0x2002, ..]
            // Documentation and segment routing: 3fff::/20 and 5f00::/16.
            | [0x3fff, 0..=0x0fff, ..]
            | [0x5f00, ..]
            // Unique local, link-local, site-local, multicast.
            | [0xfc00..=0xfdff, ..]
            | [0xfe80..=0xfeff, ..]
            | [0xff00..=0xffff, ..]
    )
}

/// The IPv4 address that it stands for: mapped (`::ffff:0:0/96`) or translated (`64:ff9b::/96`).
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            let [a, b] = high.to_be_bytes();
            let [c, d] = low.to_be_bytes();
            Some(Ipv4Addr::new(a, b, c, d))
        }
        _ => None,
    }
}

impl fmt::Display for InvalidUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAUrl => "this is no URL, such as https://example.com/webhooks",
            Self::Scheme => "a URL has to begin with https://",
            Self::NotEncrypted => "a URL has to begin with https://: http is not allowed here",
            Self::Credentials => {
                "a URL may have no user and no password in it: send them as a header"
            }
            Self::Fragment => "a URL may have no fragment (#…): it is never sent",
            Self::Forbidden => {
                "nothing is sent to this address: it is private, local or reserved; whoever runs \
                 pgstead can allow networks with webhooks.allow"
            }
        })
    }
}

impl std::error::Error for InvalidUrl {}

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Forbidden => "the name has an address that nothing is sent to",
            Self::Unresolved => "the name has no address",
        })
    }
}

impl std::error::Error for Unreachable {}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(allow: &[&str]) -> Guard {
        let allow: Vec<IpNet> = allow.iter().map(|net| net.parse().unwrap()).collect();
        Guard::new(&allow, false, Arc::new(SystemResolver))
    }

    /// The first and the last address of each range, and their neighbours outside.
    #[test]
    fn ranges_end_where_they_end() {
        let guard = guard(&[]);
        let admits = |text: &str| guard.admits(text.parse().unwrap());
        for forbidden in [
            "0.0.0.0",
            "0.255.255.255",
            "10.0.0.0",
            "10.255.255.255",
            "100.64.0.0",
            "100.127.255.255",
            "127.0.0.0",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.0.0",
            "169.254.169.254",
            "169.254.255.255",
            "172.16.0.0",
            "172.31.255.255",
            "192.0.0.0",
            "192.0.0.255",
            "192.168.0.0",
            "192.168.255.255",
            "198.18.0.0",
            "198.19.255.255",
            "224.0.0.0",
            "239.255.255.255",
            "240.0.0.0",
            "255.255.255.255",
            "::",
            "::1",
            "fc00::",
            "fdff:ffff::",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "feff::1",
            "ff00::",
            "ff02::1",
            "64:ff9b::7f00:1",
            "64:ff9b::a00:1",
            "64:ff9b:1::",
            "64:ff9b:1:ffff::",
            "2002::",
            "2002:7f00:1::",
            "2001::",
            "2001:0:ffff::",
            "3fff::",
            "3fff:fff::1",
            "5f00::",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "::7f00:1",
        ] {
            assert!(!admits(forbidden), "{forbidden}");
        }
        for good in [
            "1.0.0.0",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "8.8.8.8",
            "2606:4700::1111",
            "64:ff9b::808:808",
            "64:ff9b:2::",
            "2001:1::",
            "2003::",
            "3ffe::",
            "3fff:1000::",
            "5eff::",
            "5f01::",
            "fbff::",
            "fe7f::",
            "::ffff:8.8.8.8",
        ] {
            assert!(admits(good), "{good}");
        }
    }

    #[test]
    fn a_url_is_looked_at_whatever_form_its_address_has() {
        let guard = guard(&[]);
        let check = |text: &str| guard.check(text).map(|_| ());
        for forbidden in [
            "http://127.0.0.1/",
            "https://127.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0x7f.0.0.1/",
            "http://0177.0.0.1/",
            "http://017700000001/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://169.254.169.254/x",
            "http://0/",
            "http://10.1.2.3:8080/",
            "http://１２７.0.0.1/",
        ] {
            assert_eq!(check(forbidden), Err(InvalidUrl::Forbidden), "{forbidden}");
        }
        for (text, why) in [
            ("", InvalidUrl::NotAUrl),
            ("example.com", InvalidUrl::NotAUrl),
            ("https://", InvalidUrl::NotAUrl),
            ("http://1.2.3.4.5/", InvalidUrl::NotAUrl),
            ("ftp://example.com/", InvalidUrl::Scheme),
            ("file:///etc/passwd", InvalidUrl::Scheme),
            ("https://a@example.com/", InvalidUrl::Credentials),
            ("https://a:b@example.com/", InvalidUrl::Credentials),
            ("https://example.com/#x", InvalidUrl::Fragment),
        ] {
            assert_eq!(check(text), Err(why), "{text}");
        }
        assert!(check("https://example.com/hooks?a=b").is_ok() && check("http://8.8.8.8/").is_ok());
        let long = format!("https://example.com/{}", "a".repeat(LONGEST_URL));
        assert_eq!(check(&long), Err(InvalidUrl::NotAUrl));
        let https = Guard::new(&[], true, Arc::new(SystemResolver));
        assert_eq!(https.check("http://example.com/").unwrap_err(), InvalidUrl::NotEncrypted);
        assert!(https.check("https://example.com/").is_ok());
    }

    #[test]
    fn networks_can_be_allowed() {
        let guard = guard(&["127.0.0.0/8", "fd00::/8"]);
        for good in ["http://127.0.0.1/", "http://[::ffff:127.0.0.1]/", "http://[fd00::1]/"] {
            assert!(guard.check(good).is_ok(), "{good}");
        }
        for bad in ["http://10.0.0.1/", "http://[::1]/", "http://[fc00::1]/"] {
            assert_eq!(guard.check(bad).unwrap_err(), InvalidUrl::Forbidden, "{bad}");
        }
    }

    #[derive(Debug)]
    struct Fixed(Vec<IpAddr>);

    impl Resolve for Fixed {
        fn resolve<'a>(&'a self, _: &'a str) -> BoxFuture<'a, std::io::Result<Vec<IpAddr>>> {
            std::future::ready(Ok(self.0.clone())).boxed()
        }
    }

    #[tokio::test]
    async fn one_bad_address_of_a_name_is_enough() {
        let of = |addresses: &[&str]| {
            let addresses = addresses.iter().map(|address| address.parse().unwrap()).collect();
            Guard::new(&[], false, Arc::new(Fixed(addresses)))
        };
        assert!(of(&["8.8.8.8", "8.8.4.4"]).resolve("good").await.is_ok());
        let mixed = of(&["8.8.8.8", "127.0.0.1"]).resolve("mixed").await;
        assert!(matches!(mixed, Err(Unreachable::Forbidden)));
        let nothing = of(&[]).resolve("nothing").await;
        assert!(matches!(nothing, Err(Unreachable::Unresolved)));
    }
}
