//! Canaries: invented cases that nobody has a reason to open. What serves requests knows of none: that one was opened is
//! found afterwards in the two logs, so that no operation can forget it and none answers differently.

mod alarms;

use diesel::{
    BoolExpressionMethods as _, Connection as _, ExpressionMethods as _, JoinOnDsl as _,
    OptionalExtension as _, PgConnection, QueryDsl as _, RunQueryDsl as _, dsl::insert_into,
};
use domain::{
    AgencyId, CaseId, ClientId, ProfessionalId, Reference, Refused, RequestId, Timestamp,
    access::{Assurance, Caller, Scopes},
    cases::{
        Identity, NewCase, Whereabouts,
        canary::{Invented, Made, named, watched},
    },
    directory::Agency,
    identification::NewScreening,
    text::Country,
    vocabulary::{AgencyType, Purpose},
};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    BrokenGlass, Context, Standings, Store, StoreError, rows,
    schema::{agencies, canary_alarms, canary_cases, cases, clients, professionals},
    store::{Tx, fresh_id},
};

/// What an operator invents.
#[derive(Clone, Debug)]
pub struct NewCanary {
    /// Country and code of the agency in whose name it is taken in.
    pub agency: (Country, String),
    /// The professional who is said to have met the child, as the agency's system names its people.
    pub professional: String,
    /// What is said to have been observed.
    pub screening: NewScreening,
    /// Who the child is said to be.
    pub identity: Identity,
    /// Where the child is said to be.
    pub whereabouts: Whereabouts,
    /// Who makes it: a name, for whoever looks after canaries.
    pub made_by: String,
}

/// A canary as whoever looks after it sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canary {
    /// The case.
    pub case: CaseId,
    /// Its reference.
    pub reference: Reference,
    /// Country and code of the agency in whose name it was taken in.
    pub agency: (Country, String),
    /// When and by whom it was made.
    pub made: (Timestamp, String),
    /// When and by whom it was ended.
    pub ended: Option<(Timestamp, String)>,
    /// Who opened it, oldest first.
    pub alarms: Vec<CanaryAlarm>,
}

/// Somebody who opened a canary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CanaryAlarm {
    /// When, for the first time on that day.
    pub at: Timestamp,
    /// The agency.
    pub agency: AgencyId,
    /// The professional; none where a system did by itself.
    pub professional: Option<ProfessionalId>,
}

/// Why there is no canary.
#[derive(Debug, thiserror::Error)]
pub enum CanaryError {
    /// The database refuses; what is named does not exist where it is [`StoreError::NotFound`].
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The rules do.
    #[error("{}", .0.violations().iter().map(|it| it.because.as_str()).collect::<Vec<_>>().join("; "))]
    Refused(Refused),
}

impl From<Refused> for CanaryError {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<diesel::result::Error> for CanaryError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Whose name is used.
struct Named {
    agency: Agency,
    client: ClientId,
    professional: ProfessionalId,
}

impl Store {
    /// Makes a canary by the acts that make every other case. Needs the owner of the tables, and the keys of the node. What
    /// the rules refuse is [`CanaryError::Refused`]. `clock` is asked for each of the two acts, as two requests would be.
    pub fn add_canary(&self, new: &NewCanary, clock: impl Fn() -> Timestamp) -> Result<Canary, CanaryError> {
        let made_by = named(&new.made_by)?;
        let case = self.owning(|conn| {
            let by = self.in_the_name_of(conn, new, clock())?;
            let screens = context_of(&by, clock());
            let alike = Tx::new(conn, self.keys(), &screens).doubles(&new.identity)?.len();
            let cx = context_of(&by, clock());
            let now = cx.now;
            let (screened, taken_in) = Tx::new(conn, self.keys(), &cx).invented(new, &screens, alike)?;
            Tx::new(conn, self.keys(), &screens).add_screening(&screened)?;
            Tx::new(conn, self.keys(), &cx).add_case(&taken_in)?;
            let case = taken_in.value.0.id;
            let canary = fresh_id();
            insert_into(canary_cases::table)
                .values((
                    canary_cases::case_id.eq(case.0),
                    canary_cases::canary_id.eq(canary),
                    canary_cases::country.eq(by.agency.country.as_str()),
                    canary_cases::request_id.eq(cx.caller.request.0),
                    canary_cases::made_at.eq(now.raw()),
                    canary_cases::made_by.eq(&made_by),
                ))
                .execute(conn)?;
            let mechanism = Context::of_mechanism(by.agency.country, canary, now);
            Tx::new(conn, self.keys(), &mechanism).tell(&[watched(true, canary, &by.agency)])?;
            Ok(case)
        })?;
        let made = self.canaries()?.into_iter().find(|it| it.case == case);
        Ok(made.ok_or(StoreError::NotFound)?)
    }

    /// Ends a canary: nobody who opens the case raises an alarm any more. That it is invented stays known, so that nobody
    /// counts it. A case that is no canary any more, or never was, is [`StoreError::NotFound`].
    pub fn end_canary(&self, case: &Reference, by: &str, now: Timestamp) -> Result<(), CanaryError> {
        let by = named(by)?;
        self.owning(|conn| {
            let found: Option<(Uuid, Uuid, Uuid, String)> = canary_cases::table
                .inner_join(cases::table.on(cases::id.eq(canary_cases::case_id)))
                .filter(cases::reference.eq(case.as_str()).and(canary_cases::ended_at.is_null()))
                .select((
                    canary_cases::case_id,
                    canary_cases::canary_id,
                    cases::opened_by_agency_id,
                    canary_cases::country,
                ))
                .first(conn)
                .optional()?;
            let (case, canary, agency, country) = found.ok_or(StoreError::NotFound)?;
            diesel::update(canary_cases::table.find(case))
                .set((canary_cases::ended_at.eq(now.raw()), canary_cases::ended_by.eq(&by)))
                .execute(conn)?;
            let cx = Context::of_mechanism(rows::country("canary_cases", &country)?, canary, now);
            let mut tx = Tx::new(conn, self.keys(), &cx);
            let agency = tx.agency(AgencyId(agency))?;
            Ok(tx.tell(&[watched(false, canary, &agency)])?)
        })
    }

    /// Every canary, oldest first, with who opened it. Needs the owner of the tables.
    pub fn canaries(&self) -> Result<Vec<Canary>, StoreError> {
        type Row = (
            Uuid,
            String,
            String,
            String,
            (OffsetDateTime, String),
            (Option<OffsetDateTime>, Option<String>),
        );
        type Alarm = (Uuid, OffsetDateTime, Uuid, Option<Uuid>);
        self.as_owner(|session| {
            let found: Vec<Row> = canary_cases::table
                .inner_join(cases::table.on(cases::id.eq(canary_cases::case_id)))
                .inner_join(agencies::table.on(agencies::id.eq(cases::opened_by_agency_id)))
                .order(canary_cases::canary_id)
                .select((
                    canary_cases::case_id,
                    cases::reference,
                    agencies::country,
                    agencies::code,
                    (canary_cases::made_at, canary_cases::made_by),
                    (canary_cases::ended_at, canary_cases::ended_by),
                ))
                .load(&mut session.conn)?;
            let alarms: Vec<Alarm> = canary_alarms::table
                .order((canary_alarms::opened_at, canary_alarms::number))
                .select((
                    canary_alarms::case_id,
                    canary_alarms::opened_at,
                    canary_alarms::agency_id,
                    canary_alarms::professional_id,
                ))
                .load(&mut session.conn)?;
            let of = |case: Uuid| {
                let own = alarms.iter().filter(move |it| it.0 == case);
                own.map(|it| CanaryAlarm {
                    at: Timestamp::new(it.1),
                    agency: AgencyId(it.2),
                    professional: it.3.map(ProfessionalId),
                })
            };
            let read = |(id, reference, country, code, made, ended): Row| {
                Ok(Canary {
                    case: CaseId(id),
                    reference: rows::reference("cases", &reference)?,
                    agency: (rows::country("agencies", &country)?, code),
                    made: (Timestamp::new(made.0), made.1),
                    ended: ended.0.zip(ended.1).map(|(at, by)| (Timestamp::new(at), by)),
                    alarms: of(id).collect(),
                })
            };
            found.into_iter().map(read).collect()
        })
    }

    fn owning<T>(
        &self,
        work: impl FnOnce(&mut PgConnection) -> Result<T, CanaryError>,
    ) -> Result<T, CanaryError> {
        self.as_owner(|session| Ok(session.conn.transaction(work)))?
    }

    /// The agency with the system and the person who are said to have taken the child in; a person whom the agency has not
    /// named before is named now.
    fn in_the_name_of(
        &self,
        conn: &mut PgConnection,
        new: &NewCanary,
        now: Timestamp,
    ) -> Result<Named, CanaryError> {
        let (country, code) = &new.agency;
        let client = agencies::table
            .inner_join(clients::table.on(clients::agency_id.eq(agencies::id)))
            .filter(agencies::country.eq(country.as_str()).and(agencies::code.eq(code)))
            .filter(agencies::active.and(clients::active))
            .order(clients::id)
            .select((agencies::id, clients::id));
        let (agency, client): (Uuid, Uuid) = client.first(conn).optional()?.ok_or(StoreError::NotFound)?;
        let cx = Context::of_mechanism(*country, agency, now);
        let agency = Tx::new(conn, self.keys(), &cx).agency(AgencyId(agency))?;
        let role = agency.roles.first().ok_or(StoreError::corrupt("agencies", "an agency without roles"))?;
        insert_into(professionals::table)
            .values((
                professionals::id.eq(fresh_id()),
                professionals::agency_id.eq(agency.id.0),
                professionals::country.eq(country.as_str()),
                professionals::subject.eq(&new.professional),
                professionals::role.eq(rows::text(*role)),
            ))
            .on_conflict((professionals::agency_id, professionals::subject))
            .do_nothing()
            .execute(conn)?;
        let professional: Uuid = professionals::table
            .filter(
                professionals::agency_id.eq(agency.id.0).and(professionals::subject.eq(&new.professional)),
            )
            .select(professionals::id)
            .first(conn)?;
        Ok(Named { agency, client: ClientId(client), professional: ProfessionalId(professional) })
    }
}

/// What the facts of a canary say of who made it: the same as those of any other case.
fn context_of(by: &Named, now: Timestamp) -> Context {
    let protects = by.agency.agency_type == AgencyType::ChildProtection;
    let purpose = if protects { Purpose::Protection } else { Purpose::Identification };
    let caller = Caller {
        client: by.client,
        agency: by.agency.id,
        agency_type: by.agency.agency_type,
        country: by.agency.country,
        professional: Some(by.professional),
        role: by.agency.roles.first().copied(),
        unit: None,
        assurance: Assurance::default(),
        scopes: Scopes::default(),
        purpose,
        case: None,
        decision_ref: None,
        request: RequestId(fresh_id()),
    };
    Context {
        caller,
        epoch: 0,
        now,
        subject: fresh_id(),
        validate_only: false,
        idempotency: None,
        broken_glass: BrokenGlass::default(),
        standings: Standings::default(),
    }
}

impl Tx<'_> {
    /// What two requests come to, one after the other; an id tells the millisecond in which it was made.
    fn invented(&mut self, new: &NewCanary, screens: &Context, alike: usize) -> Result<Made, CanaryError> {
        let case = NewCase {
            id: CaseId(self.cx.subject),
            reference: self.fresh_reference()?,
            child: self.fresh_id().into(),
            identity: new.identity.clone(),
            whereabouts: new.whereabouts.clone(),
            external_ids: Vec::new(),
            lead: self.first_agency_of(AgencyType::ChildProtection)?.unwrap_or(self.cx.caller.agency),
        };
        let screening_id = screens.subject.into();
        let invented = Invented { screening_id, screening: new.screening.clone(), case, alike };
        let country = self.country(self.cx.caller.country)?;
        Ok(invented.made(&country, &self.cx.caller, (screens.now, self.cx.now))?)
    }
}
