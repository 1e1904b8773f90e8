"""Scenarios 9.2, 9.3 and 9.4, as far as identification, age and the file go: a girl who was groomed online, a girl who is to
be married abroad, and a boy who is taken for an offender.

Needs a sandbox node: time is set, not waited for. Everything and everybody is invented.
"""

from datetime import timedelta

from client import ABSENT, PRESENT
from feed import Feed
from mechanism import Time, end_of, give, owed, refusals, refused, takes, text, waiting, warned
from telling import because, chapter, tell, told
from waiting import steps_of

PUBLIC, SENSITIVE = ["gdpr_6_1_e_public_task"], ["gdpr_6_1_e_public_task", "gdpr_9_2_h_health_social"]
POLICE = ["led_8_competent_authority_task", "led_10_special_categories"]
VIEW = {"status": "expressed", "method": "spoken", "summary": "She knows what is asked for her.",
        "weightGiven": "As she wishes."}


def seen(*codes, certainty="reported"):
    """Indicators that were observed."""
    return [{"indicator": code, "certainty": certainty} for code in codes]


def package(*classes):
    """What is sent: classes, each with its lawful bases."""
    return {"disclosures": [{"dataClass": name, "lawfulBases": bases} for name, bases in classes], "childView": VIEW,
            "childInformed": True}


class Story:
    """The people of the stories."""

    def __init__(self, node):
        self.node, self.time = node, Time(node)
        self.start = self.time.to(self.time.quiet_monday(days=40))
        self.screener = node.client("tallinn-child-protection", id="p-tc-02", role="screener")
        self.manager = node.client("tallinn-child-protection")
        self.helpline, self.school = node.client("helpline"), node.client("tallinn-school")
        self.police = node.client("tallinn-police", id="p-tp-03", role="case_manager")
        self.officer = node.client("tallinn-police", id="p-tp-04", role="identification_officer")
        self.digital, self.shelter = node.client("tallinn-ngo"), node.client("tallinn-shelter")
        self.oversight = node.client("ee-data-protection")
        self.association = node.client("narva-ngo")
        self.lawyer = node.client("narva-ngo", id="p-nn-03", role="lawyer")
        self.case = self.file = None

    def day(self, number, **span):
        """Lets time pass until so long after the start, in days of a scenario; the instant."""
        return self.time.to(self.start + timedelta(days=number, **span))

    def taken_in(self, concern, observations, child, **expected):
        """Screened by child protection, taken in and presumed a victim; the case."""
        screening = self.screener.post("/v1/screenings", {
            "concernId": concern["id"], "observations": observations, "controllingPerson": True}, expect=201)
        screening.has({"assessment.result": "reasonable_grounds", **expected})
        owed(self.manager, "triage", concern["id"]).has({"state": "met"})
        case = self.screener.post("/v1/cases", {"screeningId": screening["id"], "child": child}, expect=201)
        self.case, self.file = case["id"], f"/v1/cases/{case['id']}"
        presumed = self.screener.post(f"{self.file}/identification/presume", {"grounds": "screening"}, match=case.tag)
        presumed.has({"status": "presumed_victim"})
        return case, presumed

    def takes(self, who, referral):
        """Acknowledges and accepts a referral."""
        return takes(who, referral, self.time.now)


def online(story):
    """A nickname and a chat are enough."""
    chapter(1, "9.2, d0: a girl of fourteen writes to the helpline, and gives a nickname")
    codes = ("onl_images_solicited", "onl_images_threatened", "onl_meeting_travel_arranged")
    thin = {"description": "Somebody has pictures of her and pays her a ticket to meet him.", "anonymous": True}
    refused(story.helpline, "/v1/concerns", thin, at="/v1/concerns", rule="R4", pointer="")
    concern = story.helpline.post("/v1/concerns", {
        **thin, "childHint": "14, calls herself Moon, in the chat each evening", "observations": seen(*codes)}, expect=201)
    concern.has({"anonymous": True, "triageAgencyId": story.manager.agency})
    told("helpline: POST /v1/concerns without any way to her -> 422, R4; with a nickname -> 201, anonymous; child "
         "protection looks at it")
    for who in (story.police, story.digital):
        who.get(f"/v1/concerns/{concern['id']}", expect=404)
    guess = story.screener.post("/v1/screenings", {"observations": seen(*codes, certainty="suspected")}, expect=201)
    warned(guess.has({"assessment.result": "insufficient", "assessment.strongDirect": []}), "R21")
    told("screener: POST /v1/screenings of what is only suspected -> 201, insufficient, and warns")
    because(guess["warnings.0"])
    case, presumed = story.taken_in(concern, seen(*codes), {
        "callName": "Moon", "birthDate": str(story.start.year - 15), "ageCertainty": "declared"},
        **{"assessment.condition": "b", "assessment.strongDirect": list(codes)})
    warned(case.has({"child.ageStatus": "undisputed_child", "child.name": ABSENT}))
    warned(presumed, "R100")
    told("- of what she told -> 201, reasonable grounds by condition b; POST /v1/cases, a nickname -> 201; presumed")
    narrative = "An invented account of what he wrote to her."
    episode = {"exploitationTypes": ["sexual_csam_production"], "stage": "ongoing", "placeType": "online",
               "platformTypes": ["messaging_open"], "controlMethods": ["image_blackmail"], "narrative": narrative}
    episodes = f"{story.file}/exploitation-episodes"
    warned(story.manager.post(episodes, episode, expect=201), "R1")
    digital_safety(story, episodes, narrative)
    parent_excluded(story, {"relation": "step_parent", "livesWithChild": True}, "the new partner of her mother")


def digital_safety(story, episodes, narrative):
    """Who helps gets what it needs."""
    ask = {"caseId": story.case, "toAgencyId": story.digital.agency, "urgency": "priority",
           "reasons": ["social_inclusion"], "services": ["digital_safety"], "summary": "Pictures of her are shared."}
    outbox = f"/v1/referrals?box=outbox&caseId={story.case}"
    whole = package(("d1_identity", PUBLIC), ("d4_exploitation_narrative", SENSITIVE))
    answer = refused(story.manager, "/v1/referrals", {**ask, "send": whole}, at=outbox, rule="R75")
    told("case manager: POST /v1/referrals to the NGO for digital safety, with her account -> 422")
    because(answer["violations.0"])
    story.digital.get(story.file, expect=404)
    sent = story.manager.post("/v1/referrals", {**ask, "send": package(("d1_identity", PUBLIC))}, expect=201)
    story.takes(story.digital, sent)
    read = story.digital.get(story.file).has({"child.callName": "Moon", "identification": ABSENT})
    read.find("withheld", section="d4_exploitation_narrative")
    for section in ("exploitation-episodes", "identification", "whereabouts"):
        story.digital.get(f"{story.file}/{section}", expect=403).has({"code": "section-not-readable"})
    story.digital.patch(f"{story.file}/child", {"callName": "Sun"}, match=story.digital.get(f"{story.file}/child").tag,
                        expect=403).has({"code": "not-your-function"})
    if narrative in read.raw + story.digital.get(f"{story.file}/timeline").raw:
        read.fail("the NGO reads what she told")
    story.police.get(episodes, expect=404)
    told("- without it -> 201, sent and accepted: the NGO reads who she is; her account, the decision and her whereabouts "
         "are 403; it changes nothing; to the police, who take no part, all is 404")


def parent_excluded(story, person, who):
    """Whoever is suspected is not told of the child."""
    where, suspect = f"{story.file}/contacts", {**person, "suspected": True}
    answer = refused(story.manager, where, {**suspect, "mayBeInformed": True}, at=where, rule="R36",
                     pointer="/mayBeInformed")
    refused(story.manager, where, {**suspect, "contactDecision": "allowed"}, at=where, rule="R36",
            pointer="/contactDecision")
    excluded = story.manager.post(where, {**suspect, "contactDecision": "not_allowed"}, expect=201)
    warned(excluded)
    told(f"case manager: POST .../contacts, {who}, suspected: to be told of her, or to see her -> 422; not allowed -> 201")
    because(answer["violations.0"])
    requests = f"{story.file}/data-requests"
    kin = "parent" if person["relation"] == "parent" else "relative"
    ask = {"kind": "access", "requester": kin, "contactId": excluded["id"], "receivedOn": story.time.now.date().isoformat()}
    held = story.manager.post(requests, ask, expect=201).has(
        {"status": "held", "hold": "contact_excluded", "reply.code": "received_and_looked_at"})
    there = f"{requests}/{held['id']}"
    given = {"outcome": "given", "answeredOn": ask["receivedOn"]}
    refused(story.manager, f"{there}/answer", given, at=there, rule="R90")
    seen_by = story.oversight.get(there)
    story.oversight.post(f"{there}/review", {"outcome": "refuse", "ground": "It would endanger her."}, match=seen_by.tag)
    refused(story.manager, f"{there}/answer", given, at=there, rule="R90")
    story.manager.post(f"{there}/answer", {**given, "outcome": "refused"}, match=story.manager.get(there).tag).has(
        {"status": "answered"})
    told(f"- {who} asks for the file: POST .../data-requests -> 201, held (R90), answered as everybody; the data protection "
         "officer, who does not read the case, refuses it; nothing is given")


def abroad(story):
    """A journey that must not happen."""
    chapter(2, "9.3, d0: a school hears that a girl of sixteen is to be married abroad")
    codes = ("mar_travel_abroad_planned", "dom_on_call_all_hours")
    start = story.time.now
    concern = story.school.post("/v1/concerns", {
        "description": "She is to fly on Friday and has a ticket for one way; at home she works day and night.",
        "contact": "The class teacher", "danger": True, "observations": seen(*codes)}, expect=201)
    concern.has({"triageDue": text(start + timedelta(hours=2)), "triageAgencyId": story.manager.agency})
    refused(story.school, "/v1/screenings", {"observations": seen(*codes)}, at=f"/v1/concerns/{concern['id']}",
            expect=403, code="not-your-function")
    case, _ = story.taken_in(concern, seen(*codes), {
        "callName": "Sana", "sex": "female", "birthDate": f"{story.start.year - 17}-12-24", "ageCertainty": "documented"},
        **{"assessment.condition": "b", "assessment.strongDirect": [codes[1]]})
    warned(case.has({"child.ageStatus": "undisputed_child"}))
    told("school: POST /v1/concerns, danger -> 201, within two hours by child protection; it screens nobody -> 403; child "
         "protection: reasonable grounds by condition b, taken in, presumed")
    due = text(start + timedelta(hours=24))
    owed(story.manager, "guardian_check", story.case).has({"rule": "R32", "dueAt": due})
    record = {"what": "A provisional guardian; the parents are suspected.", "byWhom": "Duty worker",
              "doneAt": text(story.time.now + timedelta(hours=1))}
    where, at = f"{story.file}/entitlements/guardian_check/record", f"{story.file}/identification"
    before = story.manager.get(at)
    story.manager.post(where, record, match=before.tag, expect=422).has({"violations.0.pointer": "/doneAt"})
    story.school.post(where, record, match=before.tag, expect=403)
    given = ("guardian_check", "safety_plan", "reflection_period", "information", "asylum_information")
    give(story.manager, story.case, story.time.now, given)
    episodes = f"{story.file}/exploitation-episodes"
    friday, before = start.date() + timedelta(days=4), start.date() - timedelta(days=200)
    marriage = {"exploitationTypes": ["forced_marriage"], "stage": "intended", "from": friday.isoformat()}
    refused(story.manager, episodes, {**marriage, "stage": "ongoing"}, at=episodes, code="inconsistent-values",
            pointer="/from")
    servitude = {"exploitationTypes": ["domestic_servitude"], "stage": "ongoing", "from": before.isoformat()}
    for episode in (marriage, servitude):
        warned(story.manager.post(episodes, episode, expect=201), "R1")
    told(f"- a guardian by {due} (R32), done and recorded; not in the future -> 422, and not by the school -> 403; two "
         "episodes: what is intended from Friday on, and what goes on for months")
    parent_excluded(story, {"relation": "parent", "legalResponsibility": True}, "a parent")
    safe_house(story)


def safe_house(story):
    """Not together with adults."""
    chapter(3, "9.3, d2: she needs a bed")
    story.day(2)
    ask = {"caseId": story.case, "urgency": "urgent", "reasons": ["shelter"], "services": ["safe_accommodation"],
           "summary": "A girl of sixteen needs a place that her family does not know."}
    mixed = story.manager.post("/v1/referrals", {**ask, "toAgencyId": story.association.agency}, expect=201)
    warning = mixed.find("warnings", rule="R99")
    told("case manager: POST /v1/referrals to a house for young people and adults -> 201, and warns")
    because(warning)
    story.manager.post(f"/v1/referrals/{mixed['id']}/cancel", {"reason": "A house for children."}, match=mixed.tag)
    sent = story.manager.post("/v1/referrals", {**ask, "toAgencyId": story.shelter.agency, "send": package(
        ("d1_identity", PUBLIC), ("d2_whereabouts", PUBLIC))}, expect=201)
    warned(sent)
    story.takes(story.shelter, sent)
    where = f"{story.file}/whereabouts"
    address = "Invented Street 9, at the back"
    weak = story.shelter.get(where, expect=403).has({"code": "section-not-readable"})
    bound = story.manager.bound(story.case)
    bound.patch(where, {"accommodationType": "thb_shelter_child", "address": address}, match=bound.get(where).tag)
    story.shelter.bound(story.case).get(where).has({"address": address})
    told("shelter: GET .../whereabouts -> 403 with a token that is good for every child of the shelter; 200 with one that is "
         f"bound to the case ({weak['detail']})")
    clinic = story.node.client("tallinn-clinic")
    for who, status in ((story.school, 403), (story.helpline, 403), (clinic, 404), (story.police, 404)):
        if address in who.get(where, expect=status).raw:
            sent.fail("an address is told to who asks")
    feed = Feed(story.school)
    bound.patch(where, {"contact": "The night desk"}, match=bound.get(where).tag)
    if feed.client.get("/v1/events", **feed.cursor)["data"]:
        sent.fail("the school hears where she is")
    told("- to a house for children -> 201, sent, accepted: its workers read the address; to school and helpline it is 403, "
         "to a clinic and to the police, who take no part, 404")
    address_abroad(story, address)
    story.day(20)
    give(story.manager, story.case, story.time.now, ("education",))
    owed(story.manager, "education", story.case).has({"state": "met", "rule": "R69"})
    told("d20: she goes to school again: education (R69) is met, ten days before it was due")


def address_abroad(story, address):
    """Whoever asks from afar learns nothing, and the log of disclosures shows that nothing was given."""
    story.day(10)
    requests = f"{story.file}/data-requests"
    ask = {"kind": "access", "requester": "relative", "name": "An invented uncle", "receivedOn": story.time.now.date().isoformat()}
    held = story.manager.post(requests, ask, expect=201).has({"status": "held", "hold": "not_known"})
    there = f"{requests}/{held['id']}"
    refused(story.manager, f"{there}/answer", {"outcome": "given", "answeredOn": ask["receivedOn"]}, at=there, rule="R90")
    audit = story.node.client("ee-data-protection", purpose="audit")
    given = audit.get("/v1/audit/disclosures", caseId=story.case, limit=200)
    to = [it.get("toAgencyId", it.get("toRequester")) for it in given["data"]]
    if story.shelter.agency not in to or "relative" in to or address in given.raw:
        given.fail("the disclosures are not those to whoever cares for her")
    told("d10: a relative abroad has the consulate ask where she is: recorded, held (R90), nothing is given; data protection: GET "
         f"/v1/audit/disclosures of her case has {len(to)}, to the house among them with classes and bases, to the relative none")


def offender(story):
    """He is a victim first."""
    chapter(4, "9.4, d0: a lawyer has a client of fifteen, found among plants")
    story.day(21)
    codes = ("cri_found_cannabis_site", "gen_documents_withheld")
    concern = story.lawyer.post("/v1/concerns", {
        "description": "He slept among the lamps, the door was locked from outside, his passport is with others.",
        "location": "The detention house", "observations": seen(*codes)}, expect=201)
    concern.has({"triageAgencyId": story.manager.agency, "agencyId": story.lawyer.agency})
    own = story.lawyer.post("/v1/screenings", {"concernId": concern["id"], "observations": seen(*codes)}, expect=201)
    owed(story.manager, "triage", concern["id"]).has({"state": "running", "watcherId": story.lawyer.agency})
    story.lawyer.post("/v1/cases", {"screeningId": own["id"]}, expect=403).has({"code": "not-your-function"})
    refused(story.screener, "/v1/cases", {"screeningId": own["id"]}, at="/v1/cases", code="reference-not-found")
    told("lawyer: POST /v1/concerns -> 201; her association screens, too -> 201, and opens no cases -> 403: so child "
         "protection still is to look at it")
    case, _ = story.taken_in(concern, seen(*codes), {
        "callName": "Bao", "sex": "male", "birthDate": str(story.start.year - 16), "ageCertainty": "declared"},
        **{"assessment.condition": "b", "assessment.strongDirect": list(codes)})
    told(f"child protection: reasonable grounds by condition b, case {case['reference']}, presumed: R12 keeps him here")
    give(story.manager, story.case, story.time.now)
    represented(story)
    identified(story)


def represented(story):
    """His lawyer comes into the case, and nobody else of her association; who is never to know does not exist for it."""
    there = f"{story.file}/participants"
    party = {"agencyId": story.lawyer.agency, "role": "lawyer"}
    grant = [{"dataClass": name, "access": "read", "lawfulBases": PUBLIC}
             for name in ("d1_identity", "d6_identification_decision")]
    story.lawyer.get(story.file, expect=404)
    excess = {"dataClass": "d4_exploitation_narrative", "access": "read", "lawfulBases": SENSITIVE}
    wanted = {"party": party, "classes": [*grant, excess], "reason": "She represents him."}
    story.manager.post(there, wanted, expect=422).find("violations", rule="R75")
    part = story.manager.post(there, {**wanted, "classes": grant}, expect=201).has({"status": "current"})
    story.lawyer.get(story.file).has({"child.callName": "Bao", "identification.status": "presumed_victim"})
    story.association.get(story.file, expect=404)
    access = story.lawyer.get("/v1/me/access", caseId=story.case).has({"relation": "granted"})
    access.find("classes", dataClass="d4_exploitation_narrative", read="none", reason="agency_type")
    told("child protection: POST .../participants for his lawyer, with his account -> 422 (R75); with identity and decision -> "
         "201, and she reads them at once; to her colleague in another role the case is 404")
    shut = story.manager.post(f"{story.file}/restricted-parties", {
        "party": {"agencyId": story.lawyer.agency}, "reason": "The owner of the house sits on its board."}, expect=201)
    feed = Feed(story.manager)
    story.lawyer.get(story.file, expect=404)
    feed.hears(lambda heard: any(it["type"] == "access.shut_out_tried" for it in heard), story.case)
    lift = f"{story.file}/restricted-parties/{shut['id']}/lift"
    asked = story.manager.post(lift, {"reason": "He has left the board."}, match=shut.tag)
    story.manager.post(f"{lift}/confirm", match=asked.tag, expect=403).has({"code": "not-your-function"})
    story.lawyer.get(story.file, expect=404)
    second = story.node.client("tallinn-child-protection", id="p-tc-05", role="supervisor")
    second.post(f"{lift}/confirm", match=asked.tag).has({"status": "lifted"})
    story.lawyer.get(story.file).has({"child.callName": "Bao"})
    told("- POST .../restricted-parties -> 201: to all of the association it is 404, and stays so until a second person agrees; "
         "GET /v1/events -> the lead hears within seconds that somebody there asks for it")
    end = {"reason": "He chose another lawyer."}
    story.manager.post(f"{there}/{part['id']}/end", end, match=part.tag).has({"status": "ended"})
    story.lawyer.get(story.file, expect=404)
    told("- POST .../end -> 200: on her next request the case is 404")


def identified(story):
    """What he was made to do is no ground, neither against him nor against his status."""
    chapter(5, "9.4, d6: an identification officer of the police decides; what he did there is no ground")
    story.day(22)
    identification = f"{story.file}/identification"
    story.officer.get(identification, expect=404)
    sent = story.manager.post("/v1/referrals", {
        "caseId": story.case, "toAgencyId": story.officer.agency, "urgency": "priority",
        "reasons": ["formal_identification"], "summary": "A boy who was found at a grow site is presumed a victim.",
        "send": package(("d1_identity", PUBLIC + POLICE), ("d4_exploitation_narrative", POLICE),
                        ("d6_identification_decision", PUBLIC + POLICE))}, expect=201)
    warned(sent)
    story.officer.post(f"{identification}/open-formal-assessment", match=story.manager.get(identification).tag, expect=404)
    story.takes(story.police, sent)
    told("child protection: POST /v1/referrals for formal identification -> 201; until it is accepted, the police read "
         "nothing of him -> 404")
    opened = story.officer.post(f"{identification}/open-formal-assessment", match=story.officer.get(identification).tag)
    story.day(27)
    silent = story.node.client("tallinn-police", id="p-tp-03", role="identification_officer", why=False)
    silent.get(identification, expect=403).has({"code": "justification-required"})
    told("officer: GET .../identification without saying why -> 403 (R86); with a decision in the books of the police -> 200")
    against = {"grounds": ["criminal_conduct", "no_means"], "reasons": "He watered the plants, and nobody beat him.",
               "findings": {"act": "shown", "purpose": "unclear", "evidence": ["The report of the patrol."]}}
    answer = refused(story.officer, f"{identification}/propose-negative", against, at=identification)
    refusals(answer, ("R14", "/grounds"), ("R14", "/grounds"))
    told("officer: POST .../propose-negative, since he committed an offence and without means -> 422")
    because(answer["violations.0"])
    decided = story.officer.post(f"{identification}/decide", {
        "findings": {"act": "shown", "purpose": "shown", "acts": ["harbouring"], "purposes": ["criminal_activity"],
                     "evidence": ["The lock outside the door."]},
        "reasons": "He was kept there for what others earned.", "informed": {"child": True, "guardian": True},
    }, match=opened.tag)
    warned(decided.has({"status": "identified_victim", "removalBlock": {"rule": "R12"}}), "R1")
    story.police.post(f"{identification}/close-without-status", {"reason": "child_moved", "explanation": "He left."},
                      match=decided.tag, expect=403).has({"code": "not-your-function"})
    owed(story.manager, "formal_decision", story.case).has({"state": "met"})
    due = text(end_of((story.start + timedelta(days=52)).date(), story.start.tzinfo))
    owed(story.manager, "formal_decision", story.case).has({"dueAt": due, "computedFrom": PRESENT})
    told(f"- with act and purpose shown -> 200, identified_victim, weeks before {due}; R12 keeps him here")


def main(node):
    """Tells the stories."""
    story = Story(node)
    for part in (online, abroad, offender):
        part(story)
    for number, scenario in enumerate(("9.2", "9.3", "9.4"), 6):
        waiting(number, steps_of(scenario))


if __name__ == "__main__":
    tell(main)
