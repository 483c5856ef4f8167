//! The one connection that listens.

use std::time::Duration;

use pgstead_it::{Admin, TestDb};
use pgstead_store::{Event, Hub, Subscription};
use tokio::time::timeout;

async fn next(events: &mut Subscription) -> Event {
    timeout(Duration::from_secs(20), events.next()).await.expect("something happens")
}

#[tokio::test]
async fn everybody_hears_and_after_a_break_is_told_to_read_anew() {
    let db = TestDb::new().await;
    let hub = Hub::start(db.db());
    let (mut one, mut two) = (hub.subscribe("colours"), hub.subscribe("colours"));
    let mut other = hub.subscribe("numbers");
    for events in [&mut one, &mut two, &mut other] {
        assert_eq!(next(events).await, Event::Resync, "listening begins");
    }
    // On a connection of its own: those of the pool are cut below.
    let notify = async |sql: &str| Admin::connect(db.url()).await.execute(sql).await;
    notify("notify colours, 'red'; notify numbers, 'one'").await;
    assert_eq!(next(&mut other).await, Event::Notified("one".into()));
    for events in [&mut one, &mut two] {
        // The second subscription had the first told once more; a hint too many does no harm.
        let mut event = next(events).await;
        while event == Event::Resync {
            event = next(events).await;
        }
        assert_eq!(event, Event::Notified("red".into()));
    }
    db.end_connections().await;
    for events in [&mut one, &mut two, &mut other] {
        assert_eq!(next(events).await, Event::Resync, "listening began again");
    }
    notify("notify numbers, 'two'").await;
    assert_eq!(next(&mut other).await, Event::Notified("two".into()));
}

#[tokio::test]
async fn who_is_too_slow_is_told_to_read_anew() {
    let db = TestDb::new().await;
    let hub = Hub::start(db.db());
    let (mut slow, mut quick) = (hub.subscribe("flood"), hub.subscribe("flood"));
    assert_eq!(next(&mut slow).await, Event::Resync);
    let client = db.client().await;
    let flood = "select pg_notify('flood', n::text) from generate_series(1, 3000) as n";
    client.batch_execute(flood).await.unwrap();
    while next(&mut quick).await != Event::Notified("3000".into()) {}
    assert_eq!(next(&mut slow).await, Event::Resync);
}
