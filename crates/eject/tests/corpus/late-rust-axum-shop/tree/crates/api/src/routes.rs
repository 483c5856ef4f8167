use std::time::Duration;

use apalis::prelude::Storage;
use axum::{extract::{Path, State}, http::StatusCode, Json};
use deadpool_redis::redis::AsyncCommands;
use serde::{Deserialize, Serialize};
use shop_events::Event;
use tower_sessions::Session;

use crate::{limits::CODES, state::{AppState, Mail}};

type Fallible<T> = Result<T, StatusCode>;

fn internal<E: std::fmt::Display>(e: E) -> StatusCode {
    tracing::error!("{e}");
    StatusCode::INTERNAL_SERVER_ERROR
}

#[derive(Serialize, Deserialize, sqlx::FromRow)]
pub struct Product {
    sku: String,
    cents: i64,
}

pub async fn product(State(state): State<AppState>, Path(sku): Path<String>) -> Fallible<Json<Product>> {
    let key = format!("product:{sku}");
    if let Some(hit) = state.cache.get(&key).await.map_err(internal)? {
        return serde_json::from_slice(&hit).map(Json).map_err(internal);
    }
    let found: Product = sqlx::query_as("select sku, cents from products where sku = $1")
        .bind(&sku)
        .fetch_one(&state.db)
        .await
        .map_err(|_| StatusCode::NOT_FOUND)?;
    let bytes = serde_json::to_vec(&found).map_err(internal)?;
    state.cache.put(&key, bytes, Duration::from_secs(300)).await.map_err(internal)?;
    Ok(Json(found))
}

pub async fn order(State(mut state): State<AppState>, session: Session, Json(sku): Json<String>) -> Fallible<String> {
    let to: String = session.get("email").await.map_err(internal)?.ok_or(StatusCode::UNAUTHORIZED)?;
    let order = uuid::Uuid::new_v4().to_string();
    state.events.append(&Event::Placed { order: order.clone(), sku }).await.map_err(internal)?;
    state.mails.push(Mail { to, template: "placed".into() }).await.map_err(internal)?;
    Ok(order)
}

pub async fn send_code(State(mut state): State<AppState>, Json(email): Json<String>) -> Fallible<StatusCode> {
    CODES.check().map_err(|_| StatusCode::TOO_MANY_REQUESTS)?;
    let code = uuid::Uuid::new_v4().simple().to_string();
    let mut redis = state.redis.get().await.map_err(internal)?;
    redis.set_ex::<_, _, ()>(format!("code:{code}"), &email, 600).await.map_err(internal)?;
    let mail = Mail { to: email, template: format!("code/{code}") };
    state.mails.schedule(mail, 0).await.map_err(internal)?;
    Ok(StatusCode::ACCEPTED)
}

pub async fn login(State(state): State<AppState>, session: Session, Json(code): Json<String>) -> Fallible<StatusCode> {
    let mut redis = state.redis.get().await.map_err(internal)?;
    let email: Option<String> = redis.get_del(format!("code:{code}")).await.map_err(internal)?;
    let email = email.ok_or(StatusCode::UNAUTHORIZED)?;
    session.insert("email", email).await.map_err(internal)?;
    Ok(StatusCode::NO_CONTENT)
}

pub async fn health(State(state): State<AppState>) -> Fallible<&'static str> {
    let mut c = state.redis.get().await.map_err(internal)?;
    deadpool_redis::redis::cmd("PING").query_async::<String>(&mut c).await.map_err(internal)?;
    Ok("redis and the server are up")
}
