use actix_session::Session;
use actix_web::{error, get, post, web, HttpRequest, HttpResponse, Responder};
use auctions_store::{Bid, BidStore, Placed};
use serde::Deserialize;
use uuid::Uuid;

use crate::rate_limit::RateLimit;

#[derive(Deserialize)]
struct Offer {
    cents: u64,
}

#[post("/{lot}/bids")]
async fn place(
    request: HttpRequest,
    path: web::Path<Uuid>,
    offer: web::Json<Offer>,
    session: Session,
    store: web::Data<dyn BidStore>,
    limit: web::Data<RateLimit>,
) -> actix_web::Result<impl Responder> {
    let Some(bidder) = session.get::<Uuid>("user")? else {
        return Ok(HttpResponse::Unauthorized().finish());
    };
    let info = request.connection_info().clone();
    if !limit.admits(info.realip_remote_addr().unwrap_or("unknown")).await {
        return Ok(HttpResponse::TooManyRequests().insert_header(("Retry-After", "60")).finish());
    }
    let bid = Bid { auction: path.into_inner(), bidder, cents: offer.cents };
    match store.place(&bid).await.map_err(error::ErrorBadGateway)? {
        placed @ Placed::Leading { .. } => {
            session.insert("last_bid", bid.cents)?;
            Ok(HttpResponse::Created().json(placed))
        }
        placed => Ok(HttpResponse::Conflict().json(placed)),
    }
}

#[get("/{lot}/bids")]
async fn top(path: web::Path<Uuid>, store: web::Data<dyn BidStore>) -> actix_web::Result<impl Responder> {
    Ok(web::Json(store.top(*path, 10).await.map_err(error::ErrorBadGateway)?))
}
