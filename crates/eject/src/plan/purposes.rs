//! What is known of each purpose: `data/purposes.toml`, a file of data.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Risk;
use crate::finding::Purpose;

/// What is known of a purpose.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Knowledge {
    purpose: Purpose,
    /// In which order the uses of a service are switched: by how much harm it does when it goes wrong.
    pub(crate) order: u32,
    pub(crate) replacement: String,
    pub(crate) steps: Vec<String>,
    pub(crate) rollback: Vec<String>,
    #[serde(rename = "risk")]
    pub(crate) risks: Vec<Risk>,
}

#[derive(Deserialize)]
struct Data {
    purpose: Vec<Knowledge>,
}

static KNOWN: LazyLock<Vec<Knowledge>> = LazyLock::new(|| {
    let data = include_str!("../../data/purposes.toml");
    toml::from_str::<Data>(data).expect("a test reads the file").purpose
});

/// What is known of it.
pub(crate) fn of(purpose: Purpose) -> &'static Knowledge {
    let found = KNOWN.iter().find(|known| known.purpose == purpose);
    found.expect("a test looks for each")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_purpose_is_known_and_has_its_place() {
        let orders: BTreeSet<_> = Purpose::ALL.iter().map(|&purpose| of(purpose).order).collect();
        assert_eq!(orders.len(), Purpose::ALL.len());
        for purpose in Purpose::ALL {
            let known = of(purpose);
            assert!(!known.steps.is_empty() && !known.rollback.is_empty(), "{purpose:?}");
            assert!(!known.risks.is_empty(), "{purpose:?}");
        }
    }
}
