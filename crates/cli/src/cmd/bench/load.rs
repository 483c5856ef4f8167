//! Callers that ask again as soon as they are answered, and how long that takes them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::Result;
use hdrhistogram::Histogram;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

/// What is measured.
pub(super) trait Arm: Send + Sync + 'static {
    /// What a caller keeps from call to call.
    type Caller: Send;

    /// A new caller.
    fn caller(&self) -> Self::Caller;

    /// Does one operation; `number` is different each time.
    fn call(
        &self,
        caller: &mut Self::Caller,
        number: u64,
    ) -> impl Future<Output = Result<()>> + Send;
}

/// How many operations were done in which time, and how long each took.
pub(super) struct Sample {
    pub(super) ops_per_s: f64,
    pub(super) latency_ns: Histogram<u64>,
}

/// An hour is more than any operation takes; two digits are more than a machine repeats.
pub(super) fn histogram() -> Histogram<u64> {
    const HOUR_NS: u64 = 3_600_000_000_000;
    Histogram::new_with_bounds(1, HOUR_NS, 2).expect("the bounds are valid")
}

/// Lets so many callers call for that long.
pub(super) async fn run(arm: &Arc<impl Arm>, callers: u32, time: Duration) -> Result<Sample> {
    let stop = Arc::new(AtomicBool::new(false));
    let mut tasks = JoinSet::new();
    let began = Instant::now();
    for caller in 0..callers {
        tasks.spawn(call_until(Arc::clone(&stop), Arc::clone(arm), u64::from(caller)));
    }
    sleep(time).await;
    stop.store(true, Ordering::Relaxed);
    let mut latency_ns = histogram();
    while let Some(done) = tasks.join_next().await {
        latency_ns.add(done??)?;
    }
    let took = began.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "nobody counts 2^52 operations")]
    let ops_per_s = latency_ns.len() as f64 / took;
    Ok(Sample { ops_per_s, latency_ns })
}

async fn call_until(
    stop: Arc<AtomicBool>,
    arm: Arc<impl Arm>,
    number: u64,
) -> Result<Histogram<u64>> {
    let mut caller = arm.caller();
    let mut latency_ns = histogram();
    // SplitMix64: each caller has numbers of its own.
    let mut state = number.wrapping_mul(0xD1B5_4A32_D192_ED03);
    let mut before = Instant::now();
    while !stop.load(Ordering::Relaxed) {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        arm.call(&mut caller, mixed ^ (mixed >> 31)).await?;
        let after = Instant::now();
        let took = u64::try_from((after - before).as_nanos()).unwrap_or(u64::MAX);
        latency_ns.saturating_record(took);
        before = after;
    }
    Ok(latency_ns)
}
