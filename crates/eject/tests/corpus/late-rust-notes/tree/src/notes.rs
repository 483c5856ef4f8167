use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Html,
    routing::{get, put},
    Router,
};
use redis::{aio::ConnectionManager, pipe, AsyncCommands, JsonAsyncCommands};
use redis_macros::{FromRedisValue, Json, ToRedisArgs};
use serde::{Deserialize, Serialize};

use crate::state::AppState;
use crate::{extract::{internal, User}, feed::Feed, render::html};

/// Sends one command.
macro_rules! send {
    ($connection:expr, $name:literal $(, $arg:expr)*) => {
        redis::cmd($name)$(.arg($arg))*.query_async(&mut $connection).await.map_err(internal)?
    };
}

#[derive(Debug, Clone, Serialize, Deserialize, FromRedisValue, ToRedisArgs)]
pub struct Note {
    pub id: String,
    pub text: String,
}

pub fn router() -> Router<AppState> {
    Router::new().route("/notes/:id", get(show)).route("/notes", put(save)).route("/top", get(top))
}

async fn show(State(mut redis): State<ConnectionManager>, Path(id): Path<String>) -> Result<Html<String>, StatusCode> {
    let Json(note): Json<Note> = redis.json_get(format!("note:{id}"), "$").await.map_err(internal)?;
    let _: () = send!(redis, "ZINCRBY", "popular", 1, &id);
    html(note.text).await.map(Html).map_err(|_| StatusCode::BAD_GATEWAY)
}

async fn save(
    State(mut redis): State<ConnectionManager>,
    State(feed): State<Feed>,
    User(user): User,
    axum::Json(note): axum::Json<Note>,
) -> Result<String, StatusCode> {
    redis.sadd::<_, _, ()>(format!("notes:{user}"), &note.id).await.map_err(internal)?;
    let (_, count): ((), u64) = pipe()
        .atomic()
        .json_set(format!("note:{}", note.id), "$", &note)
        .map_err(internal)?
        .scard(format!("notes:{user}"))
        .query_async(&mut redis)
        .await
        .map_err(|error| { tracing::warn!(%error, "redis"); StatusCode::BAD_GATEWAY })?;
    let _ = feed.tell(&note.id).await;
    Ok(format!("{count} notes"))
}

async fn top(State(mut redis): State<ConnectionManager>) -> Result<axum::Json<Vec<String>>, StatusCode> {
    let popular: Vec<String> = send!(redis, "ZREVRANGE", "popular", 0, 9);
    Ok(axum::Json(popular))
}
