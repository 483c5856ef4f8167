use actix_web::{get, web, HttpResponse, Responder};
use deadpool_redis::Pool;

#[get("/health/ready")]
async fn ready(pool: web::Data<Pool>) -> impl Responder {
    let alive = match pool.get().await {
        Ok(mut conn) => redis::cmd("PING").query_async::<String>(&mut conn).await.is_ok(),
        Err(_) => false,
    };
    let status = if alive { "up" } else { "down" };
    HttpResponse::Ok().json(serde_json::json!({ "redis": status }))
}
