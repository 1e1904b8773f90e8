//! Countries with their profile, agencies, services and professionals.

mod agencies;
mod countries;
mod professionals;
mod services;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this room.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(countries::list_countries)
        .service(countries::get_country)
        .service(agencies::list_agencies)
        .service(agencies::get_agency)
        .service(services::list_agency_services)
        .service(services::get_agency_service)
        .service(professionals::list_professionals)
        .service(professionals::get_professional);
}
