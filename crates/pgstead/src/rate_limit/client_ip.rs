//! Whose address a request comes from.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use http::{Extensions, request::Parts};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::forwarded::{forwarded, x_forwarded_for};

/// Whose address a request comes from, as a [`Key`](super::Key).
///
/// Without trusted proxies that is whoever is connected, whatever the request says. With some, it
/// is the first from the right, in the one header that those proxies write, who is none of them.
/// A proxy that says no address there (`unknown`) stands for whom it forwards.
///
/// Who is connected, a server says in an extension of the request: `ConnectInfo<SocketAddr>` with
/// axum's `into_make_service_with_connect_info`, or a plain `SocketAddr`;
/// [`peer`](Self::peer) looks elsewhere. Where it says nothing requests are refused with
/// status 500, and the log says why.
///
/// An IPv4 address in an IPv6 one (`::ffff:192.0.2.1`) is the IPv4 address. IPv6 addresses count
/// by their network of 64 bits, of which a single client has as a rule all.
///
/// ```
/// use pgstead::rate_limit::ClientIp;
///
/// let behind_a_load_balancer =
///     ClientIp::new().trusted_proxies(["10.0.0.0/8".parse::<ipnet::IpNet>()?]);
/// # Ok::<(), ipnet::AddrParseError>(())
/// ```
#[derive(Clone)]
pub struct ClientIp {
    trusted: Vec<IpNet>,
    header: ForwardedHeader,
    ipv6_prefix: u8,
    peer: Arc<Peer>,
}

type Peer = dyn Fn(&Extensions) -> Option<IpAddr> + Send + Sync;

/// The header in which trusted proxies say whom they forward. One that they do not write is not
/// to be named: they would pass on what a client wrote there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ForwardedHeader {
    /// `X-Forwarded-For: 203.0.113.7, 10.0.0.3`
    #[default]
    XForwardedFor,
    /// `Forwarded: for=203.0.113.7, for="[2001:db8::1]:4711"` (RFC 7239)
    Forwarded,
}

const BITS_OF_IPV6: u8 = 128;

impl ClientIp {
    /// Whoever is connected, and IPv6 by 64 bits.
    #[must_use]
    pub fn new() -> Self {
        Self {
            trusted: Vec::new(),
            header: ForwardedHeader::default(),
            ipv6_prefix: 64,
            peer: Arc::new(connected),
        }
    }

    /// The addresses of proxies that are believed. They have to append to the header, or to
    /// overwrite it, in every request that they forward. Default: none.
    #[must_use]
    pub fn trusted_proxies(mut self, networks: impl IntoIterator<Item: Into<IpNet>>) -> Self {
        self.trusted = networks.into_iter().map(|network| canonical(network.into())).collect();
        self
    }

    /// The header that the trusted proxies write. Default: [`ForwardedHeader::XForwardedFor`].
    #[must_use]
    pub fn forwarded_header(mut self, header: ForwardedHeader) -> Self {
        self.header = header;
        self
    }

    /// How many bits of an IPv6 address count, at most 128. Default: 64.
    #[must_use]
    pub fn ipv6_prefix(mut self, bits: u8) -> Self {
        self.ipv6_prefix = bits.min(BITS_OF_IPV6);
        self
    }

    /// Who is connected, as this server says it. For a proxy on a Unix socket, name an address
    /// that is trusted.
    #[must_use]
    pub fn peer(
        mut self,
        peer: impl Fn(&Extensions) -> Option<IpAddr> + Send + Sync + 'static,
    ) -> Self {
        self.peer = Arc::new(peer);
        self
    }

    /// The key of a request, if it is known who is connected.
    pub(super) fn key(&self, request: &Parts) -> Option<String> {
        match self.address(request)? {
            IpAddr::V6(address) if self.ipv6_prefix < BITS_OF_IPV6 => {
                let network = Ipv6Net::new_assert(address, self.ipv6_prefix);
                Some(network.trunc().to_string())
            }
            address => Some(address.to_string()),
        }
    }

    fn address(&self, request: &Parts) -> Option<IpAddr> {
        let peer = (self.peer)(&request.extensions)?;
        Some(match self.header {
            ForwardedHeader::XForwardedFor => self.client(peer, x_forwarded_for(&request.headers)),
            ForwardedHeader::Forwarded => self.client(peer, forwarded(&request.headers)),
        })
    }

    /// The first who is not trusted, or the last who is known.
    fn client(&self, peer: IpAddr, hops: impl Iterator<Item = Option<IpAddr>>) -> IpAddr {
        let mut client = peer.to_canonical();
        for hop in hops {
            if !self.trusts(client) {
                break;
            }
            match hop {
                Some(address) => client = address.to_canonical(),
                None => break,
            }
        }
        client
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(&address))
    }
}

/// Who is connected, as axum's server says it, or a plain address.
fn connected(extensions: &Extensions) -> Option<IpAddr> {
    #[cfg(feature = "axum")]
    if let Some(axum::extract::ConnectInfo(address)) =
        extensions.get::<axum::extract::ConnectInfo<SocketAddr>>()
    {
        return Some(address.ip());
    }
    extensions.get::<SocketAddr>().map(SocketAddr::ip)
}

/// A network of IPv4 addresses in IPv6 ones is the network of these.
fn canonical(network: IpNet) -> IpNet {
    const BITS_BEFORE_IPV4: u8 = 96;
    match network {
        IpNet::V6(v6) if v6.prefix_len() >= BITS_BEFORE_IPV4 => match v6.addr().to_ipv4_mapped() {
            Some(v4) => Ipv4Net::new_assert(v4, v6.prefix_len() - BITS_BEFORE_IPV4).into(),
            None => network,
        },
        _ => network,
    }
}

impl Default for ClientIp {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ClientIp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientIp")
            .field("trusted", &self.trusted)
            .field("header", &self.header)
            .field("ipv6_prefix", &self.ipv6_prefix)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    /// The key of a request from that peer with those headers.
    fn key(client_ip: &ClientIp, peer: &str, headers: &[(&str, &str)]) -> String {
        let mut request = Request::builder();
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut parts = request.body(()).unwrap().into_parts().0;
        let peer: IpAddr = peer.parse().unwrap();
        parts.extensions.insert(SocketAddr::from((peer, 4711)));
        client_ip.key(&parts).unwrap()
    }

    fn trusting(networks: &[&str]) -> ClientIp {
        let parse = |network: &&str| network.parse::<IpNet>().unwrap();
        ClientIp::new().trusted_proxies(networks.iter().map(parse))
    }

    #[test]
    fn without_trusted_proxies_only_the_socket_counts() {
        let spoof = [
            ("x-forwarded-for", "6.6.6.6"),
            ("forwarded", "for=6.6.6.6"),
            ("x-real-ip", "6.6.6.6"),
        ];
        for header in [ForwardedHeader::XForwardedFor, ForwardedHeader::Forwarded] {
            let client_ip = ClientIp::new().forwarded_header(header);
            for (peer, found) in [
                ("192.0.2.1", "192.0.2.1"),
                ("127.0.0.1", "127.0.0.1"),
                ("::ffff:192.0.2.1", "192.0.2.1"),
                ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ] {
                assert_eq!(key(&client_ip, peer, &spoof), found, "{peer}");
            }
        }
    }

    #[test]
    fn trusted_proxies_are_passed_from_the_right() {
        let client_ip = trusting(&["10.0.0.0/8", "2001:db8:aaaa::/48", "::ffff:172.16.0.0/108"]);
        for (peer, said, found) in [
            // The peer is not trusted: whatever it says is a lie.
            ("192.0.2.1", "6.6.6.6", "192.0.2.1"),
            ("192.0.2.1", "10.0.0.1", "192.0.2.1"),
            ("2001:db8:bbbb::1", "6.6.6.6", "2001:db8:bbbb::/64"),
            // It is: what it appended counts, and not what came with the request.
            ("10.0.0.1", "203.0.113.7", "203.0.113.7"),
            ("10.0.0.1", "6.6.6.6, 203.0.113.7", "203.0.113.7"),
            ("10.0.0.1", "10.0.0.9, 203.0.113.7", "203.0.113.7"),
            ("10.0.0.1", "6.6.6.6, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
            ("10.0.0.1", "203.0.113.7, 10.9.9.9, 10.0.0.2", "203.0.113.7"),
            // Its address in other guises.
            ("::ffff:10.0.0.1", "203.0.113.7", "203.0.113.7"),
            ("::ffff:172.16.0.1", "203.0.113.7", "203.0.113.7"),
            ("172.31.255.255", "203.0.113.7", "203.0.113.7"),
            ("172.32.0.0", "203.0.113.7", "172.32.0.0"),
            ("10.0.0.1", "203.0.113.7, ::ffff:10.0.0.2", "203.0.113.7"),
            ("10.0.0.1", "203.0.113.7, [::ffff:10.0.0.2]:80", "203.0.113.7"),
            ("2001:db8:aaaa::1", "203.0.113.7", "203.0.113.7"),
            // The client in other guises is one client.
            ("10.0.0.1", "203.0.113.7:4711", "203.0.113.7"),
            ("10.0.0.1", "::ffff:203.0.113.7", "203.0.113.7"),
            ("10.0.0.1", "2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
            ("10.0.0.1", "[2001:db8:1:2:ffff::4]:4711", "2001:db8:1:2::/64"),
            // Nobody is named, or nobody but proxies: the last that is known.
            ("10.0.0.1", "", "10.0.0.1"),
            ("10.0.0.1", "10.0.0.2", "10.0.0.2"),
            ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
            // A proxy that does not say whom it forwards stands for them.
            ("10.0.0.1", "unknown", "10.0.0.1"),
            ("10.0.0.1", "6.6.6.6, unknown, 10.0.0.2", "10.0.0.2"),
            ("10.0.0.1", "6.6.6.6, 203.0.113.7.8", "10.0.0.1"),
        ] {
            let headers = [("forwarded", "for=6.6.6.6"), ("x-forwarded-for", said)];
            assert_eq!(key(&client_ip, peer, &headers), found, "{peer} says {said:?}");
        }
    }

    #[test]
    fn lines_of_a_header_are_one_list() {
        let client_ip = trusting(&["10.0.0.0/8"]);
        let lines = [
            ("x-forwarded-for", "6.6.6.6"),
            ("x-forwarded-for", "203.0.113.7, 10.0.0.3"),
            ("x-forwarded-for", "10.0.0.2"),
        ];
        assert_eq!(key(&client_ip, "10.0.0.1", &lines), "203.0.113.7");
    }

    #[test]
    fn forwarded_counts_where_it_was_chosen_and_alone() {
        let client_ip = trusting(&["10.0.0.0/8"]).forwarded_header(ForwardedHeader::Forwarded);
        for (peer, said, found) in [
            ("192.0.2.1", "for=6.6.6.6", "192.0.2.1"),
            ("10.0.0.1", "for=6.6.6.6, for=203.0.113.7", "203.0.113.7"),
            ("10.0.0.1", "for=203.0.113.7;proto=https, for=10.0.0.2;by=10.0.0.1", "203.0.113.7"),
            ("10.0.0.1", "for=\"[2001:db8:1:2:3::4]:4711\"", "2001:db8:1:2::/64"),
            ("10.0.0.1", "for=\"6.6.6.6, for=203.0.113.7", "203.0.113.7"),
            ("10.0.0.1", "for=203.0.113.7, for=_proxy", "10.0.0.1"),
            ("10.0.0.1", "for=203.0.113.7, proto=https", "10.0.0.1"),
        ] {
            let headers = [("x-forwarded-for", "6.6.6.6"), ("forwarded", said)];
            assert_eq!(key(&client_ip, peer, &headers), found, "{peer} says {said:?}");
        }
    }

    #[test]
    fn as_many_bits_of_ipv6_count_as_were_chosen() {
        let address = "2001:db8:1:2:3:4:5:6";
        for (bits, found) in [
            (0, "::/0"),
            (48, "2001:db8:1::/48"),
            (56, "2001:db8:1::/56"),
            (64, "2001:db8:1:2::/64"),
            (127, "2001:db8:1:2:3:4:5:6/127"),
            (128, address),
            (255, address),
        ] {
            let client_ip = ClientIp::new().ipv6_prefix(bits);
            assert_eq!(key(&client_ip, address, &[]), found, "{bits}");
            assert_eq!(key(&client_ip, "192.0.2.1", &[]), "192.0.2.1", "{bits}");
        }
    }

    #[test]
    fn who_is_connected_may_be_said_elsewhere() {
        let parts = Request::new(()).into_parts().0;
        assert_eq!(ClientIp::new().key(&parts), None);
        let here = ClientIp::new().peer(|_| Some([127, 0, 0, 1].into()));
        assert_eq!(here.key(&parts).as_deref(), Some("127.0.0.1"));
    }

    #[cfg(feature = "axum")]
    #[test]
    fn axum_says_who_is_connected() {
        let mut parts = Request::new(()).into_parts().0;
        let peer = SocketAddr::from(([192, 0, 2, 1], 4711));
        parts.extensions.insert(axum::extract::ConnectInfo(peer));
        assert_eq!(ClientIp::new().key(&parts).as_deref(), Some("192.0.2.1"));
    }

    proptest::proptest! {
        /// Whatever a client sends along, he is whom the proxy saw.
        #[test]
        fn nothing_that_is_sent_along_hides_a_client(sent in "[0-9a-f.:,\\[\\] ]{0,40}") {
            let said = format!("{sent}, 203.0.113.7, 10.0.0.2");
            let found = key(&trusting(&["10.0.0.0/8"]), "10.0.0.1", &[("x-forwarded-for", &said)]);
            proptest::prop_assert_eq!(found, "203.0.113.7");
        }
    }
}
