use std::{net::SocketAddr, num::NonZeroU32, sync::LazyLock};

use axum::{extract::{ConnectInfo, Request, State}, http::StatusCode, middleware::Next, response::Response};
use deadpool_redis::redis;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

use crate::state::AppState;

/// Codes cost money: this many a minute, from each server.
pub static CODES: LazyLock<DefaultDirectRateLimiter> =
    LazyLock::new(|| RateLimiter::direct(Quota::per_minute(NonZeroU32::new(30).unwrap())));

pub async fn per_address(
    State(state): State<AppState>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Result<Response, StatusCode> {
    let mut connection = state.redis.get().await.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    let key = format!("limit:{}", address.ip());
    let (count,): (u32,) = redis::pipe()
        .atomic()
        .incr(&key, 1)
        .expire(&key, 60)
        .ignore()
        .query_async(&mut connection)
        .await
        .map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    if count > 600 {
        return Err(StatusCode::TOO_MANY_REQUESTS);
    }
    Ok(next.run(request).await)
}
