use actix_web::{get, web, App, HttpResponse, HttpServer};
use redis::Commands;
use std::env;

type Pool = r2d2::Pool<redis::Client>;

#[get("/turbines/{id}")]
async fn turbine(pool: web::Data<Pool>, id: web::Path<String>) -> HttpResponse {
    let park = id.split('-').next().unwrap_or("").to_string();
    let found = web::block(move || {
        let mut conn = pool.get().expect("a connection");
        conn.hget::<_, _, Option<String>>(format!("latest:{{{}}}", park), id.into_inner())
    })
    .await;
    match found {
        Ok(Some(json)) => HttpResponse::Ok().content_type("application/json").body(json),
        Ok(None) => HttpResponse::NotFound().finish(),
        Err(_) => HttpResponse::BadGateway().finish(),
    }
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let address = env::var("PORTAL_REDIS").unwrap_or_else(|_| "localhost:6379".to_owned());
    let client = redis::Client::open(format!("redis://{}/", address)).expect("an address");
    let pool = r2d2::Pool::builder().max_size(6).build(client).expect("a pool");
    HttpServer::new(move || App::new().data(pool.clone()).service(turbine))
        .bind(env::var("BIND").unwrap_or_else(|_| "0.0.0.0:8090".to_owned()))?
        .run()
        .await
}
