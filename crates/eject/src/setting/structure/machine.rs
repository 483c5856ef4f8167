//! What a machine is told to have: packages, services, ports that are open.

use super::{
    super::{address, said, server},
    Look, Node, Pair, Walk,
};
use crate::finding::{Kind, Sighting};

impl<'d> Walk<'_, 'd, '_> {
    /// Packages that are installed and services that are started on a machine.
    pub(super) fn managed(&mut self, pair: Pair<'d>) {
        let named = ["name", "pkg"].iter().find_map(|key| pair.value.pair(key));
        let Some(named) = named else { return self.node(pair.value, Look::All) };
        let mut all =
            named.value.text().into_iter().chain(named.value.items().filter_map(Node::text));
        let found = all.find_map(|name| Some((name, server::of_name(name)?)));
        if let Some((name, store)) = found {
            let kind = if said::installs(pair.key) { Kind::Package } else { Kind::Setting };
            self.put(Sighting::new(kind, store, named.span(), name), false);
        }
    }

    /// The port of a server that a firewall lets somebody through to.
    pub(super) fn let_through(&mut self, pair: Pair<'d>) {
        let ports = pair.value.pairs().filter(|inner| inner.key.contains("port"));
        let found = ports.filter_map(|inner| {
            let port = inner.value.text()?.split('/').next()?.trim().parse().ok()?;
            Some((inner.span(), address::of_port(port)?))
        });
        if let Some((span, store)) = found.collect::<Vec<_>>().pop() {
            self.put(Sighting::new(Kind::Resource, store, span, pair.key), false);
        }
    }
}
