"""What journeys with the test clock share: the time, what is owed, what the mechanism does by itself, refusals.

All instants are computed from where the clock stands, which only ever goes forward: a journey can be told again and
again on the same node.
"""

import contextlib
import io
import secrets
from datetime import date, datetime, timedelta, timezone

from client import ABSENT, PRESENT
from telling import chapter, told

UTC = timezone.utc
PUBLIC = ["gdpr_6_1_e_public_task"]
WINTER, SUMMER = timezone(timedelta(hours=2)), timezone(timedelta(hours=3))
# Times of the year in Estonia with neither a public holiday nor a change of the hour: first and last day, local time.
QUIET = (((1, 4), (2, 20), WINTER), ((7, 1), (8, 15), SUMMER), ((9, 1), (10, 20), SUMMER), ((11, 1), (12, 20), WINTER))


def text(instant):
    """An instant as the node writes it."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def end_of(day, zone):
    """The end of a local day: the instant at which the next one begins."""
    return datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(days=1)


def working_days_after(instant, count, zone, holidays=()):
    """The end of so many working days after the day of an event; computed without the node."""
    day = instant.astimezone(zone).date()
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5 and (day.month, day.day) not in holidays
    return end_of(day, zone)


def taken_in(screener, seen, child):
    """The case of a child who was screened and is presumed a victim, as whoever took it in sees it."""
    observations = [{"indicator": code, "certainty": "reported"} for code in seen]
    screening = screener.post("/v1/screenings", {"observations": observations, "controllingPerson": True}, expect=201)
    case = screener.post("/v1/cases", {"screeningId": screening["id"], **child}, expect=201)
    presumed = screener.post(
        f"/v1/cases/{case['id']}/identification/presume", {"grounds": "screening"}, match=case.tag)
    presumed.has({"status": "presumed_victim", "caseStatus": "open"})
    return case


def asked(case, who, reason, summary, *classes, **more):
    """A referral that is sent at once: to whom, why, and the classes that it discloses, each with its lawful bases."""
    disclosed = [{"dataClass": name, "lawfulBases": bases} for name, bases in classes]
    view = {"status": "expressed", "method": "spoken", "summary": "Asked, and wants it.", "weightGiven": "It is done."}
    return {"caseId": case, "toAgencyId": who.agency, "urgency": "priority", "reasons": [reason], "summary": summary,
            "send": {"disclosures": disclosed, "childView": view, "childInformed": True}, **more}


def takes(who, referral, now):
    """Acknowledges and accepts a referral; the referral as its receiver sees it."""
    there = f"/v1/referrals/{referral['id']}"
    got = who.post(f"{there}/acknowledge", match=who.get(there).tag)
    accept = {"worker": "Invented worker", "firstAppointmentOn": now.date().isoformat()}
    return who.post(f"{there}/accept", accept, match=got.tag).has({"status": "accepted"})


def lives(who, file, act, body=None, *, expect=200):
    """An act on the life of a case as it is now."""
    return who.post(f"{file}/{act}", body, match=who.get(f"{file}/lifecycle").tag, expect=expect)


def unlike_any():
    """A family name that nobody else has: a story is told again and again on one node, and a child is taken in once."""
    return "".join(secrets.choice("abdegiklmnoprstuv") for _ in range(10)).capitalize()


class Time:
    """The test clock."""

    def __init__(self, node):
        self.client = node.client("tallinn-police")
        self.did = []

    @property
    def now(self):
        """Where it stands."""
        return self.client.clock().instant("now")

    def to(self, instant):
        """Lets time pass until an instant; the instant."""
        answer = self.client.clock(text(instant)).has({"now": text(instant)})
        self.did += answer["events"]
        return instant

    def on(self, **span):
        """Lets so much time pass; the instant then."""
        return self.to(self.now + timedelta(**span))

    def quiet_monday(self, days=14):
        """Ten o'clock on a Monday to come, with so many days after it without holidays."""
        day = self.now.date() + timedelta(days=1)
        while True:
            ends = [(it.month, it.day) for it in (day, day + timedelta(days=days))]
            for first, last, zone in QUIET:
                if day.weekday() == 0 and all(first <= it <= last for it in ends):
                    return datetime(day.year, day.month, day.day, 10, tzinfo=zone)
            day += timedelta(days=1)

    def monday_before(self, month, day):
        """Ten o'clock in winter on a Monday to come, eight to fourteen days before a day of the year."""
        year = self.now.year
        while True:
            last = date(year, month, day) - timedelta(days=8)
            monday = last - timedelta(days=last.weekday())
            start = datetime(monday.year, monday.month, monday.day, 10, tzinfo=WINTER)
            if start > self.now:
                return start
            year += 1

    def done(self, case, start, people):
        """What the mechanism did to a case: each act with its duty, rung, who was told and how long after the start."""
        names = {client.agency: name for name, client in people.items()}
        found = []
        for event in self.did:
            if event.get("caseId") == case:
                data = event["data"]
                after = datetime.fromisoformat(event["at"].replace("Z", "+00:00")) - start
                tellings = [names[it["agencyId"]] for it in data.get("told", [])]
                found.append((after, event["type"], data.get("duty"), data.get("rung"), tellings))
        return found


def listed(done):
    """Tells what the mechanism did."""
    for after, kind, duty, rung, tellings in done:
        what = f" {duty}, rung {rung}: {' and '.join(tellings)} told" if duty else ""
        told(f"- after {hours(after)}: {kind}{what}")


def hours(span):
    """A span, to be read."""
    minutes = round(span.total_seconds() / 60)
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes % 60 else f"{minutes // 60} h"


def twice(time, part):
    """Tells a part at two times and sees that the mechanism does the same: the part takes its start and answers with
    what was done."""
    first = part(time.quiet_monday())
    with contextlib.redirect_stdout(io.StringIO()):
        again = part(time.quiet_monday())
    if first != again:
        time.client.clock().fail(f"the mechanism did {first} and then, of the same, {again}")
    told(f"the same told once more of another child, at another time: the mechanism did the same {len(first)} acts")


def owed(client, duty, about, *, scope="agency", **query):
    """The one deadline for a duty about a referral or concern, with who was told."""
    page = client.get("/v1/deadlines", scope=scope, duty=duty, subjectId=about, **query)
    page.has({"data.0.duty": duty, "data.1": ABSENT})
    return client.get(f"/v1/deadlines/{page['data.0.id']}")


# What a presumption opens, and what was done.
GIVEN = {
    "guardian_check": "A provisional guardian is named.",
    "safety_plan": "A plan for the first night is made.",
    "reflection_period": "Rest and reflection were offered.",
    "information": "An interpreter told the child its rights.",
    "education": "A school has a place for the child.",
    "asylum_information": "An adviser told the child about asylum, and that nothing has to be chosen.",
}


def give(client, case, now, given=tuple(GIVEN)):
    """Records what was done for a child of what its presumption opened; the last path and body."""
    for entitlement in given:
        path = f"/v1/cases/{case}/entitlements/{entitlement}/record"
        body = {"what": GIVEN[entitlement], "byWhom": "Duty worker of child protection", "doneAt": text(now)}
        client.post(path, body, match=client.get(f"/v1/cases/{case}/identification").tag)
    return path, body


def refused(client, path, body, *, at, expect=422, code="rule-refused", rule=None, pointer=None, plainly=False):
    """An act that is refused and changes nothing: what is read at `at` stays the same, tag and all."""
    before = client.get(at)
    # Only an act on what was read carries its ETag; something new does not.
    match = before.tag if path.startswith(f"{at}/") else None
    answer = client.post(path, body, match=match, expect=expect, plainly=plainly).has({"code": code})
    if rule:
        answer.has({"violations.0.rule": rule, "violations.0.sources.0.citation": PRESENT, "violations.1": ABSENT})
    if pointer is not None:
        answer.has({"violations.0.pointer": pointer})
    after = client.get(at)
    if (after.headers.get("etag"), after.body) != (before.headers.get("etag"), before.body):
        after.fail("a refused act has changed something")
    return answer


def refusals(answer, *expected):
    """Sees that a refusal names exactly this, each a rule with the place in the request, and the sources of each."""
    found = [(it["rule"], it["pointer"]) for it in answer["violations"]]
    if sorted(found) != sorted(expected):
        answer.fail(f"it is refused by {found}, not by {list(expected)}")
    for number, _ in enumerate(found):
        answer.has({f"violations.{number}.sources.0.citation": PRESENT, f"violations.{number}.remedy": PRESENT})
    return answer


def warned(answer, *codes):
    """Sees that an answer warns of exactly this, each a rule or a code."""
    warnings = answer.body.get("warnings", [])
    found = [it.get("rule", it["code"]) for it in warnings]
    if sorted(found) != sorted(codes):
        answer.fail(f"it warns of {found}, not of {list(codes)}")
    return answer


def waiting(number, waits_for):
    """Tells which steps of the scenario wait for a room that is not there yet."""
    chapter(number, "What waits for rooms to come")
    for step, room in waits_for.items():
        told(f"- {step}: {room}")
