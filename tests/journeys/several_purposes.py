"""Scenario 9.11: a girl who is made to beg by day and sold by night; what is recorded, and who reads which of it.

Needs a sandbox node: time is set, not waited for. Everything and everybody is invented.
"""

import hashlib

from client import ABSENT
from mechanism import PUBLIC, Time, asked, give, owed, refused, takes, text, waiting, warned
from telling import because, chapter, tell, told
from waiting import steps_of

SEEN = ["beg_adult_collects", "sex_prostitution_of_child", "gen_threats_to_child"]
HEALTH = [*PUBLIC, "gdpr_9_2_h_health_social"]
REPORT = "An invented report of the patrol: at night she was in a hotel at the harbour.\n".encode()


class Story:
    """The people of the story, and what they have made so far."""

    def __init__(self, node):
        self.node, self.time = node, Time(node)
        self.start = self.time.to(self.time.quiet_monday())
        self.ngo = node.client("tallinn-ngo")
        self.screener = node.client("tallinn-child-protection", id="p-tc-02", role="screener")
        self.manager = node.client("tallinn-child-protection")
        self.shelter, self.patrol = node.client("tallinn-shelter"), node.client("tallinn-police")
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
    refused(story.manager, where, mixed, at=where, rule="R98", pointer="/exploitationTypes")
    told("- mixed -> 422, by the same rule")
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
    chapter(5, "d8: tests at a clinic, and a place at a school")
    story.time.on(days=6)
    outbox = f"/v1/referrals?box=outbox&caseId={story.case}"
    identity, health, where = ("d1_identity", PUBLIC), ("d7_health", HEALTH), ("d2_whereabouts", PUBLIC)
    for more in (health, where):
        wanted = asked(story.case, story.school, "education", "A girl of thirteen.", identity, more, services=["schooling"])
        answer = refused(story.manager, "/v1/referrals", wanted, at=outbox, rule="R75", pointer="/send/disclosures")
        told(f"case manager: POST /v1/referrals to a school with {more[0]} -> 422, and not even a draft is there")
    because(answer["violations.0"])
    for who, reason, service, more in ((story.clinic, "medical_urgent", "medical_care", health), (
            story.shelter, "shelter", "safe_accommodation", ("d14_risk_safety", PUBLIC))):
        sent = story.manager.post("/v1/referrals", asked(
            story.case, who, reason, "A girl of thirteen.", identity, more, services=[service]), expect=201)
        warned(sent.has({"status": "sent"}))
        takes(who, sent, story.time.now)
    told("- to a clinic with d7_health, to a shelter with d14_risk_safety -> 201, sent and accepted")


def suspect(story):
    """Whoever helps describes the danger; the authorities name who it is."""
    chapter(3, "d2: the NGO knows the name of the man")
    story.time.on(days=2)
    where = f"{story.file}/contacts"
    man = {"relation": "other", "givenName": "Invented", "suspected": True}
    story.ngo.post(where, man, expect=403).has({"code": "not-your-function"})
    facts = story.ngo.post("/v1/concerns", {
        "description": "An invented description of the man who waits for her at the station.", "location": "The station",
        "danger": True, "observations": [{"indicator": "gen_threats_to_child", "certainty": "reported"}]}, expect=201)
    told("NGO: POST .../contacts, a suspect by name -> 403, before any rule is asked, as it writes in no file at all; the facts "
         f"as a concern -> 201, to be looked at by {facts['triageDue']}")
    warned(story.manager.post(where, man, expect=201))
    story.screener.post("/v1/screenings", {"concernId": facts["id"], "observations": [
        {"indicator": "gen_threats_to_child", "certainty": "reported"}]}, expect=201)
    rule = story.ngo.get("/v1/rules/R88").has({"message": "gdpr10_blocked", "force": "hard"})
    told("case manager: the same contact -> 201. To an organisation that has a mandate and opened the case, R88 says: "
         f"{rule['effect']}")


def route(story):
    """Legs that follow each other."""
    chapter(4, "d2: the way on which she was brought")
    where = f"{story.file}/movements"
    year = story.start.year
    legs = [{"fromCountry": "LV", "fromPlace": "An invented village", "toCountry": "LV", "departed": f"{year - 1}-05"},
            {"fromCountry": "LV", "toCountry": "EE", "toPlace": "The station", "arrived": f"{year - 1}-06-02",
             "transport": "car", "crossing": "not_controlled"}]
    body = {"purpose": "exploitation", "legs": legs}
    for wrong, code in ((legs[::-1], "route_broken"), ([legs[1], {**legs[0], "fromCountry": "EE"}], "route_reversed")):
        answer = refused(story.manager, where, {**body, "legs": wrong}, at=where, code="inconsistent-values", pointer="/legs")
        told(f"case manager: POST .../movements -> 422 {answer.find('violations', code=code)['message']}")
    warned(story.manager.post(where, body, expect=201).has({"legs.1.crossing": "not_controlled"}))
    told("- in the order in which she was brought -> 201, two legs")


def papers(story):
    """Whoever may read the class reads it whole; to others it does not exist."""
    chapter(6, "d10: a note, and the report of the patrol")
    notes, documents = f"{story.file}/notes", f"{story.file}/documents"
    health = {"category": "d7_health", "text": "Invented: the tests were done."}
    refused(story.manager, notes, health, at=notes, expect=403, code="section-not-writable")
    told("case manager: POST .../notes of d7_health -> 403: it reads a summary of her health, and writes none")
    note = {"category": "d4_exploitation_narrative", "text": "Invented: she has told of the hotel."}
    first = warned(story.manager.post(notes, note, expect=201))
    second = warned(story.manager.post(notes, {**note, "correctsId": first["id"], "text": "Invented: of two hotels."}, expect=201))
    danger = {"category": "d14_risk_safety", "text": "Invented: nobody opens the door to a man with a grey car."}
    risk = warned(story.manager.post(notes, danger, expect=201))
    story.manager.get(notes).has({"data.0.id": risk["id"], "data.1.id": second["id"], "data.1.correctsId": first["id"],
                                  "data.2.id": first["id"], "data.3": ABSENT})
    sealed = {"category": note["category"], "kind": "police_report", "title": "Report of the patrol", "mediaType": "text",
              "length": len(REPORT), "sha256": hashlib.sha256(REPORT).hexdigest()}
    announced = warned(story.manager.post(documents, sealed, expect=201).has({"storedAt": ABSENT}))
    paper = f"{documents}/{announced['id']}"
    story.manager.get(f"{paper}/content", expect=404)
    for wrong, code in ((REPORT.replace(b"harbour", b"Harbour"), "digest_differs"), (REPORT[:-1], "length_differs")):
        refusal = story.manager.upload(f"{paper}/content", wrong, expect=422)
        refusal.find("violations", code=code)
        story.manager.get(paper).has({"storedAt": ABSENT})
    told("case manager: POST .../documents, announced with length and digest -> 201; PUT .../content with another letter -> 422 "
         f"digest_differs, with one byte less -> 422 {code}, and nothing is kept")
    stored = story.manager.upload(f"{paper}/content", REPORT).has({"storedAt": text(story.time.now)})
    if story.manager.upload(f"{paper}/content", REPORT).body != stored.body:
        stored.fail("the same bytes once more change something")
    if story.manager.get(f"{paper}/content").raw.encode() != REPORT:
        stored.fail("other bytes come back")
    told("- the announced bytes -> 200, once more -> 200; GET .../content has them byte for byte")
    for who in (story.shelter, story.clinic):
        who.get(story.file).has({"child.callName": "Dara"})
        who.get(documents).has({"data": []})
        for path in (f"{notes}/{first['id']}", paper, f"{paper}/content"):
            who.get(path, expect=404).has({"code": "not-found"})
        who.get(f"{story.file}/movements", expect=403).has({"code": "section-not-readable"})
        who.upload(f"{paper}/content", REPORT, expect=404).has({"code": "not-found"})
    story.shelter.get(notes).has({"data.0.id": risk["id"], "data.0.text": danger["text"], "data.1": ABSENT})
    story.clinic.get(notes).has({"data": []})
    for path in (notes, documents, f"{paper}/content"):
        story.school.get(path, expect=403).has({"code": "not-your-function"})
        story.patrol.get(path, expect=404)
    told("- the shelter reads the note on the danger, and of what she told no note and no document, as a clinic does: none is "
         "listed, and by its id each is 404; a school reads no file at all -> 403; to the police, who take no part, all is 404")


def main(node):
    """Tells the story."""
    story = Story(node)
    for part in (found, each_purpose, suspect, route, not_to_school, papers):
        part(story)
    waiting(7, steps_of("9.11"))


if __name__ == "__main__":
    tell(main)
