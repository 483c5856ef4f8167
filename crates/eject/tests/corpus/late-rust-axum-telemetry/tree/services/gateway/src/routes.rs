use std::num::NonZeroU32;
use std::sync::Arc;

use axum::extract::{Path, State, WebSocketUpgrade};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use redis::AsyncCommands;
use tower_sessions::Session;

use crate::jobs::{self, Alarm};
use crate::live;
use crate::state::AppState;

pub fn router(state: AppState) -> Router {
    let limiter: Arc<DefaultDirectRateLimiter> = Arc::new(RateLimiter::direct(Quota::per_second(NonZeroU32::MIN)));
    Router::new()
        .route("/parks/:park", get(park))
        .route("/parks/:park/notes", get(notes).post(add_note))
        .route("/alarms", post(alarm))
        .route("/live", get(|ws: WebSocketUpgrade| async { ws.on_upgrade(|s| async { live::follow(s).await.unwrap_or(()) }) }))
        .route("/login", post(login))
        .layer(axum::Extension(limiter))
        .with_state(state)
}

async fn park(State(state): State<AppState>, Path(park): Path<String>) -> Result<impl IntoResponse, StatusCode> {
    state.latest.all(&park).await.map(Json).map_err(|_| StatusCode::BAD_GATEWAY)
}

async fn notes(State(mut state): State<AppState>, Path(park): Path<String>) -> Json<Vec<String>> {
    Json(state.redis.lrange(format!("notes:{park}"), 0, 49).await.unwrap_or_default())
}

async fn add_note(State(mut state): State<AppState>, Path(park): Path<String>, note: String) -> StatusCode {
    let key = format!("notes:{park}");
    let pushed: redis::RedisResult<usize> = state.redis.lpush(&key, note).await;
    match pushed {
        Ok(n) if n > 50 => {
            let _: redis::RedisResult<()> = state.redis.ltrim(&key, 0, 49).await;
            StatusCode::CREATED
        }
        Ok(_) => StatusCode::CREATED,
        Err(_) => StatusCode::BAD_GATEWAY,
    }
}

async fn alarm(State(mut state): State<AppState>, Json(alarm): Json<Alarm>) -> StatusCode {
    match jobs::raise(&mut state.alarms, alarm).await {
        Ok(()) => StatusCode::ACCEPTED,
        Err(_) => StatusCode::BAD_GATEWAY,
    }
}

async fn login(session: Session, body: String) -> StatusCode {
    match session.insert("customer", body).await {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
