//! What the data of the languages says.

use super::*;

#[test]
fn methods_are_known_however_a_language_writes_them() {
    for method in ["setex", "set_ex", "SetEx", "SetExAsync", "setEx"] {
        assert_eq!(command(method), Some(Purpose::Cache), "{method}");
    }
    assert_eq!(command("StringIncrementAsync"), Some(Purpose::Limits));
    assert_eq!(command("zrange_withscores"), Some(Purpose::Other));
    assert_eq!(command("strip"), None);
    assert!(derives("get_multiplexed_async_connection") && is_factory("from_url"));
}

#[test]
fn names_and_keys_say_what_they_are_for() {
    let told = |name| purpose_of(name).map(|(purpose, _)| purpose);
    assert_eq!(told("rate_limit:{user}"), Some(Purpose::Limits));
    assert_eq!(told("sess:*"), Some(Purpose::Session));
    assert_eq!(told("refreshToken"), Some(Purpose::Tokens));
    assert_eq!(told("block"), None);
    assert_eq!(told("user:1"), None);
}

#[test]
fn readers_are_known_behind_any_object() {
    assert!(is_reader("os.environ.get") && is_reader("builder.Configuration"));
    assert!(is_reader("app.config") && !is_reader("users.find"));
}
