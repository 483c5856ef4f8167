use axum::{
    async_trait,
    extract::{FromRef, FromRequestParts},
    http::{request::Parts, StatusCode},
};
use redis::{aio::ConnectionManager, AsyncCommands};

/// Who is logged in; the session is in Redis.
pub struct User(pub String);

pub fn internal(error: redis::RedisError) -> StatusCode {
    tracing::error!(%error, "redis");
    StatusCode::INTERNAL_SERVER_ERROR
}

#[async_trait]
impl<S> FromRequestParts<S> for User
where
    ConnectionManager: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let token = parts.headers.get("x-token").and_then(|v| v.to_str().ok()).ok_or(StatusCode::UNAUTHORIZED)?.to_owned();
        let mut redis = ConnectionManager::from_ref(state);
        let user: Option<String> = redis.get_ex(format!("session:{token}"), redis::Expiry::EX(3600)).await.map_err(internal)?;
        user.map(User).ok_or(StatusCode::UNAUTHORIZED)
    }
}
