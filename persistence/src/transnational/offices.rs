//! What becomes of requests when their office is never to know of the case any more (R91): another one has them from then
//! on, so that nothing is owed by somebody who must not see it.

use diesel::{ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _, SelectableHelper as _};
use domain::{
    AgencyId,
    access::Caller,
    cases::Case,
    directory::Agency,
    transnational::{At, Office, OwnOffice, Request, reachable},
    vocabulary::AgencyType,
};

use super::{Record, stored::Row};
use crate::{
    StoreError,
    schema::transnational_requests as requests,
    store::{Tx, fresh_id},
};

impl Tx<'_> {
    /// Gives the requests of a case that an agency has as their office to another one, at once.
    pub(crate) fn requests_leave_office(&mut self, case: &Case, barred: AgencyId) -> Result<(), StoreError> {
        // They are the office's, and who bars it is the lead: neither sees what the other owes.
        self.across(|tx| {
            let rows: Vec<Row> = requests::table
                .filter(requests::case_id.eq(case.id.0))
                .filter(requests::agency_id.eq(barred.0))
                .select(Row::as_select())
                .load(tx.conn)?;
            for row in rows {
                let record = tx.unsealed(row)?;
                tx.give_to_another(&record, case)?;
            }
            Ok(())
        })
    }

    fn give_to_another(&mut self, record: &Record, case: &Case) -> Result<(), StoreError> {
        let country = self.country(case.country)?;
        let to = self.office_instead(&record.request, case)?;
        let itself = Caller::mechanism(case.country, domain::RequestId(fresh_id()));
        let at = At { country: &country, by: &itself, now: self.cx.now };
        match record.request.change_office(to, at) {
            Ok(decided) => self.save_request(record, &decided, &record.extra),
            Err(_) => Err(StoreError::corrupt("transnational_requests", "no office may have it")),
        }
    }

    /// Whoever may know: first another office that stands at the route, then the focal point, the Central Authority or the
    /// national coordinator, and at last the agency that leads the case, which always may.
    fn office_instead(&mut self, it: &Request, case: &Case) -> Result<OwnOffice, StoreError> {
        let all = self.agencies_of(case.country)?;
        let barred = self.restricted_agencies(case.id)?;
        let local = self.local_time(case.country, self.cx.now)?;
        let at_route = reachable(it.route, &all, local).into_iter().map(|it| it.office.code);
        let by_type =
            [AgencyType::CrossborderFocalPoint, AgencyType::CentralAuthority, AgencyType::NatCoordinator]
                .into_iter()
                .flat_map(|kind| all.iter().filter(move |it| it.agency_type == kind))
                .map(|it| it.code.clone());
        let codes: Vec<String> = at_route.chain(by_type).collect();
        let may = |agency: &&Agency| agency.id != it.office && !barred.contains(&agency.id);
        let found = codes.iter().find_map(|code| all.iter().filter(may).find(|it| it.code == *code));
        let agency = match found {
            Some(agency) => agency.clone(),
            None => self.agency(case.lead)?,
        };
        Ok(OwnOffice {
            agency: agency.id,
            office: Office { country: agency.country, code: agency.code },
            agency_type: agency.agency_type,
            barred: false,
            coordinator: None,
        })
    }
}
