//! `pgstead bench`

mod limits;
mod load;
mod node;
mod queue;
mod redis;
mod report;
mod scratch;
mod tokens;
mod webhooks;

use std::{fmt::Debug, time::Duration};

use anyhow::Result;
use clap::{
    Args, Subcommand,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};

use super::Global;
use crate::{
    config::Config,
    output::{Outcome, Wrong},
};

#[derive(Debug, Subcommand)]
pub(crate) enum Bench {
    /// Rate-limit checks: one at a time, many at once, one hot key, nine of ten refused, durable
    Limits(Options<limits::Peer>),
    /// Sessions: begin, refresh, verify, revoke, clean up; in a database of their own
    Tokens(Options<tokens::Peer>),
    /// Jobs: sent one by one and in batches, worked off, picked up; in a database of their own
    Queue(Options<queue::Peer>),
    /// Events: from publication to receipt, at two paces and flat out, of which one endpoint in a hundred fails
    Webhooks(Options<webhooks::Peer>),
}

/// What every benchmark takes.
///
/// pgstead and its peers take turns in short rounds, so that whatever else the machine does meets
/// all of them; the ratio is the median of the rounds.
#[derive(Args, Debug)]
pub(crate) struct Options<P: Peer> {
    /// Measure these beside it, on the same machine; several with commas, or repeated
    #[arg(long = "peer", value_parser = choices::<P>(), value_name = "PEER",
          value_delimiter = ',', default_value = NONE)]
    peers: Vec<Choice<P>>,
    /// How long to measure each scenario and side
    #[arg(long, value_name = "S", default_value_t = 5.0)]
    seconds: f64,
    /// Only the scenarios whose names contain this
    #[arg(long, value_name = "TEXT", default_value = "")]
    only: String,
}

/// Who can be measured beside pgstead.
pub(crate) trait Peer: Copy + Debug + PartialEq + Send + Sync + 'static {
    const ALL: &'static [Self];
    /// What stands for several of them.
    const GROUPS: &'static [Group<Self>] = &[];

    fn name(self) -> &'static str;

    fn help(self) -> &'static str;
}

pub(crate) struct Group<P: 'static> {
    name: &'static str,
    help: &'static str,
    peers: &'static [P],
}

const ALL: &str = "all";
const NONE: &str = "none";

/// What was said of whom to measure.
#[derive(Clone, Debug)]
enum Choice<P> {
    Some(Vec<P>),
    All,
    None,
}

/// Who is to be measured beside pgstead.
#[derive(Debug, PartialEq, Eq)]
enum Wanted<P> {
    /// These, without whom there is no benchmark.
    Named(Vec<P>),
    /// Whoever can be, on this machine.
    All,
}

fn choices<P: Peer>() -> impl TypedValueParser<Value = Choice<P>> {
    let peers = P::ALL.iter().map(|peer| PossibleValue::new(peer.name()).help(peer.help()));
    let groups = P::GROUPS.iter().map(|group| PossibleValue::new(group.name).help(group.help));
    let others = [
        PossibleValue::new(ALL).help("All of these that this machine can run"),
        PossibleValue::new(NONE).help("Nobody"),
    ];
    PossibleValuesParser::new(peers.chain(groups).chain(others)).map(|name| match name.as_str() {
        ALL => Choice::All,
        NONE => Choice::None,
        name => Choice::Some(match P::GROUPS.iter().find(|group| group.name == name) {
            Some(group) => group.peers.to_vec(),
            None => P::ALL.iter().copied().filter(|peer| peer.name() == name).collect(),
        }),
    })
}

impl<P: Peer> Wanted<P> {
    fn peers(&self) -> &[P] {
        match self {
            Self::Named(peers) => peers,
            Self::All => P::ALL,
        }
    }
}

impl<P: Peer> Options<P> {
    fn round(&self) -> Result<Duration> {
        let seconds = Duration::try_from_secs_f64(self.seconds);
        match seconds {
            Ok(seconds) if seconds >= Duration::from_millis(100) => Ok(seconds / load::ROUNDS),
            _ => Err(Wrong("--seconds has to be at least 0.1".to_owned()).into()),
        }
    }

    /// The scenarios that are asked for.
    fn select<'a, C>(
        &self,
        cases: &'a [C],
        name: impl Fn(&C) -> &'static str,
    ) -> Result<Vec<&'a C>> {
        let selected: Vec<&C> =
            cases.iter().filter(|case| name(case).contains(&self.only)).collect();
        if selected.is_empty() {
            let names = cases.iter().map(name).collect::<Vec<_>>().join(", ");
            let wrong = format!("no scenario has {:?} in its name: {names}", self.only);
            return Err(Wrong(wrong).into());
        }
        Ok(selected)
    }

    fn wanted(&self) -> Result<Wanted<P>> {
        match &self.peers[..] {
            [Choice::All] => return Ok(Wanted::All),
            [Choice::None] => return Ok(Wanted::Named(Vec::new())),
            _ => {}
        }
        let mut named = Vec::new();
        for choice in &self.peers {
            let Choice::Some(peers) = choice else {
                return Err(Wrong("--peer all and --peer none stand alone".to_owned()).into());
            };
            for peer in peers {
                if !named.contains(peer) {
                    named.push(*peer);
                }
            }
        }
        Ok(Wanted::Named(named))
    }
}

impl Bench {
    pub(crate) async fn run(self, global: &Global, config: &Config) -> Result<Outcome> {
        match self {
            Self::Limits(options) => limits::run(&options, global, config).await,
            Self::Tokens(options) => tokens::run(&options, global, config).await,
            Self::Queue(options) => queue::run(&options, global, config).await,
            Self::Webhooks(options) => webhooks::run(&options, global, config).await,
        }
    }
}
