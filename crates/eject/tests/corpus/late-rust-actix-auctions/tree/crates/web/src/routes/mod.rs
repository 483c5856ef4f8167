pub mod bids;
pub mod lots;
mod health;
#[cfg(feature = "watch")]
mod watch;

use actix_web::web;

pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(health::ready);
    cfg.service(web::scope("/lots").service(lots::publish).service(bids::place).service(bids::top));
    #[cfg(feature = "watch")]
    cfg.service(watch::watch);
}
