"""Tells the main job against a running node, and checks every answer on the way.

Scenario: the national part of the first day of a begging ring moved across three States. A police patrol meets a boy
in Tallinn; he is screened, taken in and presumed a victim; a shelter takes him, a clinic declines. Everything and
everybody is invented. TRM_URL and TRM_STATE name the node and its folder of client keys. Ends with 1 on anything
unexpected. It can be told again and again on the same node.
"""

import secrets
from datetime import timedelta
from zoneinfo import ZoneInfo

from client import ABSENT, PRESENT
from feed import Feed
from telling import because, chapter, tell, told

PUBLIC_TASK = ["gdpr_6_1_e_public_task"]
HEALTH_TASK = ["gdpr_9_2_h_health_social"]
# Days are those of the place: late in the evening it is tomorrow there.
TALLINN = ZoneInfo("Europe/Tallinn")


class Story:
    """The people of the story, and what they have made so far."""

    def __init__(self, node):
        self.patrol = node.client("tallinn-police")
        self.screener = node.client("tallinn-police", id="p-tp-02", role="screener")
        self.manager = node.client("tallinn-child-protection")
        self.shelter = node.client("tallinn-shelter")
        self.clinic = node.client("tallinn-clinic")
        self.barnahus = node.client("tallinn-barnahus")
        self.riga = node.client("riga-police")
        self.case = self.referral = self.second = self.now = None
        self.feed = Feed(self.manager)

    def day(self, offset):
        """A date in Tallinn, so many days from the first one; by the clock of the node."""
        return (self.now.astimezone(TALLINN) + timedelta(days=offset)).date().isoformat()

    def hours(self, answer, path):
        """How far an instant of the answer is away from the beginning, in whole hours."""
        return round((answer.instant(path) - self.now).total_seconds() / 3600)

    def service(self, agency, code):
        """The id of a service, as the directory lists it."""
        found = self.manager.get(f"/v1/agencies/{agency}/services")
        return found.find("data", service=code)["id"]


def notice(story):
    """A concern and its screening."""
    chapter(1, "A police patrol in Tallinn notices a boy")
    seen = [("beg_adult_collects", "confirmed"), ("beg_target_sum", "reported"),
            ("trv_group_unrelated_adult", "reported")]
    observations = [{"indicator": code, "certainty": certainty} for code, certainty in seen]
    concern = story.patrol.post("/v1/concerns", {
        "description": "A boy of about eleven begs at the market; two adults take the money and drive him in a van.",
        "location": "Market square, east entrance", "childHint": "about 11, red jacket", "danger": True,
        "observations": observations,
    }, expect=201)
    concern.has({"danger": True, "agencyId": story.patrol.agency, "observations.2.certainty": "reported"})
    story.now = concern.instant("receivedAt")
    if story.hours(concern, "triageDue") != 2:
        concern.fail("a child in danger is looked at within two hours")
    told("patrol: POST /v1/concerns -> 201; in danger: to be looked at within "
         f"{story.hours(concern, 'triageDue')} hours")

    screening = story.screener.post("/v1/screenings", {
        "concernId": concern["id"], "observations": observations, "acts": ["transportation"],
        "controllingPerson": True, "talkMinutes": 20,
    }, expect=201)
    screening.has({"assessment.result": "reasonable_grounds", "assessment.condition": "b",
                   "assessment.actToBeClarified": False,
                   "assessment.strongDirect": ["beg_adult_collects", "beg_target_sum"],
                   "concernId": concern["id"], "warnings": ABSENT})
    told("screener: POST /v1/screenings -> 201, reasonable_grounds by condition b")
    for code, strong, medium in (("ex", 1, 0), ("cd", 1, 0), ("mv", 0, 1)):
        found = screening.find("assessment.dimensions", dimension=code, strong=strong, medium=medium, positive=False)
        told(f"- dimension {code}: {strong} strong, {medium} medium, not positive ({', '.join(found['counted'])})")
    enough = ", ".join(screening["assessment.strongDirect"])
    told(f"- but two strong and direct indicators, each of them enough: {enough}")
    return screening


def take_in(story, screening):
    """The case and the presumption."""
    chapter(2, "He is taken in and presumed a victim")
    case = story.screener.post("/v1/cases", {
        "screeningId": screening["id"],
        "child": {"givenName": "Mykhailo", "familyName": "Invented", "callName": "Mik", "sex": "male",
                  "ageCertainty": "unknown", "languages": ["uk"], "unaccompanied": True},
        "whereabouts": {"accommodationType": "unknown_address", "address": "Invented Street 1", "since": story.day(0)},
        "externalIds": [{"issuer": "demo-police-north", "value": f"DEMO-{secrets.token_hex(4)}"}],
    }, expect=201)
    case.has({"status": "intake", "country": "EE", "leadAgencyId": story.manager.agency,
              "openedByAgencyId": story.screener.agency, "identification.status": "screening",
              "child.ageStatus": "disputed_treated_as_child", "child.callName": "Mik", "warnings.0.rule": "R6"})
    story.case = case["id"]
    told(f"screener: POST /v1/cases -> 201, case {case['reference']}, intake; child protection leads it; it warns:")
    because(case["warnings.0"])

    where = f"/v1/cases/{story.case}/identification/presume"
    case.find("allowedActions", action="presume", href=where)
    presumption = {"grounds": "screening", "reasons": "Two strong direct indicators were observed."}
    presumed = story.screener.post(where, presumption, match=case.tag)
    presumed.has({"status": "presumed_victim", "grounds": "screening", "caseStatus": "open"})
    told("screener: POST .../identification/presume -> 200, presumed_victim; the case is open, help is due at once")
    again = story.screener.post(where, presumption, match=presumed.tag, expect=409).has({"code": "state-conflict"})
    told(f"- once more -> 409 {again['code']}: a presumption is made once")


def refer_urgently(story):
    """The first referral, refused and then sent."""
    chapter(3, "The case manager refers him to a shelter, tonight")
    case = story.manager.get(f"/v1/cases/{story.case}")
    case.has({"child.givenName": "Mykhailo", "identification.status": "presumed_victim", "status": "open"})
    told("case manager: GET /v1/cases/{id} -> 200; the agency that leads reads who he is")
    episode = story.manager.post(f"/v1/cases/{story.case}/exploitation-episodes", {
        "exploitationTypes": ["forced_begging"], "stage": "ongoing", "acts": ["transportation"], "country": "EE",
        "placeType": "street", "means": ["abuse_of_vulnerability"],
        "narrative": "Begs every day from eight to eight; hands over what he gets; beaten below a sum.",
    }, expect=201).has({"exploitationTypes": ["forced_begging"], "summaryOnly": False})
    purpose = episode["exploitationTypes.0"]
    told(f"case manager: POST .../exploitation-episodes -> 201, {purpose} (class D4, not for everyone)")

    draft = story.manager.post("/v1/referrals", {
        "caseId": story.case, "toAgencyId": story.shelter.agency,
        "toServiceId": story.service(story.shelter.agency, "safe_accommodation"),
        "urgency": "urgent", "reasons": ["shelter", "immediate_protection"], "services": ["safe_accommodation"],
        "summary": "A boy of about eleven needs a safe place tonight; those who drove him are looking for him.",
    }, expect=201).has({"status": "draft", "side": "sender", "sentAt": ABSENT, "content": ABSENT})
    story.referral = f"/v1/referrals/{draft['id']}"
    told(f"case manager: POST /v1/referrals -> 201, draft {draft['reference']}, urgent; the shelter cannot see it yet")
    story.shelter.get(story.referral, expect=404)

    send = {
        "disclosures": [{"dataClass": "d1_identity", "lawfulBases": PUBLIC_TASK},
                        {"dataClass": "d15_referral_metadata", "lawfulBases": PUBLIC_TASK}],
        "childInformed": True, "caveats": ["do_not_tell_parents", "do_not_contact_family"],
    }
    refused = story.manager.post(f"{story.referral}/send", {"package": send}, match=draft.tag, expect=422)
    refused.has({"code": "rule-refused", "violations.0.rule": "R24", "violations.0.pointer": "/package/childView",
                 "violations.0.sources.0.citation": "Directive 2011/36/EU Art. 14(1)", "violations.1": ABSENT})
    told("case manager: POST .../send, without the child's view -> 422")
    because(refused["violations.0"])
    story.manager.get(story.referral).has({"status": "draft"})

    send = {"package": send | {"viewMissingReason": "urgent_danger", "askAgainOn": story.day(1)}}
    key = secrets.token_hex(16)
    sent = story.manager.post(f"{story.referral}/send", send, match=draft.tag, key=key)
    sent.has({"status": "sent", "content.viewMissingReason": "urgent_danger", "content.askAgainOn": story.day(1),
              "acknowledgeBy": PRESENT, "decideBy": PRESENT, "firstContactBy": PRESENT})
    told(f"case manager: with urgent_danger, ask again on {story.day(1)} -> 200, sent; the shelter acknowledges within "
         f"{story.hours(sent, 'acknowledgeBy')} h, decides within {story.hours(sent, 'decideBy')} h")
    repeated = story.manager.post(f"{story.referral}/send", send, match=draft.tag, key=key).has({"status": "sent"})
    if repeated.headers.get("idempotency-replayed") != "true":
        repeated.fail("a repeated request is not recognised")
    told("- the line drops, the same request again -> 200, Idempotency-Replayed: nothing is sent twice")


def shelter_answers(story):
    """Inbox, acknowledgement, acceptance, what it may read, completion."""
    chapter(4, "The shelter takes him")
    reference = story.manager.get(story.referral)["reference"]
    inbox = story.shelter.get("/v1/referrals", box="inbox", status="sent", caseId=story.case)
    inbox.has({"data.0.reference": reference, "data.0.urgency": "urgent", "data.1": ABSENT})
    told(f"shelter: GET /v1/referrals?box=inbox -> 200, {reference}, urgent; nothing of the child in a list")
    story.shelter.get(f"/v1/cases/{story.case}", expect=404)
    read = story.shelter.get(story.referral)
    read.has({"side": "receiver", "content.child.callName": "Mik", "content.whereabouts": ABSENT,
              "content.caveats": ["do_not_tell_parents", "do_not_contact_family"]})
    got = story.shelter.post(f"{story.referral}/acknowledge", match=read.tag).has({"status": "acknowledged"})
    told("shelter: POST .../acknowledge -> 200; the case itself is still 404 to it")
    accept = {"worker": "Duty worker, evening shift", "firstAppointmentOn": story.day(0)}
    stale = story.shelter.post(f"{story.referral}/accept", accept, match=read.tag, expect=412)
    stale.has({"code": "stale-version"})
    accepted = story.shelter.post(f"{story.referral}/accept", accept, match=got.tag)
    accepted.has({"status": "accepted", "acceptance.worker": accept["worker"],
                  "acceptance.firstAppointmentOn": story.day(0), "warnings": ABSENT})
    told(f"shelter: POST .../accept with the ETag from before -> 412; with the present one -> 200, by "
         f"{accepted['acceptance.worker']}, today")

    case = story.shelter.get(f"/v1/cases/{story.case}")
    case.has({"child.callName": "Mik", "child.summaryOnly": True, "child.givenName": ABSENT,
              "identification": ABSENT, "externalIds": ABSENT})
    case.find("allowedActions", action="report_missing", href=f"/v1/cases/{story.case}/report-missing")
    withheld = {it["section"]: it["reason"] for it in case["withheld"]}
    wanted = {"d2_whereabouts": "not_disclosed", "d4_exploitation_narrative": "role"}
    if wanted.items() - withheld.items():
        case.fail(f"withheld does not name {wanted}")
    told("shelter: GET /v1/cases/{id} -> 200, now a part of the case: he wishes to be called "
         f"{case['child.callName']}, speaks {case['child.languages.0']}")
    told("- withheld: " + ", ".join(f"{section} ({reason})" for section, reason in withheld.items()))
    refused = story.shelter.get(f"/v1/cases/{story.case}/exploitation-episodes", expect=403)
    told(f"shelter: GET .../exploitation-episodes -> 403 {refused.has({'code': 'section-not-readable'})['code']}")

    started = story.shelter.post(f"{story.referral}/start", match=accepted.tag).has({"status": "in_service"})
    feedback = "Safe place found; he sleeps and eats well. He asked for his sister; please ask in Riga."
    done = story.shelter.post(
        f"{story.referral}/complete", {"outcome": "needs_met", "feedback": feedback}, match=started.tag)
    done.has({"status": "completed", "allowedActions": []})
    told("shelter: POST .../start -> 200, in_service; POST .../complete -> 200, needs_met, with feedback")
    story.manager.get(story.referral).has({"ended.outcome": "needs_met", "ended.feedback": feedback})
    told(f"case manager: GET /v1/referrals/{{id}} -> 200, completed: \"{feedback}\"")
    story.shelter.get(f"/v1/cases/{story.case}", expect=404)
    told("shelter: GET /v1/cases/{id} -> 404: with the service its part in the case has ended")


def clinic_declines(story):
    """The second referral, drafted and sent in one act, and declined."""
    chapter(5, "A clinic declines, and says where else he can be helped")
    sent = story.manager.post("/v1/referrals", {
        "caseId": story.case, "toAgencyId": story.clinic.agency,
        "toServiceId": story.service(story.clinic.agency, "trauma_therapy"),
        "urgency": "priority", "reasons": ["mental_health"], "services": ["trauma_therapy"],
        "summary": "He wakes at night and does not speak of it; he needs a therapist who speaks Ukrainian.",
        "send": {
            "disclosures": [{"dataClass": "d1_identity", "lawfulBases": PUBLIC_TASK},
                            {"dataClass": "d7_health", "lawfulBases": HEALTH_TASK}],
            "childView": {"status": "expressed", "method": "interpreter", "recordedOn": story.day(0),
                          "summary": "He wants to talk to someone, but not at the police.",
                          "weightGiven": "The clinic was chosen, not the consulting room at the station."},
            "childInformed": True,
        },
    }, expect=201).has({"status": "sent", "content.childView": ABSENT, "warnings.0.code": "no_common_language"})
    story.second = f"/v1/referrals/{sent['id']}"
    told(f"case manager: POST /v1/referrals -> 201, {sent['reference']}, drafted and sent at once, with his view")
    got = story.clinic.post(f"{story.second}/acknowledge", match=story.clinic.get(story.second).tag)
    decline = {"reason": "needs_not_matched", "explanation": "Nobody here speaks Ukrainian before spring."}
    refused = story.clinic.post(f"{story.second}/decline", decline, match=got.tag, expect=422)
    refused.has({"code": "rule-refused", "violations.0.rule": "R82", "violations.1": ABSENT})
    told("clinic: POST .../decline, needs_not_matched, without a suggestion -> 422")
    because(refused["violations.0"])
    decline["suggestedAgencyId"] = story.barnahus.agency
    declined = story.clinic.post(f"{story.second}/decline", decline, match=got.tag).has({"status": "declined"})
    told("clinic: POST .../decline, with the Barnahus as suggestion -> 200, declined")
    own = story.clinic.get(story.second)
    own.has({"decline.reason": "needs_not_matched", "decline.suggestedAgencyId": story.barnahus.agency,
             "summary": ABSENT, "content": ABSENT, "withheld.0.reason": "ended", "withheld.1.reason": "ended"})
    if own.tag != declined.tag or "Mik" in own.raw:
        own.fail("the decliner still reads more than its own answer")
    told("clinic: GET /v1/referrals/{id} -> 200, its own answer only; withheld (ended): "
         + ", ".join(it["section"] for it in own["withheld"]))
    seen = story.manager.get(story.second).has({"decline.reason": "needs_not_matched", "content": PRESENT})
    told(f"case manager: GET /v1/referrals/{{id}} -> 200, declined: \"{seen['decline.explanation']}\"")


def others_see_nothing(story):
    """What is not yours does not exist."""
    chapter(6, "Somebody who has no part in it")
    nowhere = "01900000-0000-7000-8000-000000000000"
    for kind, there in (("cases", story.case), ("referrals", story.referral.rsplit("/", 1)[1])):
        hidden = story.riga.get(f"/v1/{kind}/{there}", expect=404).has({"code": "not-found"})
        absent = story.riga.get(f"/v1/{kind}/{nowhere}", expect=404)
        if {**hidden.body, "instance": ""} != {**absent.body, "instance": ""}:
            hidden.fail("it can be told from what does not exist")
    told("Riga police: GET of the case and of the referral -> 404, in no way other than for what does not exist")


def what_is_recorded(story):
    """Timeline and feed."""
    chapter(7, "What is recorded")
    sent = ["referral.drafted", "referral.sent", "referral.acknowledged"]
    wanted = ["case.intake", "identification.presumed", "case.opened", "exploitation_episode.recorded",
              *sent, "referral.accepted", "referral.started", "referral.completed", *sent, "referral.declined"]
    timeline = story.manager.get(f"/v1/cases/{story.case}/timeline")
    if [it["type"] for it in timeline["data"]] != wanted:
        timeline.fail(f"the timeline is not {wanted}")
    told(f"case manager: GET .../timeline -> 200, {len(wanted)} events: {wanted[0]} ... {wanted[-1]}")
    fed = story.feed.hears(lambda heard: len(heard) >= len(wanted), story.case)
    if fed != timeline["data"]:
        timeline.fail("feed and timeline differ")
    told("case manager: GET /v1/events?after=... -> 200, the same events for a program that keeps its cursor")


def main(node):
    """Tells the story."""
    story = Story(node)
    take_in(story, notice(story))
    refer_urgently(story)
    shelter_answers(story)
    clinic_declines(story)
    others_see_nothing(story)
    what_is_recorded(story)


if __name__ == "__main__":
    tell(main)
