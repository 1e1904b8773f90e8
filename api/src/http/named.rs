//! Whom an answer names: a walk through its JSON that finds the ids in it with the case under which each stands, and leaves out
//! those that would tell where a child is hidden. It knows no members by their types, so that none can be forgotten.

use std::collections::{BTreeMap, BTreeSet};

use domain::{AgencyId, CaseId};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::v1::common::WithheldView;

/// Under what an id stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Under {
    /// A case.
    Case(CaseId),
    /// A case that is not named: the caller has no part in it.
    Another,
    /// No case, as a concern that nobody has taken up.
    Nothing,
}

/// The ids in an answer, by what they stand under.
pub type Named = BTreeMap<Under, BTreeSet<Uuid>>;

/// The texts to leave out, by what they stand under.
pub type Hidden = BTreeMap<Under, BTreeSet<String>>;

/// What else tells who an agency is, beside its ids.
const TELLING: [&str; 2] = ["agencyType", "unit"];

/// The receiver that the sender of a referral has chosen.
const CHOSEN: [&str; 3] = ["toAgencyId", "toServiceId", "responsibleAgencyId"];

/// The ids in an answer that is about a case, or about none.
pub fn named(answer: &Value, about: Option<CaseId>) -> Named {
    let mut all = Named::new();
    walk(answer, "", about.map_or(Under::Nothing, Under::Case), &mut all);
    all
}

fn walk(it: &Value, key: &str, outer: Under, all: &mut Named) {
    match it {
        Value::String(text) => {
            if let Some(id) = Uuid::try_parse(text).ok().filter(|_| outer != Under::Nothing) {
                all.entry(outer).or_default().insert(id);
            }
        }
        Value::Array(items) => items.iter().for_each(|it| walk(it, key, outer, all)),
        Value::Object(members) => {
            let here = under(members, key, outer);
            for (key, it) in members {
                walk(it, key, of_member(members, key, here), all);
            }
        }
        _ => {}
    }
}

fn id_of(it: Option<&Value>) -> Option<CaseId> {
    it.and_then(Value::as_str).and_then(CaseId::parse)
}

/// Under what the members of an object stand.
fn under(members: &Map<String, Value>, key: &str, outer: Under) -> Under {
    // Whom to call about a case that may not be named.
    if key == "heldBy" {
        return Under::Another;
    }
    let is_case = matches!(key, "case" | "otherCase")
        || members.contains_key("leadAgencyId") && members.contains_key("openedAt");
    let case = id_of(members.get("caseId")).or_else(|| id_of(members.get("id")).filter(|_| is_case));
    case.map_or(outer, Under::Case)
}

/// Under what one member stands, where that is something else than its neighbours do.
fn of_member(members: &Map<String, Value>, key: &str, here: Under) -> Under {
    if key != "otherLeadAgencyId" {
        return here;
    }
    let other = members.get("otherCase").and_then(|it| id_of(it.get("id")));
    other.map_or(Under::Another, Under::Case)
}

/// Leaves out what is hidden, and says so in each thing that it was left out of; whether there was anything.
pub fn leave_out(answer: &mut Value, about: Option<CaseId>, hidden: &Hidden, caller: AgencyId) -> bool {
    let outer = about.map_or(Under::Nothing, Under::Case);
    let cleaner = Cleaner { hidden, caller: caller.to_string() };
    let Some(members) = answer.as_object_mut() else { return false };
    if let Some(Value::Array(things)) = members.get_mut("data") {
        return things.iter_mut().fold(false, |any, it| cleaner.thing(it, outer) | any);
    }
    let any = cleaner.thing(answer, outer);
    if let Some(Value::Array(hits)) = answer.get_mut("matches").filter(|_| any) {
        // The place among the others would be that of its id.
        hits.sort_by_key(|it| it.get("heldBy").is_some_and(|it| it.get("agencyId").is_none()));
    }
    any
}

/// The ids of those whom the caller itself has chosen in the one thing that is answered: it is shown them in any case.
pub fn chosen(answer: &Value, caller: AgencyId) -> BTreeSet<Uuid> {
    let members = known(answer, &caller.to_string()).iter().filter(|it| CHOSEN.contains(it));
    members.filter_map(|it| Uuid::try_parse(answer.get(it)?.as_str()?).ok()).collect()
}

/// The members that hold what the caller's own agency wrote: the receiver it chose, unless the mechanism did or another
/// agency proposed it, and whom it brought in.
fn known(it: &Value, caller: &str) -> &'static [&'static str] {
    let has = |member: &str| it.get(member).is_some();
    if it.get("side").is_some_and(|it| it == "sender") && !has("routing") && !has("origin") {
        &CHOSEN
    } else if it.get("agencyId").and_then(Value::as_str) == Some(caller) {
        &["party"]
    } else {
        &[]
    }
}

struct Cleaner<'a> {
    hidden: &'a Hidden,
    caller: String,
}

impl Cleaner<'_> {
    fn thing(&self, it: &mut Value, outer: Under) -> bool {
        let known = known(it, &self.caller);
        let any = self.object(it, "", outer, known);
        if let Some(members) = it.as_object_mut().filter(|_| any) {
            let said = serde_json::to_value(WithheldView::hideaway()).unwrap_or_default();
            match members.entry("withheld").or_insert_with(|| Value::Array(Vec::new())) {
                Value::Array(all) => all.push(said),
                other => *other = Value::Array(vec![said]),
            }
        }
        any
    }

    fn hides(&self, text: &str, under: Under) -> bool {
        self.hidden.get(&under).is_some_and(|all| all.contains(text))
    }

    /// Cleans an object; whether anything was left out of it, near or far.
    fn object(&self, it: &mut Value, key: &str, outer: Under, known: &[&str]) -> bool {
        let Some(members) = it.as_object_mut() else { return false };
        let here = under(members, key, outer);
        let each: Vec<(String, Under)> =
            members.keys().map(|key| (key.clone(), of_member(members, key, here))).collect();
        let (mut near, mut far) = (false, false);
        for (key, here) in each.iter().filter(|it| !known.contains(&it.0.as_str())) {
            match members.get_mut(key) {
                Some(Value::String(text)) if self.hides(text, *here) => {
                    members.remove(key);
                    near = true;
                }
                Some(Value::Array(all)) => far |= self.array(all, key, *here),
                Some(it @ Value::Object(_)) => near |= self.object(it, key, *here, &[]),
                _ => {}
            }
        }
        if near {
            members.retain(|key, _| !TELLING.contains(&key.as_str()));
        }
        near || far
    }

    fn array(&self, all: &mut Vec<Value>, key: &str, here: Under) -> bool {
        let before = all.len();
        all.retain(|it| !it.as_str().is_some_and(|it| self.hides(it, here)));
        let mut any = all.len() != before;
        for it in all {
            any |= match it {
                Value::Array(all) => self.array(all, key, here),
                it => self.object(it, key, here, &[]),
            };
        }
        any
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const CASE: &str = "0192f0c1-0000-7abc-8def-000000000001";
    const OTHER: &str = "0192f0c1-0000-7abc-8def-000000000002";
    const SHELTER: &str = "0192f0c1-0000-7abc-8def-000000000003";
    const WORKER: &str = "0192f0c1-0000-7abc-8def-000000000004";
    const LEAD: &str = "0192f0c1-0000-7abc-8def-000000000005";

    fn case(text: &str) -> CaseId {
        CaseId::parse(text).expect("an id")
    }

    /// What is left of an answer about the case for somebody who is not told of the shelter in this one, nor in those that it
    /// has no part in.
    fn left(answer: Value, about: Option<&str>) -> Value {
        let all: BTreeSet<String> = [SHELTER, WORKER, "The Shelter"].map(str::to_owned).into();
        let hidden = Hidden::from([(Under::Case(case(CASE)), all.clone()), (Under::Another, all)]);
        let mut answer = answer;
        let ids = named(&answer, about.map(case));
        let named = ids.iter().any(|(under, ids)| {
            ids.iter().any(|id| hidden.get(under).is_some_and(|it| it.contains(&id.to_string())))
        });
        let agency = AgencyId::parse(LEAD).expect("an id");
        let any = leave_out(&mut answer, about.map(case), &hidden, agency);
        assert!(named || !any, "what is left out was found before: {answer}");
        answer
    }

    fn withheld() -> Value {
        json!([{ "section": "d2_whereabouts", "reason": "confidential_location" }])
    }

    #[test]
    fn what_tells_who_hides_a_child_is_left_out_wherever_it_stands() {
        let participant = json!({
            "caseId": CASE, "agencyId": OTHER, "agencyType": "shelter", "status": "active",
            "party": { "agencyId": SHELTER, "unit": "North", "role": "shelter_worker", "professionalId": WORKER }
        });
        let shown = json!({
            "caseId": CASE, "agencyId": OTHER, "status": "active", "party": { "role": "shelter_worker" },
            "withheld": withheld()
        });
        assert_eq!(left(participant.clone(), None), shown);
        assert_eq!(left(json!({ "data": [participant] }), None), json!({ "data": [shown] }));
        let nested = json!({ "a": [{ "b": [[{ "c": WORKER }], SHELTER, "word"] }], "withheld": [1] });
        let rest = json!({ "a": [{ "b": [[{}], "word"] }], "withheld": [1, withheld()[0]] });
        assert_eq!(left(nested, Some(CASE)), rest);
    }

    #[test]
    fn each_id_stands_under_the_case_nearest_to_it() {
        for elsewhere in [
            json!({ "caseId": OTHER, "agencyId": SHELTER, "agencyType": "shelter" }),
            json!({ "id": OTHER, "leadAgencyId": SHELTER, "openedAt": "2026-11-24T08:00:00Z" }),
            json!({ "case": { "id": OTHER, "leadAgencyId": SHELTER } }),
            json!({ "otherLeadAgencyId": SHELTER, "otherCase": { "id": OTHER } }),
        ] {
            assert_eq!(left(elsewhere.clone(), Some(CASE)), elsewhere, "of the other case it is told");
            let text = elsewhere.to_string().replace(OTHER, CASE);
            let here: Value = serde_json::from_str(&text).expect("JSON");
            assert!(!left(here, Some(OTHER)).to_string().contains(SHELTER), "{text}");
        }
        let free = json!({ "id": OTHER, "agencyId": SHELTER });
        assert_eq!(left(free.clone(), None), free, "under no case nobody is hidden");
        let called =
            json!({ "caseId": OTHER, "other": { "heldBy": { "agencyId": SHELTER, "name": "The Shelter" } } });
        let shown = json!({ "caseId": OTHER, "other": { "heldBy": {} }, "withheld": withheld() });
        assert_eq!(left(called, None), shown);
        let linked = json!({ "caseId": OTHER, "otherLeadAgencyId": SHELTER });
        assert_eq!(left(linked, None), json!({ "caseId": OTHER, "withheld": withheld() }));
    }

    #[test]
    fn whoever_chose_an_agency_knows_it() {
        let sent = json!({ "caseId": CASE, "side": "sender", "fromAgencyId": LEAD, "toAgencyId": SHELTER });
        assert_eq!(left(sent.clone(), None), sent);
        for chosen_by_others in ["routing", "origin"] {
            let mut it = sent.clone();
            it[chosen_by_others] = json!({});
            assert!(left(it, None).get("toAgencyId").is_none(), "{chosen_by_others}");
        }
        let mut received = sent;
        received["side"] = json!("receiver");
        received["fromAgencyId"] = json!(SHELTER);
        let shown = json!({ "caseId": CASE, "side": "receiver", "withheld": withheld() });
        assert_eq!(left(received, None), shown);
        let brought = json!({ "caseId": CASE, "agencyId": LEAD, "party": { "agencyId": SHELTER } });
        assert_eq!(left(brought.clone(), None), brought);
        let told = json!({ "caseId": CASE, "agencyId": LEAD, "data": { "fromAgencyId": SHELTER } });
        assert!(!left(told, None).to_string().contains(SHELTER));
    }

    #[test]
    fn the_order_of_those_to_call_tells_nothing_of_whom_is_left_out() {
        let held = |id: &str| json!({ "heldBy": { "agencyId": id, "name": "Somebody" } });
        let hidden = json!({ "heldBy": { "agencyId": SHELTER, "name": "The Shelter" } });
        let shown = |first: &Value, then: &Value| left(json!({ "matches": [first, then] }), None);
        let wanted = json!({ "matches": [held(OTHER), { "heldBy": {} }], "withheld": withheld() });
        assert_eq!(shown(&hidden, &held(OTHER)), wanted);
        assert_eq!(shown(&held(OTHER), &hidden), wanted);
    }
}
