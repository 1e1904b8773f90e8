//! Concerns and screenings. The presumption is an act on a case: `cases/identification.rs`.

mod concerns;
pub mod observations;
mod screenings;

use crate::Routes;

/// The routes of this room.
pub fn routes(config: &mut impl Routes) {
    config
        .service(concerns::create_concern)
        .service(concerns::list_concerns)
        .service(concerns::get_concern)
        .service(screenings::create_screening)
        .service(screenings::list_screenings)
        .service(screenings::get_screening)
        .service(screenings::set_aside_screening);
}
