//! What each use is for: by itself, by what stands beside it in its function, by names.

use std::collections::{BTreeMap, HashMap, HashSet};

use oxc_ast::AstKind;
use oxc_syntax::node::NodeId;

use super::{
    purpose::{
        BY_IF_NONE, Verdict, Votes, by_command, by_commands, by_name, by_package, by_refusal,
        is_keyed, is_refusal,
    },
    reading::Reading,
    sight::Sighted,
};
use crate::finding::{Kind, Purpose};

impl Reading<'_, '_> {
    /// Finds what each use is for: by itself, by what stands beside it in its function, by names.
    pub(super) fn judge(&mut self, sighted: &mut [Sighted]) {
        for one in sighted.iter_mut() {
            let own = one.command.as_ref().and_then(by_command);
            let by_package = by_package(one.found.package);
            one.found.verdict = by_package
                .or(one.found.verdict.take().filter(|verdict| verdict.score >= 90))
                .or(own)
                .or(one.found.verdict.take());
        }
        let (by_function, of_module) = self.votes(sighted);
        let by_path = self.by_path();
        let function_verdicts: HashMap<NodeId, Verdict> = by_function
            .into_iter()
            .filter_map(|(function, votes)| {
                let winner = votes.winner();
                // That it writes only where there is nothing says less than a name.
                let is_weak = winner.as_ref().is_none_or(|winner| winner.score <= BY_IF_NONE);
                let by_names = is_weak.then(|| self.by_names(function)).flatten();
                Some((function, by_names.or(winner)?))
            })
            .collect();
        let of_module = of_module.unanimous().ok().flatten();
        for one in sighted.iter_mut().filter(|one| one.found.kind != Kind::Client) {
            // A weak word about one command yields to what its whole function does.
            let weak = one.found.verdict.as_ref().is_none_or(|verdict| verdict.score < 40);
            if weak {
                // Who writes under a key speaks to nobody.
                let is_keyed = one.command.as_ref().is_some_and(is_keyed);
                let may = |verdict: &&Verdict| !(is_keyed && verdict.purpose == Purpose::PubSub);
                let of_module = of_module.as_ref().filter(may);
                let nearest = self
                    .bindings
                    .around(one.within)
                    .find_map(|function| function_verdicts.get(&function).filter(may));
                let found = nearest.cloned().or_else(|| one.found.verdict.clone());
                let of_file = || of_module.or(by_path.as_ref()).cloned();
                one.found.verdict = found.or_else(of_file);
            }
        }
        // What a generic client is given to is what it is for there; and each function is for what it does.
        for (function, facts) in &mut self.functions {
            let of_used = || facts.uses.as_ref().and_then(|thing| thing.purpose.clone());
            facts.purpose = function_verdicts.get(function).cloned().or_else(of_used);
        }
        for function in self.functions.keys().copied().collect::<Vec<_>>() {
            if self.functions[&function].purpose.is_none() {
                let verdict = self.by_names(function).or_else(|| by_path.clone());
                if let Some(facts) =
                    self.functions.get_mut(&function).filter(|facts| facts.uses.is_some())
                {
                    facts.purpose = verdict;
                }
            }
        }
    }

    /// What the uses in each function say that it is for, and those of the whole module.
    fn votes(&self, sighted: &[Sighted]) -> (BTreeMap<NodeId, Votes>, Votes) {
        // In the order of the file: of several reasons the first are told.
        let mut by_function: BTreeMap<NodeId, (Votes, Vec<String>)> = BTreeMap::new();
        let mut of_module = Votes::default();
        for one in sighted {
            if let Some(verdict) = &one.found.verdict {
                of_module.add(verdict);
            }
            for function in self.bindings.around(one.within) {
                let (votes, commands) = by_function.entry(function).or_default();
                if let Some(verdict) = &one.found.verdict {
                    votes.add(verdict);
                }
                commands.extend(one.command.as_ref().map(|command| command.name.to_lowercase()));
            }
        }
        let refusing = self.refusing();
        let by_function = by_function.into_iter().map(|(function, (mut votes, commands))| {
            if refusing.contains(&function) {
                votes.add(&by_refusal());
            }
            let names: Vec<_> = commands.iter().map(String::as_str).collect();
            if let Some(verdict) = by_commands(&names) {
                votes.add(&verdict);
                of_module.add(&verdict);
            }
            (function, votes)
        });
        (by_function.collect(), of_module)
    }

    /// The functions that refuse who asks too often.
    fn refusing(&self) -> HashSet<NodeId> {
        let refuses = |kind: AstKind<'_>| match kind {
            AstKind::NumericLiteral(number) => number.raw_str() == "429",
            AstKind::StringLiteral(text) => is_refusal(&text.value),
            AstKind::IdentifierReference(name) => is_refusal(&name.name),
            AstKind::IdentifierName(name) => is_refusal(&name.name),
            _ => false,
        };
        let found = self.bindings.nodes.iter().filter(|node| refuses(node.kind()));
        // A callback refuses for the function that it is in.
        let within = found.map(|node| self.bindings.within(node.id()));
        within.flat_map(|within| self.bindings.around(within).take(2)).collect()
    }

    /// By the names of a function, those around it and its class.
    pub(super) fn by_names(&self, function: NodeId) -> Option<Verdict> {
        self.bindings.around(Some(function)).find_map(|function| {
            let facts = self.bindings.function(function)?;
            let by_own = facts.name.as_deref().and_then(by_name);
            by_own.or_else(|| {
                let class = self.bindings.classes.get(&facts.class?)?.class?;
                by_name(class.id.as_ref()?.name.as_str())
            })
        })
    }

    /// By the name of the file, or of its folder.
    pub(super) fn by_path(&self) -> Option<Verdict> {
        let mut names = self.file.path.rsplit('/');
        let name = names.next()?.split('.').next()?;
        by_name(name).or_else(|| by_name(names.next()?))
    }
}
