//! What is not the caller's does not exist: other agencies, other countries, other cases, before and after.

use diesel::connection::SimpleConnection as _;
use domain::{
    CaseId,
    access::{Caller, Relation},
    referrals::ReferralSide,
    text::Country,
    vocabulary::{DataClass, ReferralStatus},
};
use persistence::{
    PageRequest, StoreError, cases::CaseFilter, events::TimelineFilter, referrals::ReferralFilter,
};

use crate::given::{House, later};

const ALL: PageRequest = PageRequest { after: None, limit: 200 };

fn not_found<T: std::fmt::Debug>(answer: Result<T, StoreError>) {
    assert!(matches!(answer, Err(StoreError::NotFound)), "{answer:?}");
}

/// T-B6: what holds of a house holds with both locks, and by the filter of the application alone.
macro_rules! hold_with_and_without_the_second_lock {
    ($($name:ident)*) => {
        mod with_both_locks {
            $(#[test]
            fn $name() {
                super::$name(&super::House::new());
            })*
        }
        mod by_the_filter_alone {
            $(#[test]
            fn $name() {
                super::$name(&super::House::without_the_second_lock());
            })*
        }
    };
}

hold_with_and_without_the_second_lock! {
    another_agency_and_another_country_see_nothing
    a_draft_does_not_exist_for_its_receiver
    a_token_for_one_case_opens_no_other
    a_receiver_takes_part_from_acceptance_to_the_end
    what_was_disclosed_by_several_referrals_adds_up_and_ends_one_by_one
    clients_agencies_and_professionals_are_stopped_at_the_next_request
}

/// How many cases the caller is shown in a list at an instant.
fn listed(house: &House, by: &Caller, minute: i64) -> usize {
    let page = house.read_as(by, later(minute), |tx| tx.cases(CaseFilter::default(), ALL));
    page.expect("a page").items.len()
}

fn another_agency_and_another_country_see_nothing(house: &House) {
    let concern = house.given_concern(&house.police);
    let screening = house.given_screening(&house.police, Some(&concern));
    let (case, _) = house.given_case();
    house.given_episode(&case);
    let referral = house.given_referral(&case, ReferralStatus::Accepted);
    house.position_all();
    // The same ids in another country are nobody, even with a token that names them.
    let away = |it: &Caller| Caller { country: Country::parse("LV").expect("a country"), ..it.clone() };
    let strangers = [
        house.shelter.clone(),
        house.police_abroad.clone(),
        away(&house.police),
        away(&house.child_protection),
        away(&house.barnahus),
    ];
    for by in &strangers {
        let read = |what: &str| {
            house.read_as(by, later(60), |tx| match what {
                "concern" => tx.concern(concern.id).map(drop),
                "screening" => tx.screening(screening.id).map(drop),
                "case" => tx.case(case.id).map(drop),
                _ => tx.referral(referral.id).map(drop),
            })
        };
        for what in ["concern", "screening", "case", "referral"] {
            not_found(read(what));
        }
        let shown = house
            .read_as(by, later(60), |tx| {
                let filter = |side| ReferralFilter { side, status: None, urgency: None, case: None };
                Ok([
                    tx.concerns(ALL)?.items.len(),
                    tx.screenings(ALL)?.items.len(),
                    tx.cases(CaseFilter::default(), ALL)?.items.len(),
                    tx.referrals(filter(ReferralSide::Sender), ALL)?.items.len(),
                    tx.referrals(filter(ReferralSide::Receiver), ALL)?.items.len(),
                ])
            })
            .expect("empty lists");
        assert_eq!(shown, [0; 5], "{by:?}");
    }
    for by in [&house.shelter, &house.police_abroad] {
        assert!(
            house
                .read(by, |tx| tx.timeline((case.id, &Relation::Lead), TimelineFilter::default(), 0, 200))
                .expect("a timeline")
                .is_empty()
        );
        assert!(house.read(by, |tx| tx.feed(0, 200)).expect("a feed").is_empty());
    }
    for by in [&house.police, &house.child_protection] {
        assert!(
            !house
                .read(by, |tx| tx.timeline((case.id, &Relation::Lead), TimelineFilter::default(), 0, 200))
                .expect("a timeline")
                .is_empty()
        );
        assert!(!house.read(by, |tx| tx.feed(0, 200)).expect("a feed").is_empty());
    }
}

fn a_draft_does_not_exist_for_its_receiver(house: &House) {
    let (case, _) = house.given_case();
    let draft = house.given_referral(&case, ReferralStatus::Draft);
    not_found(house.read(&house.barnahus, |tx| tx.referral(draft.id)));
    let cancelled = house.moved(&draft, &house.barnahus, ReferralStatus::Cancelled, later(1));
    not_found(house.read_as(&house.barnahus, later(2), |tx| tx.referral(cancelled.id)));
    let filter = ReferralFilter { side: ReferralSide::Receiver, status: None, urgency: None, case: None };
    let inbox = house.read_as(&house.barnahus, later(2), |tx| tx.referrals(filter, ALL)).expect("a page");
    assert!(inbox.items.is_empty());
    let events = house
        .read(&house.barnahus, |tx| {
            tx.timeline((case.id, &Relation::Lead), TimelineFilter::default(), 0, 200)
        })
        .expect("a timeline");
    assert!(events.is_empty(), "not even that something happened");
}

fn a_token_for_one_case_opens_no_other(house: &House) {
    let (case, _) = house.given_case();
    let (other, _) = house.given_case();
    let elsewhere = house.given_referral(&other, ReferralStatus::Sent);
    let bound = Caller { case: Some(case.id), ..house.police.clone() };
    assert!(house.read(&bound, |tx| tx.case(case.id)).is_ok());
    not_found(house.read(&bound, |tx| tx.case(other.id)));
    not_found(house.read(&bound, |tx| tx.referral(elsewhere.id)));
    let cases = house.read(&bound, |tx| tx.cases(CaseFilter::default(), ALL)).expect("a page");
    assert_eq!(cases.items.iter().map(|it| it.id).collect::<Vec<CaseId>>(), [case.id]);
    let filter = ReferralFilter { side: ReferralSide::Sender, status: None, urgency: None, case: None };
    assert!(house.read(&bound, |tx| tx.referrals(filter, ALL)).expect("a page").items.is_empty());
}

fn a_receiver_takes_part_from_acceptance_to_the_end(house: &House) {
    for end in [ReferralStatus::Completed, ReferralStatus::Cancelled] {
        let (case, _) = house.given_case();
        let sent = house.given_referral(&case, ReferralStatus::Acknowledged);
        not_found(house.read_as(&house.barnahus, later(9), |tx| tx.case(case.id)));
        let mut now = house.moved(&sent, &house.barnahus, ReferralStatus::Accepted, later(10));
        let mut minute = 20;
        if end == ReferralStatus::Completed {
            now = house.moved(&now, &house.barnahus, ReferralStatus::InService, later(15));
        }
        let microsecond = time::Duration::microseconds(1);
        let sees = |at| house.read_as(&house.barnahus, at, |tx| tx.case(case.id)).is_ok();
        assert!(!sees(later(10).plus(-microsecond)), "not before");
        assert!(sees(later(10)) && sees(later(minute)), "{end}");
        house.moved(&now, &house.barnahus, end, later(minute));
        assert!(sees(later(minute).plus(-microsecond)), "as it was until then");
        assert!(!sees(later(minute)), "{end}: not after the end");
        minute += 1;
        assert_eq!(listed(house, &house.barnahus, minute), 0, "nor in a list");
        assert_eq!(listed(house, &house.barnahus, 12), 1, "while it lasted it was listed");
        for by in [&house.police, &house.child_protection] {
            assert!(house.read_as(by, later(minute), |tx| tx.case(case.id)).is_ok(), "others keep theirs");
        }
        let mut conn = house.db.connection();
        conn.batch_execute("DELETE FROM participations WHERE basis = 'referral'").expect("cleared");
    }
}

fn what_was_disclosed_by_several_referrals_adds_up_and_ends_one_by_one(house: &House) {
    let (case, _) = house.given_case();
    let first = house.given_referral(&case, ReferralStatus::Accepted);
    house.given_referral(&case, ReferralStatus::Accepted);
    let granted = |minute| match house.read_as(&house.barnahus, later(minute), |tx| tx.case(case.id)) {
        Ok((_, Relation::Granted(given))) => given.read,
        other => panic!("{other:?}"),
    };
    let disclosed = [DataClass::D1Identity, DataClass::D2Whereabouts, DataClass::D15ReferralMetadata];
    assert!(disclosed.iter().all(|it| granted(10).contains(it)), "{:?}", granted(10));
    house.moved(&first, &house.barnahus, ReferralStatus::Cancelled, later(20));
    assert!(disclosed.iter().all(|it| granted(21).contains(it)), "the other referral still gives it");
}

fn clients_agencies_and_professionals_are_stopped_at_the_next_request(house: &House) {
    let inactive = |by: &Caller| {
        let answer = house.read(by, |tx| tx.concerns(ALL).map(drop));
        assert!(matches!(answer, Err(StoreError::CallerInactive)), "{answer:?}");
        let change = house.change(by, |tx| tx.concerns(ALL).map(drop));
        assert!(matches!(change, Err(StoreError::CallerInactive)), "{change:?}");
    };
    assert!(house.read(&house.police, |tx| tx.concerns(ALL).map(drop)).is_ok());
    house.db.set_suspended("tallinn-police-1", true);
    inactive(&house.police);
    house.db.set_agency_active("tallinn-shelter", false);
    inactive(&house.shelter);
    house.db.set_client_active("tallinn-barnahus", false);
    inactive(&house.barnahus);
    house.db.advance_epoch("tallinn-child-protection");
    inactive(&house.child_protection);
    let nobody = Caller { professional: Some(uuid::Uuid::max().into()), ..house.police_abroad.clone() };
    inactive(&nobody);
    assert!(house.read(&house.police_abroad, |tx| tx.concerns(ALL).map(drop)).is_ok());
}
