//! Sessions: what comes of their tokens, with the clock held still.

use std::{collections::BTreeSet, time::Duration};

use pgstead_it::{Admin, TestDb, eventually};
use pgstead_store::{Clock, ManualClock};
use pgstead_tokens::{
    Config, Device, Events, Grant, Imported, Inspection, KeyEncryptionKey, NewSession, Rotation,
    Tokens, Verification,
};
use serde_json::json;
use tokio::task::JoinSet;

/// 2026-01-01T00:00:00Z
const START: Duration = Duration::from_hours(490_896);

struct Desk {
    db: TestDb,
    clock: ManualClock,
    config: Config,
    tokens: Tokens,
}

impl Desk {
    async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    async fn open_with(change: impl FnOnce(&mut Config)) -> Self {
        let db = TestDb::new().await;
        let clock = ManualClock::new(START);
        let mut config = Config::new("https://auth.test", KeyEncryptionKey::generate());
        config.verifier.clock = Clock::Manual(clock.clone());
        change(&mut config);
        let tokens = Tokens::open(db.db(), config.clone()).await.unwrap();
        Self { db, clock, config, tokens }
    }

    /// The first tokens of a session of Ada's: access and refresh.
    async fn log_in(&self) -> (String, String) {
        let new = NewSession::new("ada").unwrap().tenant("acme").unwrap();
        let issued = self.tokens.issue(&new).await.unwrap();
        (issued.access_token.reveal().to_owned(), issued.refresh_token.reveal().to_owned())
    }

    async fn refresh(&self, token: &str) -> (&'static str, String) {
        told(self.tokens.refresh(token).await.unwrap())
    }
}

/// The outcome by its name, and the next refresh token.
fn told(rotation: Rotation) -> (&'static str, String) {
    let (word, issued) = match rotation {
        Rotation::Rotated(issued) => ("rotated", Some(issued)),
        Rotation::Graced(issued) => ("graced", Some(issued)),
        Rotation::Reused { user, .. } => {
            assert_eq!(user, "ada");
            ("reused", None)
        }
        Rotation::Expired => ("expired", None),
        Rotation::Revoked => ("revoked", None),
        Rotation::Unknown => ("unknown", None),
        other => panic!("{other:?}"),
    };
    (word, issued.map(|issued| issued.refresh_token.reveal().to_owned()).unwrap_or_default())
}

#[tokio::test]
async fn a_session_goes_on_as_long_as_its_tokens_are_used_in_turn() {
    let desk = Desk::open().await;
    let (access, mut refresh) = desk.log_in().await;
    let Verification::Valid(claims) = desk.tokens.verify(&access) else { panic!("{access}") };
    assert_eq!((claims.user.as_str(), claims.tenant.as_deref()), ("ada", Some("acme")));
    assert_eq!(claims.expires_at, claims.issued_at + Duration::from_mins(10));
    for _ in 0..3 {
        desk.clock.advance(Duration::from_mins(20));
        assert_eq!(desk.tokens.verify(&access), Verification::Expired);
        let (outcome, next) = desk.refresh(&refresh).await;
        assert_eq!(outcome, "rotated");
        assert_ne!(next, refresh);
        refresh = next;
    }
}

#[tokio::test]
async fn a_token_that_was_just_used_gets_the_same_successor_and_an_older_one_ends_the_session() {
    let desk = Desk::open().await;
    let (_, first) = desk.log_in().await;
    let (_, second) = desk.refresh(&first).await;
    desk.clock.advance(Duration::from_secs(9));
    assert_eq!(desk.refresh(&first).await, ("graced", second.clone()));
    let (_, third) = desk.refresh(&second).await;
    assert_eq!(desk.refresh(&second).await, ("graced", third.clone()));
    // Two before.
    assert_eq!(desk.refresh(&first).await.0, "reused");
    for token in [&first, &second, &third] {
        assert_eq!(desk.refresh(token).await.0, "revoked");
    }
}

#[tokio::test]
async fn after_the_grace_a_used_token_ends_the_session() {
    let desk = Desk::open().await;
    let (_, first) = desk.log_in().await;
    let (_, second) = desk.refresh(&first).await;
    desk.clock.advance(Duration::from_secs(10));
    assert_eq!(desk.refresh(&first).await.0, "reused");
    assert_eq!(desk.refresh(&second).await.0, "revoked");
}

#[tokio::test]
async fn without_a_grace_a_token_is_used_once() {
    let desk = Desk::open_with(|config| config.grace = Duration::ZERO).await;
    let (_, first) = desk.log_in().await;
    let (_, second) = desk.refresh(&first).await;
    assert_eq!(desk.refresh(&first).await.0, "reused");
    assert_eq!(desk.refresh(&second).await.0, "revoked");
}

#[tokio::test]
async fn a_lost_commit_logs_nobody_out() {
    let desk = Desk::open().await;
    let (_, first) = desk.log_in().await;
    let (_, second) = desk.refresh(&first).await;
    let (_, third) = desk.refresh(&second).await;
    let admin = Admin::connect(desk.db.url()).await;
    // As a standby has it that was promoted before it had got the last rotations.
    admin.execute("update pgstead.sessions set gen = gen - 2").await;
    let (outcome, fourth) = desk.refresh(&third).await;
    assert_eq!(outcome, "rotated");
    assert_eq!(desk.refresh(&fourth).await.0, "rotated");
    assert_eq!(desk.refresh(&first).await.0, "reused");
}

#[tokio::test]
async fn a_session_ends_unused_or_at_its_end() {
    let desk = Desk::open().await;
    let (_, idle) = desk.log_in().await;
    let (access, mut used) = desk.log_in().await;
    desk.clock.advance(Duration::from_hours(30 * 24) - Duration::from_secs(1));
    used = desk.refresh(&used).await.1;
    desk.clock.advance(Duration::from_secs(1));
    assert_eq!(desk.refresh(&idle).await.0, "expired");
    for _ in 0..2 {
        desk.clock.advance(Duration::from_hours(29 * 24));
        used = desk.refresh(&used).await.1;
    }
    desk.clock.advance(Duration::from_hours(2 * 24));
    assert_eq!(desk.refresh(&used).await.0, "expired");
    assert_eq!(desk.tokens.verify(&access), Verification::Expired);
    // Its partition goes when all in it has ended, the last 11 days after the first; and what has
    // expired is still told from what was never there.
    desk.clock.advance(Duration::from_hours(12 * 24));
    assert!(desk.tokens.keep_house().await.unwrap().dropped > 0);
    let admin = Admin::connect(desk.db.url()).await;
    let rows = admin.client().query("select from pgstead.sessions", &[]).await.unwrap();
    assert_eq!(rows.len(), 0);
    assert_eq!(desk.refresh(&used).await.0, "expired");
}

#[tokio::test]
async fn what_is_made_up_is_unknown() {
    let desk = Desk::open().await;
    let (access, refresh) = desk.log_in().await;
    let mut mistyped = refresh.clone();
    mistyped.pop();
    for token in ["", "x", &mistyped, &access, &refresh.to_lowercase()] {
        assert_eq!(desk.refresh(token).await.0, "unknown", "{token}");
    }
    // Of another pgstead.
    let other = Desk::open().await;
    assert_eq!(other.refresh(&refresh).await.0, "unknown");
    assert_eq!(other.tokens.verify(&access), Verification::Invalid);
    assert_eq!(desk.tokens.verify(&refresh), Verification::Invalid);
    assert_eq!(desk.refresh(&refresh).await.0, "rotated");
}

#[tokio::test]
async fn what_is_revoked_is_over_everywhere() {
    let desk = Desk::open().await;
    let revocations: [(&str, bool); 4] =
        [("session", true), ("user", true), ("tenant", true), ("everybody", false)];
    for (scope, spares_others) in revocations {
        let (access, refresh) = desk.log_in().await;
        let grace = NewSession::new("grace").unwrap();
        let other = desk.tokens.issue(&grace).await.unwrap();
        let Verification::Valid(claims) = desk.tokens.verify(&access) else { panic!("{scope}") };
        match scope {
            "session" => {
                assert!(desk.tokens.revoke(claims.session).await.unwrap());
                assert!(!desk.tokens.revoke(claims.session).await.unwrap());
            }
            "user" => desk.tokens.revoke_user("ada").await.unwrap(),
            "tenant" => desk.tokens.revoke_tenant("acme").await.unwrap(),
            _ => desk.tokens.revoke_everybody().await.unwrap(),
        }
        assert_eq!(desk.refresh(&refresh).await.0, "revoked", "{scope}");
        assert!(matches!(desk.tokens.inspect(&access).await.unwrap(), Inspection::Inactive));
        assert_eq!(desk.tokens.sessions("ada").await.unwrap(), [], "{scope}");
        let outcome = desk.refresh(other.refresh_token.reveal()).await.0;
        assert_eq!(outcome, if spares_others { "rotated" } else { "revoked" }, "{scope}");
        // Who logs in after it is let in.
        let (access, refresh) = desk.log_in().await;
        assert!(matches!(desk.tokens.verify(&access), Verification::Valid(_)), "{scope}");
        let refresh = desk.refresh(&refresh).await;
        assert_eq!(refresh.0, "rotated", "{scope}");
        assert!(matches!(desk.tokens.inspect(&refresh.1).await.unwrap(), Inspection::Refresh(_)));
        desk.tokens.revoke_token(&refresh.1).await.unwrap();
    }
}

/// What PostgreSQL would refuse to read fails nobody who asks at the same time.
#[tokio::test]
async fn nobody_has_a_name_with_a_nul() {
    let desk = Desk::open().await;
    desk.tokens.revoke_user("a\0").await.unwrap();
    desk.tokens.revoke_tenant("a\0").await.unwrap();
    assert_eq!(desk.tokens.sessions("a\0").await.unwrap(), []);
    let wanted = Events { user: Some("a\0".to_owned()), ..Events::default() };
    assert_eq!(desk.tokens.events(&wanted, 10).await.unwrap(), []);
    assert_eq!(desk.refresh("a\0").await.0, "unknown");
    assert!(matches!(desk.tokens.inspect("a\0").await.unwrap(), Inspection::Inactive));
}

#[tokio::test]
async fn a_session_tells_what_it_began_on_and_what_it_was_granted() {
    let desk = Desk::open().await;
    let serde_json::Value::Object(claims) = json!({ "role": "admin" }) else { unreachable!() };
    let scopes = vec!["read".to_owned(), "write".to_owned()];
    let grant = Grant { audience: vec!["api".to_owned()], scopes, claims };
    let device = Device {
        label: Some("laptop".to_owned()),
        user_agent: Some("curl/8\0".to_owned()),
        address: Some("2001:db8::1".parse().unwrap()),
    };
    let new = NewSession::new("ada").unwrap().grant(&grant).unwrap().device(device.clone());
    let issued = desk.tokens.issue(&new).await.unwrap();
    desk.clock.advance(Duration::from_mins(1));
    desk.log_in().await;
    desk.clock.advance(Duration::from_mins(1));
    let (_, refreshed) = desk.refresh(issued.refresh_token.reveal()).await;
    let Rotation::Rotated(issued) = desk.tokens.refresh(&refreshed).await.unwrap() else {
        panic!("{refreshed}");
    };
    let access = issued.access_token.reveal();
    let Verification::Valid(claims) = desk.tokens.verify(access) else { panic!("{access}") };
    assert_eq!(claims.grant, grant);
    let sessions = desk.tokens.sessions("ada").await.unwrap();
    let [last_used, other] = &sessions[..] else { panic!("{sessions:?}") };
    assert_eq!(last_used.id, issued.session);
    assert_eq!(last_used.grant, grant);
    assert_eq!(last_used.device.user_agent.as_deref(), Some("curl/8"));
    assert_eq!(last_used.device.address, device.address);
    assert_eq!((last_used.created_at, last_used.used_at), (START, START + Duration::from_mins(2)));
    assert_eq!(last_used.expires_at, START + Duration::from_hours(90 * 24));
    assert_eq!(other.device, Device::default());
    assert_eq!(desk.tokens.sessions("grace").await.unwrap(), []);
    let kinds: Vec<_> = desk.tokens.events(&Events::default(), 10).await.unwrap();
    let kinds: Vec<&str> = kinds.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["refreshed", "refreshed", "issued", "issued"]);
    let of = |user: &str| Events { user: Some(user.to_owned()), ..Events::default() };
    assert_eq!(desk.tokens.events(&of("ada"), 10).await.unwrap().len(), 4);
    assert_eq!(desk.tokens.events(&of("grace"), 10).await.unwrap(), []);
}

#[tokio::test]
async fn a_token_of_another_system_is_exchanged_once() {
    let desk = Desk::open().await;
    assert_eq!(desk.refresh("legacy-1").await.0, "unknown");
    let session = || NewSession::new("ada").unwrap();
    let expires_at = START + Duration::from_hours(24);
    let imported = [
        Imported::token("legacy-1", session(), expires_at),
        Imported::token("legacy-2", session(), expires_at),
    ];
    assert_eq!(desk.tokens.import(&imported).await.unwrap(), 2);
    assert_eq!(desk.tokens.import(&imported).await.unwrap(), 0);
    let (outcome, first) = desk.refresh("legacy-1").await;
    assert_eq!(outcome, "rotated");
    assert_eq!(desk.refresh("legacy-1").await, ("graced", first.clone()));
    let (outcome, second) = desk.refresh(&first).await;
    assert_eq!(outcome, "rotated");
    assert_eq!(desk.refresh("legacy-1").await.0, "reused");
    assert_eq!(desk.refresh(&second).await.0, "revoked");
    desk.clock.advance(Duration::from_hours(24));
    assert_eq!(desk.refresh("legacy-2").await.0, "expired");
    assert_eq!(desk.refresh("legacy-3").await.0, "unknown");
}

/// Whoever logs a user out everywhere means those as well who still come with a token of the other
/// system.
#[tokio::test]
async fn a_revocation_ends_what_was_imported_before_it() {
    let desk = Desk::open().await;
    let expires_at = START + Duration::from_hours(24);
    let import = async |token: &str, user: &str| {
        let session = NewSession::new(user).unwrap().tenant("acme").unwrap();
        let imported = [Imported::token(token, session, expires_at)];
        assert_eq!(desk.tokens.import(&imported).await.unwrap(), 1);
    };
    for scope in ["user", "tenant", "everybody"] {
        let (old, other, new) =
            (format!("old {scope}"), format!("other {scope}"), format!("new {scope}"));
        import(&old, "ada").await;
        import(&other, "grace").await;
        match scope {
            "user" => desk.tokens.revoke_user("ada").await.unwrap(),
            "tenant" => desk.tokens.revoke_tenant("acme").await.unwrap(),
            _ => desk.tokens.revoke_everybody().await.unwrap(),
        }
        import(&new, "ada").await;
        assert_eq!(desk.refresh(&old).await.0, "revoked", "{scope}");
        let spared = if scope == "user" { "rotated" } else { "revoked" };
        assert_eq!(desk.refresh(&other).await.0, spared, "{scope}");
        assert_eq!(desk.refresh(&new).await.0, "rotated", "{scope}");
    }
}

/// A client that logs out with the token that it has got from the other system.
#[tokio::test]
async fn a_token_of_another_system_is_revoked_as_ours_are() {
    let desk = Desk::open().await;
    let session = NewSession::new("ada").unwrap();
    let imported = [Imported::token("legacy", session, START + Duration::from_hours(24))];
    desk.tokens.import(&imported).await.unwrap();
    assert!(desk.tokens.revoke_token("legacy").await.unwrap());
    assert_eq!(desk.refresh("legacy").await.0, "revoked");
    assert!(!desk.tokens.revoke_token("legacy").await.unwrap());
    assert!(!desk.tokens.revoke_token("never imported").await.unwrap());
}

/// Sixty-four who come with it at once begin one session, in however many processes.
#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_present_an_imported_token_at_once_one_begins_a_session() {
    let desk = Desk::open().await;
    let mut processes = Vec::new();
    for _ in 0..4 {
        processes.push(Tokens::open(desk.db.db(), desk.config.clone()).await.unwrap());
    }
    let session = NewSession::new("ada").unwrap();
    let imported = [Imported::token("legacy", session, START + Duration::from_hours(24))];
    processes[0].import(&imported).await.unwrap();
    for process in &processes {
        eventually("it is told", Duration::from_secs(30), async || {
            matches!(
                process.refresh("legacy").await.unwrap(),
                Rotation::Graced(_) | Rotation::Rotated(_)
            )
        })
        .await;
    }
    let another = [Imported::token(
        "another",
        NewSession::new("ada").unwrap(),
        START + Duration::from_hours(24),
    )];
    processes[0].import(&another).await.unwrap();
    let mut presented = JoinSet::new();
    for number in 0..64 {
        let tokens = processes[number % 4].clone();
        presented.spawn(async move { told(tokens.refresh("another").await.unwrap()) });
    }
    let presented = presented.join_all().await;
    let with = |word: &str| presented.iter().filter(|(outcome, _)| *outcome == word).count();
    assert_eq!((with("rotated"), with("graced")), (1, 63));
    let first: BTreeSet<&String> = presented.iter().map(|(_, token)| token).collect();
    assert_eq!(first.len(), 1, "all have the same successor");
    assert_eq!(desk.tokens.sessions("ada").await.unwrap().len(), 2);
}

/// What is asked at the same time is done by statements one after another. That one of them lacks a
/// partition has none of the others done twice: without a grace that would end the session.
#[tokio::test]
async fn a_partition_that_is_missing_is_made_and_nothing_is_done_twice() {
    let desk = Desk::open_with(|config| {
        config.grace = Duration::ZERO;
        config.lanes.count = 1;
        // Short enough for a partition a day.
        config.absolute_ttl = Duration::from_hours(14 * 24);
        config.idle_ttl = config.absolute_ttl;
    })
    .await;
    let (_, first) = desk.log_in().await;
    let (access, _) = desk.log_in().await;
    let Verification::Valid(claims) = desk.tokens.verify(&access) else { panic!("{access}") };
    desk.clock.advance(Duration::from_hours(24));
    let admin = Admin::connect(desk.db.url()).await;
    let day = START.as_secs() / 86_400;
    admin.execute(&format!("drop table pgstead.sessions_p{}", day + 15)).await;
    let new = NewSession::new("grace").unwrap();
    let (rotated, revoked, issued) = tokio::join!(
        desk.refresh(&first),
        desk.tokens.revoke(claims.session),
        desk.tokens.issue(&new)
    );
    assert_eq!(rotated.0, "rotated");
    assert!(revoked.unwrap(), "there was one");
    assert_eq!(
        told(desk.tokens.refresh(issued.unwrap().refresh_token.reveal()).await.unwrap()).0,
        "rotated"
    );
    // And one of events: nothing at all can be done without it.
    let issued = desk.tokens.issue(&NewSession::new("ada").unwrap()).await.unwrap();
    admin.execute(&format!("drop table pgstead.token_events_p{}", day + 1)).await;
    desk.tokens.revoke_user("ada").await.unwrap();
    let outcome = told(desk.tokens.refresh(issued.refresh_token.reveal()).await.unwrap());
    assert_eq!(outcome.0, "revoked");
}

/// Somebody else locks the same rows in another order, and PostgreSQL has us give way.
#[tokio::test]
async fn what_gives_way_in_a_deadlock_is_done_after_it() {
    let desk = Desk::open_with(|config| {
        config.grace = Duration::ZERO;
        config.lanes.count = 1;
    })
    .await;
    let admin = Admin::connect(desk.db.url()).await;
    // The lane looks whether it has to give way after that time, and connects when it is first asked.
    let name = "select current_database()";
    let name: String = admin.client().query_one(name, &[]).await.unwrap().get(0);
    admin.execute(&format!("alter database \"{name}\" set deadlock_timeout = '3s'")).await;
    let (mut first, mut second) = (desk.log_in().await, desk.log_in().await);
    let session = |tokens: &(String, String)| {
        let Verification::Valid(claims) = desk.tokens.verify(&tokens.0) else {
            panic!("{tokens:?}")
        };
        claims.session
    };
    if session(&first) > session(&second) {
        (first, second) = (second, first);
    }
    let lock = |session| format!("select from pgstead.sessions where sid = '{session}' for update");
    let (lock_first, lock_second) = (lock(session(&first)), lock(session(&second)));
    let watcher = Admin::connect(desk.db.url()).await;
    // Who looks later does not give way.
    admin.execute("set deadlock_timeout = '1h'").await;
    admin.execute(&format!("begin; {lock_second}")).await;
    let other = async {
        let waits = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and \
                     datname = current_database()";
        eventually("the lane waits", Duration::from_secs(30), async || {
            watcher.client().query_one(waits, &[]).await.unwrap().get::<_, i64>(0) == 1
        })
        .await;
        admin.execute(&format!("{lock_first}; commit")).await;
    };
    let (one, two, ()) = tokio::join!(desk.refresh(&first.1), desk.refresh(&second.1), other);
    assert_eq!((one.0, two.0), ("rotated", "rotated"));
}

/// A failover to a standby that lacks the last revocation, behind a pooler that does not let anybody
/// notice: its number comes again, with another.
#[tokio::test]
async fn a_database_that_was_put_back_is_looked_at_anew() {
    let desk = Desk::open().await;
    let (access, _) = desk.log_in().await;
    let (other, _) = desk.log_in().await;
    let Verification::Valid(mine) = desk.tokens.verify(&access) else { panic!("{access}") };
    let Verification::Valid(claims) = desk.tokens.verify(&other) else { panic!("{other}") };
    desk.tokens.revoke(claims.session).await.unwrap();
    let is_revoked = |token: &str| desk.tokens.verify(token) == Verification::Revoked;
    eventually("it is known", Duration::from_secs(30), async || is_revoked(&other)).await;
    assert!(!is_revoked(&access));
    let put_back = format!(
        "update pgstead.token_revocations set subject = '{}', revoked_at_ns = revoked_at_ns + 1000",
        mine.session
    );
    Admin::connect(desk.db.url()).await.execute(&put_back).await;
    eventually("it is refused", Duration::from_secs(30), async || is_revoked(&access)).await;
    assert!(!is_revoked(&other));
    // Here it has one less than is known.
    let put_back = "with gone as (delete from pgstead.token_revocations)
                    update pgstead.token_state set revision = 0";
    Admin::connect(desk.db.url()).await.execute(put_back).await;
    eventually("it is good", Duration::from_secs(30), async || !is_revoked(&access)).await;
    desk.tokens.revoke(mine.session).await.unwrap();
    eventually("it is refused", Duration::from_secs(30), async || is_revoked(&access)).await;
}

/// A token is remembered as it is; nothing that is printed has it.
#[tokio::test]
async fn no_token_is_in_what_is_printed_for_debugging() {
    let desk = Desk::open().await;
    let (access, refresh) = desk.log_in().await;
    assert!(matches!(desk.tokens.verify(&access), Verification::Valid(_)));
    let rotation = desk.tokens.refresh(&refresh).await.unwrap();
    let printed =
        format!("{:?} {:?} {:?} {rotation:?}", desk.tokens, desk.config, desk.tokens.verifier());
    let signature = access.rsplit('.').next().unwrap();
    for secret in [signature, &refresh, &desk.config.kek.reveal()] {
        assert!(!printed.contains(secret), "{printed}");
    }
}

fn base64(text: &str) -> Vec<u8> {
    use base64ct::Encoding as _;
    base64ct::Base64UrlUnpadded::decode_vec(text).unwrap()
}

#[tokio::test]
async fn keys_are_rotated_with_overlap() {
    let desk = Desk::open().await;
    let (access, refresh) = desk.log_in().await;
    let before = desk.tokens.verifier().jwks();
    assert_eq!(before.len(), 2, "one that is used, and the next");
    assert_eq!(desk.tokens.rotate_keys().await.unwrap().len(), 2);
    let (new_access, new_refresh) = desk.log_in().await;
    assert!(matches!(desk.tokens.verify(&access), Verification::Valid(_)));
    assert!(matches!(desk.tokens.verify(&new_access), Verification::Valid(_)));
    let header = |token: &str| token.split('.').next().unwrap().to_owned();
    assert_ne!(header(&access), header(&new_access));
    assert_eq!(desk.tokens.verifier().jwks().len(), 3);
    let (outcome, next) = desk.refresh(&refresh).await;
    assert_eq!(outcome, "rotated");
    assert_eq!(desk.refresh(&new_refresh).await.0, "rotated");
    desk.tokens.rotate_keys().await.unwrap();
    assert_eq!(desk.refresh(&next).await.0, "rotated");
    // What was retired verifies nothing any more when all that it has signed has expired: whoever has
    // stolen it could sign on.
    let is_published = |token: &str| {
        let header: serde_json::Value = serde_json::from_slice(&base64(&header(token))).unwrap();
        let keys = desk.tokens.verifier().jwks().into_iter();
        let mut keys = keys.map(|key| serde_json::to_value(key).unwrap());
        keys.any(|key| key["kid"] == header["kid"])
    };
    assert!(is_published(&access) && is_published(&new_access));
    desk.clock.advance(Duration::from_mins(13));
    eventually("they are forgotten", Duration::from_secs(30), async || {
        !is_published(&access) && !is_published(&new_access)
    })
    .await;
    assert_eq!(desk.tokens.verifier().jwks().len(), 2, "one that is used, and the next");
    // Somebody who starts now has the same keys; with another key-encryption key none.
    let again = Tokens::open(desk.db.db(), desk.config.clone()).await.unwrap();
    let (access, _) = desk.log_in().await;
    assert!(matches!(again.verify(&access), Verification::Valid(_)));
    let mut other = desk.config.clone();
    other.kek = KeyEncryptionKey::generate();
    let error = Tokens::open(desk.db.db(), other).await.unwrap_err().to_string();
    assert!(error.starts_with("the key-encryption key does not open the key "), "{error}");
}
