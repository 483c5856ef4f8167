use actix_web::{error, post, web, HttpResponse, Responder};
use apalis::prelude::Storage;
use apalis_redis::RedisStorage;
use auctions_store::BidStore;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::catalogue::Catalogue;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Close {
    pub lot: Uuid,
}

#[post("/{lot}/publish")]
async fn publish(
    path: web::Path<Uuid>,
    catalogue: web::Data<Catalogue>,
    store: web::Data<dyn BidStore>,
    jobs: web::Data<RedisStorage<Close>>,
) -> actix_web::Result<impl Responder> {
    let id = path.into_inner();
    let lot = catalogue.lot(id).await.map_err(error::ErrorInternalServerError)?;
    let lot = lot.ok_or_else(|| error::ErrorNotFound("no such lot"))?;
    store.open(id, lot.reserve_cents as u64, 3600).await.map_err(error::ErrorBadGateway)?;

    let mut jobs = jobs.get_ref().clone();
    let at = std::time::SystemTime::now() + std::time::Duration::from_secs(3600);
    let at = at.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() as i64;
    jobs.schedule(Close { lot: id }, at).await.map_err(error::ErrorBadGateway)?;
    Ok(HttpResponse::Accepted().finish())
}
