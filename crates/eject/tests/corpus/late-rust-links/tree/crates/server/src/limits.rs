use std::{net::IpAddr, num::NonZeroU32, sync::LazyLock};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

static LIMITER: LazyLock<DefaultKeyedRateLimiter<IpAddr>> =
    LazyLock::new(|| RateLimiter::keyed(Quota::per_minute(NonZeroU32::new(60).unwrap())));

pub fn allow(ip: IpAddr) -> bool {
    LIMITER.check_key(&ip).is_ok()
}
