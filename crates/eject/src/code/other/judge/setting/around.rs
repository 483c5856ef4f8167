//! What the settings around a place say that it is for, and whether a text is for people.

use super::super::{self as judge, Reading, binding_around, call_around};
use crate::{
    code::other::{
        known,
        source::{Text, clip, last},
    },
    finding::Purpose,
};

/// What the settings around a place are for, the innermost that says it.
pub(super) fn setting_around(reading: &Reading<'_>, at: usize) -> Option<(Purpose, String)> {
    let around = reading.source.bindings.iter().filter(|binding| binding.span.contains(&at));
    let mut around: Vec<_> = around.collect();
    around.sort_by_key(|binding| binding.span.len());
    around.into_iter().find_map(|binding| {
        let purpose = known::setting(&binding.target)
            .or_else(|| known::purpose_of(&binding.target).map(|(purpose, _)| purpose))?;
        Some((purpose, format!("it is the `{}`", clip(&binding.target, 60))))
    })
}

/// What the names of the settings around a place say, the innermost that says it: `'session' => ['save' => 'redis']`.
pub(super) fn named_around(reading: &Reading<'_>, at: usize) -> Option<(Purpose, String)> {
    let around = reading.source.bindings.iter();
    let mut around: Vec<_> =
        around.filter(|binding| binding.is_pair && binding.value_span.contains(&at)).collect();
    around.sort_by_key(|binding| binding.span.len());
    around.into_iter().find_map(|binding| judge::told(&binding.target))
}

/// Text that is shown or compared and sets nothing.
pub(super) fn is_for_people(reading: &Reading<'_>, text: &Text) -> bool {
    let Some(call) = call_around(reading.source, text.span.start) else { return false };
    let is_inner = binding_around(reading.source, text.span.start)
        .is_some_and(|binding| binding.span.start > call.at);
    let shown = [
        "info",
        "debug",
        "warn",
        "warning",
        "error",
        "log",
        "print",
        "println",
        "printf",
        "Println",
        "Printf",
        "Errorf",
        "Fatalf",
        "Sprintf",
        "Infof",
        "Info",
        "Warn",
        "Debug",
        "startswith",
        "starts_with",
        "HasPrefix",
        "start_with?",
        "StartsWith",
        "startsWith",
        "write",
        "puts",
        "echo",
        "eprintln",
        "panic",
        "bail",
        "anyhow",
        "LogInformation",
        "LogError",
        "raise",
        "removeprefix",
        "add_argument",
        "help_text",
    ];
    !is_inner && shown.contains(&last(&call.callee))
}
