//! Copies of files that were left behind.

use crate::{
    code,
    file::File,
    finding::{Kind, Sighting},
    life, prose,
};

/// What a backup tells: that it is one of a file that used a store. Nothing of another file.
pub(crate) fn read(file: &File) -> Option<Vec<Sighting>> {
    life::backup(file.name())?;
    let found = prose::mention(&file.text).map(|(store, span)| {
        let sighting = Sighting::new(Kind::Backup, store, span, file.name());
        let Some((purpose, word)) = code::purpose_of(file.name()) else { return sighting };
        sighting.purpose(purpose, format!("its name says `{word}`"))
    });
    Some(found.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_is_one_finding_whatever_it_was() {
        let of = |path: &str, text: &str| read(&File::new(path.into(), text.into()));
        let found = of("src/queue.ts.bak", "import Redis from 'ioredis';\nnew Redis()").unwrap();
        assert_eq!(found.iter().map(|found| found.kind).collect::<Vec<_>>(), [Kind::Backup]);
        assert_eq!(of(".env.old", "PORT=1").map(|found| found.len()), Some(0));
        assert!(of("src/queue.ts", "redis").is_none());
    }
}
