//! What attributes of Rust say of whether code is compiled for tests alone.

use crate::word;

/// Whether an attribute, without its spaces, says that what is behind it is compiled for tests alone.
pub(super) fn is_of_tests(mark: &str) -> bool {
    let Some(inner) = mark.strip_prefix("#[") else { return false };
    if let Some(condition) = inner.strip_prefix("cfg(").and_then(|rest| rest.strip_suffix(")]")) {
        let is_named = condition.split(['(', ')', ',']).any(|part| part == "test");
        return is_named && is_met_in_tests_alone(condition);
    }
    // `#[tokio::test(flavor = "multi_thread")]`
    let name = inner.split(['(', ']']).next().unwrap_or(inner);
    matches!(name.rsplit("::").next(), Some("test" | "rstest" | "test_case"))
}

/// Whether a condition is met in tests alone. What is compiled for a feature as well, as of `any(test, feature = "redis")`, may run
/// anywhere; a feature that is called after tests is for nothing else.
fn is_met_in_tests_alone(condition: &str) -> bool {
    let within = |word: &str| condition.strip_prefix(word)?.strip_prefix('(')?.strip_suffix(')');
    if let Some(inner) = within("all") {
        return parts(inner).any(is_met_in_tests_alone);
    }
    if let Some(inner) = within("any") {
        return parts(inner).all(is_met_in_tests_alone);
    }
    let feature = condition.strip_prefix("feature=");
    condition == "test"
        || feature.is_some_and(|of| {
            word::words(of).any(|word| {
                ["test", "tests", "testing", "testutil", "testutils", "mock", "mocks"]
                    .contains(&&*word)
            })
        })
}

/// The parts between commas that are not within brackets.
fn parts(condition: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_i32;
    let split = condition.split(move |c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ',' && depth == 0
    });
    split.filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_tell_what_is_compiled_for_tests_alone() {
        for (mark, is_test) in [
            ("#[cfg(test)]", true),
            ("#[cfg(all(test,feature=\"redis\"))]", true),
            ("#[cfg(all(feature=\"redis\",test))]", true),
            ("#[cfg(any(test,feature=\"test-util\"))]", true),
            ("#[cfg(any(test,feature=\"memory\"))]", false),
            ("#[cfg(not(test))]", false),
            ("#[cfg(all(unix,not(test)))]", false),
            ("#[cfg(any(all(test,unix),test))]", true),
            ("#[cfg(feature=\"test-util\")]", false),
            ("#[test]", true),
            ("#[tokio::test]", true),
            ("#[tokio::test(flavor=\"multi_thread\")]", true),
            ("#[rstest]", true),
            ("#[cfg_attr(test,derive(Debug))]", false),
            ("#[derive(Clone)]", false),
        ] {
            assert_eq!(is_of_tests(mark), is_test, "{mark}");
        }
    }
}
