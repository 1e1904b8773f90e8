"""Scenario 9.9: a person whose age is in doubt, until a record of birth says it; and what stays of childhood then.

Needs a sandbox node: time is set, not waited for. Everything and everybody is invented.
"""

from datetime import timedelta

from client import ABSENT, PRESENT
from feed import Feed
from mechanism import Time, give, owed, refusals, refused, taken_in, text, warned, waiting
from telling import because, chapter, tell, told
from waiting import steps_of

SEEN = ["lab_excessive_hours", "gen_documents_withheld"]
TEAM = [{"who": "An invented psychologist", "field": "psychology"},
        {"who": "An invented social worker", "field": "social_work"}]
DOCTORS = [{"who": "An invented radiologist", "field": "forensic_medicine"},
           {"who": "An invented paediatrician", "field": "paediatrics"}]
NEED = {"urgency": "urgent", "reasons": ["shelter"], "services": ["safe_accommodation"],
        "summary": "A young person who was found in a nail bar needs a place for tonight."}


def years_before(day, years, days=0):
    """The day so many years and days before another."""
    return day.replace(year=day.year - years) - timedelta(days=days)


class Story:
    """The people of the story, and what they have made so far."""

    def __init__(self, node):
        self.node, self.time = node, Time(node)
        self.start = self.time.to(self.time.quiet_monday(days=42))
        self.border = node.client("tallinn-police", id="p-tp-02", role="screener")
        self.officer = node.client("tallinn-police", id="p-tp-04", role="identification_officer")
        self.manager = node.client("tallinn-child-protection")
        self.shelter = node.client("tallinn-shelter")
        self.young_people = node.client("narva-ngo")
        self.feed = Feed(self.manager)
        # 18.9 on d40, and 17.2 when it happened: known to nobody before d40.
        record = (self.start + timedelta(days=40)).date()
        self.born = years_before(record, 18, 329)
        self.exploited = years_before(record, 1, 256)
        self.case = self.child = self.ages = None

    def day(self, number, **span):
        """Lets time pass until so long after the start, in days of the scenario; the instant."""
        return self.time.to(self.start + timedelta(days=number, **span))

    def today(self, days=0):
        """The day, or one so many days before."""
        return (self.time.now.date() - timedelta(days=days)).isoformat()

    def assessment(self, method, conclusion, ages=None, **more):
        """What an assessment of today says, with all that the decision for an adult needs."""
        between = {"range": dict(zip(("youngest", "oldest"), ages))} if ages else {}
        return {"method": method, "assessedOn": self.today(), "conclusion": conclusion, **between, "assessors": TEAM,
                "reasons": "What is remembered of school and family.", "representativeInformedOn": self.today(),
                **more}

    def no_decision(self, body, *expected):
        """An assessment that is refused by exactly this, and changes neither the list nor the child."""
        before = self.manager.get(self.child)
        answer = refusals(refused(self.manager, self.ages, body, at=self.ages), *expected)
        if self.manager.get(self.child).tag != before.tag:
            answer.fail("a refused assessment has changed the child")
        return answer

    def is_treated(self, status):
        """Sees how the person is treated."""
        self.manager.get(self.child).has({"ageStatus": status})


def found(story):
    """Two ages, and the lower one counts."""
    chapter(1, f"d0, {story.start:%d %B %Y}: somebody says 16, and a passport that looks forged says 19")
    year = story.start.year
    case = taken_in(story.border, SEEN, {"child": {
        "callName": "Linh", "sex": "female", "birthDate": str(year - 17), "ageCertainty": "disputed",
        "languages": ["vi"]}, "whereabouts": {"accommodationType": "emergency_shelter_child"}})
    warned(case.has({"child.ageStatus": "disputed_treated_as_child"}), "R6")
    story.case = f"/v1/cases/{case['id']}"
    story.child, story.ages = f"{story.case}/child", f"{story.case}/age-assessments"
    told("border: POST /v1/cases, ageCertainty disputed -> 201, disputed_treated_as_child, and warns")
    because(case["warnings.0"])
    give(story.manager, case["id"], story.start)
    episode = {"exploitationTypes": ["labour_general"], "stage": "past", "country": "EE",
               "from": story.exploited.isoformat(), "until": story.today(1)}
    warned(story.manager.post(f"{story.case}/exploitation-episodes", episode, expect=201), "R1")
    told("presumed a victim, what is hers by that is given; what happened is recorded, from when to when")
    by_passport = {"birthDate": f"{year - 19}-01-10"}
    changed = story.manager.patch(story.child, by_passport, match=story.manager.get(story.child).tag)
    warned(changed.has({"ageStatus": "disputed_treated_as_child", "ageGroup": ABSENT}), "R6")
    told("case manager: PATCH .../child with the date of the passport, still disputed -> 200: a child all the same")
    routed(story, case["id"])


def routed(story, case):
    """A date in doubt sends nobody to adults."""
    routed = story.manager.post("/v1/referrals", {"caseId": case, **NEED}, expect=201)
    routed.has({"toAgencyId": story.shelter.agency})
    there = story.manager.post("/v1/referrals", {"caseId": case, "toAgencyId": story.young_people.agency, **NEED},
                               expect=201)
    mixed = there.find("warnings", rule="R99", code="unsuitable_placement")
    for draft in (routed, there):
        reason = {"reason": "She has a bed already."}
        story.manager.post(f"/v1/referrals/{draft['id']}/cancel", reason, match=draft.tag)
    told("case manager: POST /v1/referrals without a receiver -> 201, to the shelter for children; to a house for young "
         f"people and adults it warns: {mixed['rule']}, {mixed['message']}")


def by_eye(story):
    """Whatever it is called."""
    chapter(2, "d1: somebody has looked at her and knows that she is an adult")
    story.day(1)
    whole = story.assessment("appearance", "adult", (19, 22))
    answer = story.no_decision(whole, ("R7", "/method"))
    told("POST .../age-assessments, by appearance, with everything else that it needs -> 422, and nothing has changed")
    because(answer["violations.0"])
    for conclusion, ages in (("inconclusive", (17, 22)), ("child", (15, 17))):
        story.no_decision(story.assessment("appearance", conclusion, ages), ("R7", "/method"))
    told("- appearance with the conclusion inconclusive, or even child -> 422")
    alone = {"assessors": TEAM[:1], "reasons": "She looks like twenty."}
    story.no_decision(story.assessment("psychosocial", "adult", (19, 22), **alone), ("R7", "/assessors"))
    twice = [{"who": "An invented doctor", "field": field} for field in ("psychology", "paediatrics")]
    double = story.assessment("psychosocial", "adult", (19, 22), assessors=twice)
    story.no_decision(double, ("R7", "/assessors"))
    told("- called psychosocial, by one who says that she looks like twenty, or by one in two fields -> 422: it takes two "
         "people, of different fields")
    bare = {"method": "documents", "assessedOn": story.today(), "conclusion": "adult"}
    story.no_decision(bare, *(("R7", f"/{it}") for it in ("range", "reasons", "assessors", "representativeInformedOn")))
    told("- by the passport, with nothing else -> 422: no range, no reasons, no assessors, no representative told")
    for conclusion in ("inconclusive", "child"):
        named = story.assessment("psychosocial", conclusion, (19, 22), assessors=[])
        story.no_decision(named, ("R7", "/conclusion"))
    long_ago = story.assessment("psychosocial", "child", (16, 17), assessedOn=story.today(3 * 365))
    story.no_decision(long_ago, ("R7", "/conclusion"))
    told("- called inconclusive, or child, with a range that makes an adult of her; or dated three years back -> 422: "
         "an adult is one by a whole decision only, which can be appealed")
    medical = story.assessment("medical", "adult", (19, 22), assessors=DOCTORS, medicalConsent=True)
    story.no_decision(medical, ("R7", "/method"))
    told("- a medical examination before anything else -> 422: it is the last resort")
    tomorrow = story.assessment("psychosocial", "inconclusive", (16, 19), assessedOn=story.today(-2))
    refused(story.manager, story.ages, tomorrow, at=story.ages, code="inconsistent-values", pointer="/assessedOn")
    riga = story.node.client("riga-child-protection")
    riga.post(story.ages, story.assessment("psychosocial", "inconclusive", (16, 19)), expect=404)
    story.shelter.post(story.ages, story.assessment("psychosocial", "child"), expect=403).has(
        {"code": "not-your-function"})
    told("- an assessment of the day after tomorrow -> 422; one by a shelter -> 403; one by another country -> 404")
    story.is_treated("disputed_treated_as_child")


def without_consent(story):
    """To refuse says nothing."""
    chapter(3, "d5: the team talks with her; she does not want to be X-rayed")
    story.day(5)
    talk = story.manager.post(
        story.ages, story.assessment("psychosocial", "inconclusive", (16, 19), medicalConsent=False), expect=201)
    warned(talk.has({"conclusion": "inconclusive", "medicalConsent": False, "appealUntil": ABSENT}), "R6")
    story.is_treated("assessment_inconclusive_child")
    told("case manager: POST .../age-assessments, psychosocial, 16 to 19, consent refused -> 201, inconclusive: a child")
    forced = story.assessment("medical", "adult", (19, 22), assessors=DOCTORS, medicalConsent=False)
    answer = story.no_decision(forced, ("R7", "/medicalConsent"))
    told("- to make an adult of her because of that -> 422")
    because(answer["violations.0"])
    story.is_treated("assessment_inconclusive_child")


def in_her_favour(story):
    """A range that dips below 18."""
    chapter(4, "d20: now she agrees, and the bones say 17 to 20")
    story.day(20)
    findings = "An invented finding of an invented X-ray."
    medical = story.manager.post(story.ages, story.assessment(
        "medical", "adult", (17, 20), assessors=DOCTORS, medicalConsent=True, medicalFindings=findings), expect=201)
    warned(medical.has({"conclusion": "inconclusive", "range.youngest": 17, "appealUntil": ABSENT,
                        "medicalFindings": ABSENT}), "R6")
    story.is_treated("assessment_inconclusive_child")
    told("the doctors conclude: adult -> 201, and it comes to inconclusive: in doubt a child")
    because(medical["warnings.0"])
    seen = story.manager.get(story.ages).has({"data.0.method": "medical", "data.1.method": "psychosocial",
                                              "data.2": ABSENT})
    if findings in seen.raw + story.manager.get(f"{story.ages}/{medical['id']}").raw:
        seen.fail("medical findings are shown to who reads a summary of them")
    told("- the medical findings are kept apart: the case manager reads two assessments and none of the findings")
    story.node.client("riga-child-protection").get(f"{story.ages}/{medical['id']}", expect=404)


def recognised(story):
    """A decision of another country, as that other country sees it."""
    chapter(5, "d21: in Riga she is known, too, and the assessment of Tallinn is shown there")
    story.day(21)
    screener = story.node.client("riga-police", id="p-rp-02", role="screener")
    manager = story.node.client("riga-child-protection")
    there = f"/v1/cases/{taken_in(screener, SEEN, {'child': {'callName': 'Linh', 'ageCertainty': 'unknown'}})['id']}"
    of_tallinn = {"country": "EE", "authority": "Demo Child Protection, Tallinn", "document": "An invented report",
                  "dated": story.today(1)}
    ages = f"{there}/age-assessments"
    read = story.assessment("medical", "inconclusive", (17, 20), assessors=[], medicalConsent=True,
                            assessedOn=story.today(1), foreign=of_tallinn)
    own = {**read, "foreign": {**of_tallinn, "country": "LV"}}
    refused(manager, ages, own, at=ages, code="inconsistent-values", pointer="/foreign/country")
    refused(manager, ages, {**read, "medicalConsent": False}, at=ages, rule="R7", pointer="/medicalConsent")
    refused(manager, ages, {**read, "method": "appearance"}, at=ages, rule="R7", pointer="/method")
    kept = manager.post(ages, read, expect=201)
    warned(kept.has({"conclusion": "inconclusive", "foreign.country": "EE"}), "R6")
    manager.get(f"{there}/child").has({"ageStatus": "assessment_inconclusive_child"})
    told("child protection in Riga: POST .../age-assessments with that decision -> 201, recognised, nobody examines her "
         "again; one without consent, by appearance, or of its own country -> 422")
    story.manager.get(ages, expect=404)


def born(story):
    """Who was a child then stays one for what happened then."""
    chapter(6, "d40: the consulate sends a genuine record of birth")
    now = story.day(40)
    before = story.manager.get(f"{story.case}/identification")
    record = {"birthDate": story.born.isoformat(), "ageCertainty": "documented"}
    changed = story.manager.patch(story.child, record, match=story.manager.get(story.child).tag)
    warned(changed.has({"ageStatus": "undisputed_adult", "ageGroup": "18+"}))
    told(f"case manager: PATCH .../child, born {story.born}, documented -> 200, undisputed_adult: documents come first")
    story.day(40, hours=2)
    here = story.manager.get(f"{story.case}/identification")
    here.has({"status": "presumed_victim", "turned18At": PRESENT, "removalBlock": before["removalBlock"],
              "entitlements": before["entitlements"]})
    heard = story.feed.hears(lambda all: [it for it in all if it["type"] == "identification.turned_18"],
                             story.case.rsplit("/", 1)[1])
    birthday = heard[-1]
    if birthday["data"] != {"status": "presumed_victim"}:
        here.fail(f"the feed says {birthday}")
    told("within two hours the mechanism notes that she is of age: status, removal block (R12) and what was given are as "
         "before; the feed says identification.turned_18 and nothing of a date")
    opened = story.officer.post(f"{story.case}/identification/open-formal-assessment", match=story.officer.get(
        f"{story.case}/identification").tag)
    decided = story.officer.post(f"{story.case}/identification/decide", {
        "findings": {"act": "shown", "purpose": "shown", "acts": ["harbouring"], "purposes": ["labour_general"],
                     "evidence": ["What she told.", "The roster of the nail bar."]},
        "reasons": "She worked there since she was seventeen.", "informed": {"child": True, "guardian": False},
    }, match=opened.tag)
    warned(decided.has({"status": "identified_victim"}), "R1", "R5")
    told("identification officer: POST .../decide -> 200, identified_victim without any means, and warns")
    because(decided.find("warnings", rule="R5"))
    owed(story.manager, "formal_decision", story.case.rsplit("/", 1)[1]).has({"state": "met", "closedAt": text(
        now + timedelta(hours=2))})


def always_an_adult(story):
    """The safeguards are for childhood."""
    chapter(7, "And somebody who was an adult all the time")
    screening = story.border.post("/v1/screenings", {
        "observations": [{"indicator": it, "certainty": "reported"} for it in SEEN], "controllingPerson": True},
        expect=201)
    case = story.border.post("/v1/cases", {"screeningId": screening["id"], "child": {
        "callName": "An", "birthDate": years_before(story.time.now.date(), 19).isoformat(),
        "ageCertainty": "documented"}}, expect=201)
    warned(case.has({"child.ageStatus": "undisputed_adult"}))
    where = f"/v1/cases/{case['id']}"
    manager = story.node.client("tallinn-police", id="p-tp-03", role="case_manager")
    episode = {"exploitationTypes": ["labour_general"], "stage": "past", "from": story.today(200)}
    manager.post(f"{where}/exploitation-episodes", episode, expect=201)
    presume = f"{where}/identification/presume"
    answer = refused(story.border, presume, {"grounds": "screening"}, at=where, rule="R5", pointer="")
    told("19, exploited since 200 days: POST .../presume -> 422")
    because(answer["violations.0"])
    manager.post(f"{where}/exploitation-episodes", {**episode, "from": story.today(500)}, expect=201)
    presumed = story.border.post(presume, {"grounds": "screening"}, match=story.border.get(where).tag)
    warned(presumed.has({"status": "presumed_victim"}), "R5", "R100")
    told("and since 500 days, as it turns out -> 200, presumed_victim, and warns of R5 and R100")


def examined(story):
    """Who looks after a child writes what it finds, and who leads reads of it no more than it needs."""
    chapter(8, "A doctor writes down what she found")
    doctor = story.node.client("tartu-child-clinic")
    notes = f"{story.case}/notes"
    finding = {"category": "d7_health", "text": "Old burns on both hands; they need no treatment."}
    doctor.post(notes, finding, expect=404)
    story.manager.post(f"{story.case}/participants", {
        "party": {"agencyId": doctor.get("/v1/me")["agencyId"]}, "reason": "She was examined there.",
        "classes": [{"dataClass": "d7_health", "access": "write", "lawfulBases": ["gdpr_9_2_h_health_social"]}],
    }, expect=201)
    note = doctor.post(notes, finding, expect=201)
    views = {**finding, "category": "d13_best_interests_views"}
    doctor.post(notes, views, expect=403).has({"code": "section-not-writable"})
    doctor.get(f"{notes}/{note['id']}").has({"text": finding["text"]})
    story.manager.get(f"{notes}/{note['id']}").has({
        "category": "d7_health", "agencyId": note["agencyId"], "summaryOnly": True, "text": ABSENT})
    told("child clinic, given health to write: POST .../notes of d7_health -> 201, of d13_best_interests_views -> 403")
    told("child protection, which reads a summary of health: GET .../notes/{id} -> that there is one, by whom and since when")


def main(node):
    """Tells the story."""
    story = Story(node)
    for part in (found, by_eye, without_consent, in_her_favour, recognised, born, always_an_adult, examined):
        part(story)
    waiting(9, steps_of("9.9"))


if __name__ == "__main__":
    tell(main)
