//! Who is asked: an agency and service of the directory that the sender names, or to whom the need is routed.

use domain::{
    AgencyId, CaseId, CodeList as _, ServiceId, Violation,
    cases::file::refuse_restricted,
    directory::{Agency, Candidate, Moment, Need, Service, UnroutedReason, route},
    referrals::{Fit, Routing},
};
use persistence::{StoreError, Tx};
use validator::ValidationError;

use crate::{
    failure::{Failure, ViolationView},
    problems,
};

/// An agency with what it offers, the service that is asked, and why it was chosen if nobody named it.
pub(super) struct Chosen {
    agency: Agency,
    offered: Vec<Service>,
    service: Option<ServiceId>,
    routing: Option<Routing>,
    at: Moment,
}

impl Chosen {
    /// The agency that is named, or the one to which the need is routed; never one of `but`.
    pub fn of(
        tx: &mut Tx<'_>,
        (agency, service): (Option<AgencyId>, Option<ServiceId>),
        need: &Need,
        but: &[AgencyId],
        case: CaseId,
    ) -> Result<Self, Failure> {
        if let Some(agency) = agency {
            let found = Self::named(tx, agency, service, need)?;
            refuse_shut_out(tx, case, Some(agency))?;
            Ok(found)
        } else {
            let shut_out = tx.restricted_agencies(case)?;
            Self::routed(tx, need, but, &shut_out)
        }
    }

    /// Looks the agency up in the caller's country, and the service among what it offers.
    fn named(
        tx: &mut Tx<'_>,
        agency: AgencyId,
        service: Option<ServiceId>,
        need: &Need,
    ) -> Result<Self, Failure> {
        let agency = referenced(tx.agency(agency), "/toAgencyId")?;
        if agency.country != tx.cx.caller.country {
            return Err(Failure::reference("/toAgencyId"));
        }
        let offered = tx.services_offered(agency.id)?;
        if service.is_some_and(|id| offered.iter().all(|it| it.id != id)) {
            return Err(Failure::reference("/toServiceId"));
        }
        let at = tx.moment(agency.country, need.urgency)?;
        Ok(Self { agency, offered, service, routing: None, at })
    }

    /// Routes the need by competence, territory and what is offered.
    fn routed(
        tx: &mut Tx<'_>,
        need: &Need,
        but: &[AgencyId],
        shut_out: &[AgencyId],
    ) -> Result<Self, Failure> {
        let caller = &tx.cx.caller;
        let (country, own) = (caller.country, caller.agency);
        let found = tx.candidates(country, &need.services)?;
        let at = tx.moment(country, need.urgency)?;
        let open = found.offered.iter().filter(|(agency, _)| !shut_out.contains(&agency.id));
        let candidates = open.map(|(agency, service)| Candidate { agency, service });
        let (asked, free): (Vec<_>, Vec<_>) =
            candidates.filter(|it| it.agency.id != own).partition(|it| but.contains(&it.agency.id));
        let all_asked = free.is_empty() && !asked.is_empty();
        let routed = route(need, free, at).map_err(|unrouted| {
            let reason = if all_asked { UnroutedReason::EverybodyAsked } else { unrouted.reason };
            let nobody = Violation::plain(reason.code(), "/toAgencyId", reason.label());
            let closest = unrouted.closest.iter().map(|it| it.warning("/toAgencyId"));
            let all = std::iter::once(nobody).chain(closest);
            Failure::new(&problems::INCONSISTENT_VALUES)
                .listing(all.map(|it| ViolationView::from(&it)).collect())
        })?;
        let agency = found.offered.iter().map(|(agency, _)| agency).find(|it| it.id == routed.agency);
        let agency = agency.cloned().ok_or(StoreError::NotFound)?;
        let offered = tx.services_offered(agency.id)?;
        let routing = Routing {
            reasons: routed.verdict.reasons,
            misfits: routed.verdict.misfits.iter().map(|it| it.code).collect(),
            takes: routed.takes,
            directory_version: found.directory_version,
        };
        Ok(Self { agency, offered, service: Some(routed.service), routing: Some(routing), at })
    }

    /// How it fits a need.
    pub fn fit<'a>(&'a self, need: &'a Need) -> Fit<'a> {
        Fit {
            agency: &self.agency,
            chosen: self.service.and_then(|id| self.offered.iter().find(|it| it.id == id)),
            offered: &self.offered,
            need,
            routing: self.routing.as_ref(),
            at: self.at,
        }
    }
}

/// A service is named together with its agency.
pub(super) fn service_of_an_agency(
    agency: Option<AgencyId>,
    service: Option<ServiceId>,
) -> Result<(), ValidationError> {
    if service.is_some() && agency.is_none() {
        Err(ValidationError::new("service_without_agency")
            .with_message("a service without its agency".into()))
    } else {
        Ok(())
    }
}

/// Nobody refers to whoever is never to know of the case (R91); the lead is told that somebody wanted to.
pub(super) fn refuse_shut_out(tx: &mut Tx<'_>, case: CaseId, to: Option<AgencyId>) -> Result<(), Failure> {
    let Some(to) = to else { return Ok(()) };
    let restricted = tx.is_restricted(case, to, None)?;
    refuse_restricted(restricted, "/toAgencyId").map_err(|it| Failure::from(it).alerting(case, to))
}

/// Unknown and hidden look the same.
pub(in crate::v1) fn referenced<T>(
    found: Result<T, StoreError>,
    pointer: &'static str,
) -> Result<T, Failure> {
    match found {
        Err(StoreError::NotFound) => Err(Failure::reference(pointer)),
        other => Ok(other?),
    }
}
