use std::{net::SocketAddr, sync::Arc};

use apalis::prelude::Storage as _;
use axum::{
    extract::{ConnectInfo, Path, State},
    http::StatusCode,
    response::{Html, Redirect},
    routing::{get, post},
    Router,
};
use links_jobs::Preview;
use tower_sessions::Session;

use crate::{limits, App};

pub fn router(app: App) -> Router {
    Router::new()
        .route("/:slug", get(follow).delete(remove))
        .route("/:slug/page", get(page))
        .route("/:slug/*url", post(create))
        .with_state(Arc::new(app))
}

async fn follow(State(app): State<Arc<App>>, Path(slug): Path<String>) -> Result<Redirect, StatusCode> {
    let url = app.store.get(&slug).await.map_err(|_| StatusCode::BAD_GATEWAY)?.ok_or(StatusCode::NOT_FOUND)?;
    let _ = app.store.incr(&slug).await;
    Ok(Redirect::temporary(&url))
}

async fn page(State(app): State<Arc<App>>, Path(slug): Path<String>) -> Html<String> {
    Html(app.pages.get(&slug).await)
}

async fn create(
    State(app): State<Arc<App>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    session: Session,
    Path((slug, url)): Path<(String, String)>,
) -> StatusCode {
    if !limits::allow(address.ip()) {
        return StatusCode::TOO_MANY_REQUESTS;
    }
    let _ = session.insert("last", &slug).await;
    let _ = app.store.set(&slug, &url, 86_400).await;
    let _ = app.previews.clone().push(Preview { slug: slug.clone(), url }).await;
    let _ = app.events.publish(&slug).await;
    StatusCode::CREATED
}

async fn remove(State(app): State<Arc<App>>, Path(slug): Path<String>) -> StatusCode {
    match app.store.del(&slug).await {
        Ok(true) => StatusCode::NO_CONTENT,
        _ => StatusCode::NOT_FOUND,
    }
}
