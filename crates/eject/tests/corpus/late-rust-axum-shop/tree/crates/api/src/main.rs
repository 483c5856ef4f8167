mod config;
mod limits;
mod routes;
mod sessions;
mod state;

use axum::{middleware, routing::{get, post}, Router};

use crate::{config::Config, state::AppState};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let config = Config::load()?;
    let sessions = sessions::layer(&config.sessions).await?;
    let state = AppState::build(&config).await?;

    let app = Router::new()
        .route("/products/:sku", get(routes::product))
        .route("/orders", post(routes::order))
        .route("/login/code", post(routes::send_code))
        .route("/login", post(routes::login))
        .layer(middleware::from_fn_with_state(state.clone(), limits::per_address))
        .layer(sessions)
        .route("/healthz", get(routes::health))
        .with_state(state);

    let listener = tokio::net::TcpListener::bind(&config.listen).await?;
    Ok(axum::serve(listener, app.into_make_service_with_connect_info::<std::net::SocketAddr>()).await?)
}
