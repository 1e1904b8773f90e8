"""Scenario 9.10: three children of one mother; a case, a plan and a decision for each.

Needs a sandbox node: time is set, not waited for. Everything and everybody is invented.
"""

from datetime import timedelta

from client import ABSENT
from mechanism import (
    PUBLIC, Time, asked, give, lives, owed, refusals, refused, taken_in, takes, text, unlike_any, waiting, warned)
from telling import because, chapter, tell, told
from waiting import steps_of

SEEN = ["gen_threats_to_child", "beg_adult_collects"]


class Story:
    """The people of the story, and the files of the children, oldest first."""

    def __init__(self, node):
        self.node, self.time = node, Time(node)
        self.start = self.time.to(self.time.quiet_monday())
        self.screener = node.client("tallinn-child-protection", id="p-tc-02", role="screener")
        self.manager = node.client("tallinn-child-protection")
        self.supervisor = node.client("tallinn-child-protection", id="p-tc-09", role="supervisor")
        self.riga = node.client("riga-child-protection")
        self.barnahus = node.client("tallinn-barnahus")
        self.lawyer = node.client("narva-ngo", id="p-nn-03", role="lawyer")
        self.family, self.ids, self.younger = unlike_any(), [], []

    def file(self, number):
        """The file of a child."""
        return f"/v1/cases/{self.ids[number]}"

    def child(self, name, years):
        """Who a child is."""
        born = self.start - timedelta(days=365 * years + 200)
        return {"callName": name, "givenName": name, "familyName": self.family, "sex": "male" if name == "Ben" else "female",
                "birthDate": born.date().isoformat(), "ageCertainty": "documented"}

    def take_in(self, name, years):
        """Takes a child in and presumes it a victim: a case of its own, with a safety plan of its own."""
        case = taken_in(self.screener, SEEN, {"child": self.child(name, years)})
        self.ids.append(case["id"])
        due = text(self.time.now + timedelta(hours=24))
        owed(self.manager, "safety_plan", case["id"]).has({"state": "running", "rule": "R8", "dueAt": due})
        return warned(case)

    def day(self, number):
        """Lets time pass until a day of the scenario."""
        return self.time.to(self.start + timedelta(days=number))


def oldest(story):
    """There are two more."""
    chapter(1, "d0: a girl of fifteen tells what happens at home, and that there are two more")
    story.take_in("Ada", 15)
    where = f"{story.file(0)}/contacts"
    due = text(story.start + timedelta(hours=72))
    for name, years in (("Ben", 11), ("Cia", 7)):
        brother = {"relation": "sibling", "givenName": name, "birthDate": str(story.start.year - years),
                   "livesWithChild": True, "isChild": True}
        contact = warned(story.manager.post(where, brother, expect=201), "R68")
        owed(story.manager, "check_sibling", contact["id"]).has({"state": "running", "rule": "R68", "dueAt": due})
        story.younger.append(f"{where}/{contact['id']}")
    told(f"case manager: POST .../contacts, a brother and a sister -> 201 each, and warns; to be looked after by {due}")
    because(contact["warnings.0"])
    story.riga.get(where, expect=404)
    story.node.client("tallinn-police").get(where, expect=404)
    again = story.screener.post("/v1/screenings", {"observations": [{"indicator": code, "certainty": "reported"} for code in (
        SEEN)], "controllingPerson": True}, expect=201)
    twice = {"screeningId": again["id"], "child": story.child("Ada", 15)}
    answer = refused(story.screener, "/v1/cases", twice, at="/v1/cases", rule="R70", pointer="/distinctFrom")
    answer.has({"violations.0.caseId": story.ids[0], "violations.0.code": "duplicate_case"})
    told("another shift brings her once more: POST /v1/cases -> 422, which names her case")
    because(answer["violations.0"])


def each_a_case(story):
    """One group, never one case."""
    chapter(2, "d1: each is looked after, and each has a case of its own")
    now = story.day(1)
    cases = [story.take_in("Ben", 11), story.take_in("Cia", 7)]
    for contact in story.younger:
        checked = {"checkedOn": now.date().isoformat()}
        warned(story.manager.patch(contact, checked, match=story.manager.get(contact).tag))
        owed(story.manager, "check_sibling", contact.rsplit("/", 1)[1]).has({"state": "met", "closedAt": text(now)})
    links = f"{story.file(0)}/links"
    itself = {"otherCaseId": story.ids[0], "relation": "sibling"}
    refused(story.manager, links, itself, at=links, code="inconsistent-values")
    abroad = taken_in(story.node.client("riga-police", id="p-rp-02", role="screener"), SEEN, {
        "child": {"callName": "Dan", "ageCertainty": "unknown"}})
    for hidden in ({"otherCaseId": abroad["id"]}, {"otherReference": abroad["reference"]}):
        refused(story.manager, links, {**hidden, "relation": "sibling"}, at=links, code="reference-not-found")
    for named in ({"otherCaseId": cases[0]["id"]}, {"otherReference": cases[1]["reference"]}):
        warned(story.manager.post(links, {**named, "relation": "sibling"}, expect=201))
    told("three cases, and R70 refuses no sister; PATCH .../contacts/{id}, checked -> 200, R68 is met; POST .../links -> 201, "
         "by id and by reference; to itself -> 422, to a case of another country -> 422, as if there were none")
    warned(story.manager.post(f"{story.file(1)}/links", {"otherCaseId": story.ids[2], "relation": "sibling"}, expect=201))
    for number, own in enumerate(story.ids):
        seen = story.manager.get(f"{story.file(number)}/links").has({"data.1.relation": "sibling", "data.2": ABSENT})
        if sorted(it["otherCase"]["id"] for it in seen["data"]) != sorted(it for it in story.ids if it != own):
            seen.fail("not the two others of the group")
    refused(story.manager, f"{story.file(2)}/links", {"otherCaseId": story.ids[1], "relation": "sibling"},
            at=f"{story.file(2)}/links", expect=409, code="state-conflict")
    told("- from each of the three, GET .../links has the two others; the same link from the other side -> 409")


def each_a_plan(story):
    """What is done for one is not done for another; and one case they are not."""
    chapter(3, "d1: a safety plan for each, and never one file")
    for number, own in enumerate(story.ids):
        give(story.manager, own, story.time.now)
        states = [owed(story.manager, "safety_plan", it)["state"] for it in story.ids]
        if states != ["met"] * (number + 1) + ["running"] * (2 - number):
            story.manager.get(story.file(number)).fail(f"the plans are {states}")
    told("POST .../entitlements/safety_plan/record, child by child: each time one duty is met, and those of the others run on")
    merge = {"intoCaseId": story.ids[0], "evidence": ["recognised_by_two"], "reasons": "One mother, one file."}
    before = [story.supervisor.get(f"{story.file(number)}/lifecycle") for number in (0, 1)]
    answer = refusals(lives(story.supervisor, story.file(1), "merge", merge, expect=422).has({"code": "rule-refused"}),
                      ("R111", "/intoCaseId"), ("R111", "/intoCaseId"))
    for number, was in enumerate(before):
        if story.supervisor.get(f"{story.file(number)}/lifecycle").body != was.body:
            answer.fail("a refused merge has changed something")
    told("supervisor: POST .../merge, the middle child into the oldest -> 422, on two grounds: "
         + "; ".join(it["message"] for it in answer["violations"]))
    because(answer["violations.0"])


def no_way_in(story):
    """A link opens nothing."""
    chapter(4, "d1: the Barnahus helps the oldest, and reads of no other")
    referral = story.manager.post("/v1/referrals", {
        "caseId": story.ids[0], "toAgencyId": story.barnahus.agency, "urgency": "urgent", "reasons": ["mental_health"],
        "services": ["crisis_psychological"], "summary": "A girl of fifteen has told for the first time.", "send": {
            "disclosures": [{"dataClass": "d1_identity", "lawfulBases": ["gdpr_6_1_e_public_task"]}],
            "childView": {"status": "unable"}, "childInformed": True}}, expect=201)
    there = f"/v1/referrals/{referral['id']}"
    got = story.barnahus.post(f"{there}/acknowledge", match=story.barnahus.get(there).tag)
    story.barnahus.post(f"{there}/accept", {"worker": "Invented helper", "firstAppointmentOn": (
        story.time.now.date().isoformat())}, match=got.tag)
    story.barnahus.get(story.file(0)).has({"child.callName": "Ada"})
    story.barnahus.get(f"{story.file(0)}/contacts", expect=403).has({"code": "section-not-readable"})
    story.barnahus.get(f"{story.file(0)}/links").has({"data": []})
    timeline = story.barnahus.get(f"{story.file(0)}/timeline")
    if any(it in timeline.raw for it in ("link", "contact", *story.ids[1:])):
        timeline.fail("a guest of the oldest reads of the others")
    for number in (1, 2):
        story.barnahus.get(story.file(number), expect=404)
    told("it reads who she is; of the younger two nothing: contacts 403, no link, and their cases 404")


def each_a_contact(story):
    """One mother, and a decision for each."""
    chapter(5, "d12: the oldest does not want to see her mother, the youngest does")
    story.day(12)
    mother = {"relation": "parent", "legalResponsibility": True}
    where = f"{story.file(0)}/contacts"
    refused(story.manager, where, {**mother, "contactDecision": "supervised", "wish": "refused"}, at=where,
            code="inconsistent-values", pointer="/contactDecision")
    answer = refused(story.manager, where, {**mother, "suspected": True, "mayBeInformed": True}, at=where, rule="R36",
                     pointer="/mayBeInformed")
    refused(story.manager, where, {**mother, "suspected": True, "contactDecision": "allowed"}, at=where, rule="R36",
            pointer="/contactDecision")
    warned(story.manager.post(where, {**mother, "contactDecision": "not_allowed", "wish": "refused", "suspected": True},
                              expect=201))
    supervised = {**mother, "contactDecision": "supervised", "wish": "wished"}
    warned(story.manager.post(f"{story.file(2)}/contacts", supervised, expect=201), "R23")
    for number, decision, wish in ((0, "not_allowed", "refused"), (2, "supervised", "wished")):
        decided = story.manager.get(f"{story.file(number)}/contacts").find("data", relation="parent")
        if (decided["contactDecision"], decided["wish"]) != (decision, wish):
            answer.fail(f"of child {number} it is decided {decided}")
    told("oldest: supervised against her wish -> 422; her mother, suspected, to be told of her -> 422, or seen alone -> 422; "
         "not allowed -> 201. Youngest: supervised -> 201, and warns that best interests (R23) are not assessed")
    because(answer["violations.0"])


def no_lawyer_of_another(story):
    """Who helps one child is nobody in the case of another."""
    chapter(6, "d61: the lawyer of the oldest asks for the file of the youngest")
    story.day(61)
    sent = story.manager.post("/v1/referrals", asked(
        story.ids[0], story.lawyer, "legal_counsel", "She wants somebody to speak for her.", ("d1_identity", PUBLIC),
        ("d3_family_contacts", PUBLIC), ("d14_risk_safety", PUBLIC)), expect=201)
    takes(story.lawyer, sent, story.time.now)
    story.lawyer.get(story.file(0)).has({"child.givenName": "Ada"})
    links = story.lawyer.get(f"{story.file(0)}/links").has({"data.1.relation": "sibling", "data.2": ABSENT})
    if any(it in links.raw for it in story.ids[1:]):
        links.fail("a guest reads the ids of the others")
    nobody = f"/v1/cases/{sent['id']}"
    for rest in ("", "/child", "/contacts", "/lifecycle", "/timeline", "/documents"):
        answers = [story.lawyer.get(file + rest, expect=404) for file in (story.file(2), nobody)]
        hidden, absent = ({**it.body, "instance": None} for it in answers)
        if hidden != absent:
            answers[0].fail(f"what is hidden is not as what is absent: {absent}")
    told("lawyer: GET /v1/cases/{oldest} -> 200; of the family she learns that there are two more, by no id; GET of the "
         "youngest, six ways -> 404, in each the same words as of a case that does not exist")


def main(node):
    """Tells the story."""
    story = Story(node)
    for part in (oldest, each_a_case, each_a_plan, no_way_in, each_a_contact, no_lawyer_of_another):
        part(story)
    waiting(7, steps_of("9.10"))


if __name__ == "__main__":
    tell(main)
