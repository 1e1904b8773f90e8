"""The parts of scenarios 9.1, 9.6, 9.8, 9.9 and 9.12 that cross a border: two countries, each with its own case, joined by
messages alone.

Needs a sandbox node: time is set, not waited for. Everything and everybody is invented.
"""

from datetime import datetime, timedelta

from client import ABSENT, PRESENT
from feed import Feed
from mechanism import Time, lives, owed, taken_in, text, unlike_any
from telling import because, chapter, tell, told

REQUESTS = "/v1/transnational-requests"
COOPERATION = ["h96_or_biib_cooperation"]
SEEN = ["beg_adult_collects", "beg_target_sum", "trv_group_unrelated_adult"]
FOCAL, CENTRAL = "demo-focal-point-riga", "demo-central-authority-riga"


class Story:
    """The people of both countries."""

    def __init__(self, node):
        self.node, self.time = node, Time(node)
        self.start = self.time.to(self.time.quiet_monday())
        self.screener = node.client("tallinn-police", id="p-tp-02", role="screener")
        self.manager = node.client("tallinn-child-protection")
        self.supervisor = node.client("tallinn-child-protection", id="p-tc-09", role="supervisor")
        self.duty = node.client("tallinn-child-protection", id="p-tc-08", role="duty_officer")
        self.focal = node.client("ee-focal-point")
        self.central = node.client("ee-central-authority")
        self.coordinator = node.client("ee-coordinator")
        self.there = node.client("lv-focal-point")
        self.central_there = node.client("lv-central-authority")
        self.coordinator_there = node.client("lv-coordinator")
        self.lead_there = node.client("riga-child-protection")
        self.duty_there = node.client("riga-child-protection", id="p-rc-08", role="duty_officer")
        self.screener_there = node.client("riga-police", id="p-rp-02", role="screener")
        self.boy = self.boy_there = None

    def content(self, *parts, **more):
        """What goes into a package: the parts of the request, and what is disclosed."""
        attested = [it for it in parts if it == "translation"]
        written = [{"part": it, "text": f"{it.replace('_', ' ').capitalize()}, as it stands."} for it in parts
                   if it != "translation"] + more.pop("written", [])
        disclosed = [{"dataClass": name, "lawfulBases": COOPERATION} for name in ("d1_identity", "d15_referral_metadata")]
        tomorrow = (self.time.now + timedelta(days=1)).date().isoformat()
        return {"disclosures": disclosed, "parts": attested, "written": written, "withIdentity": True,
                "viewMissingReason": "not_possible_now", "askAgainOn": tomorrow, **more}

    def case(self, call_name, year):
        """A child of Estonia who is presumed a victim."""
        child = {"callName": call_name, "familyName": unlike_any(), "sex": "female", "birthDate": str(year),
                 "ageCertainty": "declared", "nationalities": ["UA"], "languages": ["uk"]}
        return taken_in(self.screener, SEEN, {"child": child})["id"]


def drafts(who, case, kind, route, office, given, *, country="LV", urgency="urgent", expect=201):
    """Drafts a request to another country."""
    body = {"caseId": case, "requestType": kind, "route": route, "urgency": urgency, "toCountry": country,
            "content": given}
    if office:
        body["toOffice"] = office
    return who.post(REQUESTS, body, expect=expect)


def act(who, request, name, body=None, *, expect=200):
    """An act on a request as it is now; sending names the digest of the package that was previewed."""
    there = f"{REQUESTS}/{request}"
    if name in ("submit-national", "approve", "send-direct"):
        body = {"packageDigest": who.get(f"{there}/package")["digest"]}
    return who.post(f"{there}/{name}", body, match=who.get(there).tag, expect=expect)


def goes(author, office, case, kind, route, to, given, **more):
    """Drafts, submits, approves and sends a request; its id."""
    request = drafts(author, case, kind, route, to, given, **more)["id"]
    act(author, request, "submit-national").has({"status": "national_review"})
    act(office, request, "approve").has({"status": "delivered", "messagesUnreceipted": 0})
    return request


def ring(story):
    """9.1, d0 to d3: a boy in Tallinn, his sister in Riga, a van between them."""
    chapter(1, "9.1, d1: Latvia is asked to identify the sister of a boy who begs in Tallinn")
    story.boy = story.case("Mik", story.start.year - 11)
    d5, d6 = ({"dataClass": it, "lawfulBases": COOPERATION} for it in ("d5_indicators", "d6_identification_decision"))
    given = story.content(indicators=["beg_adult_collects"])
    given["disclosures"] += [d5, d6]
    drafted = drafts(story.manager, story.boy, "tr_identification_support", "focal_point", FOCAL, given)
    drafted.has({"status": "draft", "side": "requesting", "responsible.side": "requesting"})
    request = drafted["id"]
    listed = story.manager.get(f"{REQUESTS}/{request}/checklist").has({"complete": True, "channelOpen": True})
    told("case manager: POST /v1/transnational-requests -> 201; GET .../checklist: "
         + ", ".join(it["label"] for it in listed["parts"]) + f", by {listed['channels.0.source.citation']}")
    preview = story.manager.get(f"{REQUESTS}/{request}/package").has({"packageStatus": "prepared", "identity": PRESENT})
    act(story.manager, request, "submit-national")
    story.there.get(f"{REQUESTS}/{request}", expect=404)
    act(story.focal, request, "approve").has({"status": "delivered", "firstReceivedAt": PRESENT})
    came = story.there.get(f"{REQUESTS}/{request}/package").has({"packageStatus": "received", "digest": preview["digest"]})
    if came["package"] != preview["package"]:
        came.fail("what arrived is not what was previewed")
    told("- submitted, approved, and delivered at once; what arrives has the digest of the preview")
    box = story.there.get(REQUESTS, box="in", status="delivered")
    box.find("data", id=request, requestType="tr_identification_support")
    act(story.there, request, "acknowledge", {"officer": "Officer L."})
    opened = act(story.there, request, "open-case").has({"presumesVictim": True, "caseId": PRESENT})
    own = opened["caseId"]
    told("Latvia: GET ?box=in; POST .../acknowledge, .../open-case -> 200: a case of its own, which the focal point opened "
         "and child protection in Riga leads")
    notice = {"country": "EE", "authority": "The focal point of Estonia", "document": "Its request",
              "dated": story.time.now.date().isoformat()}
    where = f"/v1/cases/{own}/identification"
    presumed = story.lead_there.post(f"{where}/foreign-notice", notice, match=story.lead_there.get(where).tag)
    presumed.has({"status": "presumed_victim", "caseStatus": "open"})
    told("- the notice presumes him a victim (R17); Riga: POST .../identification/foreign-notice -> 200, presumed_victim")
    for who, case in ((story.lead_there, story.boy), (story.there, story.boy), (story.manager, own)):
        who.get(f"/v1/cases/{case}", expect=404)
    told("- neither side sees the case of the other: GET /v1/cases/{id} -> 404 on both sides")
    story.boy_there = own
    sister = {"relation": "sibling", "givenName": "Ana", "birthDate": str(story.start.year - 8), "livesWithChild": True,
              "isChild": True, "contactDecision": "not_decided", "wish": "wished"}
    contact = story.lead_there.post(f"/v1/cases/{own}/contacts", sister, expect=201)
    owed(story.lead_there, "check_sibling", contact["id"]).has({"rule": "R68", "state": "running"})
    told("- Riga: POST .../contacts, his sister -> 201; somebody looks after her within 72 hours (R68)")
    act(story.there, request, "assess")
    act(story.there, request, "answer", {"answer": "She was seen at the market of Riga on Sunday."})
    act(story.manager, request, "close", {"outcome": "Both countries look for her."}).has({"status": "closed"})
    closed = story.there.get(f"{REQUESTS}/{request}").has({"status": "closed", "outcome": "Both countries look for her."})
    end = closed.find("noticesToAcknowledge", kind="closed")
    act(story.there, request, "acknowledge-notice", {"seq": end["seq"]})
    story.manager.get(f"{REQUESTS}/{request}").has({"noticesUnacknowledged": ABSENT})
    told("case manager: POST .../close; Latvia: POST .../acknowledge-notice -> 200: a person there has read the outcome")

    chapter(2, "9.1, d2: the van has crossed the border, and Latvia is warned at once")
    story.time.to(story.start + timedelta(days=2))
    given = story.content("measures_taken", "presence_information",
                    written=[{"part": "danger", "text": "Two adults, a white van; they looked for him yesterday."}])
    notice = drafts(story.manager, story.boy, "tr_danger_notice", "direct", FOCAL, given, urgency="immediate")["id"]
    act(story.manager, notice, "send-direct", expect=403)
    act(story.duty, notice, "send-direct").has({"status": "delivered"})
    told("case manager: drafts a danger notice; POST .../send-direct by whoever has duty there -> 200, delivered, without "
         "national review (R77)")
    refused = drafts(story.manager, story.boy, "tr_danger_notice", "direct", None, given, country="LT", expect=422)
    refused.has({"violations.0.code": "no_office"})
    told(f"- to Lithuania, which has no office here -> 422: {refused['violations.0.message']}")
    far = drafts(story.manager, story.boy, "tr_danger_notice", "direct", "lt-focal-point", given, country="LT",
                 urgency="immediate")["id"]
    act(story.duty, far, "send-direct").has({"status": "undeliverable", "messagesUnreceipted": 1})
    told("- to an office there by its code: undeliverable, and listed until that country is reached")
    act(story.manager, far, "withdraw", {"reason": "Police have told Lithuania."}).has({"status": "withdrawn"})
    act(story.manager, far, "close", {"outcome": "Told by police."}).has({"status": "closed", "noticesUnacknowledged": ABSENT})
    told("- POST .../withdraw, .../close -> 200: nobody has it, so it is void at once and waits for nobody")
    act(story.there, notice, "acknowledge", {"officer": "Officer L."})
    refused = act(story.there, notice, "open-case", expect=422).has({"violations.0.rule": "R70", "violations.0.caseId": own})
    told("Latvia: POST .../open-case from the notice -> 422: it names the boy as the request before did")
    because(refused["violations.0"])
    act(story.there, notice, "open-case", {"caseId": own}).has({"caseId": own})
    told("- with caseId -> 200: one child, one case")
    act(story.there, notice, "assess")
    act(story.there, notice, "answer", {"answer": "Police look for the van."})
    act(story.manager, notice, "close", {"outcome": "Latvia is warned."})

    chapter(3, "9.1, d3: Riga knows of a girl from the same van, and keeps that to itself")
    story.time.to(story.start + timedelta(days=3))
    girl = taken_in(story.screener_there, SEEN, {"child": {"callName": "Ana", "sex": "female", "ageCertainty": "unknown"}})
    links = f"/v1/cases/{own}/links"
    story.lead_there.post(links, {"otherCaseId": girl["id"], "relation": "same_ring"}, expect=201).has({"relation": "same_ring"})
    told("Riga: POST .../links, same_ring, between its own two cases -> 201; Estonia has no case there to read it from")


def missing(story):
    """9.6, d6 to d10: a girl who is missing, until she is found abroad."""
    chapter(4, "9.6, d6: a girl is missing, and Latvia is asked to find her")
    now = story.time.on(days=3)
    case = story.case("Lea", story.start.year - 15)
    file = f"/v1/cases/{case}"
    gone = {"lastSeenAt": text(now - timedelta(hours=8)), "circumstances": "Her bed is empty.", "crossBorderLink": True,
            "police": {"notifiedAt": text(now), "reference": "Invented 108"}}
    lives(story.manager, file, "report-missing", gone).has({"status": "open_child_missing"})
    lives(story.manager, file, "record-missing-alert", {"kinds": ["sis"], "issuedAt": text(now)})
    given = story.content("translation", written=[{"part": "last_known_data", "text": "A telephone number with +371."}])
    request = goes(story.manager, story.central, case, "tr_locate", "central_authority", CENTRAL, given)
    due = text(now + timedelta(hours=24))
    owed(story.central, "acknowledge_request", request).has({"state": "running", "rule": "R85", "dueAt": due})
    owed(story.central_there, "acknowledge_request", request).has({"state": "running", "dueAt": due})
    told(f"Central Authority: tr_locate, urgent -> delivered; both sides keep the same duty on their own clocks, until {due}; "
         "the alert of the police goes its own way beside it")

    chapter(5, "9.6, d7: she is found in a hotel in Riga")
    now = story.time.on(days=1, minutes=-10)
    act(story.central_there, request, "acknowledge", {"officer": "Officer K."})
    owed(story.central, "acknowledge_request", request).has({"state": "met"})
    own = act(story.central_there, request, "open-case")["caseId"]
    act(story.central_there, request, "assess")
    decline = {"reason": "consent_refused_no_placement", "explanation": "No place is free.", "noneKnown": True}
    refused = act(story.central_there, request, "decline", decline, expect=422).has({"violations.0.rule": "R82"})
    told("Latvia: POST .../decline a search for want of a placement -> 422")
    because(refused["violations.0"])
    act(story.central_there, request, "answer", {"answer": "She was found in a hotel, and is safe in the shelter."})
    story.manager.get(f"{REQUESTS}/{request}").has({"status": "answered", "officer": "Officer K."})
    back = {"outcome": "found_safe", "foundAt": text(now), "circumstances": "In a hotel abroad."}
    lives(story.manager, file, "record-found", back).has({"status": "open"})
    notice = {"country": "EE", "authority": "The Central Authority of Estonia", "document": "Its request",
              "dated": now.date().isoformat()}
    where = f"/v1/cases/{own}/identification"
    story.lead_there.get(where).has({"status": "concern_logged"})
    story.lead_there.post(f"{where}/foreign-notice", notice, match=story.lead_there.get(where).tag).has(
        {"status": "presumed_victim"})
    told("Latvia: .../acknowledge, .../open-case, .../answer; Riga: .../identification/foreign-notice -> 200, she is presumed "
         "a victim there (R17); Estonia: .../record-found -> 200, open")
    act(story.manager, request, "close", {"outcome": "She is found."}).has({"status": "closed"})

    chapter(6, "9.6, d10: Latvia asks what is known of her, and Estonia has three months by law")
    story.time.on(days=3)
    given = story.content("reasons", "translation", written=[{"part": "questions", "text": "Who has parental responsibility?"}])
    asks = goes(story.lead_there, story.central_there, own, "tr_information", "central_authority",
                "demo-central-authority", given, country="EE", urgency="standard")
    legal = owed(story.central, "legal_answer", asks).has({"rule": "R80", "computedFrom.span": {"months": 3}})
    told(f"Riga: tr_information -> delivered; Estonia owes the answer by {legal['dueAt']} by law (R80)")
    act(story.central, asks, "acknowledge", {"officer": "Officer M."})
    act(story.central, asks, "assess")
    act(story.central, asks, "answer", {"answer": "Her mother alone."})
    owed(story.central, "legal_answer", asks).has({"state": "met"})
    act(story.lead_there, asks, "close", {"outcome": "Answered."})


def age(story):
    """9.9, d21: as little as is needed."""
    chapter(7, "9.9, d21: Latvia asks for an assessment of an age, and gets as little as it needs")
    given = story.content("reasons", "translation", withIdentity=False,
                    written=[{"part": "questions", "text": "Was the age of this child assessed?"}])
    asks = goes(story.lead_there, story.central_there, story.boy_there, "tr_information", "central_authority",
                "demo-central-authority", given, country="EE", urgency="standard")
    package = story.central.get(f"{REQUESTS}/{asks}/package").has(
        {"identity": ABSENT, "package.identity": ABSENT, "package.content.child": PRESENT, "package.content.indicators": ABSENT})
    told("Estonia reads " + ", ".join(sorted(package["package"]["content"])) + ": no name, a pseudonym of these two countries")
    act(story.central, asks, "acknowledge", {"officer": "Officer M."})
    act(story.central, asks, "assess")
    act(story.central, asks, "answer", {"answer": "Assessed as a child; no further assessment is needed."})
    act(story.lead_there, asks, "close", {"outcome": "Recognised; nobody assesses again."})


def unanswered(story):
    """9.8: nobody answers, and silence is never consent."""
    chapter(8, "9.8, d0: a question about a grandmother, without a translation")
    case = story.case("Eva", story.start.year - 9)
    start = story.time.to(story.time.quiet_monday())
    given = story.content("questions", written=[{"part": "reasons", "text": "Her grandmother may care for her."}])
    request = drafts(story.manager, case, "tr_information", "central_authority", CENTRAL, given, urgency="standard")["id"]
    answer = act(story.manager, request, "submit-national", expect=422)
    told("case manager: POST .../submit-national -> 422")
    because(answer["violations.0"])
    given["parts"] = ["translation"]
    there = f"{REQUESTS}/{request}"
    story.manager.patch(there, {"content": given}, match=story.manager.get(there).tag)
    act(story.manager, request, "submit-national")
    act(story.central, request, "approve").has({"status": "delivered"})
    told("- with the translation -> 200, and sent")

    chapter(9, "9.8, d2 to d45: nobody answers, and others are told, one after the other")
    feed = Feed(story.central)
    for rung in (1, 2, 3, 4):
        due = owed(story.central, "acknowledge_request", request)["nextStepAt"]
        story.time.to(datetime.fromisoformat(due) + timedelta(minutes=1))
        late = owed(story.central, "acknowledge_request", request, standing="overdue").has({"rung": rung})
        waits = story.manager.get(there)
        if "ack_overdue" not in waits["timeFlags"] or "noResponseAt" in waits.body:
            waits.fail(f"on rung {rung} it is not overdue, or given up")
        heard = [bool(it.get("/v1/deadlines", scope="escalated", duty="acknowledge_request", subjectId=request)["data"])
                 for it in (story.coordinator, story.coordinator_there)]
        if heard != [rung > 2] * 2:
            late.fail(f"on rung {rung} the coordinators heard: {heard}")
    last = feed.hears(lambda heard: any("toAsk" in it["data"] for it in heard), case)
    ask = next(it["data"] for it in last if "toAsk" in it["data"])
    if (ask["rung"], ask["toAsk"]) != (4, "european_contact"):
        late.fail(f"the office is told to ask {ask}")
    told(f"- each rung a time of its own, the coordinators from the third on; on the fourth the office is told to ask {ask['toAsk']}")
    story.time.to(start + timedelta(days=45))
    late = owed(story.central, "acknowledge_request", request, standing="overdue").has({"rung": 5})
    roles = [f"rung {it['rung']}: {it['role']}" for it in late["escalations"]]
    story.manager.get(there).has({"noResponseAt": PRESENT, "responsible.side": "requesting"})
    for coordinator in (story.coordinator, story.coordinator_there):
        if not coordinator.get("/v1/deadlines", scope="escalated", subjectId=request)["data"]:
            late.fail("a coordinator was not told")
    told("the ladder has five rungs, on each side: " + "; ".join(roles) + "; then no_response is noted: the child stays")

    chapter(10, "9.8, d75 to d100: the three months of the law")
    story.time.to(start + timedelta(days=80))
    near = story.manager.get(there)
    owed(story.central, "legal_answer", request).has({"state": "running", "rule": "R80", "rung": 1})
    story.time.to(start + timedelta(days=94))
    passed = story.manager.get(there)
    if "legal_limit_near" not in near["timeFlags"] or "legal_limit_passed" not in passed["timeFlags"]:
        passed.fail(f"the flags were {near['timeFlags']}")
    told("GET: legal_limit_near, and the office is reminded while there is time; then legal_limit_passed")
    because(passed.find("warnings", rule="R80"))
    now = story.time.now
    plan = {"departsAt": text(now + timedelta(days=1)), "arrivesAt": text(now + timedelta(days=1, hours=5)), "fromPlace": "Here",
            "toPlace": "There", "borderPoints": ["Ikla"], "escort": "Nobody", "emergencyContacts": ["+372 000 0009"], "readiness": {}}
    answer = act(story.manager, request, "propose-plan", plan, expect=422)
    told("case manager: POST .../propose-plan on the strength of the silence -> 422")
    because(answer["violations.0"])
    decline = {"reason": "no_competence_forwarded", "explanation": "Not our competence.", "noneKnown": True}
    act(story.central_there, request, "acknowledge", {"officer": "Officer K."})
    answer = act(story.central_there, request, "decline", decline, expect=422)
    told("d100, Latvia: POST .../decline, not our competence -> 422")
    because(answer["violations.0"])
    to = {"toAgencyId": story.there.agency, "because": "The focal point is competent."}
    act(story.central_there, request, "forward", to).has({"status": "forwarded"})
    story.manager.get(there).has({"status": "forwarded", "to.code": FOCAL, "firstReceivedAt": near["firstReceivedAt"]})
    told("- POST .../forward -> 200; Estonia sees who has it now, and the clock of the law keeps its first start")
    act(story.there, request, "acknowledge", {"officer": "Officer L."})
    act(story.there, request, "assess")
    act(story.there, request, "answer", {"answer": "She is too ill to care for a child."})
    act(story.manager, request, "close", {"outcome": "A foster family here."})


def agreed(story, case, own=None):
    """A request that Latvia takes a girl, accepted; its id, her case there, a plan and the safeguards."""
    given = story.content("best_interests_assessment", serviceNeeds=["safe_accommodation"])
    request = goes(story.manager, story.focal, case, "tr_assistance_referral", "focal_point", FOCAL, given)
    act(story.there, request, "acknowledge", {"officer": "Officer L."})
    own = act(story.there, request, "open-case", {"caseId": own} if own else None)["caseId"]
    act(story.there, request, "assess")
    act(story.there, request, "accept", {"acceptance": "in_full"})
    now = story.time.now
    day = (now - timedelta(days=2)).date().isoformat()
    ready = {"risk": {"on": day, "level": "low"}, "family": {"on": day, "byCountry": "LV", "placeOfCare": True},
             "receiving": {"named": True, "acceptedInWriting": True, "planned": True}, "foundAgainst": False, "procedures": [],
             "consulted": {"prosecutorOn": day, "viewsOn": day, "viewsAddressed": True}, "placement": {"basis": "parent"}}
    plan = {"departsAt": text(now + timedelta(hours=1)), "arrivesAt": text(now + timedelta(hours=6)), "fromPlace": "The shelter",
            "toPlace": "The focal point", "borderPoints": ["Ikla"], "escort": "Two workers", "emergencyContacts": ["+372 000 0009"]}
    return request, own, plan, ready


def leaves(story, request, plan, ready):
    """The plan is proposed, confirmed, and the girl leaves under it."""
    act(story.manager, request, "propose-plan", {**plan, "readiness": ready})
    act(story.there, request, "confirm-plan", {"carer": "Foster family", "emergencyContacts": ["+371 0000 0105"]})
    act(story.manager, request, "depart", {"readiness": ready}).has({"status": "in_transit"})


def warned_back(story):
    """9.12, m8: the country that received a girl warns the one that sent her."""
    chapter(11, "9.12, m8: the country that received a girl warns the one that sent her")
    case = story.case("Dina", story.start.year - 14)
    request, own, plan, ready = agreed(story, case)
    answer = act(story.manager, request, "propose-plan", {**plan, "readiness": {}}, expect=422)
    rules = {it["rule"] for it in answer["violations"]}
    if not {"R47", "R48", "R49", "R50", "R51", "R52", "R53"} <= rules:
        answer.fail(f"a move without safeguards is refused by {rules}")
    leaves(story, request, plan, ready)
    arrived = story.time.on(hours=5)
    act(story.there, request, "confirm-arrival", {"arrivedAt": text(arrived)})
    act(story.there, request, "hand-over", {"carerPresent": "Foster mother", "planAccepted": True, "childTold": True})
    story.manager.get(f"{REQUESTS}/{request}").has({"status": "handed_over", "responsible.side": "requested"})
    told("Estonia: POST .../propose-plan without safeguards -> 422, " + ", ".join(sorted(rules)) + "; with them, confirmed, "
         "departed, arrived, handed over: from then on she is Latvia's")
    second = agreed(story, case, own)
    refused = act(story.manager, second[0], "propose-plan", {**second[2], "readiness": second[3]}, expect=422)
    refused.has({"violations.0.code": "child_not_here"})
    told("Estonia: POST .../propose-plan by another request about her -> 422: " + refused["violations.0.message"])
    act(story.manager, second[0], "withdraw", {"reason": "She is in Riga."}).has({"status": "withdrawn"})
    story.time.on(days=7)
    act(story.there, request, "report", {"report": "She goes to school."}).has({"status": "follow_up"})
    end = {"outcome": "With a foster family in Riga."}
    answer = act(story.manager, request, "close", end, expect=422).has({"violations.0.code": "follow_up_open"})
    act(story.manager, request, "close", {**end, "followUpEndsBecause": "She is settled; Latvia goes on by itself."})
    story.time.on(days=30)
    given = story.content("measures_taken", "presence_information",
                    written=[{"part": "danger", "text": "The man who held her is on his way to Tallinn."}])
    notice = drafts(story.lead_there, own, "tr_danger_notice", "direct", "demo-focal-point", given, country="EE",
                    urgency="immediate")["id"]
    act(story.duty_there, notice, "send-direct").has({"status": "delivered"})
    story.focal.get(REQUESTS, box="in").find("data", id=notice, requestType="tr_danger_notice")
    told("m8, Riga: POST .../send-direct by whoever has duty -> 200: Estonia is warned (R77)")


def late(story):
    """9.6 and 9.8 on the way: a girl who does not arrive in time is missing on both sides, and found on both when she arrives."""
    chapter(12, "On the way: a girl does not arrive in time, and arrives after all")
    case = story.case("Iva", story.start.year - 13)
    request, own, plan, ready = agreed(story, case)
    leaves(story, request, plan, ready)
    story.time.on(hours=11)
    both = ((story.manager, case), (story.lead_there, own))
    for who, file in both:
        who.get(f"/v1/cases/{file}/lifecycle").has({"status": "open_child_missing"})
        owed(who, "report_missing", file).has({"rule": "R74"})
    told("four hours after the planned arrival she is missing in the cases of both countries, and police are to be told (R74)")
    act(story.there, request, "confirm-arrival", {"arrivedAt": text(story.time.now - timedelta(minutes=20))}).has(
        {"status": "arrived"})
    for who, file in both:
        who.get(f"/v1/cases/{file}/lifecycle").has({"status": "open", "missingEpisodes.0.status": "found_safe"})
        owed(who, "return_interview", file).has({"state": "running"})
    told("Latvia: POST .../confirm-arrival -> 200: on both sides she is found, and somebody independent talks with her")


def courts(story):
    """The types that go by courts and prosecutors: carried out, taken over, and only pointed at."""
    chapter(13, "By courts and prosecutors: a decision, jurisdiction, evidence")
    case = story.case("Ots", story.start.year - 12)
    tracked = {"disclosures": [{"dataClass": "d15_referral_metadata", "lawfulBases": COOPERATION}]}
    for kind, route, place, given in (
            ("tr_implementation", "court", "family-court", story.content("decision")),
            ("tr_jurisdiction", "court", "family-court",
             {**tracked, "written": [{"part": "court_reference", "text": "Invented court, 2-26-1."}]}),
            ("tr_evidence", "justice", "prosecution",
             {**tracked, "written": [{"part": "justice_reference", "text": "Invented order 26/7."}]})):
        ours, theirs = (story.node.client(f"{country}-{place}") for country in ("ee", "lv"))
        request = goes(story.manager, ours, case, kind, route, None, given)
        came = theirs.get(f"{REQUESTS}/{request}/package").has({"packageStatus": "received"})
        act(theirs, request, "acknowledge", {"officer": "Officer J."})
        act(theirs, request, "assess")
        act(theirs, request, "answer", {"answer": "It is done."})
        act(story.manager, request, "close", {"outcome": "Done."}).has({"status": "closed"})
        told(f"{kind} by {route} to {came['package']['to']['code']}: delivered, answered, closed; it carries "
             + ", ".join(sorted(came["package"]["content"])))
    far = story.manager.get("/v1/countries/UA/channels")
    told("GET /v1/countries/UA/channels: " + ", ".join(sorted({it["instrument"] for it in far["channels"]}))
         + ", though Ukraine takes no part here; of Brazil: "
         + ", ".join(it["channel"] for it in story.manager.get("/v1/countries/BR/channels")["alternatives"]))


def main(node):
    """Tells the stories."""
    story = Story(node)
    for part in (ring, missing, age, unanswered, warned_back, late, courts):
        part(story)


if __name__ == "__main__":
    tell(main)
