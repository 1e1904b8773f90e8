"""Identification to its end: who decides, on what and never on what, what two agencies decide, what can be done about it,
and what stays open for the child whatever is decided (I3 to I12).

Needs a sandbox node: time is set, not waited for. Everything and everybody is invented.
"""

from datetime import timedelta

from client import ABSENT, PRESENT
from feed import Feed
from mechanism import Time, end_of, give, listed, owed, refusals, refused, taken_in, text, warned
from telling import because, chapter, tell, told

SEEN = ["gen_threats_to_child", "beg_adult_collects"]
CHILD = {"child": {"callName": "Ilie", "ageCertainty": "unknown"}}
WORDS = "Two adults took what he was given, and he was told what would happen if he ran."
SHOWN = {"act": "shown", "purpose": "shown", "acts": ["transportation"], "purposes": ["forced_begging"],
         "evidence": ["What he told in the talk.", "The report of the patrol."]}
POSITIVE = {"findings": SHOWN, "reasons": WORDS, "informed": {"child": True, "guardian": True}}
NOT_SHOWN = {"act": "unclear", "purpose": "not_shown", "evidence": ["The statement of the aunt."]}
NEGATIVE = {"grounds": ["purpose_not_shown"], "findings": NOT_SHOWN, "reasons": WORDS}
AGREED = {"reasons": "The file was read anew.", "informed": {"child": True, "guardian": True}}


class Country:
    """Those who decide in a country, and a child of it at a time."""

    def __init__(self, node, police, child_protection):
        def at(agency, number, role, **unit):
            return node.client(agency, id=f"p-{number}", role=role, **unit)

        self.screener = at(police, "10", "screener")
        self.chief = at(police, "11", "supervisor")
        self.officer = at(police, "12", "identification_officer", unit="north")
        self.colleague = at(police, "13", "identification_officer", unit="north")
        self.other_unit = at(police, "14", "identification_officer", unit="south")
        self.unnamed = at(police, "15", "identification_officer")
        self.manager = node.client(child_protection)
        self.second = at(child_protection, "16", "identification_officer")
        self.feed = Feed(self.manager)
        self.case = None

    def presumed(self, child=CHILD):
        """A child who is presumed a victim."""
        self.case = taken_in(self.screener, SEEN, child)["id"]

    @property
    def where(self):
        """The identification."""
        return f"/v1/cases/{self.case}/identification"

    def act(self, by, act, body=None, **more):
        """An act on what its doer sees now."""
        return by.post(f"{self.where}/{act}", body, match=by.get(self.where).tag, **more)

    def no(self, by, act, body, *expected, **more):
        """An act that is refused and changes nothing; by exactly these rules, if any are named."""
        answer = refused(by, f"{self.where}/{act}", body, at=self.where, **more)
        return refusals(answer, *expected) if expected else answer

    def assessed(self):
        """The formal assessment of another child."""
        self.presumed()
        self.act(self.officer, "open-formal-assessment")

    def denied(self):
        """A negative decision about another child."""
        self.assessed()
        self.act(self.officer, "propose-negative", NEGATIVE)
        return self.act(self.second, "confirm-negative", AGREED)

    def stands(self, status, **members):
        """Sees where it stands, for child protection."""
        return self.manager.get(self.where).has({"status": status, **members})

    def heard(self, *expected):
        """Sees that of identification the feed says exactly this, each a type with the members of its data; and no
        words."""
        names = [it for it, _ in expected]
        heard = [it for it in self.feed.hears(
            lambda all: [it["type"] for it in all if it["type"] in names] == names, self.case)
            if it["type"].startswith("identification.")]
        if [(it["type"], sorted(it["data"])) for it in heard] != [(it, sorted(data)) for it, data in expected]:
            self.manager.get(self.where).fail(f"the feed says {heard}")
        if any(word in str(heard) for word in (WORDS, "threats", "begging", "cousin", "aunt", "decision 7")):
            self.manager.get(self.where).fail(f"the feed tells too much: {heard}")


class Story:
    """Two countries."""

    def __init__(self, node):
        self.node, self.time = node, Time(node)
        self.start = self.time.to(self.time.quiet_monday(days=3))
        self.tallinn = Country(node, "tallinn-police", "tallinn-child-protection")
        self.riga = Country(node, "riga-police", "riga-child-protection")
        self.coordinator = node.client("ee-coordinator")
        self.barnahus = node.client("tallinn-barnahus")


def acted_on(story):
    """A strong and direct indicator is not left lying (R20)."""
    chapter(1, "Somebody threatened a boy: it was reported, and nobody acts")
    here = story.tallinn
    screening = here.screener.post("/v1/screenings", {
        "observations": [{"indicator": it, "certainty": "reported"} for it in SEEN], "talkMinutes": 45}, expect=201)
    warned(screening.has({"assessment.strongDirect": SEEN}), "R22")
    case = here.screener.post("/v1/cases", {"screeningId": screening["id"], **CHILD}, expect=201)
    here.case = case["id"]
    due = text(story.start + timedelta(hours=24))
    owed(here.screener, "act_on_indicator", here.case).has({
        "state": "running", "rule": "R20", "dueAt": due, "watcherId": here.manager.agency,
        "computedFrom.verification": "proposal", "computedFrom.span": {"hours": 24}})
    told(f"screener: POST /v1/screenings, a talk of 45 minutes -> 201, warns of R22; POST /v1/cases -> 201; to be acted on "
         f"by {due}, says R20")
    nothing = {"basis": ["screening_score"], "reasons": "It was not much.", "protectionNeed": "none_found"}
    here.no(here.screener, "no-grounds", nothing, ("R19", "/basis"), ("R19", ""), ("R20", ""))
    talked = {**nothing, "basis": ["talk_with_child", "facts_checked"]}
    answer = here.no(here.chief, "no-grounds", talked, ("R20", ""))
    told("screener: POST .../no-grounds, by the score -> 422: not by a score (R19), not by who screened (R19), and not "
         "against a strong and direct indicator; a second reader with more to say -> 422, for that alone")
    because(answer["violations.0"])
    here.no(here.screener, "presume", {"grounds": "professional_judgement"}, ("R13", "/reasons"))
    here.no(here.screener, "presume", {"grounds": "foreign_notice"}, code="inconsistent-values", pointer="/grounds")
    story.time.to(story.start + timedelta(hours=24))
    late = owed(here.chief, "act_on_indicator", here.case, scope="escalated").has({"state": "overdue", "rung": 1})
    story.coordinator.get(f"/v1/deadlines/{late['id']}", expect=404)
    story.time.to(story.start + timedelta(hours=28))
    owed(story.coordinator, "act_on_indicator", here.case, scope="escalated").has({"rung": 2, "nextStepAt": ABSENT})
    here.act(here.screener, "presume", {"grounds": "strong_indicator"}).has({"status": "presumed_victim"})
    owed(here.screener, "act_on_indicator", here.case).has({"state": "late"})
    listed(story.time.done(here.case, story.start, {
        "police": here.screener, "coordinator": story.coordinator}))
    told("- then POST .../presume -> 200: closed as late")


def who_decides(story):
    """The officer of the agency that the country lets decide, on both elements."""
    chapter(2, "Tallinn: who decides formally, and on what")
    here = story.tallinn
    give(here.manager, here.case, story.time.now)
    no_guest(story)
    for by in (here.chief, here.second):
        refusals(here.no(by, "open-formal-assessment", {}, expect=403, code="not-your-function"), ("R11", ""))
    here.no(here.officer, "decide", POSITIVE, expect=409, code="state-conflict")
    story.barnahus.get(here.where, expect=403).has({"code": "section-not-readable"})
    opened = here.act(here.officer, "open-formal-assessment").has({"status": "formal_assessment"})
    opened.has({"mandates.model": "criminal_justice_led", "mandates.mayDecide": ["police", "prosecution"]})
    duty = owed(here.manager, "formal_decision", here.case).has({
        "state": "running", "rule": "R110", "computedFrom.span": {"calendarDays": 30}})
    told("a chief of police, an officer of child protection: POST .../open-formal-assessment -> 403, R11; a decision "
         f"before that -> 409; an identification officer of police -> 200, to be decided by {duty['dueAt']}")
    here.no(here.officer, "decide", {**POSITIVE, "findings": {}}, ("R13", "/findings/act"), ("R13", "/findings/acts"),
            ("R13", "/findings/purpose"), ("R13", "/findings/purposes"), ("R13", "/findings/evidence"))
    half = {**POSITIVE, "findings": {**SHOWN, "act": "unclear"}}
    answer = here.no(here.officer, "decide", half, ("R13", "/findings"))
    surrogacy = {**POSITIVE, "findings": {**SHOWN, "purposes": ["surrogacy"]}}
    here.no(here.officer, "decide", surrogacy, ("R2", "/findings/means"))
    nobody = {**POSITIVE, "informed": {"child": False, "guardian": False}}
    here.no(here.officer, "decide", nobody, code="inconsistent-values", pointer="/informed")
    told("identification officer: POST .../decide without findings, with the act unclear, for surrogacy without means, "
         "and nobody told -> 422 each")
    because(answer["violations.0"])
    stale = here.officer.get(here.where).tag
    here.officer.post(f"{here.where}/decide", POSITIVE, expect=428, plainly=True).has({"code": "precondition-required"})
    decided = warned(here.act(here.officer, "decide", POSITIVE).has({"status": "identified_victim"}), "R1")
    again = here.officer.post(f"{here.where}/decide", POSITIVE, match=stale, expect=412)
    told(f"- with both shown and no means -> 200, identified_victim; it warns: {decided['warnings.0.message']}; once more "
         f"on what was read before -> 412 {again['code']}")
    owed(here.manager, "formal_decision", here.case).has({"state": "met"})
    here.stands("identified_victim", **{"removalBlock": {"rule": "R12"}})
    for act, body in (("propose-negative", NEGATIVE), ("open-formal-assessment", {}), (
            "appeal", {"kind": "new_facts", "broughtBy": "agency", "reasons": "Something else."})):
        here.no(here.officer, act, body, expect=409, code="state-conflict")
    told("- identified stays identified: nothing negative, no second assessment -> 409")
    here.heard(("identification.presumed", ("from", "grounds")),
               ("identification.assessment_opened", ("profileValidFrom",)), ("identification.identified", ("from",)))
    told("the feed says presumed, assessment_opened, identified, and from which status; never on what it rests")


def no_guest(story):
    """A guest who was not given the decision does nothing to it."""
    here = story.tallinn
    referral = here.manager.post("/v1/referrals", {
        "caseId": here.case, "toAgencyId": story.barnahus.agency, "urgency": "urgent", "reasons": ["mental_health"],
        "services": ["crisis_psychological"], "summary": "He does not sleep.", "send": {
            "disclosures": [{"dataClass": "d1_identity", "lawfulBases": ["gdpr_6_1_e_public_task"]}],
            "childView": {"status": "unable"}, "childInformed": True}}, expect=201)
    there = f"/v1/referrals/{referral['id']}"
    got = story.barnahus.post(f"{there}/acknowledge", match=story.barnahus.get(there).tag)
    today = story.time.now.date().isoformat()
    story.barnahus.post(f"{there}/accept", {"worker": "Invented helper", "firstAppointmentOn": today}, match=got.tag)
    tag = story.barnahus.get(f"/v1/cases/{here.case}").has({"identification": ABSENT}).tag
    declined = {"broughtBy": "guardian", "childInformed": True, "childView": "He wants peace."}
    story.barnahus.post(f"{here.where}/decline-status", declined, match=tag, expect=403).has(
        {"code": "section-not-readable"})
    timeline = story.barnahus.get(f"/v1/cases/{here.case}/timeline")
    if "identification." in timeline.raw:
        timeline.fail("a guest who was not given the decision reads of it")
    told("the Barnahus helps him by a referral without the decision: it neither reads it, nor of it, nor declines for him")


def never_on_that(story):
    """What says something of the child is no ground."""
    chapter(3, "Riga: a negative decision, and on what it can never rest")
    there = story.riga
    there.assessed()
    for ground, rule in (("no_means", "R14"), ("non_cooperation", "R14"), ("late_disclosure", "R14"),
                         ("criminal_conduct", "R14"), ("nationality", "R14"), ("irregular_residence", "R14"),
                         ("child_agreed", "R3"), ("screening_score", "R19")):
        answer = there.no(there.officer, "propose-negative", {**NEGATIVE, "grounds": ["purpose_not_shown", ground]},
                          (rule, "/grounds"))
        if ground == "non_cooperation":
            told("identification officer: POST .../propose-negative, as he does not cooperate -> 422")
            because(answer["violations.0"])
    told("- no means, told late, offences, nationality, residence (R14), that he agreed (R3), the score (R19) -> 422 each")
    there.no(there.officer, "propose-negative", {**NEGATIVE, "grounds": [], "findings": {}}, ("R13", "/grounds"),
             ("R13", "/findings/act"), ("R13", "/findings/purpose"), ("R13", "/findings/evidence"))
    there.no(there.officer, "propose-negative", {"grounds": NEGATIVE["grounds"], "findings": NOT_SHOWN}, expect=400,
             code="invalid-value", pointer="/reasons", plainly=True)
    there.no(there.officer, "propose-negative", {**NEGATIVE, "findings": {**NOT_SHOWN, "purpose": "shown"}},
             ("R13", "/grounds"))
    disproved = {**NEGATIVE, "grounds": ["facts_disproved"], "findings": SHOWN}
    there.no(there.officer, "propose-negative", disproved, ("R14", "/findings"))
    told("- without ground, findings and evidence (R13); without reasons; with a ground that the findings contradict "
         "(R13); with act and purpose shown (R14) -> refused, and nothing has changed")


def two_agencies(story):
    """Nobody decides negatively alone."""
    chapter(4, "Riga: two agencies decide, or nobody does")
    there = story.riga
    there.no(there.second, "confirm-negative", AGREED, expect=409, code="state-conflict")
    proposed = there.act(there.officer, "propose-negative", NEGATIVE).has({
        "status": "formal_assessment", "negativeProposalId": PRESENT})
    there.no(there.officer, "propose-negative", NEGATIVE, expect=409, code="state-conflict")
    for by in (there.officer, there.other_unit):
        answer = there.no(by, "confirm-negative", AGREED, ("R15", ""))
    there.no(there.manager, "confirm-negative", AGREED, ("R11", ""), expect=403, code="not-your-function")
    for by in (story.tallinn.second, story.tallinn.officer):
        by.post(f"{there.where}/confirm-negative", AGREED, match=proposed.tag, expect=404).has({"code": "not-found"})
    told("proposed -> 200, and nothing is decided; confirmed by the same officer or another unit of police -> 422; by a "
         "case manager -> 403, R11; by officers of Tallinn -> 404")
    because(answer["violations.0"])
    returned = there.act(there.second, "return-negative", {"reasons": "The cousin was not heard."})
    returned.has({"status": "formal_assessment", "negativeProposalId": ABSENT})
    told("second decider: POST .../return-negative -> 200: the assessment goes on")
    there.act(there.officer, "propose-negative", NEGATIVE)
    there.no(there.second, "confirm-negative", {**AGREED, "informed": {"child": False, "guardian": False}},
             code="inconsistent-values", pointer="/informed")
    decided = warned(there.act(there.second, "confirm-negative", AGREED), "R16")
    until = text(end_of((story.time.now + timedelta(days=30)).date(), story.start.tzinfo))
    decided.has({"status": "negative_decision", "appealUntil": until, "removalBlock": {"rule": "R12", "until": until}})
    given = there.stands("negative_decision")["entitlements"]
    if len(given) != 6 or any(it["given"] for it in given):
        decided.fail("help does not go on")
    told(f"- proposed again and confirmed -> 200: it can be appealed until {until}, nobody may remove him until then, and "
         "all six duties of help run on")
    there.no(there.officer, "decide", POSITIVE, expect=409, code="state-conflict")
    there.heard(("identification.presumed", ("from", "grounds")),
                ("identification.assessment_opened", ("profileValidFrom",)),
                ("identification.negative_proposed", ("proposalId",)),
                ("identification.negative_returned", ("proposalId",)),
                ("identification.negative_proposed", ("proposalId",)),
                ("identification.negative_decided", ("appealUntil", "proposalId")))


def reviewed(story):
    """By others than those who decided first."""
    chapter(5, "Riga: an appeal, and who may decide on it")
    there = story.riga
    appeal = {"kind": "appeal", "broughtBy": "guardian", "reasons": "The cousin was not heard."}
    review = there.act(there.manager, "appeal", appeal).has({
        "status": "under_review", "removalBlock": {"rule": "R12"}, "appealUntil": ABSENT})
    there.no(there.manager, "appeal", appeal, expect=409, code="state-conflict")
    for by in (there.officer, there.colleague, there.unnamed):
        answer = there.no(by, "decide", POSITIVE, ("R18", ""))
    there.no(there.colleague, "propose-negative", NEGATIVE, ("R18", ""))
    moved = story.node.client("riga-police", id="p-12", role="identification_officer", unit="south")
    there.no(moved, "decide", POSITIVE, ("R18", ""))
    told(f"the guardian, through child protection: POST .../appeal -> 200, {review['status']}, safeguards as before; "
         "decided by who decided first, by her unit, by one of no unit, by herself in another unit -> 422")
    because(answer["violations.0"])
    there.act(there.other_unit, "propose-negative", NEGATIVE)
    there.no(there.second, "confirm-negative", AGREED, ("R18", ""))
    decided = there.act(there.other_unit, "decide", POSITIVE)
    warned(decided.has({"status": "identified_victim", "negativeProposalId": ABSENT}), "R1")
    kept = there.stands("identified_victim")["acts"]
    told("an officer of another unit proposes again: who confirmed first confirms nothing (R18); then she decides -> 200, "
         f"identified_victim. Kept, in order: {', '.join(it['act'] for it in kept)}")


def too_late(story):
    """The time of appeal ends; new facts do not."""
    chapter(6, "Riga: another child, and nobody appeals in time")
    there = story.riga
    until = there.denied().instant("appealUntil")
    appeal = {"kind": "appeal", "broughtBy": "lawyer", "reasons": "He was not heard."}
    story.time.to(until + timedelta(seconds=1))
    there.stands("negative_decision", removalBlock=ABSENT)
    answer = there.no(there.manager, "appeal", appeal, ("R16", "/kind"))
    told("a second after the time of appeal: no removal block; POST .../appeal -> 422")
    because(answer["violations.0"])
    there.act(there.manager, "appeal", {**appeal, "kind": "new_facts"}).has({
        "status": "under_review", "removalBlock": {"rule": "R12"}})
    told("- with new facts -> 200, under_review, and the removal block is back")


def declined(story):
    """A child who wants no status keeps all help."""
    chapter(7, "Tallinn: a boy does not want the status")
    here = story.tallinn
    here.presumed()
    wish = {"broughtBy": "child", "childInformed": True, "childView": "He does not want to be asked any more."}
    here.no(here.manager, "decline-status", {**wish, "childInformed": False}, ("R26", "/childInformed"))
    here.no(here.manager, "decline-status", {**wish, "broughtBy": "agency"}, code="inconsistent-values",
            pointer="/broughtBy")
    here.act(here.manager, "decline-status", wish)
    given = here.stands("closed_no_status")["entitlements"]
    if len(given) != 6:
        here.stands("closed_no_status").fail("help does not go on")
    here.no(here.officer, "open-formal-assessment", {}, expect=409, code="state-conflict")
    told("child protection: POST .../decline-status, not informed (R26), or by an agency for him -> 422; as he wishes -> "
         "200, closed_no_status, and all six duties of help run on")
    story.time.on(days=20)
    facts = {"kind": "new_facts", "broughtBy": "child", "reasons": "He thought about it."}
    here.act(here.manager, "appeal", facts).has({"status": "under_review"})
    here.act(here.officer, "decide", POSITIVE).has({"status": "identified_victim"})
    told("- three weeks later he thinks otherwise: new facts, POST .../decide -> 200, identified_victim")


def from_abroad(story):
    """A decision of another country counts, and is kept."""
    chapter(8, "Tallinn: Riga has decided before")
    here = story.tallinn
    here.presumed()
    decision = {"country": "LV", "authority": "Demo Police, Riga", "document": "decision 7",
                "dated": (story.time.now.date() - timedelta(days=9)).isoformat()}
    recognise = "recognise-foreign-decision"
    here.no(here.officer, recognise, {**decision, "country": "EE"}, code="inconsistent-values", pointer="/country")
    ahead = (story.time.now.date() + timedelta(days=9)).isoformat()
    here.no(here.officer, recognise, {**decision, "dated": ahead}, code="inconsistent-values", pointer="/dated")
    here.no(here.second, recognise, decision, ("R11", ""), expect=403, code="not-your-function")
    here.act(here.officer, recognise, decision).has({"status": "identified_victim"})
    kept = here.stands("identified_victim").find("acts", act="recognise_foreign_decision")
    if kept["foreign"] != decision:
        here.stands("identified_victim").fail("the decision is not kept")
    here.heard(("identification.presumed", ("from", "grounds")), ("identification.foreign_recognised", ("from",)))
    told("identification officer: POST .../recognise-foreign-decision, of the own country, of next week -> 422; by child "
         "protection -> 403, R11; of Latvia -> 200, identified_victim; it is kept, and the feed does not name it")


def of_age(story):
    """A birthday changes nothing of what is open."""
    chapter(9, "Tallinn: a girl turns eighteen while it is decided")
    here = story.tallinn
    day = story.time.now.date() + timedelta(days=3)
    here.presumed({"child": {"callName": "Rada", "birthDate": day.replace(year=day.year - 18).isoformat(),
                             "ageCertainty": "documented"}})
    opened = here.act(here.officer, "open-formal-assessment")
    midnight = end_of(day - timedelta(days=1), story.start.tzinfo)
    story.time.to(midnight - timedelta(hours=1))
    here.stands("formal_assessment", turned18At=ABSENT)
    story.time.to(midnight + timedelta(hours=26))
    here.stands("formal_assessment", turned18At=PRESENT, removalBlock=opened["removalBlock"],
                entitlements=opened["entitlements"])
    here.heard(("identification.presumed", ("from", "grounds")),
               ("identification.assessment_opened", ("profileValidFrom",)), ("identification.turned_18", ("status",)))
    decided = warned(here.act(here.officer, "decide", POSITIVE), "R1", "R5")
    told(f"{day}: the mechanism notes it; status, removal block and six duties stay; POST .../decide -> 200, and warns")
    because(decided.find("warnings", rule="R5"))


def main(node):
    """Tells the story."""
    story = Story(node)
    for part in (acted_on, who_decides, never_on_that, two_agencies, reviewed, too_late, declined, from_abroad, of_age):
        part(story)


if __name__ == "__main__":
    tell(main)
