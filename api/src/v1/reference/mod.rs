//! What the node knows before anything happens: code lists, rules, indicators.

mod code_lists;
mod indicators;
mod rules;
mod schemas;

use crate::{
    Routes,
    call::{Call, Listed, PageQuery},
    failure::Failure,
    problems,
};

/// The routes of this room.
pub fn routes(config: &mut impl Routes) {
    config
        .service(code_lists::list_code_lists)
        .service(code_lists::get_code_list)
        .service(rules::list_rules)
        .service(rules::get_rule)
        .service(indicators::list_indicators)
        .service(indicators::get_indicator)
        .service(schemas::get_transnational_package_schema);
}

/// A page of a fixed table, which goes on after the code in the cursor. It holds nothing of anybody; the caller must
/// be active all the same.
async fn page_of<T, V>(
    call: &Call,
    page: &PageQuery,
    all: &[T],
    code: fn(&T) -> &str,
    view: fn(&T) -> V,
) -> Result<(Listed<V>, Option<String>), Failure> {
    let invalid = |_| Failure::new(&problems::INVALID_CURSOR);
    let place = page.cursor.as_deref().map(|it| call.open_cursor(it)).transpose()?;
    let after = place.map(|it| String::from_utf8(it).map_err(invalid)).transpose()?;
    call.look(None, |_| Ok(())).await?;
    let limit = usize::from(page.limit.unwrap_or(50));
    let from =
        after.map_or(0, |after| all.iter().position(|it| code(it) == after).map_or(all.len(), |it| it + 1));
    let rest = all.get(from..).unwrap_or_default();
    let shown = rest.get(..limit).unwrap_or(rest);
    let last = shown.last().filter(|_| rest.len() > shown.len());
    let next_cursor = last.and_then(|it| call.seal_cursor(code(it).as_bytes()));
    let link = next_cursor.as_deref().map(|it| call.link(it));
    Ok((Listed { data: shown.iter().map(view).collect(), next_cursor }, link))
}
