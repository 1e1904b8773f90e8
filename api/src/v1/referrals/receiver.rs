//! Who is asked: an agency and service of the directory, with how they fit the child.

use domain::{
    AgencyId, ServiceId,
    cases::ChildRecord,
    directory::{Agency, Service},
    referrals::Fit,
};
use persistence::{StoreError, Tx};

use crate::failure::Failure;

/// An agency with what it offers and the service that is asked.
pub(super) struct Chosen {
    agency: Agency,
    offered: Vec<Service>,
    service: Option<ServiceId>,
}

impl Chosen {
    /// Looks the agency up in the caller's country, and the service among what it offers.
    pub fn of(tx: &mut Tx<'_>, agency: AgencyId, service: Option<ServiceId>) -> Result<Self, Failure> {
        let agency = referenced(tx.agency(agency), "/toAgencyId")?;
        if agency.country != tx.cx.caller.country {
            return Err(Failure::reference("/toAgencyId"));
        }
        let offered = tx.services_offered(agency.id)?;
        if service.is_some_and(|id| offered.iter().all(|it| it.id != id)) {
            return Err(Failure::reference("/toServiceId"));
        }
        Ok(Self { agency, offered, service })
    }

    /// How it fits a child.
    pub fn fit<'a>(&'a self, child: &'a ChildRecord) -> Fit<'a> {
        Fit {
            agency: &self.agency,
            chosen: self.service.and_then(|id| self.offered.iter().find(|it| it.id == id)),
            offered: &self.offered,
            child: &child.identity,
        }
    }
}

/// Unknown and hidden look the same.
pub(super) fn referenced<T>(found: Result<T, StoreError>, pointer: &'static str) -> Result<T, Failure> {
    match found {
        Err(StoreError::NotFound) => Err(Failure::reference(pointer)),
        other => Ok(other?),
    }
}
