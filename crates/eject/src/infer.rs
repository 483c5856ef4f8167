//! What only the whole of a service can tell: what a client, a variable or a server is for that several share.

use std::collections::BTreeMap;

use crate::finding::{Finding, Kind, Life, Purpose};

/// Gives findings of which it is not known what they are for the purpose that their service has for
/// the same store, where that is one; where it has several, tells which.
pub(crate) fn purposes(findings: &mut [Finding]) {
    let mut known: BTreeMap<(String, _), BTreeMap<Purpose, usize>> = BTreeMap::new();
    for finding in &*findings {
        let tells = finding.life == Life::Live && finding.purpose != Purpose::Other;
        if tells && !matches!(finding.kind, Kind::LockedPackage | Kind::Mention | Kind::Backup) {
            let of_service = known.entry((finding.service.clone(), finding.store)).or_default();
            *of_service.entry(finding.purpose).or_default() += 1;
        }
    }
    for finding in findings.iter_mut().filter(|finding| finding.purpose == Purpose::Other) {
        let Some(purposes) = known.get(&(finding.service.clone(), finding.store)) else { continue };
        let shared: Vec<_> = purposes
            .iter()
            .map(|(purpose, places)| format!("{} ({places})", purpose.word()))
            .collect();
        if let (1, Some((&purpose, _))) = (purposes.len(), purposes.first_key_value()) {
            finding.purpose = purpose;
            finding.reasons.push(format!("this service uses it for {} alone", purpose.word()));
        } else {
            finding.reasons.push(format!("this service uses it for {}", shared.join(", ")));
        }
    }
}
