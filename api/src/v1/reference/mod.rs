//! What the node knows before anything happens: code lists, rules, indicators.

mod code_lists;
mod indicators;
mod rules;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this room.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(code_lists::list_code_lists)
        .service(code_lists::get_code_list)
        .service(rules::list_rules)
        .service(rules::get_rule)
        .service(indicators::list_indicators)
        .service(indicators::get_indicator);
}

/// Where in a fixed table the next page begins, by the code of its first row.
fn page_of<'a, T>(
    all: &'a [T],
    code: impl Fn(&T) -> &str,
    after: Option<&str>,
    limit: usize,
) -> (&'a [T], Option<String>) {
    let from =
        after.map_or(0, |after| all.iter().position(|it| code(it) == after).map_or(all.len(), |it| it + 1));
    let rest = all.get(from..).unwrap_or_default();
    let page = rest.get(..limit).unwrap_or(rest);
    let next = (rest.len() > page.len()).then(|| page.last().map(|it| code(it).to_owned())).flatten();
    (page, next)
}

/// The text inside a cursor.
fn place(call: &crate::call::Call, cursor: Option<&str>) -> Result<Option<String>, crate::failure::Failure> {
    let invalid = |_| crate::failure::Failure::new(&crate::problems::INVALID_CURSOR);
    cursor.map(|it| String::from_utf8(call.open_cursor(it)?).map_err(invalid)).transpose()
}
