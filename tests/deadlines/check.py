"""Compares the time limits of `trm due --batch` with an independent computation.

    check.py TRM

Holidays come from the package `holidays` (its default set: public holidays), time zones from `zoneinfo` on the pinned
`tzdata`, and the arithmetic below is written from the meaning of the spans alone:

- minutes, hours: elapsed time. Calendar days: the end of the n-th day after the local day of the event.
- Working days: the end of the n-th working day after that day; 0 is that day, or the next working day.
- Months: the end of the day of the same number, or the month's last; moved to the next working day.
- A pause is added to the end; a period in days then ends with the day that holds its last instant, one in working days
  or months with the next working day if that one is none.

Compared are the instant, the days that were not counted and why. A difference in the holidays is settled in favour of
the law: the table is corrected, or the day stands in EXCEPTIONS with the reason.
"""

import calendar
import json
import subprocess
import sys
import tempfile
import zoneinfo
from datetime import date, datetime, time, timedelta, timezone

import holidays

zoneinfo.reset_tzpath([])  # the pinned tzdata, not that of the machine
UTC = timezone.utc
DAY = timedelta(days=1)
FIRST, LAST = date(2027, 1, 1), date(2028, 12, 31)
HOLIDAY_YEARS = range(2020, 2036)
MAIN_ZONE = {
    "EE": "Europe/Tallinn",
    "LV": "Europe/Riga",
    "LT": "Europe/Vilnius",
    "FI": "Europe/Helsinki",
    "SE": "Europe/Stockholm",
    "DK": "Europe/Copenhagen",
    "NO": "Europe/Oslo",
    "IS": "Atlantic/Reykjavik",
    "PL": "Europe/Warsaw",
    "DE": "Europe/Berlin",
}
# Zones whose clocks change at midnight: it is left out, comes twice, or is followed by another 23:00.
MIDNIGHT_ZONES = [
    ("DK", "America/Nuuk"),
    ("EE", "Atlantic/Azores"),
    ("EE", "Asia/Beirut"),
    ("EE", "America/Santiago"),
    ("EE", "America/Havana"),
    ("EE", "Africa/Cairo"),
]
SPANS = [
    *(("minutes", n) for n in (0, 30, 2880)),
    *(("hours", n) for n in (1, 24, 72)),
    *(("calendarDays", n) for n in (0, 1, 7, 30)),
    *(("workingDays", n) for n in (0, 1, 2, 5, 15, 25)),
    *(("months", n) for n in (0, 1, 3, 12)),
]
MIDNIGHT_SPANS = [("calendarDays", 0), ("calendarDays", 1), ("workingDays", 1), ("months", 1)]
TIMES = [time(0, 0), time(12, 0), time(23, 59, 59, 999999)]
# On a day whose clocks change, and on the days around it: every half hour, both times if it comes twice.
CLOCK_CHANGE_TIMES = [time(hour, minute, fold=fold) for hour in range(24) for minute in (0, 30) for fold in (0, 1)]
CLOCK_CHANGE_SPANS = [("hours", 24), ("calendarDays", 0), ("calendarDays", 1), ("workingDays", 1), ("months", 1)]
PAUSES = [1, 3600, 86_400, 1_054_801]

# (country, day) -> why the package is not followed on this day.
SWAPPED = "a working day that the Cabinet moved to a Saturday for public institutions: no holiday of the law on holidays"
EXCEPTIONS = {
    ("LV", date(2020, 6, 22)): SWAPPED,
    ("LV", date(2021, 5, 3)): SWAPPED,
    ("LV", date(2021, 6, 25)): SWAPPED,
    ("LV", date(2021, 11, 19)): SWAPPED,
    ("LV", date(2023, 5, 5)): SWAPPED,
    ("LV", date(2024, 12, 23)): SWAPPED,
    ("LV", date(2024, 12, 30)): SWAPPED,
    ("LV", date(2025, 5, 2)): SWAPPED,
    ("LV", date(2025, 11, 17)): SWAPPED,
    ("LV", date(2026, 1, 2)): SWAPPED,
    ("LV", date(2026, 6, 22)): SWAPPED,
}


class Place:
    def __init__(self, country, zone):
        self.country = country
        self.zone = zoneinfo.ZoneInfo(zone)
        self.zone_name = zone
        self.ends = {}

    def local_day(self, instant):
        return instant.astimezone(self.zone).date()

    def end(self, day):
        """The instant at which the next day begins; `fold=0` is the first midnight, or the change that leaves it out."""
        if day not in self.ends:
            self.ends[day] = datetime.combine(day + DAY, time(0), self.zone).astimezone(UTC)
        return self.ends[day]

    def off(self, day):
        """Why a day is no working day, or None."""
        if (holiday := is_holiday(self.country, day)) is not None:
            return holiday
        return "weekend" if day.isoweekday() > 5 else None

    def working_day_from(self, day):
        """The end of this day or of the next working day, and the days passed over."""
        passed = []
        while why := self.off(day):
            passed.append((day.isoformat(), why))
            day += DAY
        return self.end(day), passed

    def limit(self, event, unit, count):
        day = self.local_day(event)
        if unit in ("minutes", "hours"):
            return event + timedelta(**{unit: count}), []
        if unit == "calendarDays":
            return self.end(day + count * DAY), []
        if unit == "months":
            return self.working_day_from(add_months(day, count))
        if count == 0:
            return self.working_day_from(day)
        passed = []
        while count:
            day += DAY
            if why := self.off(day):
                passed.append((day.isoformat(), why))
            else:
                count -= 1
        return self.end(day), passed

    def prolonged(self, due, unit, seconds):
        if unit not in ("minutes", "hours"):
            seconds -= seconds % 86400
        due += timedelta(seconds=seconds)
        if unit in ("minutes", "hours"):
            return due, []
        day = self.local_day(due - timedelta(microseconds=1))
        return (self.end(day), []) if unit == "calendarDays" else self.working_day_from(day)


def add_months(day, count):
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


LISTS = {
    country: holidays.country_holidays(country, years=range(2019, 2038), expand=False) for country in MAIN_ZONE
}
USED_EXCEPTIONS = set()


def is_holiday(country, day):
    listed = day in LISTS[country]
    if (country, day) in EXCEPTIONS:
        USED_EXCEPTIONS.add((country, day))
        listed = not listed
    return "public_holiday" if listed else None


def days(first, last):
    return (first + n * DAY for n in range((last - first).days + 1))


def changes_clocks(zone, day):
    """Whether the offset changes on this day or on one beside it."""
    offsets = {datetime.combine(day + n * DAY, time(12), zone).utcoffset() for n in (-2, -1, 0, 1, 2)}
    return len(offsets) > 1


def questions():
    """(place, event, unit, count, pause or None)"""
    for country, zone in MAIN_ZONE.items():
        place = Place(country, zone)
        for number, day in enumerate(days(FIRST, LAST)):
            for at in TIMES:
                event = datetime.combine(day, at, place.zone).astimezone(UTC)
                for unit, count in SPANS:
                    yield place, event, unit, count, None
            noon = datetime.combine(day, time(12), place.zone).astimezone(UTC)
            for turn, (unit, count) in enumerate(SPANS):
                yield place, noon, unit, count, PAUSES[(number + turn) % len(PAUSES)]
            if changes_clocks(place.zone, day):
                yield from around_a_change(place, day)
        for day in days(date(HOLIDAY_YEARS[0], 1, 1), date(HOLIDAY_YEARS[-1], 12, 31)):
            yield place, datetime.combine(day, time(12), place.zone).astimezone(UTC), "workingDays", 0, None
    for country, zone in MIDNIGHT_ZONES:
        place = Place(country, zone)
        for day in days(FIRST, LAST):
            for at in TIMES:
                event = datetime.combine(day, at, place.zone).astimezone(UTC)
                for unit, count in MIDNIGHT_SPANS:
                    yield place, event, unit, count, None
            if changes_clocks(place.zone, day):
                yield from around_a_change(place, day)


def around_a_change(place, day):
    for at in CLOCK_CHANGE_TIMES:
        event = datetime.combine(day, at, place.zone).astimezone(UTC)
        for unit, count in CLOCK_CHANGE_SPANS:
            yield place, event, unit, count, None


def as_line(place, event, unit, count, pause):
    asked = {"country": place.country, "from": instant(event), "span": {unit: count}}
    if place.zone_name != MAIN_ZONE[place.country]:
        asked["zone"] = place.zone_name
    if pause is not None:
        asked["pausedSeconds"] = pause
    return json.dumps(asked)


def instant(at):
    fraction = f".{at.microsecond:06}".rstrip("0") if at.microsecond else ""
    return f"{at:%Y-%m-%dT%H:%M:%S}{fraction}Z"


def expected(place, event, unit, count, pause):
    at, passed = place.limit(event, unit, count)
    if pause is not None:
        at, passed = place.prolonged(at, unit, pause)
    return instant(at), passed


def answered(line):
    answer = json.loads(line)
    for day in answer["skipped"]:
        if ("name" in day) != (day["reason"] == "public_holiday"):
            return "a public holiday without a name, or a name without one", []
    return answer["at"], [(day["day"], day["reason"]) for day in answer["skipped"]]


def main(trm):
    passed = failed = 0
    with tempfile.TemporaryFile("w+") as asked, tempfile.TemporaryFile("w+") as answers:
        for question in questions():
            print(as_line(*question), file=asked)
        asked.flush()
        asked.seek(0)
        # Both compute at the same time.
        product = subprocess.Popen([trm, "due", "--batch"], stdin=asked, stdout=answers)
        wanted = [expected(*question) for question in questions()]
        code = product.wait()
        answers.seek(0)
        lines = answers.read().splitlines()
    if code != 0 or len(lines) != len(wanted):
        print(f"trm due answered {len(lines)} of {len(wanted)} questions and exited with {code}")
        failed += 1
    for question, want, line in zip(questions(), wanted, lines):
        got = answered(line)
        if got == want:
            passed += 1
            continue
        failed += 1
        if failed <= 20:
            print(f"{as_line(*question)}\n    wanted {want}\n    got    {got}")
    for country, day in sorted(EXCEPTIONS.keys() - USED_EXCEPTIONS):
        print(f"the exception {country} {day} was never asked for")
        failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
