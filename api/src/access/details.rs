//! What an assertion says of the professional behind a call: checked against what the agency has registered.

use domain::Timestamp;
use persistence::ClientRecord;

use super::{
    assertion::{self, Assertion, PROFESSIONAL_DETAILS, ProfessionalDetails},
    token_endpoint::Refusal,
};

/// How long a justification is, in characters.
const JUSTIFICATION: std::ops::RangeInclusive<usize> = 20..=500;

/// What stands behind the token in the log: the decision in the agency's books, or where its justification is kept. What is
/// written in words never goes into a token.
pub(super) fn decision_ref(
    store: &persistence::Store,
    client: &ClientRecord,
    details: Option<&ProfessionalDetails>,
    professional: Option<domain::ProfessionalId>,
    now: Timestamp,
) -> Result<Option<String>, Refusal> {
    let Some((details, professional)) = details.zip(professional) else { return Ok(None) };
    match (&details.decision_ref, &details.justification) {
        (None, Some(words)) => {
            let kept = store.keep_justification(client, professional, words.trim(), now)?;
            Ok(Some(format!("justification/{kept}")))
        }
        (given, _) => Ok(given.clone()),
    }
}

/// The professional that an assertion names, as documented and as the agency has registered.
pub(super) fn professional_details(
    good: &Assertion,
    client: &ClientRecord,
    now: Timestamp,
) -> Result<Option<ProfessionalDetails>, Refusal> {
    let [details] = good.authorization_details.as_slice() else {
        return if good.authorization_details.is_empty() {
            Ok(None)
        } else {
            Err(Refusal::details("at most one entry"))
        };
    };
    if details["type"] != PROFESSIONAL_DETAILS {
        return Err(Refusal::details("an unknown type"));
    }
    let read: ProfessionalDetails =
        serde_json::from_value(details.clone()).map_err(|_| Refusal::details("not as documented"))?;
    let named = &read.professional;
    let plain = |it: &str, longest: usize| {
        (1..=longest).contains(&it.len()) && it.bytes().all(|b| b.is_ascii_graphic())
    };
    let unit_fits = named.unit.as_deref().is_none_or(|it| plain(it, 64));
    if read.assurance.as_ref().is_some_and(|it| it.auth_time > now.raw().unix_timestamp() + assertion::SKEW) {
        return Err(Refusal::details("the professional was not recognised in the future"));
    }
    if read.justification.as_deref().is_some_and(|it| !JUSTIFICATION.contains(&it.trim().chars().count())) {
        return Err(Refusal::details("a justification has 20 to 500 characters"));
    }
    if !plain(&named.id, 64) || !unit_fits || read.decision_ref.as_deref().is_some_and(|it| !plain(it, 128)) {
        return Err(Refusal::details("ids are 1 to 64 visible ASCII characters"));
    }
    if !client.roles.contains(&named.role) {
        return Err(Refusal::details("a role that the agency has not registered"));
    }
    if !domain::access::purpose_fits(read.purpose, client.agency_type) {
        return Err(Refusal::details("a purpose that this type of agency does not have"));
    }
    Ok(Some(read))
}
