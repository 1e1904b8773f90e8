"""Scenario 9.12: a case that is closed by two people, and reopened when the girl is found again in another city.

Needs a sandbox node: time is set, not waited for. Everything and everybody is invented.
"""

from datetime import timedelta

from client import ABSENT, PRESENT
from mechanism import (
    PUBLIC, Time, asked, give, lives, owed, refusals, refused, taken_in, takes, text, unlike_any, waiting, warned)
from telling import because, chapter, tell, told
from waiting import steps_of

SEEN = ["sex_prostitution_of_child", "gen_threats_to_child"]
# What the node cannot look up, so that somebody attests it.
ATTESTED = ("solution_in_place", "safety_plan_ended", "proceedings_done", "child_informed", "guardian_informed",
            "guardian_duties_ended", "retention_set", "statistics_complete")
ADVISED = ("compensation_decided", "schooling", "exit_feedback", "follow_up")
# What her presumption has opened, as duties.
OWED = ["asylum_information", "education", "give_information", "guardian_check", "reflection_offer", "safety_plan"]


class Story:
    """The people of the story, and the file of the girl."""

    def __init__(self, node):
        self.node, self.time = node, Time(node)
        self.start = self.time.to(self.time.quiet_monday(days=20))
        self.screener = node.client("tallinn-child-protection", id="p-tc-02", role="screener")
        self.manager = node.client("tallinn-child-protection")
        self.supervisor = node.client("tallinn-child-protection", id="p-tc-09", role="supervisor")
        self.shelter, self.helpline = node.client("tallinn-shelter"), node.client("helpline")
        self.police = node.client("tallinn-police", id="p-tp-03", role="case_manager")
        born = self.start - timedelta(days=365 * 14 + 200)
        self.girl = {"givenName": "Dina", "familyName": unlike_any(), "sex": "female", "ageCertainty": "documented",
                     "birthDate": born.date().isoformat()}
        self.case = self.file = self.referral = self.closed = self.second = None

    def closing(self, *more):
        """The request to close, with what is attested."""
        today = self.time.now.date().isoformat()
        attested = [{"item": item, "on": today, "note": "Asked, and glad of it."} for item in (*ATTESTED, *more)]
        return {"reason": "durable_solution_implemented", "explanation": "She is back with her aunt.", "attested": attested}

    def owes(self):
        """The duties that are open, by name."""
        page = self.manager.get(f"{self.file}/deadlines", standing="open")
        return sorted(it["duty"] for it in page["data"])


def too_early(story):
    """Everything that is open is named at once."""
    chapter(1, "d0: a case manager wants to close, since she is back with her aunt")
    case = taken_in(story.screener, SEEN, {"child": story.girl})
    story.case, story.file = case["id"], f"/v1/cases/{case['id']}"
    sent = story.manager.post("/v1/referrals", asked(
        story.case, story.shelter, "shelter", "A girl needs a bed until her aunt comes.", ("d1_identity", PUBLIC),
        ("d2_whereabouts", PUBLIC), services=["safe_accommodation"]), expect=201)
    takes(story.shelter, sent, story.start)
    story.referral = f"/v1/referrals/{sent['id']}"
    life = story.manager.get(f"{story.file}/lifecycle").has({"status": "open", "readOnly": False})
    unmet = [it["item"] for it in life["closureChecklist"] if it["hard"] and not it["met"]]
    bare = {**story.closing(), "attested": []}
    answer = lives(story.manager, story.file, "request-closure", bare, expect=422).has({"code": "rule-refused"})
    attested = [("R71", "/attested")] * len(ATTESTED)
    refusals(answer, *attested, ("R71", ""), ("R71", ""), ("R71", ""))
    for item in unmet:
        if not any(it["message"].startswith(f"{item}:") for it in answer["violations"]):
            answer.fail(f"{item} is open and not named")
    if story.manager.get(f"{story.file}/lifecycle").body != life.body:
        answer.fail("a refused act has changed something")
    told(f"case manager: POST .../request-closure -> 422: {len(unmet)} items at once; GET .../lifecycle had the same list")
    because(answer["violations.0"])
    answer = lives(story.manager, story.file, "request-closure", story.closing(*ADVISED), expect=422)
    refusals(answer, ("R71", ""), ("R71", ""), ("R71", ""))
    told("- with all attested that people attest -> 422 for what the node looks up: "
         + "; ".join(it["message"] for it in answer["violations"]))
    false = story.closing(*ADVISED)
    false["attested"].append({"item": "referrals_ended", "on": story.start.date().isoformat()})
    answer = lives(story.manager, story.file, "request-closure", false, expect=422)
    answer.find("violations", code="not_to_attest", pointer="/attested")
    told("- to attest that no referral is open -> 422: that is looked up")


def by_two(story):
    """One asks, another one approves."""
    chapter(2, "d10: the help has ended, and a second person looks")
    now = story.time.to(story.start + timedelta(days=10))
    started = story.shelter.post(f"{story.referral}/start", match=story.shelter.get(story.referral).tag)
    done = {"outcome": "needs_met", "delivered": ["safe_accommodation"], "feedback": "She has left with her aunt."}
    story.shelter.post(f"{story.referral}/complete", done, match=started.tag).has({"status": "completed"})
    give(story.manager, story.case, now)
    early = warned(lives(story.manager, story.file, "request-closure", story.closing(*ADVISED[:-1])), "R71")
    early.has({"status": "closure_review", "closureReason": "durable_solution_implemented",
               "pending.closureRequestId": PRESENT})
    told("case manager: POST .../request-closure -> 200, closure_review, and warns")
    because(early["warnings.0"])
    owed(story.manager, "answer_closure", story.case).has({"state": "running", "rule": "R71"})
    approve = f"{story.file}/approve-closure"
    refused(story.manager, approve, {}, at=story.file, expect=403, code="not-your-function")
    same = story.node.client("tallinn-child-protection", role="supervisor")
    answer = refused(same, approve, {}, at=story.file, rule="R71", pointer="")
    told("- whoever asked approves it: as case manager -> 403, and in the role of a supervisor -> 422")
    because(answer["violations.0"])
    lives(story.supervisor, story.file, "return-closure", {"reasons": "Ask the aunt first."}).has({"status": "open"})
    warned(lives(story.manager, story.file, "request-closure", story.closing(*ADVISED)))
    closed = lives(story.supervisor, story.file, "approve-closure").has({"status": "closed", "readOnly": True})
    if story.owes():
        closed.fail(f"a closed case still owes {story.owes()}")
    told("supervisor: POST .../return-closure -> 200, open again; asked once more, POST .../approve-closure -> 200, closed; "
         "nothing is owed any more")
    note = {"category": "d14_risk_safety", "text": "Invented: a car was seen at the school."}
    refused(story.manager, f"{story.file}/notes", note, at=f"{story.file}/notes", expect=409, code="state-conflict")
    asks, approves = story.supervisor.get(f"{story.file}/lifecycle")["acts"][-2:]
    if (asks["act"], approves["act"]) != ("request_closure", "approve_closure") or (
            asks["professionalId"] == approves["professionalId"]):
        closed.fail(f"it was closed by {asks} and {approves}")
    told("- POST .../notes -> 409: a closed case is read only; GET .../lifecycle has who asked and, somebody else, who approved")
    story.closed = story.time.now


def known(story):
    """Hit or no hit; people say who it is."""
    chapter(3, "m8: a girl calls the helpline from another city; the man has found her")
    now = story.time.to(story.start + timedelta(days=240))
    seen = [{"indicator": code, "certainty": "reported"} for code in SEEN]
    concern = story.helpline.post("/v1/concerns", {
        "description": "She says that he waits before her door again.", "childHint": "Dina, fourteen", "danger": True,
        "observations": seen}, expect=201)
    screening = story.screener.post("/v1/screenings", {
        "concernId": concern["id"], "observations": seen, "controllingPerson": True}, expect=201)
    screening.has({"assessment.result": "reasonable_grounds"})
    question = {"name": {"given": "Dina", "family": story.girl["familyName"]}, "birthDate": story.girl["birthDate"]}
    story.helpline.ask("/v1/cases/search", question, expect=403).has({"code": "not-your-function"})
    hit = story.police.ask("/v1/cases/search", question)
    hit.has({"matches.0.heldBy.agencyId": story.manager.agency, "matches.0.case": ABSENT, "matches.0.score": ABSENT,
             "matches.1": ABSENT})
    if story.case in hit.raw or "closed" in hit.raw:
        hit.fail("more is told than whom to call")
    # Of letters that no made-up family name has, so that it is like none by chance.
    none = {**question, "name": {"given": "Dina", "family": "Wychwyzzy"}}
    story.police.ask("/v1/cases/search", none).has({"matches": []})
    told("helpline: POST /v1/concerns -> 201; POST /v1/cases/search -> 403. Police: search -> 200, a hit: whom to call and "
         f"its number {hit['matches.0.heldBy.dutyPhone']}, no more; of another name -> 200, no hit")
    own = story.screener.ask("/v1/cases/search", question)
    own.has({"matches.0.case.id": story.case, "matches.0.case.status": "closed", "matches.0.reasons.0": "same_name"})
    heard = story.manager.get(f"{story.file}/timeline", type="case.searched_by_other").has({"data.1": ABSENT})
    heard.has({"data.0.data": {"agencyId": story.police.agency, "purpose": story.police.purpose}})
    told("child protection: search -> 200, her closed case, since: " + ", ".join(own["matches.0.reasons"])
         + "; and its timeline tells that the police have asked")
    return now


def brought_again(story):
    """A closed case does not keep anybody from being taken in."""
    chapter(4, "m8: the system of the police takes her in")
    seen = [{"indicator": code, "certainty": "reported"} for code in SEEN]
    own = story.police.post("/v1/screenings", {"observations": seen, "controllingPerson": True}, expect=201)
    number = {"issuer": "invented-police-system", "value": f"{story.girl['familyName']} 1"}
    body = {"externalId": number, "screeningId": own["id"], "child": story.girl}
    second = warned(story.police.put("/v1/cases/by-external-id", body, expect=201))
    if story.police.put("/v1/cases/by-external-id", body).body != second.body or story.case in second.raw:
        second.fail("the same again is another case, or the police are told of the first one")
    story.police.get(f"/v1/cases/{second['id']}/matches", expect=403)
    story.second = second
    story.manager.get(f"/v1/cases/{second['id']}/matches").has({"data": []})
    told("police: PUT /v1/cases/by-external-id -> 201, the same again -> 200; they learn of no other case, and as hers is closed "
         "nobody is asked")


def reopened(story, now):
    """Everything is hers again."""
    chapter(5, "m8: it is she, and her case is open again")
    story.helpline.post(f"{story.file}/reopen", {"reason": "retrafficking", "explanation": "He has found her."},
                        match='"1"', expect=403).has({"code": "not-your-function"})
    again = lives(story.screener, story.file, "reopen", {
        "reason": "retrafficking", "explanation": "The worker who knows her has spoken with her: it is she."})
    warned(again.has({"status": "reopened", "reopenings": 1, "readOnly": False}), "R72", "R100", "similar_child")
    told("child protection: POST .../reopen, retrafficking -> 200, reopened, and warns")
    because(again["warnings.0"])
    told(f"- and that {again.find('warnings', code='similar_child')['message']}")
    if story.owes() != OWED:
        again.fail(f"it owes {story.owes()}, not {OWED}")
    due = text(now + timedelta(hours=24))
    owed(story.manager, "safety_plan", story.case, standing="open").has({"state": "running", "rule": "R8", "dueAt": due})
    story.manager.get(story.file).has({"status": "reopened", "identification.removalBlock.rule": "R12"})
    then = story.manager.get(story.file, asOf=text(story.closed)).has({"allowedActions": []})
    then.has({"status": "closed", "child.givenName": "Dina"})
    acts = [it["type"] for it in story.manager.get(f"{story.file}/timeline", **{"from": text(now)})["data"]]
    if "case.reopened" not in acts or "case.intake" in acts:
        again.fail(f"the timeline from now on has {acts}")
    told(f"- what a presumption opens is owed anew, the safety plan by {due}; R12 keeps her here; GET ?asOf= shows the case as "
         "it was closed, and GET .../timeline?from= what is new")
    give(story.manager, story.case, now)
    if story.owes():
        again.fail(f"given anew, and still owed: {story.owes()}")


def one_child(story):
    """Two files of one girl become one, once people have said so."""
    chapter(6, "m8: two cases, one girl")
    second = story.second
    found = story.manager.get(f"{story.file}/matches").has({"data.0.status": "suggested", "data.1": ABSENT})
    found.has({"data.0.other.case.id": second["id"]})
    match = f"{story.file}/matches/{found['data.0.id']}"
    merge = {"intoCaseId": story.case, "evidence": ["confirmed_match"], "reasons": "It is she."}
    file = f"/v1/cases/{second['id']}"
    story.police.post(f"{file}/identification/presume", {"grounds": "screening"}, match=second.tag)
    answer = lives(story.supervisor, file, "merge", merge, expect=422).has({
        "violations.0.rule": "R111", "violations.0.pointer": "/evidence", "violations.0.sources.0.citation": PRESENT,
        "violations.1.code": "matches_undecided", "violations.2": ABSENT})
    told("supervisor: POST .../merge before anybody has looked -> 422")
    because(answer["violations.0"])
    said = story.manager.post(f"{match}/confirm", {"reason": "Same scar; both spoke with her."}, match=(
        story.manager.get(match).tag))
    said.has({"status": "confirmed"})
    merged = lives(story.supervisor, file, "merge", merge).has({"status": "merged", "mergedIntoCaseId": story.case})
    story.manager.get(f"{story.file}/lifecycle").has({"status": "reopened"})
    refused(story.police, f"{file}/notes", {"category": "d14_risk_safety", "text": "Invented."}, at=f"{file}/notes",
            expect=409, code="state-conflict")
    told("case manager: GET .../matches has a suggestion, and no more than that; POST .../confirm -> 200, confirmed; "
         f"now POST .../merge -> 200, {merged['status']}: her file goes on in one case")


def main(node):
    """Tells the story."""
    story = Story(node)
    too_early(story)
    by_two(story)
    now = known(story)
    brought_again(story)
    reopened(story, now)
    one_child(story)
    waiting(7, steps_of("9.12"))


if __name__ == "__main__":
    tell(main)
