//! What manifests cannot say alone, settled when all files are read.
//!
//! A package that may use the store and may use something else counts where code tells it to use the store. A
//! development dependency that running code imports is no such thing. A lock file that does not say for whom it locks a
//! package locks it for those manifests that ask for it.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::gradle;
use crate::{
    catalogue::{Ecosystem, Package, Role},
    file::{folder_of, is_below},
    finding::{Kind, Life, RelativePath, Sighting},
    life,
    service::Services,
};

type Key = (Ecosystem, &'static str);

fn key(package: &'static Package) -> Key {
    (package.ecosystem, &package.name)
}

/// Where a package is used or asked for: the folders, and whether production is among those who do so.
#[derive(Default)]
struct Places(HashMap<Key, Vec<(String, bool)>>);

impl Places {
    fn add(&mut self, package: &'static Package, place: &str, is_live: bool) {
        self.0.entry(key(package)).or_default().push((place.to_owned(), is_live));
    }

    /// Whether the file itself, or one beside it, does so for production.
    fn is_live_beside(&self, package: &'static Package, path: &str) -> bool {
        let places = self.0.get(&key(package)).map_or(&[][..], Vec::as_slice);
        let folder = folder_of(path);
        places.iter().any(|(place, is_live)| *is_live && folder_of(place) == folder)
    }

    /// Whether anything in a folder or below it does so, and whether what lives does.
    fn within(&self, package: &'static Package, folder: &str) -> Option<bool> {
        let places = self.0.get(&key(package))?;
        let within = places.iter().filter(|(place, _)| is_within(place, folder));
        within.map(|&(_, is_live)| is_live).reduce(|a, b| a || b)
    }
}

fn is_within(path: &str, folder: &str) -> bool {
    path == folder || is_below(path, folder)
}

/// Puts together what manifests, lock files and code say of packages.
pub(crate) fn settle(sightings: &mut BTreeMap<RelativePath, Vec<Sighting>>, services: &Services) {
    gradle::settle(sightings);
    let (used, asked) = places(sightings);
    let go_lives: HashSet<String> = asked.live_folders_of(Ecosystem::Go);
    for (path, found) in sightings.iter_mut() {
        let folder = services.of(path).to_owned();
        found.retain_mut(|sighting| {
            let Some(package) = sighting.package else { return true };
            match sighting.kind {
                Kind::Package | Kind::LockedPackage if is_open(sighting, package) => {
                    decide(sighting, used.within(package, &folder))
                }
                // What is asked for twice is asked for by tests in one of the two: in `base.txt` and in `dev.txt`.
                Kind::Package if !asked.is_live_beside(package, path) => {
                    promote(sighting, package, used.within(package, &folder));
                    true
                }
                Kind::LockedPackage if sighting.life.is_none() => {
                    let asked = asked.within(package, &folder);
                    let go_lives = package.ecosystem != Ecosystem::Go || go_lives.contains(&folder);
                    demote(sighting, asked, go_lives);
                    true
                }
                _ => true,
            }
        });
    }
    sightings.retain(|_, found| !found.is_empty());
}

fn places(sightings: &BTreeMap<RelativePath, Vec<Sighting>>) -> (Places, Places) {
    let (mut used, mut asked) = (Places::default(), Places::default());
    for (path, found) in sightings {
        let runs = life::of(path).0 == Life::Live;
        for sighting in found {
            let Some(package) = sighting.package else { continue };
            let is_live =
                runs && sighting.life.as_ref().is_none_or(|(life, _)| *life == Life::Live);
            match sighting.kind {
                Kind::Package => {
                    asked.add(package, path, is_live);
                    // `celery[redis]` tells of itself that it uses the store.
                    if package.role == Role::Optional && !is_open(sighting, package) {
                        used.add(package, path, is_live);
                    }
                }
                Kind::LockedPackage => {}
                _ => used.add(package, path, is_live),
            }
        }
    }
    (used, asked)
}

impl Places {
    /// Folders in which a manifest of an ecosystem asks for something that lives.
    fn live_folders_of(&self, ecosystem: Ecosystem) -> HashSet<String> {
        let of = self.0.iter().filter(|((of, _), _)| *of == ecosystem);
        let live = of.flat_map(|(_, places)| places).filter(|(_, is_live)| *is_live);
        let folder = |path: &String| folder_of(path).to_owned();
        live.map(|(path, _)| folder(path)).collect()
    }
}

/// Whether only who uses it can tell that it uses the store; a reader that can tell has said what it is for.
fn is_open(sighting: &Sighting, package: &Package) -> bool {
    package.role == Role::Optional && sighting.purpose.is_none()
}

/// `used` says whether anybody uses it with the store, and whether they live.
fn decide(sighting: &mut Sighting, used: Option<bool>) -> bool {
    if used == Some(false) && sighting.life.is_none() {
        sighting.life = Some((Life::Test, "tests alone use it with the store".to_owned()));
    }
    if used == Some(true) {
        promote_to_live(sighting);
    }
    used.is_some()
}

fn promote(sighting: &mut Sighting, package: &Package, used: Option<bool>) {
    if package.role != Role::Development && used == Some(true) {
        promote_to_live(sighting);
    }
}

fn promote_to_live(sighting: &mut Sighting) {
    if matches!(sighting.life, Some((Life::Test, _))) {
        let why = "it is a development dependency, and code that runs uses it";
        sighting.life = Some((Life::Live, why.to_owned()));
    }
}

/// `asked` says whether a manifest asks for it, and whether for production.
fn demote(sighting: &mut Sighting, asked: Option<bool>, lives: bool) {
    match asked {
        Some(false) => {
            let why = "development dependencies alone ask for it";
            sighting.life = Some((Life::Test, why.to_owned()));
        }
        None if !lives => {
            sighting.life = Some((Life::Dormant, "no manifest asks for it".to_owned()));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::package;

    fn settled(said: &[(&str, Kind, &str, Option<Life>)]) -> Vec<(String, Kind, Option<Life>)> {
        let mut sightings: BTreeMap<RelativePath, Vec<Sighting>> = BTreeMap::new();
        for &(path, kind, name, life) in said {
            let package = package(Ecosystem::Npm, name).unwrap();
            let mut sighting = Sighting::of(kind, package, 0..1, name);
            sighting.life = life.map(|life| (life, String::new()));
            sightings.entry(path.into()).or_default().push(sighting);
        }
        let files = ["package.json", "apps/a/package.json"].map(RelativePath::from);
        settle(&mut sightings, &Services::of_paths(&files));
        let found = sightings.into_iter().flat_map(|(path, found)| {
            let told = found
                .into_iter()
                .map(move |found| (path.to_string(), found.kind, found.life.map(|(life, _)| life)));
            told.collect::<Vec<_>>()
        });
        found.filter(|(_, kind, _)| matches!(kind, Kind::Package | Kind::LockedPackage)).collect()
    }

    #[test]
    fn what_may_use_the_store_counts_where_code_says_so() {
        let limiter = "rate-limiter-flexible";
        let manifest = ("apps/a/package.json", Kind::Package, limiter, None);
        let lock = ("package-lock.json", Kind::LockedPackage, limiter, None);
        assert!(settled(&[manifest, lock]).is_empty());
        assert!(settled(&[manifest, ("apps/b.ts", Kind::Client, limiter, None)]).is_empty());
        let live = settled(&[manifest, lock, ("apps/a/src/x.ts", Kind::Client, limiter, None)]);
        assert_eq!(live.iter().map(|(.., life)| *life).collect::<Vec<_>>(), [None, None]);
        let test = settled(&[manifest, ("apps/a/x.test.ts", Kind::Client, limiter, None)]);
        assert_eq!(test[0].2, Some(Life::Test));
    }

    #[test]
    fn a_development_dependency_of_running_code_lives() {
        let manifest = ("apps/a/package.json", Kind::Package, "ioredis", Some(Life::Test));
        assert_eq!(settled(&[manifest])[0].2, Some(Life::Test));
        let used = ("apps/a/src/x.ts", Kind::Import, "ioredis", None);
        assert_eq!(settled(&[manifest, used])[0].2, Some(Life::Live));
        let live = ("apps/a/other.json", Kind::Package, "ioredis", None);
        let beside = settled(&[live, manifest, used]);
        assert_eq!(
            beside.iter().map(|(.., life)| *life).collect::<Vec<_>>(),
            [None, Some(Life::Test)]
        );
        let live = ("apps/a/package.json", Kind::Package, "ioredis", None);
        let told = settled(&[live, manifest, used]);
        assert_eq!(
            told.iter().map(|(.., life)| *life).collect::<Vec<_>>(),
            [None, Some(Life::Test)]
        );
        let beside = ("apps/a/dev.json", Kind::Package, "ioredis", Some(Life::Test));
        assert_eq!(settled(&[live, beside, used])[0].2, Some(Life::Test));
    }

    #[test]
    fn a_lock_that_says_nothing_is_asked_for_by_manifests() {
        let lock = ("yarn.lock", Kind::LockedPackage, "ioredis", None);
        let of_tests = ("apps/a/package.json", Kind::Package, "ioredis", Some(Life::Test));
        let told = settled(&[lock, of_tests]);
        assert!(told.iter().all(|(.., life)| *life == Some(Life::Test)), "{told:?}");
        assert_eq!(settled(&[lock])[0].2, None);
    }
}
