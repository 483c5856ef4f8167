//! What a file reads from its environment, which addresses it holds, and what it tells frameworks.

mod address;
mod around;
mod framework;
mod php;
mod section;
mod value;
mod variable;

use super::Reading;
use crate::finding::{Kind, Purpose, Sighting};

/// Takes settings, variables and addresses.
pub(super) fn read(reading: &mut Reading<'_>) {
    let readers = variable::readers(reading);
    let set = variable::set(reading);
    let texts: Vec<_> = reading.source.texts.iter().collect();
    for text in texts {
        let found = address::address(reading, text)
            .or_else(|| variable::is_set(reading, text, &set))
            .or_else(|| php::key(reading, text, &readers))
            .or_else(|| variable::variable_read(reading, text, &readers))
            .or_else(|| value::value(reading, text))
            .or_else(|| value::part(reading, text))
            .or_else(|| value::class(reading, text))
            .or_else(|| value::class_of_php(reading, text))
            .or_else(|| value::section(reading, text))
            .or_else(|| value::command(reading, text))
            .or_else(|| value::held(reading, text))
            .or_else(|| php::loaded(reading, text))
            .or_else(|| php::run(reading, text));
        reading.sightings.extend(found.filter(|_| !around::is_for_people(reading, text)));
    }
    variable::defaults(reading, &readers);
    section::sections(reading);
    framework::framework_settings(reading);
    framework::optional(reading);
    variable::fields(reading);
    variable::declared(reading);
    framework::enabled(reading);
    framework::telling(reading);
    framework::throttled(reading);
    framework::worker(reading);
    given(reading);
}

/// Variables that are read, and of which only who sets them tells.
pub(super) fn open(reading: &Reading<'_>) -> Vec<Sighting> {
    variable::open(reading)
}

/// What is given to a thing of a package is for what the package is for, or the method that is the package's.
fn given(reading: &mut Reading<'_>) {
    let of = |sighting: &Sighting| match sighting.package {
        Some(package) => Some((package.purpose, package.name.clone())),
        None => Some((sighting.purpose.as_ref()?.0, sighting.name.clone())),
    };
    let made: Vec<_> = reading
        .sightings
        .iter()
        .filter(|sighting| sighting.kind == Kind::Client)
        .filter_map(|sighting| Some((sighting.span.clone(), of(sighting)?)))
        .filter(|(_, (purpose, _))| *purpose != Purpose::Other)
        .collect();
    for sighting in reading.sightings.iter_mut().filter(|sighting| sighting.purpose.is_none()) {
        let at = sighting.span.start;
        if let Some((_, (purpose, name))) =
            made.iter().find(|(span, _)| span.contains(&at) && span.start != at)
        {
            sighting.purpose = Some((*purpose, format!("it is given to {name}")));
        }
    }
}

fn told(sighting: Sighting, purpose: Option<(Purpose, String)>) -> Sighting {
    match purpose {
        Some((purpose, why)) => sighting.purpose(purpose, why),
        None => sighting,
    }
}
