"""A girl is met at night: a duty officer of the police opens her case in an emergency, and answers for it afterwards.

Needs a sandbox node: time is set, not waited for. Everything and everybody is invented.
"""

from datetime import timedelta

from client import ABSENT, PRESENT
from feed import Feed
from mechanism import Time, lives, listed, owed, taken_in, text, unlike_any, working_days_after
from telling import chapter, tell, told

SEEN = ["gen_threats_to_child", "beg_adult_collects"]
WHY = "She was met at the bus station at night and does not say whom she fears."
# It is kept without the name of the girl.
KEPT = f"{WHY} Is it …?"


class Story:
    """The people of the story, and the file of the girl."""

    def __init__(self, node):
        self.node, self.time = node, Time(node)
        self.start = self.time.to(self.time.quiet_monday())
        self.screener = node.client("tallinn-child-protection", id="p-tc-02", role="screener")
        self.manager = node.client("tallinn-child-protection")
        self.supervisor = node.client("tallinn-child-protection", id="p-tc-09", role="supervisor")
        self.coordinator = node.client("ee-coordinator")
        self.oversight = node.client("ee-data-protection")
        # Somebody new each time the story is told: three accesses in 30 days are all that wait for a review.
        self.unbound = node.client(
            "tallinn-police", id=f"p-{unlike_any()}", role="duty_officer", purpose="protection")
        self.people = {"child protection": self.manager, "coordinator": self.coordinator}
        case = taken_in(self.screener, SEEN, {"child": {
            "callName": "Nea", "sex": "female", "birthDate": str(self.start.year - 14), "ageCertainty": "declared"}})
        self.case, self.file = case["id"], f"/v1/cases/{case['id']}"
        self.officer = self.unbound.bound(self.case)
        self.feed = Feed(self.manager)
        self.access = None


def opened(story):
    """At once, and everybody knows."""
    chapter(1, "A Monday, ten o'clock: a duty officer meets a girl, and knows the number of her case from a paper")
    story.officer.get(story.file, expect=404).has({"code": "not-found"})
    asked = {"reasonCode": "child_found", "justification": WHY, "minutes": 30}
    where = f"{story.file}/emergency-access"
    story.unbound.post(where, asked, expect=403).has({"code": "step-up-required"})
    told("police: GET /v1/cases/{id} -> 404; POST .../emergency-access with a token for all cases -> 403")
    named = {**asked, "justification": f"{WHY} Is it Nea?"}
    given = story.officer.post(where, named, expect=201).has({
        "justification": KEPT, "since": text(story.start), "until": text(story.start + timedelta(minutes=30)), "review": ABSENT})
    story.access = f"{where}/{given['id']}"
    story.officer.get(story.file).has({"child.callName": "Nea"})
    story.officer.post(where, asked, expect=409).has({"code": "state-conflict"})
    gone = {"lastSeenAt": text(story.start), "circumstances": "She runs.", "police": {"notYetBecause": "Now."}}
    lives(story.officer, story.file, "report-missing", gone, expect=403).has({"code": "not-your-function"})
    story.unbound.get(story.file, expect=404)
    heard = story.feed.hears(lambda all: any(it["type"] == "emergency_access.opened" for it in all), story.case)
    event = next(it for it in heard if it["type"] == "emergency_access.opened")
    if WHY in str(event):
        given.fail("the feed tells what was written")
    due = text(working_days_after(story.start, 2, story.start.tzinfo))
    duty = owed(story.manager, "review_emergency_access", given["id"])
    duty.has({"state": "running", "rule": "R94", "dueAt": due, "rung": 0})
    told(f"- bound to this case -> 201, until {given['until']}; the file -> 200, a report in it -> 403; child protection hears "
         f"it in its feed and owes a review until {due} (R94)")
    return given


def over(story, given):
    """It ends by itself, and the log names it."""
    chapter(2, "Half an hour later it is over")
    story.time.to(given.instant("until"))
    story.officer.get(story.file, expect=404).has({"code": "not-found"})
    story.officer.get(story.access).has({"justification": KEPT})
    asks = story.node.client("tallinn-child-protection", id="p-tc-09", role="supervisor", purpose="data_subject_request")
    lines = asks.get("/v1/audit/access", caseId=story.case, limit=200, **{
        "from": text(story.start - timedelta(days=1)), "until": text(story.time.now + timedelta(minutes=1))})
    by_it = [it["operation"] for it in lines["data"] if it.get("breakGlass") == given["id"]]
    if "getCase" not in by_it or "reportChildMissing" not in by_it:
        lines.fail(f"the log names the access with {by_it} only")
    told(f"police: GET /v1/cases/{{id}} -> 404; supervisor: GET /v1/audit/access has {len(by_it)} lines that name the access")


def reviewed(story, given):
    """Nobody looks in time: that is told, and the review is late."""
    chapter(3, "Nobody reviews it in time")
    due = working_days_after(story.start, 2, story.start.tzinfo)
    story.time.to(due)
    late = owed(story.manager, "review_emergency_access", given["id"])
    late.has({"state": "overdue", "rung": 1, "escalations.0.agencyId": story.manager.agency})
    story.time.on(days=7)
    owed(story.coordinator, "review_emergency_access", given["id"], scope="escalated").has({"rung": 2})
    done = [it for it in story.time.done(story.case, story.start, story.people) if it[2] == "review_emergency_access"]
    listed(done)
    story.oversight.get("/v1/emergency-access", reviewed="false").find("data", id=given["id"])
    verdict = {"verdict": "justified", "reason": "She could be brought to the shelter at once."}
    tag = story.supervisor.get(story.access).tag
    story.manager.post(f"{story.access}/review", verdict, match=tag, expect=403).has({"code": "not-your-function"})
    story.supervisor.post(f"{story.access}/review", verdict, match=tag).has({
        "review.verdict": "justified", "review.at": PRESENT, "until": given["until"]})
    owed(story.manager, "review_emergency_access", given["id"]).has({"state": "late"})
    if [it for it in story.oversight.get("/v1/emergency-access", reviewed="false", limit=200)["data"] if it["id"] == given["id"]]:
        late.fail("a reviewed access is still listed as not reviewed")
    told("supervisor: POST .../review -> 200, justified; the duty is fulfilled late, and nothing of the access has changed")


def main(node):
    """Tells the story."""
    story = Story(node)
    given = opened(story)
    over(story, given)
    reviewed(story, given)


if __name__ == "__main__":
    tell(main)
