//! Callers that ask again as soon as they are answered, how long that takes them, and turns.

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
    task::{JoinSet, yield_now},
    time::{Instant, sleep},
};

/// What is measured in this process.
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

/// Who takes turns with others: an [`Arm`], or another process.
pub(super) trait Side {
    /// Lets so many callers call for that long.
    async fn round(&mut self, callers: u32, time: Duration) -> Result<Sample>;
}

/// How many operations were done in which time, and how long each took.
pub(super) struct Sample {
    pub(super) ops_per_s: f64,
    pub(super) latency_ns: Histogram<u64>,
}

/// How many turns each side takes.
pub(super) const ROUNDS: u32 = 11;

/// A caller that is never kept waiting lets the others of its thread have a turn after so many
/// calls.
const CALLS_AT_A_STRETCH: u32 = 64;

/// An hour is more than any operation takes; two digits are more than a machine repeats.
pub(super) fn histogram() -> Histogram<u64> {
    const HOUR_NS: u64 = 3_600_000_000_000;
    Histogram::new_with_bounds(1, HOUR_NS, 2).expect("the bounds are valid")
}

/// Round by round, each side in turn being the first, after a round that does not count. What comes
/// back is each side's, in their order.
pub(super) async fn take_turns(
    sides: &mut [impl Side],
    callers: u32,
    round: Duration,
) -> Result<Vec<Vec<Sample>>> {
    let count = sides.len();
    let mut samples: Vec<Vec<Sample>> = sides.iter().map(|_| Vec::new()).collect();
    for turn in 0..=ROUNDS as usize {
        for place in 0..count {
            let at = (turn + place) % count;
            let sample = sides[at].round(callers, round).await?;
            if turn > 0 {
                samples[at].push(sample);
            }
        }
    }
    Ok(samples)
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

/// What is done here beside the call itself takes some ten nanoseconds and one look at the clock.
async fn call_until(
    stop: Arc<AtomicBool>,
    arm: Arc<impl Arm>,
    number: u64,
) -> Result<Histogram<u64>> {
    let mut caller = arm.caller();
    let mut latency_ns = histogram();
    // SplitMix64: each caller has numbers of its own.
    let mut state = number.wrapping_mul(0xD1B5_4A32_D192_ED03);
    while !stop.load(Ordering::Relaxed) {
        let mut before = Instant::now();
        for _ in 0..CALLS_AT_A_STRETCH {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mixed = state;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            arm.call(&mut caller, mixed ^ (mixed >> 31)).await?;
            let after = Instant::now();
            let took = u64::try_from((after - before).as_nanos()).unwrap_or(u64::MAX);
            latency_ns.saturating_record(took);
            before = after;
            if stop.load(Ordering::Relaxed) {
                break;
            }
        }
        yield_now().await;
    }
    Ok(latency_ns)
}
