//! The case of one child: intake, file, child, episodes, identification, age assessments, life, timeline.

mod age_appeals;
mod age_assessments;
mod case;
mod child;
mod data_requests;
mod emergency;
mod episodes;
mod file;
mod identification;
mod lifecycle;
mod links;
mod matches;
mod search;
mod taken_once;
mod timeline;
mod upsert;
mod whereabouts;

pub use child::ChildView;
pub(super) use taken_once::{distinct, is_the_one, stands_alone_named};
pub use whereabouts::WhereaboutsView;

/// The routes of this room.
pub fn routes(config: &mut impl Routes) {
    config
        .service(case::create_case)
        .service(upsert::upsert_case)
        .service(case::list_cases)
        .service(search::search_cases)
        .service(case::get_case)
        .service(timeline::get_case_timeline)
        .service(matches::list_case_matches)
        .service(matches::get_case_match)
        .service(matches::confirm_case_match)
        .service(matches::reject_case_match)
        .service(child::get_case_child)
        .service(child::update_case_child)
        .service(whereabouts::get_case_whereabouts)
        .service(whereabouts::update_case_whereabouts)
        .service(episodes::create_exploitation_episode)
        .service(episodes::list_exploitation_episodes)
        .service(episodes::get_exploitation_episode)
        .service(age_assessments::create_age_assessment)
        .service(age_assessments::list_age_assessments)
        .service(age_assessments::get_age_assessment)
        .service(age_appeals::appeal_age_assessment)
        .configure(file::routes)
        .configure(links::routes)
        .configure(emergency::routes)
        .configure(data_requests::routes)
        .configure(identification::routes)
        .configure(lifecycle::routes);
}

use domain::{
    access::{self, Caller, Depth, Relation, sections},
    vocabulary::DataClass,
};

use crate::{Routes, failure::Failure, problems};

/// How much of a class the caller may read; nothing is a refusal that names only the class and why.
fn readable(caller: &Caller, relation: &Relation, class: DataClass) -> Result<Depth, Failure> {
    let found = sections(caller, relation).into_iter().find(|it| it.class == class);
    match found.map(|it| (it.depth, it.reason)) {
        Some((depth @ (Depth::Full | Depth::Summary), _)) => Ok(depth),
        // The reason follows from the caller, as `withheld` of the case names it; never from what exists.
        Some((_, why)) if !why.is_empty() => {
            let because = format!("the section {class}: {why}");
            Err(Failure::new(&problems::SECTION_NOT_READABLE).because(because))
        }
        _ => Err(Failure::new(&problems::SECTION_NOT_READABLE).because(format!("the section {class}"))),
    }
}

/// Whether the caller may say what is new in a class without being shown anything of it.
fn told(caller: &Caller, relation: &Relation, class: DataClass) -> Result<(), Failure> {
    if access::writable_by_function(caller, relation, class) {
        Ok(())
    } else {
        Err(Failure::new(&problems::SECTION_NOT_WRITABLE).because(format!("the section {class}")))
    }
}

/// Whether the caller may change a class: whoever leads or opened the case and sees all of it.
fn writable(caller: &Caller, relation: &Relation, class: DataClass) -> Result<(), Failure> {
    if access::writable(caller, relation, class) {
        Ok(())
    } else {
        Err(Failure::new(&problems::SECTION_NOT_WRITABLE).because(format!("the section {class}")))
    }
}
