//! The life of a case as it is stored: read back as it was written, with who takes part and what is owed.

use domain::{
    AgencyId, Decided, Refused, Timestamp,
    access::{Caller, Relation},
    cases::{
        Case,
        lifecycle::{
            Abroad, Arrival, Consent, ConsentAnswer, Course, Destination, FoundOutcome, HandoverPoint,
            HandoverStatus, Moved, OpenForProtection, ProposeHandover, RecordFound, Referred, ReportMissing,
            Setting, ToldPolice,
        },
    },
    deadlines::DutyKind,
    text::Country,
    vocabulary::{AgencyType, CaseStatus, MissingStatus, Role},
};
use persistence::{
    PageRequest, StoreError,
    cases::CaseFilter,
    deadlines::{DeadlineFilter, DeadlineScope, DeadlineStanding},
    events::TimelineFilter,
};
use time::Duration;

use crate::{
    given::{House, later, now, words},
    story::day,
};

const ALL: PageRequest = PageRequest { after: None, limit: 200 };

impl House {
    /// The case after an act on its life; the receiver of a handover has accepted a referral.
    pub fn lived(
        &self,
        case: &Case,
        by: &Caller,
        at: Timestamp,
        decide: impl Fn(&Case, &Setting<'_>) -> Result<Decided<Moved>, Refused>,
    ) -> Result<Case, StoreError> {
        self.change_at(by, at, |tx| {
            let (country, course) = (tx.country(case.country)?, tx.course(case)?);
            let accepted = vec![self.police.agency, self.child_protection.agency];
            let referred = Referred { accepted, ..tx.referred(case.id)? };
            let (participants, of_file) = (tx.participants(case.id)?, tx.duties_of_file(case.id)?);
            let setting = Setting {
                entry: tx.fresh_id().into(),
                begun: tx.fresh_id(),
                country: &country,
                course: &course,
                referred: &referred,
                of_file: &of_file,
                undecided_matches: 0,
                requests_abroad: 0,
                participants: &participants,
                focal_point: tx.focal_point()?,
                own: case.own_relation(by).is_some(),
                by,
                now: at,
            };
            let decided = decide(case, &setting).expect("lawful");
            tx.save_moved(case, &decided)?;
            Ok(decided.value.case)
        })
    }

    /// A case that is open, whose child is missing.
    pub fn given_missing(&self) -> Case {
        let (case, _) = self.given_case();
        let open = |it: &Case, at: &Setting<'_>| {
            it.open_for_protection(&OpenForProtection { reasons: words("need") }, at)
        };
        let case = self.lived(&case, &self.child_protection, now(), open).expect("opened");
        self.lived(&case, &self.police, later(1), |it, at| it.report_missing(&gone(), at)).expect("reported")
    }

    fn course(&self, by: &Caller, case: &Case) -> Course {
        self.read(by, |tx| tx.course(case)).expect("its course")
    }

    fn owed_by(&self, by: &Caller, case: &Case) -> Vec<DutyKind> {
        let filter = DeadlineFilter {
            scope: DeadlineScope::Agency,
            standing: Some(DeadlineStanding::Open),
            case: Some(case.id),
            subject: None,
            duty: None,
            due_before: None,
        };
        let all = self.read(by, |tx| tx.deadlines(filter, None, 200)).expect("deadlines");
        all.into_iter().map(|it| it.duty.kind).collect()
    }
}

fn gone() -> ReportMissing {
    ReportMissing {
        last_seen_at: now().plus(Duration::hours(-1)),
        circumstances: words("circumstances"),
        police: ToldPolice { not_yet: Some(words("not yet")), ..ToldPolice::default() },
        cross_border: true,
    }
}

fn handing(house: &House, to: AgencyId) -> ProposeHandover {
    let agency = house.read(&house.police, |tx| tx.agency(to)).expect("an agency");
    ProposeHandover::Inside { to: Box::new(agency), reasons: words("why") }
}

fn arrived() -> Arrival {
    use domain::CodeList as _;
    Arrival { confirmed: HandoverPoint::ALL.to_vec(), writing: None }
}

#[test]
fn what_was_written_and_when_the_child_was_missing_is_read_back() {
    let house = House::new();
    let case = house.given_missing();
    assert_eq!(house.case(case.id), case);
    let found = RecordFound { outcome: FoundOutcome::FoundSafe, at: later(5), circumstances: words("found") };
    let back = |it: &Case, at: &Setting<'_>| it.record_found(&found, at);
    let case = house.lived(&case, &house.child_protection, later(5), back).expect("found");
    assert_eq!(case.status, CaseStatus::Open);
    let course = house.course(&house.police, &case);
    let written: Vec<_> = course.acts.iter().map(|it| it.written.reasons.clone()).collect();
    assert_eq!(written, [Some(words("need")), Some(words("circumstances")), Some(words("found"))]);
    assert_eq!(course.acts[1].written.not_yet, Some(words("not yet")));
    let episode = &course.episodes[0];
    assert_eq!((episode.status, episode.found_at), (MissingStatus::FoundSafe, Some(later(5))));
    assert_eq!((episode.agency, episode.reported_at), (house.police.agency, later(1)));
    assert_eq!(house.owed_by(&house.child_protection, &case), [DutyKind::ReturnInterview]);
}

#[test]
fn an_act_on_what_somebody_else_changed_is_stale_and_leaves_nothing() {
    let house = House::new();
    let case = house.given_missing();
    let before = house.db.contents();
    let old = Case { version: domain::Version(case.version.0 - 1), ..case };
    let told = ToldPolice { at: Some(later(2)), ..ToldPolice::default() };
    let again = house.lived(&old, &house.police, later(2), |it, at| it.record_police_notified(&told, at));
    assert!(matches!(again, Err(StoreError::Stale)), "{again:?}");
    assert_eq!(house.db.contents(), before);
}

#[test]
fn an_agency_leads_hands_over_and_leads_again() {
    let house = House::new();
    let police = Caller { role: Some(Role::CaseManager), ..house.police.clone() };
    let lead = house.child_protection.clone();
    let (case, _) = house.given_case();
    let mut case = house.presumed(&case);
    let owed = house.owed_by(&lead, &case);
    assert_eq!(owed.len(), 6, "{owed:?}");
    let mut minute = 10;
    for (from, to) in [(&lead, &police), (&police, &lead), (&lead, &police)] {
        let wish = handing(&house, to.agency);
        case = house
            .lived(&case, from, later(minute), |it, at| it.propose_handover(&wish, at))
            .expect("proposed");
        case = house
            .lived(&case, to, later(minute + 1), |it, at| it.confirm_handover(&arrived(), at))
            .expect("confirmed");
        minute += 10;
        let now = later(minute);
        let listed = |by: &Caller| {
            house.read_as(by, now, |tx| tx.cases(CaseFilter::default(), ALL)).expect("a page").items.len()
        };
        let relation = |by: &Caller| house.read_as(by, now, |tx| tx.case(case.id)).map(|it| it.1);
        assert!(matches!(relation(to), Ok(Relation::Lead)));
        assert_eq!(listed(to), 1);
        // The police opened the case and keep that; child protection did not.
        let keeps = from.agency == police.agency;
        assert_eq!(relation(from).is_ok(), keeps);
        assert_eq!(listed(from), usize::from(keeps));
        assert_eq!(house.owed_by(to, &case).len(), 6);
        assert_eq!(house.owed_by(from, &case), []);
        let events = house
            .read_as(to, now, |tx| tx.timeline((case.id, &Relation::Lead), TimelineFilter::default(), 0, 200))
            .expect("a timeline");
        assert!(events.iter().any(|it| it.event == domain::events::EventType::CaseIntake), "the whole file");
    }
    let statuses: Vec<_> = house.course(&police, &case).handovers.iter().map(|it| it.status).collect();
    assert_eq!(statuses, [HandoverStatus::Confirmed; 3]);
}

#[test]
fn the_focal_point_takes_part_in_what_goes_abroad_and_in_nothing_else() {
    let house = House::new();
    let (case, _) = house.given_case();
    let case = house.presumed(&case);
    let focal = house.read(&house.police, |tx| tx.first_agency_of(AgencyType::CrossborderFocalPoint));
    let focal = focal.expect("reads").expect("a focal point");
    let focal = Caller { agency: focal, ..house.barnahus.clone() };
    let sees = |at| house.read_as(&house.child_protection, at, |tx| tx.participants(case.id)).expect("reads");
    assert!(!sees(later(1)).contains(&focal.agency));
    let to = Abroad {
        country: Country::parse("FI").expect("a country"),
        authority: words("authority"),
        moves_on: day("2026-12-01"),
        consent: Consent {
            answer: ConsentAnswer::Consented,
            document: Some(words("consent")),
            dated: Some(day("2026-11-20")),
        },
    };
    let wish = ProposeHandover::Abroad { to, reasons: words("why") };
    let lead = &house.child_protection;
    let asked =
        house.lived(&case, lead, later(2), |it, at| it.propose_handover(&wish, at)).expect("proposed");
    assert!(sees(later(3)).contains(&focal.agency));
    let handovers = house.course(lead, &asked).handovers;
    assert!(matches!(handovers[0].to, Destination::Country(_)), "{handovers:?}");
    let back =
        house.lived(&asked, lead, later(4), |it, at| it.withdraw_handover("no", at)).expect("withdrawn");
    assert!(!sees(later(5)).contains(&focal.agency));
    assert_eq!(back.status, CaseStatus::Open);
}

#[test]
fn what_people_decided_on_a_match_is_known_to_a_merge_and_to_a_closure() {
    use diesel::connection::SimpleConnection as _;
    let house = House::new();
    let ((one, _), (two, _)) = (house.given_case(), house.given_case());
    let one = house.presumed(&one);
    let seen = || {
        let read = house.read(&house.child_protection, |tx| {
            Ok((tx.same_child(&one, &two)?, tx.undecided_matches(&one)?))
        });
        let (it, undecided) = read.expect("reads");
        (it.confirmed_match, it.two_children, undecided)
    };
    let mut conn = house.db.connection();
    conn.batch_execute("DELETE FROM case_matches").expect("cleared");
    assert_eq!(seen(), (false, false, 0));
    for (case, other) in [(&one, &two), (&two, &one)] {
        let row = format!(
            "INSERT INTO case_matches \
             (id, country, pair_id, case_id, other_case_id, score, reasons, found_at, status, version) \
             VALUES (gen_random_uuid(), 'EE', '{0}', '{0}', '{1}', 90, '{{}}', now(), 'suggested', 1)",
            case.id, other.id
        );
        conn.batch_execute(&row).expect("a match");
    }
    assert_eq!(seen(), (false, false, 1));
    conn.batch_execute("UPDATE case_matches SET status = 'confirmed'").expect("confirmed");
    assert_eq!(seen(), (true, false, 0));
    conn.batch_execute("UPDATE case_matches SET status = 'rejected'").expect("rejected");
    assert_eq!(seen(), (false, true, 0));
}
