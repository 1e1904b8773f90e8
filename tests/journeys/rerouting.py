"""Scenario 9.7: a girl is referred to the wrong clinic, declined and re-routed, until somebody can help.

Needs a sandbox node: time is set, not waited for. Everything and everybody is invented.
"""

from datetime import timedelta

from client import ABSENT, PRESENT
from feed import Feed
from mechanism import Time, give, listed, owed, refused, taken_in, text, twice, warned, working_days_after
from telling import because, chapter, tell, told

PUBLIC_TASK, HEALTH_TASK = ["gdpr_6_1_e_public_task"], ["gdpr_9_2_h_health_social"]
PACKAGE = {
    "disclosures": [{"dataClass": "d1_identity", "lawfulBases": PUBLIC_TASK},
                    {"dataClass": "d2_whereabouts", "lawfulBases": PUBLIC_TASK},
                    {"dataClass": "d7_health", "lawfulBases": HEALTH_TASK},
                    {"dataClass": "d15_referral_metadata", "lawfulBases": PUBLIC_TASK}],
    "childView": {"status": "expressed", "method": "spoken", "summary": "She wants her tooth to stop hurting first.",
                  "weightGiven": "A dentist is asked for in the same referral."},
    "childInformed": True, "caveats": ["do_not_tell_parents"],
}
NEED = {"services": ["trauma_therapy", "dental"], "urgency": "priority"}


class Story:
    """The people of the story, and what they have made so far."""

    def __init__(self, node, time, start):
        self.time = time
        self.screener = node.client("tallinn-police", id="p-tp-02", role="screener")
        self.police = node.client("tallinn-police", id="p-tp-03", role="case_manager")
        self.manager = node.client("tallinn-child-protection")
        self.supervisor = node.client("tallinn-child-protection", id="p-tc-09", role="supervisor")
        self.adults = node.client("tallinn-adult-clinic")
        self.children = node.client("tartu-child-clinic")
        self.dentist = node.client("tallinn-dentist")
        self.barnahus = node.client("tallinn-barnahus")
        self.clinic = node.client("tallinn-clinic")
        self.coordinator = node.client("ee-coordinator")
        self.people = {"police": self.police, "child protection": self.manager, "coordinator": self.coordinator}
        self.feed = Feed(self.coordinator)
        self.start = self.time.to(start)
        self.zone = start.tzinfo
        self.born = self.start.date() - timedelta(days=10 * 365 + 100)
        case = taken_in(self.screener, ["dom_on_call_all_hours", "gen_violence_signs_control"], {
            "child": {"callName": "Lena", "sex": "female", "birthDate": self.born.isoformat(),
                      "ageCertainty": "documented", "languages": ["et"], "specialNeeds": ["acute_trauma"]},
            "whereabouts": {"accommodationType": "emergency_shelter_child", "address": "Invented Street 7"},
        })
        self.case = case["id"]
        give(self.manager, self.case, self.start)
        # The referrals of the chain, by what they are.
        self.at = {}
        self.clock = None

    def day(self, number, **span):
        """Lets time pass until so long after the start, in days of the scenario; the instant."""
        return self.time.to(self.start + timedelta(days=number, **span))

    def due(self, count):
        """When so many working days of the chain's clock end."""
        return text(working_days_after(self.clock, count, self.zone))

    def limits(self):
        """The times to answer, all from the first sending of the chain (R83)."""
        return {"acknowledgeBy": self.due(1), "decideBy": self.due(3), "firstContactBy": self.due(5)}


def draft_to_the_wrong_one(story):
    """The pre-check and the draft say the same."""
    chapter(1, "d0: child protection asks a trauma clinic that takes adults only")
    question = {**NEED, "age": 10, "sex": "female", "languages": ["et"], "specialNeeds": ["acute_trauma"]}
    answer = story.manager.ask("/v1/directory/match", question)
    candidate = answer.find("candidates", agencyId=story.adults.agency)
    draft = story.manager.post("/v1/referrals", {
        "caseId": story.case, "toAgencyId": story.adults.agency, "toServiceId": candidate["serviceId"], **NEED,
        "reasons": ["mental_health"], "summary": "A girl of ten wakes at night and speaks to nobody; her tooth aches.",
    }, expect=201)
    warned(draft.has({"status": "draft", "prepared": False}), "age_not_taken", "service_not_offered")
    again = story.manager.ask("/v1/directory/match", question)
    again.has({"directoryVersion": answer["directoryVersion"], "candidates": answer["candidates"]})
    warning = draft.find("warnings", code="age_not_taken", pointer="/toServiceId")
    if candidate["fits"] or [(it["code"], it["message"]) for it in candidate["misfits"]] != [
            (warning["code"], warning["message"])]:
        answer.fail("pre-check and draft do not say the same")
    told(f"case manager: POST /v1/referrals -> 201, a draft, and warns: {warning['code']} ({warning['message']}), "
         "service_not_offered (dental)")
    told("- POST /v1/directory/match, before and after: the same misfit at the same directoryVersion "
         f"{answer['directoryVersion']}; first of its candidates is the child clinic")
    best = answer.find("candidates", rank=1)
    if best["agencyId"] == story.adults.agency or not best["fits"]:
        answer.fail("the best candidate is not one that fits")
    story.at["first"] = f"/v1/referrals/{draft['id']}"


def preview(story):
    """What is previewed is what is sent, or nothing is."""
    chapter(2, "d0: what the clinic will see, before it is sent")
    first, package = story.at["first"], f"{story.at['first']}/package"
    story.manager.get(package).has({"status": "refused", "refusedBy.0.code": "not_prepared", "content": ABSENT})
    excess = {"dataClass": "d12_migration", "lawfulBases": PUBLIC_TASK}
    too_much = {**PACKAGE, "disclosures": [*PACKAGE["disclosures"], excess]}
    draft = story.manager.patch(first, {"package": too_much}, match=story.manager.get(first).tag)
    story.manager.get(package).has({"status": "refused", "refusedBy.0.rule": "R75", "digest": ABSENT})
    refused(story.manager, f"{first}/send", {}, at=first, rule="R75", pointer="/package/disclosures")
    told("case manager: PATCH with d12_migration in the package; GET .../package -> 200, refused by R75; and so is "
         "POST .../send -> 422")
    draft = story.manager.patch(first, {"package": PACKAGE}, match=draft.tag).has({"prepared": True})
    seen = story.manager.get(package, asRole="therapist")
    seen.has({"status": "prepared", "asRole": "therapist", "digest": PRESENT, "content.child.callName": "Lena",
              "content.whereabouts.address": ABSENT})
    whole = story.manager.bound(story.case).get(package).has({"content.whereabouts.address": "Invented Street 7"})
    whole.has({"digest": seen["digest"]})
    story.adults.get(first, expect=404)
    told("case manager: without it, GET .../package?asRole=therapist -> 200, prepared, where she lives is summed up "
         f"for a therapist; {seen['digest'][:19]}…; to the clinic all of it is 404 still")

    where = f"/v1/cases/{story.case}/child"
    child = story.manager.get(where)
    story.manager.patch(where, {"callName": "Lenka"}, match=child.tag)
    answer = refused(story.manager, f"{first}/send", {"packageDigest": seen["digest"]}, at=first, expect=409,
                     code="package-changed")
    story.adults.get(first, expect=404)
    told(f"- meanwhile somebody records that she is called Lenka: POST .../send with that digest -> 409 "
         f"{answer['code']}, and nothing is sent")
    seen = story.manager.bound(story.case).get(package, asRole="therapist").has({"content.child.callName": "Lenka"})
    sent = story.manager.post(f"{first}/send", {"packageDigest": seen["digest"]}, match=draft.tag)
    story.clock = story.time.now
    warned(sent.has({"status": "sent", "sentAt": text(story.clock), **story.limits()}))
    read = story.adults.bound(story.case).get(first).has({"side": "receiver", "withheld": []})
    if read["content"] != seen["content"]:
        read.fail("the therapist reads something else than was previewed")
    got = story.adults.bound(story.case).get(package).has({"status": "sent", "digest": seen["digest"]})
    if got["content"] != seen["content"]:
        got.fail("the package is not the one that was previewed")
    told("case manager: previewed again and sent with the new digest -> 200; what the therapist of the clinic then "
         "reads is what was previewed, member for member")


def wrong_clinic_declines(story):
    """A reason alone is not enough, and a decliner keeps its own answer only."""
    chapter(3, "d0: the clinic declines")
    story.day(0, hours=2)
    first = story.at["first"]
    story.adults.post(f"{first}/acknowledge", match=story.adults.get(first).tag)
    decline = {"reason": "out_of_mandate", "explanation": "We treat adults."}
    answer = refused(story.adults, f"{first}/decline", decline, at=first, rule="R82", pointer="/noneKnown")
    told("clinic: POST .../decline, out_of_mandate, without a suggestion -> 422, and nothing has changed")
    because(answer["violations.0"])
    decline["suggestedAgencyId"] = story.children.agency
    declined = story.adults.post(f"{first}/decline", decline, match=story.adults.get(first).tag)
    declined.has({"status": "declined", "responsibleAgencyId": story.manager.agency})
    own = story.adults.get(first)
    own.has({"decline.reason": "out_of_mandate", "decline.suggestedAgencyId": story.children.agency,
             "summary": ABSENT, "content": ABSENT, "allowedActions": []})
    if {it["reason"] for it in own["withheld"]} != {"ended"} or "Lenka" in own.raw:
        own.fail("the decliner still reads more than its own answer")
    story.adults.get(f"{first}/package", expect=404)
    told("clinic: with the child clinic as suggestion -> 200; GET -> its own answer, withheld as ended: "
         + ", ".join(it["section"] for it in own["withheld"]) + "; GET .../package -> 404")
    owed(story.manager, "next_step", first.rsplit("/", 1)[1]).has({
        "state": "running", "rule": "R106", "computedFrom.span": {"workingDays": 1}, "watcherId": ABSENT,
        "dueAt": text(working_days_after(story.time.now, 1, story.zone))})
    told("child protection owes the next step within one working day")


def child_clinic(story):
    """The clock of the first sending goes on; silence is told of."""
    chapter(4, "d1: rerouted to the child clinic, which is silent")
    now = story.day(1)
    first = story.at["first"]
    rerouted = story.manager.post(f"{first}/reroute", {"toAgencyId": story.children.agency, "send": PACKAGE},
                                  match=story.manager.get(first).tag)
    warned(rerouted.has({"status": "rerouted", "followedBy.1": ABSENT}), "service_not_offered")
    owed(story.manager, "next_step", first.rsplit("/", 1)[1]).has({"state": "met"})
    next_id = rerouted["followedBy.0"]
    story.at["second"] = second = f"/v1/referrals/{next_id}"
    story.manager.get(second).has({
        "status": "sent", "sentAt": text(now), "origin.kind": "rerouted", "origin.clockStartedAt": text(story.clock),
        "origin.reroutes": 1, **story.limits()})
    told("case manager: POST .../reroute with send -> 200; the new one is sent today, its times run from d0: to be "
         f"acknowledged by {story.due(1)}")
    midnight = working_days_after(story.clock, 1, story.zone)
    story.time.to(midnight)
    late = owed(story.supervisor, "acknowledge", next_id, scope="escalated", caseId=story.case)
    late.has({"rung": 1, "agencyId": story.children.agency, "watcherId": story.manager.agency, "rule": "R85",
              "escalations.0.at": text(midnight), "escalations.0.role": "supervisor",
              "computedFrom.startedAt": text(story.clock)})
    story.manager.get("/v1/referrals", box="outbox", caseId=story.case).find("data", id=next_id, escalationRung=1)
    told("at midnight: R85, the supervisor of child protection is told (scope=escalated); the outbox shows "
         "escalationRung 1")
    story.day(2)
    got = story.children.post(f"{second}/acknowledge", match=story.children.get(second).tag)
    owed(story.children, "acknowledge", next_id).has({"state": "late", "nextStepAt": ABSENT})
    told("child clinic, d2 in the morning: POST .../acknowledge -> 200, late; nobody else is told of it")
    return got


def in_part(story, got):
    """What is not accepted is the sender's again."""
    chapter(5, "d3: the child clinic takes her, but has no dentist")
    now = story.day(3)
    second = story.at["second"]
    accept = {"worker": "Dr. Invented", "firstAppointmentOn": now.date().isoformat(), "services": ["trauma_therapy"]}
    accepted = story.children.post(f"{second}/accept", accept, match=got.tag)
    warned(accepted.has({"status": "accepted", "acceptance.services": ["trauma_therapy"], "followedBy": ABSENT}))
    story.children.post(f"{second}/start", match=accepted.tag).has({"status": "in_service"})
    rest = story.manager.get(second)["followedBy.0"]
    story.at["dental"] = f"/v1/referrals/{rest}"
    story.manager.get(story.at["dental"]).has({
        "status": "draft", "services": ["dental"], "toAgencyId": ABSENT, "origin.kind": "rest",
        "origin.referralId": second.rsplit("/", 1)[1], "origin.clockStartedAt": text(story.clock),
        "origin.reroutes": 1, "responsibleAgencyId": story.manager.agency})
    story.children.get(story.at["dental"], expect=404)
    owed(story.manager, "next_step", rest).has({
        "state": "running", "dueAt": text(working_days_after(now, 1, story.zone))})
    told("child clinic: POST .../accept with services [trauma_therapy] -> 200; of the rest a draft of child "
         "protection is made (origin rest, the same clock), with one working day for the next step")
    refused(story.manager, f"{story.at['dental']}/send", {"package": PACKAGE}, at=story.at["dental"],
            code="inconsistent-values", pointer="/package")
    told("case manager: sending it to nobody -> 422 no_receiver")


def two_dentists(story):
    """Routed by rule, declined; named, declined."""
    chapter(6, "d4: two who could see to her tooth decline")
    now = story.day(4)
    dental = story.at["dental"]
    routed = story.manager.patch(dental, {"toAgencyId": None}, match=story.manager.get(dental).tag)
    routed.has({"toAgencyId": story.dentist.agency, "routing.takes": ["dental"], "routing.directoryVersion": PRESENT})
    told("case manager: PATCH {\"toAgencyId\": null} -> 200, routed to the dental practice because: "
         + ", ".join(routed["routing.reasons"]))
    sent = story.manager.post(f"{dental}/send", {"package": PACKAGE}, match=routed.tag)
    warned(sent.has({"status": "sent", "sentAt": text(now), **story.limits()}), "R83")
    told("- POST .../send -> 200, and warns")
    because(sent["warnings.0"])
    story.time.on(minutes=1)
    for duty in ("acknowledge", "decide"):
        owed(story.dentist, duty, dental.rsplit("/", 1)[1]).has({
            "state": "overdue", "rung": 1, "escalations.0.agencyId": story.manager.agency,
            "nextStepAt": text(working_days_after(now, 1, story.zone))})
    told("one minute later: acknowledge and decide are overdue by the first clock, R85 told the supervisor at once; "
         "the next step counts from today, so that the dentist has time to answer")
    declined(story, story.dentist, dental, {"reason": "no_capacity", "noneKnown": True})
    answer = refused(story.manager, f"{dental}/reroute", {}, at=dental, code="inconsistent-values")
    told(f"case manager: POST .../reroute to nobody in particular -> 422 {answer['violations.0.code']}, and nothing "
         "has changed")
    third = reroute(story, dental, story.barnahus, "R83", "service_not_offered")
    story.manager.get(third).has({"origin.reroutes": 2, "origin.clockStartedAt": text(story.clock)})
    declined(story, story.barnahus, third, {"reason": "out_of_mandate", "explanation": "We have no dentist.",
                                            "noneKnown": True})
    told("dental practice: no_capacity, none known; Barnahus, named next: out_of_mandate, none known")
    return third


def declined(story, who, referral, decline):
    """Acknowledged and declined within a quarter of an hour."""
    story.time.on(minutes=15)
    got = who.post(f"{referral}/acknowledge", match=who.get(referral).tag)
    who.post(f"{referral}/decline", decline, match=got.tag).has({"status": "declined"})


def reroute(story, referral, to, *warnings):
    """Rerouted and sent in one act; the path of the referral that follows."""
    answer = story.manager.post(f"{referral}/reroute", {"toAgencyId": to.agency, "send": PACKAGE},
                                match=story.manager.get(referral).tag)
    warned(answer.has({"status": "rerouted"}), *warnings)
    return f"/v1/referrals/{answer['followedBy.0']}"


def third_reroute(story, third):
    """The coordinator is told of it."""
    chapter(7, "d4: the third reroute")
    fourth = reroute(story, third, story.clinic, "R83", "R83", "service_not_offered")
    heard = story.feed.hears(lambda heard: any(it["type"] == "referral.reroute_escalated" for it in heard), story.case)
    told_of = [it for it in heard if it["type"] == "referral.reroute_escalated"]
    if [(it["subjectId"], it["data"]) for it in told_of] != [
            (fourth.rsplit("/", 1)[1], {"reroutes": 3, "clock": text(story.clock)})]:
        story.manager.get(fourth).fail(f"the coordinator hears {told_of}")
    story.coordinator.get(fourth, expect=403)
    told("case manager: POST .../reroute -> 200, warns R83 that the coordinator is told; its feed has "
         "referral.reroute_escalated with the clock of d0, and no more than that")
    story.time.on(minutes=20)
    open_one = story.manager.get(fourth)
    reason = {"reason": "Her foster family found a dentist this afternoon."}
    story.manager.post(f"{fourth}/cancel", reason, match=open_one.tag).has({"status": "cancelled"})
    story.manager.get("/v1/deadlines", scope="agency", standing="open", caseId=story.case).has({"data": []})
    told("case manager: POST .../cancel, a dentist was found -> 200; nothing of it is owed any more")


def statutory(story):
    """Whom law obliges does not decline; both reroute together."""
    chapter(8, "d7: the police ask child protection for work with the family")
    story.day(7)
    sent = story.police.post("/v1/referrals", {
        "caseId": story.case, "toAgencyId": story.manager.agency, "urgency": "standard",
        "reasons": ["parenting_support"], "services": ["family_work"], "summary": "Her aunt wants to take her in.",
        "send": PACKAGE}, expect=201)
    path = f"/v1/referrals/{sent['id']}"
    got = story.manager.post(f"{path}/acknowledge", match=story.manager.get(path).tag)
    if "decline" in [it["action"] for it in got["allowedActions"]]:
        got.fail("it may decline")
    blocked = story.manager.get(path, include="blockedActions").find("blockedActions", action="decline")
    if [it["rule"] for it in blocked["violations"]] != ["R84"]:
        got.fail("blockedActions does not say why it may not decline")
    decline = {"reason": "no_capacity", "noneKnown": True}
    answer = refused(story.manager, f"{path}/decline", decline, at=path, rule="R84")
    told("child protection: decline is not among allowedActions, and POST .../decline, no_capacity -> 422")
    because(answer["violations.0"])
    to = {"toAgencyId": story.barnahus.agency}
    refused(story.police, f"{path}/reroute", to, at=path, expect=409, code="state-conflict")
    proposal = {"reason": "no_capacity", "explanation": "Nobody before March.", **to}
    proposed = story.manager.post(f"{path}/propose-reroute", proposal, match=got.tag)
    proposed.has({"status": "acknowledged", "responsibleAgencyId": story.manager.agency,
                  "rerouteProposal.toAgencyId": story.barnahus.agency})
    together = story.police.post(f"{path}/reroute", {**to, "send": PACKAGE}, match=story.police.get(path).tag)
    warned(together.has({"status": "rerouted", "responsibleAgencyId": ABSENT}), "service_not_offered")
    told("police: rerouting alone -> 409; child protection: POST .../propose-reroute -> 200, it stays responsible; "
         "police: now -> 200, rerouted together")
    last = f"/v1/referrals/{together['followedBy.0']}"
    taken = story.barnahus.post(f"{last}/acknowledge", match=story.barnahus.get(last).tag)
    accept = {"worker": "Family worker", "firstAppointmentOn": story.time.now.date().isoformat()}
    story.barnahus.post(f"{last}/accept", accept, match=taken.tag).has({"status": "accepted"})


def week(node, time, start):
    """The scenario; what the mechanism did in it."""
    story = Story(node, time, start)
    draft_to_the_wrong_one(story)
    preview(story)
    wrong_clinic_declines(story)
    in_part(story, child_clinic(story))
    third_reroute(story, two_dentists(story))
    statutory(story)
    chapter(9, "What the mechanism did by itself")
    done = time.done(story.case, start, story.people)
    listed(done)
    return done


def main(node):
    """Tells the story, twice."""
    time = Time(node)
    twice(time, lambda start: week(node, time, start))


if __name__ == "__main__":
    tell(main)
