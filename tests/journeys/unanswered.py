"""Nobody answers: a referral in danger goes up the ladder, expires, and is its sender's again (N11, R85, R106).

Needs a sandbox node: time is set, not waited for. Everything and everybody is invented.
"""

from datetime import timedelta

from client import ABSENT
from feed import Feed
from mechanism import Time, end_of, give, listed, owed, refused, taken_in, text, twice, warned
from telling import chapter, tell, told

PACKAGE = {
    "disclosures": [{"dataClass": "d1_identity", "lawfulBases": ["gdpr_6_1_e_public_task"]}],
    "childView": {"status": "unable"}, "childInformed": True,
}


class Story:
    """The people of the story, and what they have made so far."""

    def __init__(self, node, time, start):
        self.time = time
        self.police = node.client("tallinn-police", id="p-tp-03", role="case_manager")
        self.chief = node.client("tallinn-police", id="p-tp-09", role="supervisor")
        self.manager = node.client("tallinn-child-protection")
        self.desk = node.client("tallinn-child-protection", id="p-tc-07", role="duty_officer")
        self.barnahus = node.client("tallinn-barnahus")
        self.coordinator = node.client("ee-coordinator")
        self.people = {"police": self.police, "child protection": self.desk, "coordinator": self.coordinator}
        self.feed = Feed(self.coordinator)
        self.start = time.to(start)
        screener = node.client("tallinn-police", id="p-tp-02", role="screener")
        case = taken_in(screener, ["gen_violence_signs_control", "gen_confined_or_watched"],
                        {"child": {"callName": "Ana", "sex": "female", "ageCertainty": "unknown"}})
        self.case = case["id"]
        give(self.manager, self.case, self.start)
        self.wanted = {
            "caseId": self.case, "toAgencyId": self.barnahus.agency, "urgency": "immediate",
            "reasons": ["immediate_protection"], "services": ["crisis_psychological"],
            "summary": "A girl was brought to the station; she does not speak and does not let go of the radiator.",
            "send": PACKAGE,
        }
        self.id = self.referral = None

    def at(self, **span):
        """Lets time pass until so much after the start; the instant."""
        return self.time.to(self.start + timedelta(**span))

    def after(self, **span):
        """An instant as the node writes it."""
        return text(self.start + timedelta(**span))

    def state(self, duty, state, **members):
        """Sees where a duty of the Barnahus stands."""
        return owed(self.barnahus, duty, self.id).has({"state": state, **members})


def sent(story):
    """Half an hour to acknowledge."""
    chapter(1, f"{story.start:%H:%M} in Tallinn: danger; the police ask the Barnahus for help at once")
    made = story.police.post("/v1/referrals", story.wanted, expect=201)
    warned(made.has({"status": "sent", "acknowledgeBy": story.after(minutes=30), "decideBy": story.after(hours=2),
                     "firstContactBy": text(end_of(story.start.date(), story.start.tzinfo))}))
    story.id, story.referral = made["id"], f"/v1/referrals/{made['id']}"
    told("police: POST /v1/referrals, immediate -> 201: acknowledge in 30 minutes, decide in 2 hours, meet her today")


def told_first(story):
    """The sender's supervisor and, in danger, the duty desk."""
    chapter(2, "Half an hour later: silence")
    story.at(minutes=29, seconds=59)
    story.state("acknowledge", "running", rung=0)
    for who in (story.chief, story.desk):
        who.get("/v1/deadlines", scope="escalated", caseId=story.case).has({"data": []})
    now = text(story.at(minutes=30))
    story.state("acknowledge", "overdue", rung=1)
    for who, role in ((story.chief, "supervisor"), (story.desk, "duty_officer")):
        seen = owed(who, "acknowledge", story.id, scope="escalated", caseId=story.case)
        seen.find("escalations", rung=1, agencyId=who.agency, role=role, at=now)
    story.coordinator.get("/v1/deadlines", scope="escalated", caseId=story.case).has({"data": []})
    outbox = story.police.get("/v1/referrals", box="outbox", caseId=story.case)
    outbox.find("data", id=story.id, escalationRung=1, status="sent")
    told("at the minute: rung 1; told are the supervisor of the police and the duty desk of child protection, both by "
         "scope=escalated; the coordinator not yet")


def told_second(story):
    """The coordinator."""
    chapter(3, "An hour")
    now = text(story.at(hours=1))
    story.state("acknowledge", "overdue", rung=2, nextStepAt=story.after(hours=3))
    seen = owed(story.coordinator, "acknowledge", story.id, scope="escalated")
    seen.find("escalations", rung=2, agencyId=story.coordinator.agency, role="supervisor", at=now)
    heard = story.feed.hears(lambda heard: heard, story.case)
    if [(it["type"], it["at"], it["data"]["aboutId"]) for it in heard] != [("deadline.escalated", now, story.id)]:
        seen.fail(f"the coordinator hears {heard}")
    story.coordinator.get(story.referral, expect=403)
    told("rung 2: the national coordinator is told, by scope=escalated and in its feed; what it is about stays closed "
         "to it")


def expired(story):
    """Not answered in time is not answered at all; the sender is responsible again."""
    chapter(4, "Three hours")
    story.at(hours=2, minutes=59)
    story.state("decide", "overdue", rung=2)
    story.barnahus.get(story.referral).has({"status": "sent"})
    now = text(story.at(hours=3))
    story.police.get(story.referral).has({
        "status": "expired", "statusAt": now, "responsibleAgencyId": story.police.agency})
    for duty in ("acknowledge", "decide", "first_contact"):
        story.state(duty, "missed", closedAt=now, nextStepAt=ABSENT)
    own = story.barnahus.get(story.referral).has({"content": ABSENT, "summary": ABSENT, "allowedActions": []})
    if "Ana" in own.raw:
        own.fail("who did not answer still reads it")
    answer = refused(story.barnahus, f"{story.referral}/acknowledge", {}, at=story.referral, expect=409,
                     code="state-conflict")
    told(f"expired: its three duties are missed; the Barnahus reads nothing of it, and its late acknowledgement -> 409 "
         f"{answer['code']}")
    owed(story.police, "next_step", story.id).has({"state": "running", "dueAt": story.after(hours=3, minutes=30)})
    told("the police are responsible again: half an hour for the next step (R106)")


def next_step(story):
    """Silence of the sender is told as well; a reason ends it."""
    chapter(5, "Four hours: and the sender is silent, too")
    story.at(hours=4)
    late = owed(story.police, "next_step", story.id, standing="overdue")
    late.has({"rung": 2, "escalations.3": ABSENT, "nextStepAt": ABSENT})
    told("next_step goes up the same ladder: " + ", ".join(it["role"] for it in late["escalations"]) + " (coordinator)")
    cancel = f"{story.referral}/cancel"
    done = story.police.post(cancel, {"reason": "Child protection took her to the hospital by itself."},
                             match=story.police.get(story.referral).tag)
    done.has({"status": "cancelled", "responsibleAgencyId": ABSENT, "allowedActions": []})
    owed(story.police, "next_step", story.id).has({"state": "late"})
    story.police.get(f"/v1/cases/{story.case}/deadlines", standing="open").has({"data": []})
    told("police: POST .../cancel, with the reason -> 200: nothing of it is owed any more")


def own_desk(story):
    """Child protection asks as well: its supervisor and its own duty desk are told, each in its role."""
    chapter(6, "And child protection itself")
    made = story.manager.post("/v1/referrals", story.wanted, expect=201)
    story.at(hours=4, minutes=30)
    seen = owed(story.desk, "acknowledge", made["id"], scope="escalated", caseId=story.case)
    if [(it["rung"], it["agencyId"], it["role"]) for it in seen["escalations"]] != [
            (1, story.desk.agency, role) for role in ("duty_officer", "supervisor")]:
        seen.fail("not both of child protection are told")
    there = f"/v1/referrals/{made['id']}"
    reason = {"reason": "The hospital keeps her tonight."}
    story.manager.post(f"{there}/cancel", reason, match=story.manager.get(there).tag)
    story.manager.get(f"/v1/cases/{story.case}/deadlines", standing="open").has({"data": []})
    told("case manager: POST /v1/referrals; half an hour of silence: two are told, in one agency; POST .../cancel")


def hours(node, time, start):
    """Four hours; what the mechanism did in them and the day after."""
    story = Story(node, time, start)
    sent(story)
    told_first(story)
    told_second(story)
    expired(story)
    next_step(story)
    own_desk(story)
    story.at(days=1)
    chapter(7, "What the mechanism did by itself in a day")
    done = time.done(story.case, start, story.people)
    listed(done)
    return done


def main(node):
    """Tells the story, twice."""
    time = Time(node)
    twice(time, lambda start: hours(node, time, start))


if __name__ == "__main__":
    tell(main)
