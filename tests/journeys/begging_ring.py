"""Scenario 9.1, its national days: a begging ring moved across three States, as far as one of them acts alone.

Needs a sandbox node: time is set, not waited for. Everything and everybody is invented.
"""

from datetime import timedelta

from client import ABSENT, PRESENT
from feed import Feed
from mechanism import Time, end_of, give, listed, owed, refused, taken_in, text, twice, waiting, warned
from telling import because, chapter, tell, told
from waiting import steps_of

SEEN = [{"indicator": "beg_adult_collects", "certainty": "confirmed"},
        {"indicator": "beg_target_sum", "certainty": "confirmed"},
        {"indicator": "trv_group_unrelated_adult", "certainty": "reported"}]
DISCLOSED = [{"dataClass": name, "lawfulBases": ["gdpr_6_1_e_public_task"]}
             for name in ("d1_identity", "d13_best_interests_views", "d15_referral_metadata")]


class Story:
    """The people of the story, and what they have made so far."""

    def __init__(self, node, time):
        self.time = time
        self.patrol = node.client("tallinn-police")
        self.screener = node.client("tallinn-police", id="p-tp-02", role="screener")
        self.manager = node.client("tallinn-child-protection")
        self.supervisor = node.client("tallinn-child-protection", id="p-tc-09", role="supervisor")
        self.shelter = node.client("tallinn-shelter")
        self.coordinator = node.client("ee-coordinator")
        self.people = {"police": self.patrol, "child protection": self.manager, "shelter": self.shelter,
                       "coordinator": self.coordinator}
        self.feed = Feed(self.coordinator)
        self.start = self.case = self.referral = None

    def at(self, **span):
        """Lets time pass until so much after the start; the instant."""
        return self.time.to(self.start + timedelta(**span))


def concern(story):
    """Danger: to be looked at within two hours."""
    chapter(1, f"Monday, {story.start:%H:%M} in Tallinn: a patrol notices a boy who begs; the clock stands still")
    found = story.patrol.post("/v1/concerns", {
        "description": "A boy of about eleven begs at the market; two adults take the money and drive him in a van.",
        "location": "Market square, east entrance", "childHint": "about 11, red jacket", "danger": True,
        "observations": SEEN,
    }, expect=201)
    due = text(story.start + timedelta(hours=2))
    found.has({"receivedAt": text(story.start), "triageDue": due})
    owed(story.patrol, "triage", found["id"]).has({
        "state": "running", "rule": "R104", "urgency": "immediate", "dueAt": due, "rung": 0, "nextStepAt": due,
        "computedFrom.startedAt": text(story.start), "computedFrom.span": {"hours": 2},
        "computedFrom.setBy": "triage.danger", "computedFrom.skipped": [], "escalations": []})
    told(f"patrol: POST /v1/concerns -> 201; GET /v1/deadlines: triage, running, due {due}, two hours from the start "
         "by triage.danger of the profile")
    now = story.at(minutes=40)
    screening = story.screener.post("/v1/screenings", {
        "concernId": found["id"], "observations": SEEN, "acts": ["transportation"], "controllingPerson": True,
        "talkMinutes": 20,
    }, expect=201)
    screening.has({"assessment.result": "reasonable_grounds", "assessment.condition": "b",
                   "assessment.strongDirect": ["beg_adult_collects", "beg_target_sum"]})
    for code, strong, medium in (("ex", 1, 0), ("cd", 1, 0), ("mv", 0, 1)):
        screening.find("assessment.dimensions", dimension=code, strong=strong, medium=medium, positive=False)
    told("screener, 40 minutes later: POST /v1/screenings -> 201, no dimension positive, reasonable grounds by "
         "condition b")
    owed(story.patrol, "triage", found["id"]).has({"state": "met", "closedAt": text(now), "nextStepAt": ABSENT})
    told("- the triage is met")
    back = story.patrol.clock(text(story.start), expect=422).has({"violations.0.pointer": "/now"})
    story.patrol.clock().has({"now": text(now)})
    told(f"- PUT /v1/sandbox/clock to ten o'clock again -> 422: {back['violations.0.message']}")
    return screening


def presumption(story, screening):
    """A child until the contrary is known, and a victim."""
    chapter(2, "He is taken in and presumed a victim")
    case = story.screener.post("/v1/cases", {
        "screeningId": screening["id"],
        "child": {"callName": "Mik", "sex": "male", "ageCertainty": "unknown", "languages": ["uk"],
                  "unaccompanied": True},
    }, expect=201)
    case.has({"status": "intake", "child.ageStatus": "disputed_treated_as_child",
              "leadAgencyId": story.manager.agency})
    warned(case, "R6")
    story.case = case["id"]
    told("screener: POST /v1/cases -> 201, and warns")
    because(case["warnings.0"])
    where = f"/v1/cases/{story.case}/identification/presume"
    presumed = story.screener.post(where, {"grounds": "screening"}, match=case.tag)
    warned(presumed.has({"status": "presumed_victim", "caseStatus": "open"}), "R31", "R100")
    told("screener: POST .../identification/presume -> 200, presumed_victim, the case is open; it warns")
    because(presumed.find("warnings", rule="R31"))
    because(presumed.find("warnings", rule="R100"))
    refused(story.screener, where, {"grounds": "screening"}, at=f"/v1/cases/{story.case}", expect=409,
            code="state-conflict")
    told("- once more -> 409 state-conflict, and nothing has changed")
    presumed.has({"removalBlock.rule": "R12", "removalBlock.until": ABSENT})


def entitlements(story):
    """What is his from the presumption on, each a duty of child protection until it is recorded."""
    chapter(3, "What is his from now on")
    now, where = story.at(minutes=50), f"/v1/cases/{story.case}"
    due = {"guardian_check": ("R32", 24), "safety_plan": ("R8", 24), "reflection_offer": ("R8", None),
           "give_information": ("R26", None), "education": ("R69", None), "asylum_information": ("R100", None)}
    for duty, (rule, span) in due.items():
        owed(story.manager, duty, story.case).has({
            "state": "running", "rule": rule, "subject": "case",
            "computedFrom.span.hours": span or ABSENT, "computedFrom.verification": "proposal"})
    told(f"case manager: GET /v1/deadlines has six duties: {', '.join(due)}")
    given = ("guardian_check", "safety_plan", "reflection_period", "information", "asylum_information")
    record, body = give(story.manager, story.case, now, given)
    refused(story.manager, record, body, at=where, expect=409, code="state-conflict")
    for duty in (it for it in due if it != "education"):
        owed(story.manager, duty, story.case).has({"state": "met", "closedAt": text(now)})
    told("- POST .../entitlements/guardian_check/record and four more -> 200: met; once more -> 409; school is open")


def shelter_tonight(story):
    """Without the child's view, but with a day on which he is asked."""
    chapter(4, "A shelter, tonight, without asking him")
    now = story.at(hours=1)
    wanted = {
        "caseId": story.case, "toAgencyId": story.shelter.agency, "urgency": "urgent",
        "reasons": ["shelter", "immediate_protection"], "services": ["safe_accommodation"],
        "summary": "A boy of about eleven needs a safe place tonight; those who drove him are looking for him.",
        "send": {"disclosures": DISCLOSED, "childInformed": True, "caveats": ["do_not_contact_family"]},
    }
    outbox = f"/v1/referrals?box=outbox&caseId={story.case}"
    answer = refused(story.manager, "/v1/referrals", wanted, at=outbox, rule="R24", pointer="/send/childView")
    story.manager.get(outbox).has({"data": []})
    told("case manager: POST /v1/referrals with send, no view -> 422, and not even a draft is there")
    because(answer["violations.0"])
    tomorrow = (story.start + timedelta(days=1)).date()
    wanted["send"] |= {"viewMissingReason": "urgent_danger", "askAgainOn": tomorrow.isoformat()}
    sent = story.manager.post("/v1/referrals", wanted, expect=201)
    warned(sent.has({"status": "sent", "sentAt": text(now), "content.viewMissingReason": "urgent_danger",
                     "responsibleAgencyId": story.shelter.agency}))
    story.referral = f"/v1/referrals/{sent['id']}"
    told(f"case manager: with urgent_danger, ask again on {tomorrow} -> 201, sent")
    for duty, hours in (("acknowledge", 4), ("decide", 24), ("first_contact", 48)):
        due = text(now + timedelta(hours=hours))
        owed(story.shelter, duty, sent["id"]).has({
            "state": "running", "dueAt": due, "computedFrom.span": {"hours": hours},
            "watcherId": story.manager.agency})
        owed(story.manager, duty, sent["id"], scope="watched")
    asked = owed(story.manager, "ask_view", sent["id"], scope="mine")
    asked.has({"state": "running", "rule": "R24", "dueAt": text(end_of(tomorrow, story.start.tzinfo)),
               "computedFrom.namedDay": tomorrow.isoformat(), "computedFrom.setBy": "askAgainOn",
               "computedFrom.timeZone": "Europe/Tallinn", "computedFrom.span": ABSENT})
    told("- the shelter owes: acknowledge in 4, decide in 24, meet him in 48 hours; the case manager sees them as "
         "watched")
    told(f"- the case manager owes: ask him, until the end of {tomorrow} in Tallinn")
    return sent["id"]


def in_the_shelter(story, referral):
    """Each answer ends its deadline."""
    chapter(5, "The shelter takes him")
    now = story.at(hours=2)
    got = story.shelter.post(f"{story.referral}/acknowledge", match=story.shelter.get(story.referral).tag)
    accept = {"worker": "Duty worker, evening shift", "firstAppointmentOn": story.start.date().isoformat()}
    accepted = warned(story.shelter.post(f"{story.referral}/accept", accept, match=got.tag))
    for duty in ("acknowledge", "decide"):
        owed(story.shelter, duty, referral).has({"state": "met", "closedAt": text(now)})
    story.at(hours=9)
    story.shelter.post(f"{story.referral}/start", match=accepted.tag).has({"status": "in_service"})
    owed(story.shelter, "first_contact", referral).has({"state": "met"})
    told("shelter: acknowledged and accepted within an hour, met in the evening: all three deadlines are met")
    story.supervisor.get("/v1/deadlines", scope="escalated", caseId=story.case).has({"data": []})


def same_ring(story):
    """The investigation knows that two boys belong together, and nobody else has to."""
    chapter(6, "In the night the patrol finds another boy in the same van")
    codes = [it["indicator"] for it in SEEN]
    other = taken_in(story.screener, codes, {"child": {"callName": "Tim", "sex": "male", "ageCertainty": "unknown"}})
    give(story.manager, other["id"], story.time.now)
    links = f"/v1/cases/{story.case}/links"
    ring = {"otherCaseId": other["id"], "relation": "same_ring"}
    kept = {**ring, "confidentiality": "criminal_track"}
    refused(story.manager, links, kept, at=links, code="inconsistent-values", pointer="/confidentiality")
    made = warned(story.patrol.post(links, ring, expect=201).has({"confidentiality": "criminal_track"}))
    story.patrol.get(f"/v1/cases/{other['id']}/links").has({"data.0.id": made["id"], "data.0.otherCase.id": story.case})
    for who in (story.manager, story.shelter):
        who.get(links).has({"data": []})
        who.get(f"{links}/{made['id']}", expect=404)
    story.manager.get(f"/v1/cases/{story.case}/timeline", subject="case_link").has({"data": []})
    told("patrol: POST .../links, same_ring -> 201, for the investigation alone: it reads the link from both sides; to child "
         "protection and to the shelter there is none, by its id it is 404. Child protection keeps no such link -> 422")


def asking_him(story, referral):
    """Nobody asks; two people are told; somebody asks."""
    chapter(7, "The day has passed on which he was to be asked")
    evening = end_of((story.start + timedelta(days=1)).date(), story.start.tzinfo)
    story.time.to(evening + timedelta(minutes=1))
    late = owed(story.manager, "ask_view", referral, standing="overdue")
    late.has({"state": "overdue", "rung": 1, "escalations.0.agencyId": story.manager.agency,
              "escalations.0.role": "supervisor", "escalations.0.at": text(evening), "escalations.1": ABSENT})
    seen = owed(story.supervisor, "ask_view", referral, scope="escalated", caseId=story.case)
    seen.has({"id": late["id"]})
    story.coordinator.get(f"/v1/deadlines/{late['id']}", expect=404)
    told("one minute later: GET /v1/deadlines?standing=overdue has ask_view, rung 1; the supervisor of child "
         "protection was told at midnight (scope=escalated); to the coordinator it is 404 so far")
    story.time.to(evening + timedelta(hours=4, minutes=1))
    owed(story.coordinator, "ask_view", referral, scope="escalated").has({
        "rung": 2, "escalations.1.agencyId": story.coordinator.agency, "nextStepAt": ABSENT})
    heard = story.feed.hears(lambda heard: heard, story.case)
    if [(it["type"], it["data"]["duty"], it["data"]["rung"]) for it in heard] != [
            ("deadline.escalated", "ask_view", 2)]:
        late.fail(f"the coordinator hears {heard}")
    told("four hours later still nobody: the national coordinator is told, and hears it in its feed: "
         f"{heard[0]['type']}, rung 2, and nothing else of the case")
    story.coordinator.get(f"/v1/cases/{story.case}", expect=403)

    now = story.time.to(evening + timedelta(hours=9))
    view = {"status": "expressed", "method": "interpreter", "recordedOn": now.date().isoformat(),
            "summary": "He wants to stay here, and wants to know where his sister is.",
            "weightGiven": "He stays; his sister is looked for."}
    before = story.manager.get(story.referral)
    recorded = story.manager.post(f"{story.referral}/child-view", view, match=before.tag)
    warned(recorded.has({
        "status": "in_service", "content.childViewRecordedAt": text(now), "content.childView": PRESENT}))
    owed(story.manager, "ask_view", referral).has({"state": "late", "closedAt": text(now), "nextStepAt": ABSENT})
    story.shelter.get(story.referral).has({"content.childViewRecordedAt": text(now)})
    told("case manager, next morning: POST .../child-view -> 200; ask_view is closed as late; the shelter reads that "
         "he was heard")
    refused(story.manager, f"{story.referral}/child-view", view, at=story.referral, expect=409, code="state-conflict")
    told("- once more -> 409 state-conflict, and nothing has changed")


def days(node, time, start):
    """Two days and a morning; what the mechanism did in them."""
    story = Story(node, time)
    story.start = time.to(start)
    presumption(story, concern(story))
    entitlements(story)
    referral = shelter_tonight(story)
    in_the_shelter(story, referral)
    same_ring(story)
    asking_him(story, referral)
    story.at(days=7)
    chapter(8, "What the mechanism did by itself in a week")
    done = time.done(story.case, start, story.people)
    listed(done)
    return done


def main(node):
    """Tells the story, twice."""
    time = Time(node)
    twice(time, lambda start: days(node, time, start))
    waiting(9, steps_of("9.1"))


if __name__ == "__main__":
    tell(main)
