"""Scenario 9.6 inside one country: a girl of fifteen who is missing from a shelter, until somebody has talked with her.

Needs a sandbox node: time is set, not waited for. Everything and everybody is invented.
"""

from datetime import timedelta

from client import ABSENT, PRESENT
from feed import Feed
from mechanism import PUBLIC, Time, asked, listed, lives, owed, refusals, refused, takes, text, waiting, warned
from telling import because, chapter, tell, told
from waiting import steps_of

SEEN = ["trv_phone_number_only", "trv_unaccompanied_unknown_pickup", "gen_speaks_scripted"]
ARRIVED = ["child_arrived", "carer_present", "plan_accepted", "child_told"]


class Story:
    """The people of the story, and the file of the girl."""

    def __init__(self, node):
        self.node, self.time = node, Time(node)
        self.start = self.time.to(self.time.quiet_monday())
        self.screener = node.client("tallinn-child-protection", id="p-tc-02", role="screener")
        self.manager = node.client("tallinn-child-protection")
        self.supervisor = node.client("tallinn-child-protection", id="p-tc-09", role="supervisor")
        self.shelter = node.client("tallinn-shelter")
        self.police = node.client("tallinn-police", id="p-tp-03", role="case_manager")
        self.coordinator = node.client("ee-coordinator")
        self.people = {"child protection": self.manager, "shelter": self.shelter, "police": self.police,
                       "coordinator": self.coordinator}
        self.feed = self.case = self.file = None

    def day(self, number, **span):
        """Lets time pass until so long after the start, in days of the scenario; the instant."""
        return self.time.to(self.start + timedelta(days=number, **span))

    def missing(self):
        """The last time at which she was missing, as the agency that leads sees it."""
        return self.manager.get(f"{self.file}/lifecycle")["missingEpisodes"][-1]


def alone(story):
    """Little is enough to protect a child."""
    chapter(1, "d0: a girl of fifteen comes over the border alone, with a telephone number in her pocket")
    observations = [{"indicator": code, "certainty": "reported"} for code in SEEN]
    screening = story.screener.post("/v1/screenings", {"observations": observations}, expect=201)
    screening.has({"assessment.result": "possible"})
    case = story.screener.post("/v1/cases", {"screeningId": screening["id"], "child": {
        "callName": "Lea", "sex": "female", "birthDate": str(story.start.year - 16), "ageCertainty": "declared",
        "unaccompanied": True}}, expect=201)
    story.case, story.file = case["id"], f"/v1/cases/{case['id']}"
    opened = lives(story.manager, story.file, "open-for-protection", {"reasons": "She has nobody here."})
    opened.has({"status": "open", "readOnly": False})
    told("child protection: POST /v1/screenings -> 201, possible, no more; POST .../open-for-protection -> 200: the case is "
         "open all the same, and not closed for want of proof")
    story.feed = Feed(story.police)
    identity, safety = ("d1_identity", PUBLIC), ("d14_risk_safety", PUBLIC)
    for who, reason, classes in ((story.shelter, "shelter", (identity, ("d2_whereabouts", PUBLIC))),
                                 (story.police, "immediate_protection", (identity, safety))):
        sent = story.manager.post("/v1/referrals", asked(story.case, who, reason, "A girl alone.", *classes), expect=201)
        taken = takes(who, sent, story.start)
        who.post(f"/v1/referrals/{sent['id']}/start", match=taken.tag).has({"status": "in_service"})
    handover = {"toAgencyId": story.shelter.agency, "reasons": "She lives there."}
    refused(story.manager, f"{story.file}/propose-handover", handover, at=story.file, code="inconsistent-values",
            pointer="/toAgencyId")
    handover["toAgencyId"] = story.police.agency
    lives(story.manager, story.file, "propose-handover", handover).has({"status": "transfer_pending"})
    told("- a shelter and the police take her referrals; POST .../propose-handover to the shelter -> 422, a shelter leads no "
         "case; to the police -> 200, transfer_pending")


def roll_call(story):
    """Who sees it reports it; everything else waits."""
    chapter(2, "d6: she is not there at the roll call of the shelter")
    now = story.day(6)
    gone = {"lastSeenAt": text(now - timedelta(hours=8)), "circumstances": "Her bed is empty, her telephone is off."}
    where = f"{story.file}/report-missing"
    answer = refused(story.shelter, where, {**gone, "police": {}}, at=story.file, rule="R74", pointer="/police")
    told("shelter: POST .../report-missing, and nothing of the police -> 422")
    because(answer["violations.0"])
    later = {**gone, "lastSeenAt": text(now + timedelta(hours=1)), "police": {"notYetBecause": "The line is busy."}}
    refused(story.shelter, where, later, at=story.file, code="inconsistent-values", pointer="/lastSeenAt")
    report = {**gone, "police": {"notYetBecause": "The line is busy."}, "crossBorderLink": True}
    reported = warned(lives(story.shelter, story.file, "report-missing", report), "R74", "R74")
    reported.has({"status": "open_child_missing", "missingEpisodes.0.open": True, "missingEpisodes.0.status": "reported",
                  "pending.handoverId": ABSENT, "closureChecklist": ABSENT})
    told("- with why they are not told yet -> 200, open_child_missing, and warns: "
         + "; ".join(it["message"] for it in reported["warnings"]))
    story.manager.get(f"{story.file}/lifecycle").has({"handovers.0.status": "interrupted"})
    refused(story.police, f"{story.file}/confirm-handover", {"confirmed": ARRIVED}, at=story.file, expect=409,
            code="state-conflict")
    refused(story.shelter, where, report, at=story.file, expect=409, code="state-conflict")
    told("- the handover to the police is interrupted: POST .../confirm-handover -> 409; reported once more -> 409")
    due = text(now + timedelta(hours=24))
    owed(story.manager, "report_missing", story.case).has({"state": "running", "rule": "R74", "dueAt": due, "rung": 0})
    owed(story.manager, "warn_of_danger", story.case).has({"state": "running", "rule": "R77", "dueAt": due, "rung": 0})
    heard = story.feed.hears(lambda heard: any(it["type"] == "case.child_missing" for it in heard), story.case)
    if "bed" in str(heard):
        reported.fail("the feed tells what was written")
    told(f"- child protection owes the report to the police and, as there is a link abroad, a warning of the other country (R77) "
         f"by {due}; all who take part hear case.child_missing, and no words")


def ladder(story):
    """Nobody tells the police, and others are told of that."""
    chapter(3, "d7: a day has passed, and the police have not been told")
    due = story.start + timedelta(days=7)
    story.time.to(due + timedelta(minutes=1))
    late = owed(story.manager, "report_missing", story.case, standing="overdue")
    late.has({"rung": 1, "escalations.0.at": text(due), "escalations.0.agencyId": story.manager.agency})
    owed(story.supervisor, "report_missing", story.case, scope="escalated").has({"id": late["id"]})
    told("one minute later: " + " and ".join(it["role"] for it in late["escalations"])
         + " of child protection are told (GET /v1/deadlines?scope=escalated)")
    now = story.day(7, minutes=31)
    owed(story.coordinator, "report_missing", story.case, scope="escalated").has({"rung": 2})
    story.coordinator.get(f"{story.file}/lifecycle", expect=403)
    told("half an hour later the national coordinator is told, and reads nothing of the case -> 403")
    alert = {"kinds": ["sis", "hotline_116000"], "issuedAt": text(now)}
    refused(story.manager, f"{story.file}/record-missing-alert", alert, at=story.file, expect=409, code="state-conflict")
    police = {"notifiedAt": text(now), "reference": "Invented 107"}
    lives(story.shelter, story.file, "record-police-notified", police)
    owed(story.manager, "report_missing", story.case).has({"state": "late", "closedAt": text(now), "nextStepAt": ABSENT})
    lives(story.manager, story.file, "record-missing-alert", alert)
    if story.missing()["status"] != "alerted":
        late.fail(f"the episode is {story.missing()}")
    told("an alert before the police know -> 409; shelter: POST .../record-police-notified -> 200, the duty is closed as late; "
         "child protection: POST .../record-missing-alert -> 200")


def found(story):
    """Nobody asks why she has gone before somebody independent asks how she is."""
    chapter(4, "d8: she is found in a hotel")
    now = story.day(8)
    back = {"outcome": "found_exploited", "foundAt": text(now), "circumstances": "In a hotel, with the number in her pocket."}
    refused(story.police, f"{story.file}/record-found", back, at=story.file, expect=403, code="not-your-function")
    early = {**back, "foundAt": text(story.start + timedelta(days=5))}
    refused(story.shelter, f"{story.file}/record-found", early, at=story.file, code="inconsistent-values", pointer="/foundAt")
    there = warned(lives(story.shelter, story.file, "record-found", back), "screen_anew")
    there.has({"status": "open", "pending.returnInterview": True})
    due = text(now + timedelta(hours=72))
    owed(story.manager, "return_interview", story.case).has({"state": "running", "rule": "R74", "dueAt": due})
    told("shelter: POST .../record-found, before she was last seen -> 422, and as it was -> 200, open, and warns: "
         f"{there['warnings.0.message']}; the talk is due by {due}")
    now = story.day(9)
    talk = {"outcome": "held", "doneAt": text(now), "byWhom": "Her key worker", "independent": False}
    where = f"{story.file}/record-return-interview"
    answer = refused(story.shelter, where, talk, at=story.file, rule="R74", pointer="/independent")
    told("d9, shelter: POST .../record-return-interview, held by her key worker -> 422")
    because(answer["violations.0"])
    talk |= {"byWhom": "A worker of the youth centre", "independent": True, "summary": "She was afraid of the man."}
    lives(story.shelter, story.file, "record-return-interview", talk).has({"pending.returnInterview": False})
    owed(story.manager, "return_interview", story.case).has({"state": "met", "closedAt": text(now)})
    refused(story.shelter, where, talk, at=story.file, expect=409, code="state-conflict")
    acts = story.manager.get(f"{story.file}/lifecycle")["acts"]
    if any("afraid" in str(it) for it in story.police.get(f"{story.file}/timeline")["data"]):
        answer.fail("the timeline tells what she said")
    told("- by somebody of the youth centre -> 200, the duty is met; GET .../lifecycle has each act: "
         + ", ".join(it["act"] for it in acts))


def looked_at(story):
    """Who has read her file is seen by whoever answers for it, and by nobody who is only curious."""
    curious = story.supervisor.get("/v1/audit/access", caseId=story.case, expect=403).has({"code": "purpose-not-allowed"})
    asks = story.node.client("tallinn-child-protection", id="p-tc-09", role="supervisor", purpose="data_subject_request")
    lines = asks.get("/v1/audit/access", caseId=story.case, limit=200)
    agencies = {it["agencyId"] for it in lines["data"]}
    if not {story.shelter.agency, story.police.agency} <= agencies or not any(
            it["outcome"] == "refused" for it in lines["data"]):
        lines.fail(f"not everybody who read her file is listed, or no refusal: {agencies}")
    told(f"supervisor: GET /v1/audit/access of her case for its protection -> {curious.status}; for a request of the child -> "
         f"200, {len(lines['data'])} lines, the refusals among them")


def handed_over(story):
    """Only once she is there."""
    chapter(5, "d10: now she is screened anew, and handed over")
    now = story.day(10)
    looked_at(story)
    observations = [{"indicator": code, "certainty": "reported"} for code in ("sex_prostitution_of_child", "gen_threats_to_child")]
    story.screener.post("/v1/screenings", {"observations": observations, "controllingPerson": True}, expect=201).has(
        {"assessment.result": "reasonable_grounds"})
    handover = {"toAgencyId": story.police.agency, "reasons": "They know the man."}
    lives(story.manager, story.file, "propose-handover", handover).has({"status": "transfer_pending"})
    owed(story.police, "answer_handover", story.case, standing="open").has({"state": "running", "dueAt": PRESENT})
    where = f"{story.file}/confirm-handover"
    refused(story.manager, where, {"confirmed": ARRIVED}, at=story.file, expect=403, code="not-your-function")
    answer = lives(story.police, story.file, "confirm-handover", {"confirmed": ARRIVED[:3]}, expect=422)
    refusals(answer, ("R55", "/confirmed"))
    told("police: POST .../confirm-handover before anybody has told her -> 422")
    because(answer["violations.0"])
    lives(story.police, story.file, "confirm-handover", {"confirmed": ARRIVED}).has(
        {"status": "open", "leadAgencyId": story.police.agency})
    told(f"- and once she knows -> 200: they lead her case from {text(now)} on")
    done = story.time.done(story.case, story.start, story.people)
    listed(done)
    owes = ("report_missing", "warn_of_danger")
    if [it[1:4] for it in done] != [("deadline.escalated", duty, rung) for rung in (1, 2) for duty in owes]:
        answer.fail(f"the mechanism did {done}")


def main(node):
    """Tells the story."""
    story = Story(node)
    for part in (alone, roll_call, ladder, found, handed_over):
        part(story)
    waiting(6, steps_of("9.6"))


if __name__ == "__main__":
    tell(main)
