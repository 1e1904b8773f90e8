//! Countries with their profile, agencies, services and professionals; who can take a need.

mod agencies;
mod calendar;
mod channels;
mod countries;
mod matching;
mod places;
mod professionals;
mod services;

pub(super) use channels::ChannelView;

use crate::Routes;

/// The routes of this room.
pub fn routes(config: &mut impl Routes) {
    config
        .service(countries::list_countries)
        .service(countries::get_country)
        .service(calendar::get_country_calendar)
        .service(channels::get_country_channels)
        .service(agencies::list_agencies)
        .service(agencies::get_agency)
        .service(agencies::update_agency)
        .service(services::list_agency_services)
        .service(services::create_agency_service)
        .service(services::get_agency_service)
        .service(services::update_agency_service)
        .service(matching::match_directory)
        .service(professionals::list_professionals)
        .service(professionals::get_professional);
}
