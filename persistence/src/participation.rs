//! Who takes part in a case and who is never to know of it: what every look-up of a case asks.

use std::collections::HashMap;

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _,
    dsl::{auto_type, exists, insert_into, select},
    upsert::excluded,
};
use domain::{
    AgencyId, CaseId, EntryId, ProfessionalId, Timestamp,
    access::{Caller, Grant, Relation},
    cases::{
        Case,
        emergency::has_emergencies,
        file::{Participant, RestrictedParty, Restriction, RestrictionStatus},
    },
    text::Country,
};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    StoreError, rows,
    schema::{participations, professionals, restrictions},
    store::Tx,
};

/// The participations of an agency that hold at an instant for this caller: for all of the agency, or for its unit, for
/// itself, in its role. What was given in an emergency holds for a token that is bound to the case,
/// for a purpose that has emergencies.
#[auto_type]
pub(crate) fn participates(
    agency: Uuid,
    unit: String,
    professional: Uuid,
    role: &'static str,
    bound: Uuid,
    now: OffsetDateTime,
) -> _ {
    let in_unit = participations::unit.is_null().or(participations::unit.eq(unit));
    let in_person =
        participations::professional_id.is_null().or(participations::professional_id.eq(professional));
    let in_role = participations::role.is_null().or(participations::role.eq(role));
    let begun = participations::since.le(now);
    let stands = participations::until.is_null().or(participations::until.gt(now));
    let in_order = participations::basis.ne("emergency").or(participations::case_id.eq(bound));
    let here = participations::agency_id.eq(agency).and(begun).and(stands);
    here.and(in_unit).and(in_person).and(in_role).and(in_order)
}

/// Those of the caller.
pub(crate) fn participates_now(caller: &Caller, now: Timestamp) -> participates {
    participates(
        caller.agency.0,
        caller.unit.clone().unwrap_or_default(),
        caller.professional.map(|it| it.0).unwrap_or_default(),
        caller.role.map(domain::CodeList::code).unwrap_or_default(),
        caller.case.filter(|_| has_emergencies(caller.purpose)).map(|it| it.0).unwrap_or_default(),
        now.raw(),
    )
}

type GrantColumns = (Uuid, String, Uuid, Vec<String>, Vec<String>, Vec<String>);

impl Tx<'_> {
    /// How the caller would stand to a case if it changed something, where it stands so when it reads: in no way, where it is
    /// let in by an emergency access alone.
    pub fn standing(&mut self, case: &Case, relation: &Relation) -> Result<Option<Relation>, StoreError> {
        if relation.own() || self.cx.broken_glass.access().is_none() {
            return Ok(Some(relation.clone()));
        }
        Ok(self.grants_to(&[case.id.0], true)?.remove(&case.id).map(Relation::Granted))
    }

    /// What the caller was given of each of these cases; those of which it was given nothing are missing. An emergency
    /// access gives nothing to whoever changes something.
    pub(crate) fn grants(&mut self, cases: &[Uuid]) -> Result<HashMap<CaseId, Grant>, StoreError> {
        self.grants_to(cases, self.writing)
    }

    fn grants_to(&mut self, cases: &[Uuid], writing: bool) -> Result<HashMap<CaseId, Grant>, StoreError> {
        let found: Vec<GrantColumns> = participations::table
            .filter(participates_now(&self.cx.caller, self.cx.now))
            .filter(participations::case_id.eq_any(cases))
            .select((
                participations::case_id,
                participations::basis,
                participations::source_id,
                participations::classes,
                participations::writes,
                participations::ordered,
            ))
            .load(self.conn)?;
        let mut all: HashMap<CaseId, Grant> = HashMap::new();
        for (case, basis, source, classes, writes, ordered) in found {
            if basis == "emergency" {
                self.cx.broken_glass.note(source);
                if writing {
                    continue;
                }
            }
            let codes = |texts: &[String]| rows::codes("participations", texts);
            let given = Grant { read: codes(&classes)?, write: codes(&writes)?, ordered: codes(&ordered)? };
            all.entry(CaseId(case)).or_default().extend(given);
        }
        Ok(all)
    }

    /// Brings what somebody may see up to a version of the participation, at once.
    pub fn follow_participant(
        &mut self,
        case: &Case,
        id: EntryId,
        it: &Participant,
    ) -> Result<(), StoreError> {
        let given = it.grant();
        let row = (
            participations::agency_id.eq(it.agency.0),
            participations::case_id.eq(case.id.0),
            participations::country.eq(case.country.as_str()),
            participations::basis.eq("grant"),
            participations::source_id.eq(id.0),
            participations::classes.eq(rows::texts(&given.read)),
            participations::writes.eq(rows::texts(&given.write)),
            participations::ordered.eq(rows::texts(&given.ordered)),
            participations::since.eq(it.since.raw()),
            participations::until.eq(it.over_at().map(Timestamp::raw)),
            participations::unit.eq(&it.unit),
            participations::professional_id.eq(it.professional.map(|it| it.0)),
            participations::role.eq(it.role.map(domain::CodeList::code)),
        );
        let conflict = (
            participations::agency_id,
            participations::case_id,
            participations::source_id,
            participations::basis,
        );
        let set = (
            participations::classes.eq(excluded(participations::classes)),
            participations::writes.eq(excluded(participations::writes)),
            participations::ordered.eq(excluded(participations::ordered)),
            participations::until.eq(excluded(participations::until)),
        );
        // What the lead gives is another agency's to have.
        self.across(|tx| {
            let put = insert_into(participations::table).values(row).on_conflict(conflict).do_update();
            put.set(set).execute(tx.conn)?;
            Ok(())
        })
    }

    /// Shuts a party out of a case, or lets it in again, at once.
    pub fn follow_restriction(
        &mut self,
        case: &Case,
        id: EntryId,
        it: &Restriction,
    ) -> Result<(), StoreError> {
        let (agency, professional) = match it.party {
            RestrictedParty::Agency(agency) => (Some(agency.0), None),
            RestrictedParty::Professional(professional) => (None, Some(professional.0)),
            RestrictedParty::Contact(_) => return Ok(()),
        };
        let lifted = it.status() == RestrictionStatus::Lifted;
        let row = (
            restrictions::entry_id.eq(id.0),
            restrictions::country.eq(case.country.as_str()),
            restrictions::case_id.eq(case.id.0),
            restrictions::agency_id.eq(agency),
            restrictions::professional_id.eq(professional),
            restrictions::since.eq(it.since.raw()),
            restrictions::until.eq(lifted.then_some(self.cx.now.raw())),
        );
        // A restriction is of the one whom it shuts out: whoever calls must find its own.
        self.across(|tx| {
            let put =
                insert_into(restrictions::table).values(row).on_conflict(restrictions::entry_id).do_update();
            put.set(restrictions::until.eq(excluded(restrictions::until))).execute(tx.conn)?;
            Ok::<_, StoreError>(())
        })?;
        match it.party {
            RestrictedParty::Agency(agency) if !lifted => self.requests_leave_office(case, agency),
            _ => Ok(()),
        }
    }

    /// The agencies that are never to know of a case.
    pub fn restricted_agencies(&mut self, case: CaseId) -> Result<Vec<AgencyId>, StoreError> {
        // Whoever refers must not choose one of them, whether it leads the case or not.
        let found: Vec<Option<Uuid>> = self.across(|tx| {
            let all = restrictions::table
                .filter(restrictions::case_id.eq(case.0).and(restrictions::until.is_null()))
                .filter(restrictions::agency_id.is_not_null())
                .select(restrictions::agency_id);
            Ok::<_, StoreError>(all.load(tx.conn)?)
        })?;
        Ok(found.into_iter().flatten().map(AgencyId).collect())
    }

    /// Whether an agency, or a professional of it, is never to know of a case (R91).
    pub fn is_restricted(
        &mut self,
        case: CaseId,
        agency: AgencyId,
        professional: Option<ProfessionalId>,
    ) -> Result<bool, StoreError> {
        let person = professional.map(|it| it.0).unwrap_or_default();
        let found = restrictions::table
            .filter(restrictions::case_id.eq(case.0).and(restrictions::until.is_null()))
            .filter(restrictions::agency_id.eq(agency.0).or(restrictions::professional_id.eq(person)));
        // As with those whom a referral may go to.
        self.across(|tx| Ok(select(exists(found)).get_result(tx.conn)?))
    }

    /// Whether a professional is known in a country.
    pub fn is_known_professional(
        &mut self,
        professional: ProfessionalId,
        country: Country,
    ) -> Result<bool, StoreError> {
        let found = professionals::table
            .filter(professionals::id.eq(professional.0).and(professionals::country.eq(country.as_str())));
        Ok(select(exists(found)).get_result(self.conn)?)
    }

    /// Whether a professional belongs to an agency.
    pub fn is_of_agency(
        &mut self,
        professional: ProfessionalId,
        agency: AgencyId,
    ) -> Result<bool, StoreError> {
        let found = professionals::table
            .filter(professionals::id.eq(professional.0).and(professionals::agency_id.eq(agency.0)));
        Ok(select(exists(found)).get_result(self.conn)?)
    }
}
