"""Scenario 9.5: a boy of seventeen in a family restaurant, until an NGO has helped him and said so.

Needs a sandbox node: time is set, not waited for; it is told in February, so that the feedback is due after Estonia's
Independence Day. Everything and everybody is invented.
"""

from datetime import timedelta

from client import ABSENT
from mechanism import GIVEN, Time, give, owed, refused, text, waiting, warned, working_days_after
from telling import because, chapter, tell, told
from waiting import steps_of

INDEPENDENCE_DAY = (2, 24)
SEEN = [{"indicator": "lab_family_restaurant_hidden", "certainty": "confirmed"},
        {"indicator": "lab_excessive_hours", "certainty": "confirmed"},
        {"indicator": "lab_lives_at_workplace", "certainty": "reported"}]
PUBLIC_TASK = ["gdpr_6_1_e_public_task"]
PACKAGE = {
    "disclosures": [{"dataClass": "d1_identity", "lawfulBases": PUBLIC_TASK},
                    {"dataClass": "d15_referral_metadata", "lawfulBases": PUBLIC_TASK}],
    "childView": {"status": "expressed", "method": "spoken", "summary": "He wants somebody to talk to, no police.",
                  "weightGiven": "A mentor is asked for, nothing else yet."},
    "childInformed": True,
}


class Story:
    """The people of the story, and what they have made so far."""

    def __init__(self, node):
        self.time = Time(node)
        self.start = self.time.to(self.time.monday_before(*INDEPENDENCE_DAY))
        self.inspector = node.client("labour-inspectorate")
        self.screener = node.client("tallinn-child-protection", id="p-tc-02", role="screener")
        self.manager = node.client("tallinn-child-protection")
        self.first = node.client("tallinn-ngo")
        self.second = node.client("narva-ngo")
        self.people = {"inspectorate": self.inspector, "child protection": self.manager,
                       "coordinator": node.client("ee-coordinator")}
        self.case = self.referral = self.sent = self.other = None

    def day(self, number, **span):
        """Lets time pass until so long after the start, in days of the scenario; the instant."""
        return self.time.to(self.start + timedelta(days=number, **span))

    def due(self, instant, count):
        """The end of so many working days after an instant."""
        return text(working_days_after(instant, count, self.start.tzinfo, (INDEPENDENCE_DAY,)))

    def limits(self, **changed):
        """The times to answer, all from the first sending of the chain (R83)."""
        return {"acknowledgeBy": self.due(self.sent, 1), "decideBy": self.due(self.sent, 3),
                "firstContactBy": self.due(self.sent, 5), **changed}


def noticed(story):
    """Who may notice may not screen."""
    chapter(1, f"d0, {story.start:%d %B %Y}: an inspector finds a boy in the kitchen of a restaurant")
    concern = story.inspector.post("/v1/concerns", {
        "description": "A boy of about seventeen washes up from eight to midnight and sleeps in the store: a nephew.",
        "location": "Invented Restaurant, Demo Street 40", "observations": SEEN,
    }, expect=201)
    concern.has({"danger": False, "triageDue": story.due(story.start, 1)})
    concern.has({"triageAgencyId": story.manager.agency})
    owed(story.manager, "triage", concern["id"]).has({
        "state": "running", "computedFrom.span": {"workingDays": 1}, "computedFrom.setBy": "triage.otherwise",
        "watcherId": story.inspector.agency})
    told("inspector: POST /v1/concerns -> 201; as an inspectorate screens nobody, child protection must look at it "
         "within one working day")
    answer = refused(story.inspector, "/v1/screenings", {"observations": SEEN},
                     at=f"/v1/concerns/{concern['id']}", expect=403, code="not-your-function")
    told(f"- POST /v1/screenings -> 403 {answer['code']}: an inspectorate notices, others screen")
    story.first.get(f"/v1/concerns/{concern['id']}", expect=404)

    screening = story.screener.post("/v1/screenings", {
        "concernId": concern["id"], "observations": SEEN, "acts": ["harbouring"], "controllingPerson": True},
        expect=201)
    owed(story.manager, "triage", concern["id"]).has({"state": "met"})
    screening.has({"assessment.result": "reasonable_grounds",
                   "assessment.strongDirect": ["lab_excessive_hours"]})
    ex = screening.find("assessment.dimensions", dimension="ex", strong=1, medium=2, positive=True)
    told("child protection: GET /v1/concerns/{id} -> 200, POST /v1/screenings -> 201, dimension ex is positive: "
         f"{ex['strong']} strong, {ex['medium']} medium ({', '.join(ex['counted'])}); condition "
         f"{screening['assessment.condition']}")
    case = story.screener.post("/v1/cases", {
        "screeningId": screening["id"],
        "child": {"callName": "Bao", "sex": "male", "birthDate": f"{story.start.year - 18}-12-01",
                  "ageCertainty": "documented", "languages": ["vi", "en"]},
    }, expect=201)
    story.case = case["id"]
    presumed = story.screener.post(
        f"/v1/cases/{story.case}/identification/presume", {"grounds": "screening"}, match=case.tag)
    warned(presumed.has({"status": "presumed_victim"}), "R100")
    told("child protection: POST /v1/cases -> 201, POST .../identification/presume -> 200, presumed_victim")
    give(story.manager, story.case, story.start)
    told(f"- what is his by that is given and recorded: {', '.join(GIVEN)}")


def asked(story):
    """The time to decide stands still once."""
    chapter(2, "d0: an NGO is asked for a mentor, and has questions")
    story.sent = story.day(0, hours=1)
    sent = story.manager.post("/v1/referrals", {
        "caseId": story.case, "toAgencyId": story.first.agency, "urgency": "priority",
        "reasons": ["social_inclusion"], "services": ["mentoring"],
        "summary": "A boy of seventeen who has worked for a year without a day off needs somebody at his side.",
        "send": PACKAGE}, expect=201)
    warned(sent.has({"status": "sent", **story.limits()}))
    story.referral = where = f"/v1/referrals/{sent['id']}"
    told(f"case manager: POST /v1/referrals, priority -> 201: acknowledge by {sent['acknowledgeBy']}, decide by "
         f"{sent['decideBy']}")
    now = story.day(0, hours=3)
    got = story.first.post(f"{where}/acknowledge", match=story.first.get(where).tag)
    question = story.first.post(f"{where}/request-information", {"question": "Does he speak English?"}, match=got.tag)
    until = working_days_after(now, 1, story.start.tzinfo)
    moved = text(standing(story, until - now))
    question.has({"status": "info_requested", "responsibleAgencyId": story.manager.agency,
                  "exchanges.0.answerBy": text(until), **story.limits(decideBy=moved)})
    pause = {"computedFrom.pauses.0.since": text(now), "computedFrom.pauses.0.dueBefore": story.due(story.sent, 3),
             "computedFrom.pauses.1": ABSENT}
    owed(story.first, "decide", sent["id"]).has({
        "state": "paused", "dueAt": moved, "computedFrom.pauses.0.until": text(until),
        "computedFrom.pauses.0.ended": False, **pause})
    owed(story.manager, "provide_information", sent["id"]).has({
        "state": "running", "rule": "R105", "dueAt": text(until), "watcherId": story.first.agency})
    told(f"NGO A: POST .../request-information -> 200: the decision stands still, until {moved} at the latest; child "
         "protection owes an answer")
    again = {"question": "And does he like football?"}
    refused(story.first, f"{where}/request-information", again, at=where, expect=409, code="state-conflict")
    told("- another question before the answer -> 409, and nothing has changed")

    now = story.day(0, hours=5)
    reply = story.manager.post(f"{where}/provide-information", {"answer": "Well enough."},
                               match=story.manager.get(where).tag)
    decide_by = text(standing(story, timedelta(hours=2)))
    reply.has({"status": "acknowledged", "exchanges.0.answer": "Well enough.", "decideBy": decide_by})
    owed(story.first, "decide", sent["id"]).has({
        "state": "running", "dueAt": decide_by, "computedFrom.pauses.0.until": text(now),
        "computedFrom.pauses.0.ended": True, **pause})
    told(f"case manager, two hours later: POST .../provide-information -> 200: it runs on, until {decide_by}")
    story.first.post(f"{where}/request-information", again, match=story.first.get(where).tag).has(
        {"status": "info_requested", "decideBy": decide_by})
    owed(story.first, "decide", sent["id"]).has({"state": "running", "dueAt": decide_by, **pause})
    story.manager.post(f"{where}/provide-information", {"answer": "Ask him."}, match=story.manager.get(where).tag)
    told("NGO A asks once more -> 200, but the decision does not stand still a second time")


def standing(story, span):
    """When the decision is due that stood still for so long: whole days later, at the end of a working day."""
    span = timedelta(days=span.days)
    last = working_days_after(story.sent, 3, story.start.tzinfo) + span - timedelta(seconds=1)
    return working_days_after(last - timedelta(days=1), 1, story.start.tzinfo)


def uncle(story):
    """Who says that he is family is not told for that."""
    chapter(3, "d1: the owner says that he is his uncle and guardian, and wants him back")
    story.day(1)
    where = f"/v1/cases/{story.case}/contacts"
    owner = {"relation": "other_relative", "suspected": True, "wish": "refused"}
    answer = refused(story.manager, where, {**owner, "mayBeInformed": True}, at=where, rule="R36", pointer="/mayBeInformed")
    told("case manager: POST .../contacts, suspected, to be told of the boy -> 422")
    because(answer["violations.0"])
    allowed = {**owner, "suspected": False, "contactDecision": "allowed"}
    refused(story.manager, where, allowed, at=where, code="inconsistent-values", pointer="/contactDecision")
    warned(story.manager.post(where, {**owner, "mayBeInformed": False, "contactDecision": "not_allowed"}, expect=201))
    story.first.get(where, expect=404)
    told("- to see him, against his wish -> 422; neither -> 201")


def turned_down(story):
    """On no ground that is forbidden."""
    chapter(4, "d2: NGO A has no mentor")
    story.day(2)
    where = story.referral
    decline = {"reason": "nationality", "explanation": "We work with Estonians.", "noneKnown": True}
    answer = refused(story.first, f"{where}/decline", decline, at=where, rule="R82", pointer="/reason")
    told("NGO A: POST .../decline, nationality -> 422, and nothing has changed")
    because(answer["violations.0"])
    decline = {"reason": "no_capacity", "suggestedAgencyId": story.second.agency}
    story.first.post(f"{where}/decline", decline, match=story.first.get(where).tag).has({"status": "declined"})
    owed(story.manager, "next_step", where.rsplit("/", 1)[1]).has({
        "state": "running", "dueAt": story.due(story.time.now, 1)})
    told("NGO A: no_capacity, suggests NGO B -> 200; child protection owes the next step within a working day")
    story.day(2, hours=1)
    rerouted = story.manager.post(f"{where}/reroute", {"toAgencyId": story.second.agency, "send": PACKAGE},
                                  match=story.manager.get(where).tag)
    warned(rerouted.has({"status": "rerouted"}), "R83", "service_not_offered")
    story.other = f"/v1/referrals/{rerouted['followedBy.0']}"
    story.manager.get(story.other).has({
        "origin.kind": "rerouted", "origin.clockStartedAt": text(story.sent), "origin.reroutes": 1, **story.limits()})
    told("case manager: POST .../reroute with send -> 200; it keeps the clock of d0, and warns: "
         + "; ".join(it["message"] for it in rerouted["warnings"]))


def helped(story):
    """NGO B takes him, and forgets to tell."""
    chapter(5, "d2 to d7: NGO B takes him")
    where = story.other
    story.day(2, hours=2)
    got = story.second.post(f"{where}/acknowledge", match=story.second.get(where).tag)
    accept = {"worker": "Invented mentor", "firstAppointmentOn": (story.start + timedelta(days=3)).date().isoformat()}
    accepted = warned(story.second.post(f"{where}/accept", accept, match=got.tag).has({"status": "accepted"}))
    story.day(3)
    started = story.second.post(f"{where}/start", match=accepted.tag).has({"status": "in_service"})
    now = story.day(7)
    done = story.second.post(f"{where}/complete", {"outcome": "partly_met", "delivered": ["mentoring"]},
                             match=started.tag)
    warned(done.has({"status": "completed", "ended.feedback": ABSENT}), "R107")
    told("NGO B: accept, start, and on d7 POST .../complete, partly_met, without feedback -> 200, and warns")
    because(done["warnings.0"])
    due = story.due(now, 5)
    owes = owed(story.second, "feedback", where.rsplit("/", 1)[1])
    owes.has({"state": "running", "rule": "R107", "dueAt": due, "watcherId": story.manager.agency,
              "computedFrom.span": {"workingDays": 5}, "computedFrom.setBy": "feedbackWithin",
              "computedFrom.country": "EE"})
    holiday = f"{now.year}-02-24"
    owes.find("computedFrom.skipped", day=holiday, reason="public_holiday", name="Independence Day")
    told(f"GET /v1/deadlines/{{id}}: the feedback is due {due}, five working days on; skipped: "
         + ", ".join(f"{it['day']} {it.get('name', it['reason'])}" for it in owes["computedFrom.skipped"]))
    return owes


def told_at_last(story, owes):
    """In time, because a holiday is no working day."""
    chapter(6, "The last hour of the last day")
    story.time.to(owes.instant("dueAt") - timedelta(hours=1))
    where = story.other
    owed(story.second, "feedback", owes["subjectId"], dueWithinHours=2).has({"state": "running", "rung": 0})
    feedback = {"feedback": "He has a mentor and Sundays. He asks whether his cousin could come, too."}
    before = story.second.get(where)
    given = story.second.post(f"{where}/feedback", feedback, match=before.tag)
    given.has({"status": "completed", "ended.feedback": feedback["feedback"], "allowedActions": []})
    owed(story.second, "feedback", owes["subjectId"]).has({"state": "met"})
    story.manager.get(where).has({"ended.feedback": feedback["feedback"]})
    refused(story.second, f"{where}/feedback", feedback, at=where, expect=409, code="state-conflict")
    told("NGO B: POST .../feedback -> 200, met; child protection reads it; once more -> 409, and nothing has changed")
    story.manager.get(f"/v1/cases/{story.case}/deadlines", standing="open").has({"data": []})
    done = [it[1:] for it in story.time.done(story.case, story.start, story.people)]
    if done != [("deadline.escalated", "acknowledge", 1, ["child protection"])]:
        given.fail(f"the mechanism did {done}")
    told("in all of this the mechanism spoke once: on d2, since the first clock for acknowledging had run out")


def main(node):
    """Tells the story."""
    story = Story(node)
    noticed(story)
    asked(story)
    uncle(story)
    turned_down(story)
    told_at_last(story, helped(story))
    waiting(7, steps_of("9.5"))


if __name__ == "__main__":
    tell(main)
