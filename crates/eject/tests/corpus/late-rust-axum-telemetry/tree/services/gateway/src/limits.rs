use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use redis::aio::ConnectionManager;
use redis::AsyncCommands as _;

/// 600 in a minute for each key of a customer. `governor` in `routes` is for the process.
pub async fn per_key(State(mut redis): State<ConnectionManager>, req: Request, next: Next) -> Result<Response, StatusCode> {
    let Some(key) = req.headers().get("x-api-key").and_then(|v| v.to_str().ok()) else {
        return Err(StatusCode::UNAUTHORIZED);
    };
    let window = format!("quota:{key}:{}", unix_minute());
    let count: u32 = redis.incr(&window, 1).await.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    if count == 1 {
        let _: Result<(), _> = redis.expire(&window, 90).await;
    }
    if count > 600 {
        return Err(StatusCode::TOO_MANY_REQUESTS);
    }
    Ok(next.run(req).await)
}

fn unix_minute() -> u64 {
    std::time::SystemTime::UNIX_EPOCH.elapsed().map_or(0, |d| d.as_secs() / 60)
}
