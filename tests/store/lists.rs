//! Lists show everything once, newest first, while others go on writing.

use domain::{access::Caller, referrals::ReferralSide, vocabulary::ReferralStatus};
use persistence::{
    Page, PageRequest, StoreError, Tx, cases::CaseFilter, directory::AgencyFilter, referrals::ReferralFilter,
};
use uuid::Uuid;

use crate::given::{House, later};

const ITEMS: usize = 7;

/// Walks a list in pages of two while rows are added, and expects exactly the ids that were there at the start.
fn walk(
    house: &House,
    by: &Caller,
    given: &[Uuid],
    list: impl Fn(&mut Tx<'_>, PageRequest) -> Result<Page<Uuid>, StoreError>,
    add: impl Fn() -> Uuid,
) {
    let (mut seen, mut after, mut pages) = (Vec::new(), None, 0);
    loop {
        let request = PageRequest { after, limit: 2 };
        let page = house.read_as(by, later(60), |tx| list(tx, request)).expect("a page");
        assert!(page.items.len() <= 2);
        seen.extend(page.items);
        pages += 1;
        let added = add();
        assert!(!seen.contains(&added));
        after = page.next;
        if after.is_none() {
            break;
        }
        assert!(pages < 20, "the list does not end");
    }
    let newest_first: Vec<_> = given.iter().rev().copied().collect();
    assert_eq!(seen, newest_first);
    let all = house.read_as(by, later(60), |tx| list(tx, PageRequest { after: None, limit: 200 }));
    let all = all.expect("a page");
    assert_eq!((all.items.len(), all.next), (given.len() + pages, None), "what was added is there as well");
}

fn times<T>(make: impl Fn() -> T) -> Vec<T> {
    (0..ITEMS).map(|_| make()).collect()
}

#[test]
fn concerns_and_screenings_page() {
    let house = House::new();
    let by = &house.police;
    let add = || house.given_concern(by).id.0;
    walk(&house, by, &times(add), |tx, page| Ok(tx.concerns(page)?.map(|it| it.id.0)), add);
    let add = || house.given_screening(by, None).id.0;
    walk(&house, by, &times(add), |tx, page| Ok(tx.screenings(page)?.map(|it| it.id.0)), add);
}

#[test]
fn cases_page_for_whoever_leads_or_opened_them() {
    let house = House::new();
    let add = || house.given_case().0.id.0;
    let mut given = times(add);
    for by in [&house.police, &house.child_protection] {
        let list =
            |tx: &mut Tx<'_>, page: PageRequest| Ok(tx.cases(CaseFilter::default(), page)?.map(|it| it.id.0));
        walk(&house, by, &given, list, add);
        let all = PageRequest { after: None, limit: 200 };
        given = house.read_as(by, later(60), |tx| list(tx, all)).expect("all").items;
        given.reverse();
    }
}

#[test]
fn a_case_with_several_participations_is_listed_once() {
    let house = House::new();
    let (case, _) = house.given_case();
    for _ in 0..3 {
        house.given_referral(&case, ReferralStatus::Accepted);
    }
    let page = PageRequest { after: None, limit: 2 };
    let listed = house
        .read_as(&house.barnahus, later(60), |tx| tx.cases(CaseFilter::default(), page))
        .expect("a page");
    assert_eq!(listed.items.iter().map(|it| it.id).collect::<Vec<_>>(), [case.id]);
    assert_eq!(listed.next, None);
}

#[test]
fn the_inbox_and_the_outbox_page() {
    let house = House::new();
    let (case, _) = house.given_case();
    for (by, side) in [(&house.police, ReferralSide::Sender), (&house.barnahus, ReferralSide::Receiver)] {
        let filter = ReferralFilter { side, status: None, urgency: None, case: None };
        let list = |tx: &mut Tx<'_>, page: PageRequest| Ok(tx.referrals(filter, page)?.map(|it| it.id.0));
        let add = || house.given_referral(&case, ReferralStatus::Sent).id.0;
        let before = house.read(by, |tx| list(tx, PageRequest { after: None, limit: 200 })).expect("all");
        let mut given: Vec<_> = before.items.into_iter().rev().collect();
        given.extend(times(add));
        walk(&house, by, &given, list, add);
    }
}

#[test]
fn a_filter_holds_on_every_page() {
    let house = House::new();
    let (case, _) = house.given_case();
    let (other, _) = house.given_case();
    let mut wanted = Vec::new();
    for _ in 0..5 {
        wanted.push(house.given_referral(&case, ReferralStatus::Sent).id.0);
        house.given_referral(&case, ReferralStatus::Acknowledged);
        house.given_referral(&other, ReferralStatus::Sent);
        house.given_draft(&case, house.barnahus.agency);
    }
    let filter = ReferralFilter {
        side: ReferralSide::Receiver,
        status: Some(ReferralStatus::Sent),
        urgency: None,
        case: Some(case.id),
    };
    walk(
        &house,
        &house.barnahus,
        &wanted,
        |tx, page| Ok(tx.referrals(filter, page)?.map(|it| it.id.0)),
        || house.given_referral(&case, ReferralStatus::Sent).id.0,
    );
}

#[test]
fn episodes_page() {
    let house = House::new();
    let (case, _) = house.given_case();
    house.given_episode(&house.given_case().0);
    let add = || house.given_episode(&case).id.0;
    walk(&house, &house.police, &times(add), |tx, page| Ok(tx.episodes(&case, page)?.map(|it| it.id.0)), add);
}

#[test]
fn the_directory_pages() {
    let house = House::new();
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let request = PageRequest { after, limit: 3 };
        let page = house.read(&house.police, |tx| tx.agencies(AgencyFilter::default(), request));
        let page = page.expect("a page");
        seen.extend(page.items.iter().map(|it| it.id.0));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let demo = persistence::demo::Demo::read().expect("the directory");
    let mut wanted: Vec<_> = demo.agencies.iter().map(|it| it.id.0).collect();
    wanted.sort_unstable_by(|a, b| b.cmp(a));
    assert_eq!(seen, wanted);
}
