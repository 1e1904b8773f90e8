//! Concerns and screenings. The presumption is an act on a case: `cases/identification.rs`.

mod concerns;
pub mod observations;
mod screenings;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this room.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(concerns::create_concern)
        .service(concerns::list_concerns)
        .service(concerns::get_concern)
        .service(screenings::create_screening)
        .service(screenings::list_screenings)
        .service(screenings::get_screening)
        .service(screenings::set_aside_screening);
}
