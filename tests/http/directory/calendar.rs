//! The working days of a country, as its deadlines count them.

use crate::support::{TestNode, police};

#[actix_web::test]
async fn a_calendar_names_each_holiday_with_its_law() {
    let node = TestNode::start().await;
    let seen = node.get(&police(), "/v1/countries/EE/calendar?year=2027").await.expect(200);
    let calendar = seen.json();
    assert_eq!((&calendar["country"], &calendar["timeZone"]), (&"EE".into(), &"Europe/Tallinn".into()));
    let holidays = calendar["holidays"].as_array().expect("holidays");
    let days: Vec<_> = holidays.iter().map(|it| it["day"].as_str().expect("a day")).collect();
    assert!(days.is_sorted() && days.contains(&"2027-02-24") && days.contains(&"2027-03-26"), "{days:?}");
    for it in holidays {
        assert!(it["source"].as_str().is_some_and(|it| !it.is_empty()), "{it}");
    }
    for (path, status) in [
        ("AQ/calendar?year=2027", 404),
        ("Estonia/calendar?year=2027", 404),
        ("EE/calendar", 400),
        ("EE/calendar?year=1899", 400),
        ("EE/calendar?year=2200", 400),
        ("EE/calendar?year=99999", 400),
    ] {
        let seen = node.get(&police(), format!("/v1/countries/{path}").as_str()).await;
        assert_eq!(seen.status, status, "{path}");
    }
}
