//! The offices at both ends of a route.

use domain::{
    AgencyId, CaseId, Violation,
    directory::Agency,
    text::Country,
    transnational::{Channels, Office, OwnOffice, Route, reachable},
    vocabulary::AgencyType,
};
use persistence::{StoreError, Tx};

use crate::{failure::Failure, v1::referrals::referenced};

/// The own office on a route: the one that is named, or the one that answers now.
pub(super) fn own_office(tx: &mut Tx<'_>, route: Route, named: Option<AgencyId>) -> Result<Agency, Failure> {
    let country = tx.cx.caller.country;
    if let Some(id) = named {
        let found = referenced(tx.agency(id), "/officeId")?;
        return if found.country == country && found.active {
            Ok(found)
        } else {
            Err(Failure::reference("/officeId"))
        };
    }
    let code = first(tx, route, country)?.ok_or_else(|| nobody("/officeId", country))?;
    Ok(tx.office(&code)?)
}

/// The office of another country with its type: the one that is named, or the one that answers now. Of a country that has
/// registered none here, one that is named can be asked, if any instrument binds that country: what is sent to it is
/// undeliverable until that country is reached.
pub(super) fn other_office(
    tx: &mut Tx<'_>,
    route: Route,
    country: Country,
    code: Option<&str>,
) -> Result<(Office, AgencyType), Failure> {
    let office = match code {
        Some(code) => Office { country, code: code.to_owned() },
        None => first(tx, route, country)?.ok_or_else(|| nobody("/toCountry", country))?,
    };
    let elsewhere = match tx.office(&office) {
        Err(StoreError::NotFound) => {
            let known = Channels::known().knows(country) || tx.country(country).is_ok();
            known && tx.agencies_of(country)?.is_empty()
        }
        _ => false,
    };
    if let Some(usual) = route.offices().first().filter(|_| elsewhere) {
        return Ok((office, *usual));
    }
    let found = referenced(tx.office(&office), "/toOffice")?;
    if route.offices().contains(&found.agency_type) {
        Ok((office, found.agency_type))
    } else {
        let because = "an office of this type does not stand at this route";
        Err(domain::Refused::Broken(vec![Violation::plain("wrong_office", "/toOffice", because)]).into())
    }
}

fn first(tx: &mut Tx<'_>, route: Route, country: Country) -> Result<Option<Office>, Failure> {
    let local = match tx.local_time(country, tx.cx.now) {
        Err(StoreError::NotFound) => return Ok(None),
        other => other?,
    };
    let all = tx.agencies_of(country)?;
    Ok(reachable(route, &all, local).into_iter().next().map(|it| it.office))
}

fn nobody(pointer: &'static str, country: Country) -> Failure {
    let because = format!("{country} has registered no office at this route");
    domain::Refused::Broken(vec![Violation::plain("no_office", pointer, because)]).into()
}

/// An own office to which a request is given, with whether it may know of the case here.
pub(super) fn own(tx: &mut Tx<'_>, case: Option<CaseId>, agency: &Agency) -> Result<OwnOffice, Failure> {
    let barred = case.map(|case| tx.is_restricted(case, agency.id, None)).transpose()?;
    Ok(OwnOffice {
        agency: agency.id,
        office: named(agency),
        agency_type: agency.agency_type,
        barred: barred.unwrap_or_default(),
        coordinator: tx.first_agency_of(AgencyType::NatCoordinator)?,
    })
}

/// An office as requests name it.
pub(super) fn named(agency: &Agency) -> Office {
    Office { country: agency.country, code: agency.code.clone() }
}
