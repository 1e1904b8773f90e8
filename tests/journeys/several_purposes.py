"""Scenario 9.11: a girl who is made to beg by day and sold by night, as far as what was done to her is recorded and told.

Needs a sandbox node: time is set, not waited for. Everything and everybody is invented.
"""

from client import ABSENT
from mechanism import Time, give, owed, refused, text, waiting, warned
from telling import because, chapter, tell, told
from waiting import steps_of

SEEN = ["beg_adult_collects", "sex_prostitution_of_child", "gen_threats_to_child"]
PUBLIC, HEALTH = ["gdpr_6_1_e_public_task"], ["gdpr_6_1_e_public_task", "gdpr_9_2_h_health_social"]


class Story:
    """The people of the story, and what they have made so far."""

    def __init__(self, node):
        self.node, self.time = node, Time(node)
        self.start = self.time.to(self.time.quiet_monday())
        self.ngo = node.client("tallinn-ngo")
        self.screener = node.client("tallinn-child-protection", id="p-tc-02", role="screener")
        self.manager = node.client("tallinn-child-protection")
        self.school, self.clinic = node.client("tallinn-school"), node.client("tartu-child-clinic")
        self.case = self.file = None


def found(story):
    """Two strong indicators of exploitation, each of another kind."""
    chapter(1, "d0: an NGO meets a girl of thirteen at the station")
    seen = [{"indicator": code, "certainty": "reported"} for code in SEEN]
    concern = story.ngo.post("/v1/concerns", {
        "description": "By day she begs for a couple, by night they sell her.", "location": "The station",
        "danger": True, "observations": seen}, expect=201)
    concern.has({"triageAgencyId": story.manager.agency})
    own = story.node.client("tallinn-ngo", id="p-tn-02", role="screener")
    own.post("/v1/screenings", {"concernId": concern["id"], "observations": seen}, expect=201).has(
        {"assessment.result": "reasonable_grounds"})
    owed(story.manager, "triage", concern["id"]).has({"state": "running", "watcherId": story.ngo.agency})
    screening = story.screener.post(
        "/v1/screenings", {"concernId": concern["id"], "observations": seen, "acts": ["harbouring"]}, expect=201)
    screening.has({"assessment.result": "reasonable_grounds", "assessment.condition": "a",
                   "assessment.strongDirect": SEEN, "assessment.actToBeClarified": False})
    screening.find("assessment.dimensions", dimension="ex", strong=2, positive=True, positiveBy="two_strong",
                   counted=SEEN[:2])
    screening.find("assessment.dimensions", dimension="cd", strong=1, positive=False)
    owed(story.manager, "triage", concern["id"]).has({"state": "met", "closedAt": text(story.start)})
    told("NGO: POST /v1/concerns, POST /v1/screenings -> 201; as it opens no cases, child protection looks at it, too: "
         "POST /v1/screenings -> 201, reasonable grounds by condition a: exploitation is positive by two strong")
    case = story.screener.post("/v1/cases", {"screeningId": screening["id"], "child": {
        "callName": "Dara", "sex": "female", "birthDate": str(story.start.year - 14), "ageCertainty": "declared"}},
        expect=201)
    story.case, story.file = case["id"], f"/v1/cases/{case['id']}"
    story.screener.post(f"{story.file}/identification/presume", {"grounds": "screening"}, match=case.tag)
    give(story.manager, story.case, story.start)


def each_purpose(story):
    """Never mixed."""
    chapter(2, "d0: what was done to her, each by its name")
    where = f"{story.file}/exploitation-episodes"
    none = {"exploitationTypes": [], "stage": "ongoing"}
    answer = refused(story.manager, where, none, at=where, rule="R98", pointer="/exploitationTypes")
    told("case manager: POST .../exploitation-episodes without a purpose -> 422")
    because(answer["violations.0"])
    mixed = {"exploitationTypes": ["mixed"], "stage": "ongoing"}
    refused(story.manager, where, mixed, at=where, expect=400, code="invalid-value", pointer="/exploitationTypes/0",
            plainly=True)
    told("- mixed -> 400: there is no such purpose")
    other = {"exploitationTypes": ["other"], "stage": "ongoing"}
    refused(story.manager, where, other, at=where, code="inconsistent-values", pointer="/narrative")
    told("- other, without saying which -> 422")
    for kind, place in (("forced_begging", "street"), ("sexual_prostitution", "hotel")):
        body = {"exploitationTypes": [kind], "stage": "ongoing", "placeType": place, "acts": ["harbouring"]}
        warned(story.manager.post(where, body, expect=201), "R1")
    story.manager.get(where).has({"data.0.exploitationTypes": ["sexual_prostitution"],
                                  "data.1.exploitationTypes": ["forced_begging"], "data.2": ABSENT})
    story.ngo.get(where, expect=404)
    told("- begging, and prostitution -> 201, two episodes; R1: no means are recorded, and none need be")


def not_to_school(story):
    """What a clinic needs, a school does not."""
    chapter(3, "d8: tests at a clinic, and a place at a school")
    story.time.on(days=8)
    view = {"status": "expressed", "method": "spoken", "summary": "She wants to go to school.", "weightGiven": "So do we."}

    def ask(who, reason, service, *classes):
        return {"caseId": story.case, "toAgencyId": who.agency, "urgency": "priority", "reasons": [reason],
                "services": [service], "summary": "A girl of thirteen.", "send": {
                    "disclosures": [{"dataClass": name, "lawfulBases": bases} for name, bases in classes],
                    "childView": view, "childInformed": True}}

    outbox = f"/v1/referrals?box=outbox&caseId={story.case}"
    identity, health, where = ("d1_identity", PUBLIC), ("d7_health", HEALTH), ("d2_whereabouts", PUBLIC)
    for more in (health, where):
        wanted = ask(story.school, "education", "schooling", identity, more)
        answer = refused(story.manager, "/v1/referrals", wanted, at=outbox, rule="R75", pointer="/send/disclosures")
        told(f"case manager: POST /v1/referrals to a school with {more[0]} -> 422, and not even a draft is there")
    because(answer["violations.0"])
    sent = story.manager.post("/v1/referrals", ask(
        story.clinic, "medical_urgent", "medical_care", identity, health), expect=201)
    warned(sent.has({"status": "sent"}))
    told("- to a clinic with d7_health -> 201, sent")


def main(node):
    """Tells the story."""
    story = Story(node)
    for part in (found, each_purpose, not_to_school):
        part(story)
    waiting(4, steps_of("9.11"))


if __name__ == "__main__":
    tell(main)
