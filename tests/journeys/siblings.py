"""Scenario 9.10: three children of one mother, as far as cases, contacts and links go.

Needs a sandbox node: time is set, not waited for. Everything and everybody is invented.
"""

from datetime import timedelta

from client import ABSENT
from mechanism import Time, give, owed, refused, taken_in, text, waiting, warned
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
        self.riga = node.client("riga-child-protection")
        self.barnahus = node.client("tallinn-barnahus")
        self.ids, self.younger = [], []

    def file(self, number):
        """The file of a child."""
        return f"/v1/cases/{self.ids[number]}"

    def child(self, name, years):
        """Takes a child in and presumes it a victim."""
        case = taken_in(self.screener, SEEN, {"child": {
            "callName": name, "birthDate": str(self.start.year - years), "ageCertainty": "declared"}})
        give(self.manager, case["id"], self.time.now)
        self.ids.append(case["id"])
        return case

    def day(self, number):
        """Lets time pass until a day of the scenario."""
        return self.time.to(self.start + timedelta(days=number))


def oldest(story):
    """There are two more."""
    chapter(1, "d0: a girl of fifteen tells what happens at home, and that there are two more")
    story.child("Ada", 16)
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


def each_a_case(story):
    """One group, never one case."""
    chapter(2, "d1: each is looked after, and each has a case of its own")
    now = story.day(1)
    cases = [story.child("Ben", 11), story.child("Cia", 7)]
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
    story.manager.get(f"{story.file(2)}/links").has({"data.0.relation": "sibling", "data.1": ABSENT})
    told("three cases; PATCH .../contacts/{id}, checked -> 200, R68 is met; POST .../links -> 201, by id and by reference; "
         "to itself -> 422, to a case of another country -> 422, as if there were none")


def no_way_in(story):
    """A link opens nothing."""
    chapter(3, "d1: the Barnahus helps the oldest, and reads of no other")
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
    chapter(4, "d12: the oldest does not want to see her mother, the youngest does")
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
    told("oldest: supervised against her wish -> 422; her mother, suspected, to be told of her -> 422, or seen alone -> 422; "
         "not allowed -> 201. Youngest: supervised -> 201, and warns that best interests (R23) are not assessed")
    because(answer["violations.0"])


def main(node):
    """Tells the story."""
    story = Story(node)
    for part in (oldest, each_a_case, no_way_in, each_a_contact):
        part(story)
    waiting(5, steps_of("9.10"))


if __name__ == "__main__":
    tell(main)
