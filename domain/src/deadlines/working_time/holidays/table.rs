//! The rows, country by country: national law as recalled, compared with an independent list in `tests/deadlines`.

use time::{
    Month::{self, April, August, December, February, January, July, June, March, May, November, October},
    Weekday::{Friday, Monday, Saturday, Sunday, Thursday},
};

use super::{
    Calendar, Row,
    When::{self, Easter, Fixed, MondayInsteadOf, OnOrAfter},
};
use crate::rules::Verification;

const fn row(name: &'static str, when: When, source: &'static str) -> Row {
    Row { name, when, since: 1900, until: 2199, source, verification: Verification::Recalled }
}

/// A day off that was given once.
const fn once(name: &'static str, year: i32, month: Month, day: u8, source: &'static str) -> Row {
    Row { since: year, until: year, ..row(name, Fixed(month, day), source) }
}

impl Row {
    const fn since(self, year: i32) -> Self {
        Self { since: year, ..self }
    }

    const fn until(self, year: i32) -> Self {
        Self { until: year, ..self }
    }

    const fn unverified(self) -> Self {
        Self { verification: Verification::Unverified, ..self }
    }
}

pub(super) static CALENDARS: [Calendar; 10] = [
    Calendar {
        country: "EE",
        zone: "Europe/Tallinn",
        scope: "The national day and the public holidays; the shortened working days before some of them count.",
        rows: EE,
    },
    Calendar {
        country: "LV",
        zone: "Europe/Riga",
        scope: "Public holidays and their substitutes. The day off at the end of the Song and Dance Celebration is \
                known for 2023 only; working days that the Cabinet moves for public institutions stay working days.",
        rows: LV,
    },
    Calendar {
        country: "LT",
        zone: "Europe/Vilnius",
        scope: "Public holidays; holidays on a weekend have no substitute.",
        rows: LT,
    },
    Calendar {
        country: "FI",
        zone: "Europe/Helsinki",
        scope: "Public holidays with Midsummer Eve and Christmas Eve, on which time limits do not end either.",
        rows: FI,
    },
    Calendar {
        country: "SE",
        zone: "Europe/Stockholm",
        scope: "Public holidays. Midsummer, Christmas and New Year's Eve are none and count, although a limit of \
                Swedish law that ends on them moves: the limit is then the earlier one.",
        rows: SE,
    },
    Calendar {
        country: "DK",
        zone: "Europe/Copenhagen",
        scope: "Public holidays of the church and New Year's Day. Constitution Day, Christmas Eve and New Year's \
                Eve, on which shops close, count; so do the days of Greenland and the Faroe Islands.",
        rows: DK,
    },
    Calendar {
        country: "NO",
        zone: "Europe/Oslo",
        scope: "Public holidays; Christmas and New Year's Eve count.",
        rows: NO,
    },
    Calendar {
        country: "IS",
        zone: "Atlantic/Reykjavik",
        scope: "Public holidays; Christmas and New Year's Eve, free from 13:00, count.",
        rows: IS,
    },
    Calendar {
        country: "PL",
        zone: "Europe/Warsaw",
        scope: "Public holidays. The day that an employer gives for one on a Saturday is each employer's own.",
        rows: PL,
    },
    Calendar {
        country: "DE",
        zone: "Europe/Berlin",
        scope: "Holidays of all sixteen Länder only; those of single Länder count as working days.",
        rows: DE,
    },
];

const EE_ACT: &str =
    "Pühade ja tähtpäevade seadus (Public Holidays and Days of National Importance Act) § 1, 2";

const EE: &[Row] = &[
    row("New Year's Day", Fixed(January, 1), EE_ACT),
    row("Independence Day", Fixed(February, 24), EE_ACT),
    row("Good Friday", Easter(-2), EE_ACT),
    row("Easter Sunday", Easter(0), EE_ACT),
    row("Spring Day", Fixed(May, 1), EE_ACT),
    row("Pentecost", Easter(49), EE_ACT),
    row("Victory Day", Fixed(June, 23), EE_ACT),
    row("Midsummer Day", Fixed(June, 24), EE_ACT),
    row("Day of Restoration of Independence", Fixed(August, 20), EE_ACT).since(1998),
    row("Christmas Eve", Fixed(December, 24), EE_ACT).since(2005),
    row("Christmas Day", Fixed(December, 25), EE_ACT),
    row("Boxing Day", Fixed(December, 26), EE_ACT),
];

const LV_ACT: &str = "Likums Par svētku, atceres un atzīmējamām dienām (law on holidays) Art. 1";
const LV_ONCE: &str = "Act of the Saeima for this day";

const LV: &[Row] = &[
    row("New Year's Day", Fixed(January, 1), LV_ACT),
    row("Good Friday", Easter(-2), LV_ACT),
    row("Easter Sunday", Easter(0), LV_ACT),
    row("Easter Monday", Easter(1), LV_ACT),
    row("Labour Day and Convocation of the Constituent Assembly", Fixed(May, 1), LV_ACT),
    row("Restoration of Independence", Fixed(May, 4), LV_ACT).since(2002),
    row("Day off for the Restoration of Independence", MondayInsteadOf(May, 4), LV_ACT)
        .since(2007)
        .unverified(),
    row("Mother's Day", OnOrAfter(Sunday, May, 8), LV_ACT),
    row("Pentecost", Easter(49), LV_ACT),
    row("Midsummer Eve", Fixed(June, 23), LV_ACT),
    row("Midsummer Day", Fixed(June, 24), LV_ACT),
    once("Day off for the ice hockey team's medal", 2023, May, 29, LV_ONCE),
    once("Day off for the Song and Dance Celebration", 2023, July, 10, LV_ACT),
    row("Proclamation of the Republic", Fixed(November, 18), LV_ACT),
    row("Day off for the Proclamation of the Republic", MondayInsteadOf(November, 18), LV_ACT)
        .since(2007)
        .unverified(),
    row("Christmas Eve", Fixed(December, 24), LV_ACT),
    row("Christmas Day", Fixed(December, 25), LV_ACT),
    row("Second Day of Christmas", Fixed(December, 26), LV_ACT),
    row("New Year's Eve", Fixed(December, 31), LV_ACT),
];

const LT_CODE: &str = "Darbo kodeksas (Labour Code) Art. 123";

const LT: &[Row] = &[
    row("New Year's Day", Fixed(January, 1), LT_CODE),
    row("Restoration of the State", Fixed(February, 16), LT_CODE),
    row("Restoration of Independence", Fixed(March, 11), LT_CODE),
    row("Easter Sunday", Easter(0), LT_CODE),
    row("Easter Monday", Easter(1), LT_CODE),
    row("International Labour Day", Fixed(May, 1), LT_CODE),
    row("Mother's Day", OnOrAfter(Sunday, May, 1), LT_CODE),
    row("Father's Day", OnOrAfter(Sunday, June, 1), LT_CODE),
    row("Saint John's Day", Fixed(June, 24), LT_CODE),
    row("Statehood Day", Fixed(July, 6), LT_CODE),
    row("Assumption", Fixed(August, 15), LT_CODE),
    row("All Saints' Day", Fixed(November, 1), LT_CODE),
    row("All Souls' Day", Fixed(November, 2), LT_CODE).since(2020),
    row("Christmas Eve", Fixed(December, 24), LT_CODE),
    row("Christmas Day", Fixed(December, 25), LT_CODE),
    row("Second Day of Christmas", Fixed(December, 26), LT_CODE),
];

const FI_CHURCH: &str = "Kirkkolaki (Church Act), feast days";
const FI_MAY: &str = "Laki vapunpäivän järjestämisestä työntekijäin vapaapäiväksi (272/1944)";
const FI_INDEPENDENCE: &str = "Laki itsenäisyyspäivän viettämisestä (388/1937)";
const FI_LIMITS: &str =
    "Laki säädettyjen määräaikain laskemisesta (150/1930, computation of time limits) § 5";

const FI: &[Row] = &[
    row("New Year's Day", Fixed(January, 1), FI_CHURCH),
    row("Epiphany", Fixed(January, 6), FI_CHURCH).since(1992),
    row("Good Friday", Easter(-2), FI_CHURCH),
    row("Easter Sunday", Easter(0), FI_CHURCH),
    row("Easter Monday", Easter(1), FI_CHURCH),
    row("May Day", Fixed(May, 1), FI_MAY),
    row("Ascension Day", Easter(39), FI_CHURCH).since(1992),
    row("Pentecost", Easter(49), FI_CHURCH),
    row("Midsummer Eve", OnOrAfter(Friday, June, 19), FI_LIMITS),
    row("Midsummer Day", OnOrAfter(Saturday, June, 20), FI_CHURCH),
    row("All Saints' Day", OnOrAfter(Saturday, October, 31), FI_CHURCH),
    row("Independence Day", Fixed(December, 6), FI_INDEPENDENCE),
    row("Christmas Eve", Fixed(December, 24), FI_LIMITS),
    row("Christmas Day", Fixed(December, 25), FI_CHURCH),
    row("Boxing Day", Fixed(December, 26), FI_CHURCH),
];

const SE_ACT: &str = "Lag (1989:253) om allmänna helgdagar";

const SE: &[Row] = &[
    row("New Year's Day", Fixed(January, 1), SE_ACT),
    row("Epiphany", Fixed(January, 6), SE_ACT),
    row("Good Friday", Easter(-2), SE_ACT),
    row("Easter Sunday", Easter(0), SE_ACT),
    row("Easter Monday", Easter(1), SE_ACT),
    row("May Day", Fixed(May, 1), SE_ACT),
    row("Ascension Day", Easter(39), SE_ACT),
    row("Pentecost", Easter(49), SE_ACT),
    row("Whit Monday", Easter(50), SE_ACT).until(2004),
    row("National Day", Fixed(June, 6), SE_ACT).since(2005),
    row("Midsummer Day", OnOrAfter(Saturday, June, 20), SE_ACT),
    row("All Saints' Day", OnOrAfter(Saturday, October, 31), SE_ACT),
    row("Christmas Day", Fixed(December, 25), SE_ACT),
    row("Boxing Day", Fixed(December, 26), SE_ACT),
];

const DK_ORDINANCE: &str = "Helligdagsforordningen of 26 October 1770 (feast days of the church)";
const DK_ABOLISHED: &str = "Helligdagsforordningen of 1770; abolished by Lov om konsekvenser ved afskaffelsen af \
                            store bededag som helligdag of 2023";

const DK: &[Row] = &[
    row("New Year's Day", Fixed(January, 1), DK_ORDINANCE),
    row("Maundy Thursday", Easter(-3), DK_ORDINANCE),
    row("Good Friday", Easter(-2), DK_ORDINANCE),
    row("Easter Sunday", Easter(0), DK_ORDINANCE),
    row("Easter Monday", Easter(1), DK_ORDINANCE),
    row("Great Prayer Day", Easter(26), DK_ABOLISHED).until(2023),
    row("Ascension Day", Easter(39), DK_ORDINANCE),
    row("Pentecost", Easter(49), DK_ORDINANCE),
    row("Whit Monday", Easter(50), DK_ORDINANCE),
    row("Christmas Day", Fixed(December, 25), DK_ORDINANCE),
    row("Second Day of Christmas", Fixed(December, 26), DK_ORDINANCE),
];

const NO_ACT: &str = "Lov om helligdager og helligdagsfred (LOV-1995-02-24-12) § 2";
const NO_MAY: &str = "Lov om 1 og 17 mai som høgtidsdager (LOV-1947-04-26-1)";

const NO: &[Row] = &[
    row("New Year's Day", Fixed(January, 1), NO_ACT),
    row("Maundy Thursday", Easter(-3), NO_ACT),
    row("Good Friday", Easter(-2), NO_ACT),
    row("Easter Sunday", Easter(0), NO_ACT),
    row("Easter Monday", Easter(1), NO_ACT),
    row("Labour Day", Fixed(May, 1), NO_MAY),
    row("Constitution Day", Fixed(May, 17), NO_MAY),
    row("Ascension Day", Easter(39), NO_ACT),
    row("Pentecost", Easter(49), NO_ACT),
    row("Whit Monday", Easter(50), NO_ACT),
    row("Christmas Day", Fixed(December, 25), NO_ACT),
    row("Second Day of Christmas", Fixed(December, 26), NO_ACT),
];

const IS_CHURCH: &str = "Lög um helgidagafrið (32/1997) and lög um 40 stunda vinnuviku (88/1971) 6. gr.";
const IS_WORK: &str = "Lög um 40 stunda vinnuviku (88/1971) 6. gr.";

const IS: &[Row] = &[
    row("New Year's Day", Fixed(January, 1), IS_CHURCH),
    row("Maundy Thursday", Easter(-3), IS_CHURCH),
    row("Good Friday", Easter(-2), IS_CHURCH),
    row("Easter Sunday", Easter(0), IS_CHURCH),
    row("Easter Monday", Easter(1), IS_CHURCH),
    row("First Day of Summer", OnOrAfter(Thursday, April, 19), IS_WORK),
    row("Labour Day", Fixed(May, 1), IS_WORK),
    row("Ascension Day", Easter(39), IS_CHURCH),
    row("Pentecost", Easter(49), IS_CHURCH),
    row("Whit Monday", Easter(50), IS_CHURCH),
    row("National Day", Fixed(June, 17), IS_WORK),
    row("Commerce Day", OnOrAfter(Monday, August, 1), IS_WORK),
    row("Christmas Day", Fixed(December, 25), IS_CHURCH),
    row("Second Day of Christmas", Fixed(December, 26), IS_CHURCH),
];

const PL_ACT: &str =
    "Ustawa z dnia 18 stycznia 1951 r. o dniach wolnych od pracy (days free from work) Art. 1";

const PL: &[Row] = &[
    row("New Year's Day", Fixed(January, 1), PL_ACT),
    row("Epiphany", Fixed(January, 6), PL_ACT).since(2011),
    row("Easter Sunday", Easter(0), PL_ACT),
    row("Easter Monday", Easter(1), PL_ACT),
    row("State Holiday", Fixed(May, 1), PL_ACT),
    row("National Holiday of the Third of May", Fixed(May, 3), PL_ACT),
    row("Pentecost", Easter(49), PL_ACT),
    row("Corpus Christi", Easter(60), PL_ACT),
    row("Assumption", Fixed(August, 15), PL_ACT),
    row("All Saints' Day", Fixed(November, 1), PL_ACT),
    row("Independence Day", Fixed(November, 11), PL_ACT),
    row("Christmas Eve", Fixed(December, 24), PL_ACT).since(2025),
    row("Christmas Day", Fixed(December, 25), PL_ACT),
    row("Second Day of Christmas", Fixed(December, 26), PL_ACT),
];

const DE_LAENDER: &str = "Public holiday acts of all sixteen Länder";
const DE_UNITY: &str = "Einigungsvertrag (Unification Treaty) Art. 2(2)";

const DE: &[Row] = &[
    row("New Year's Day", Fixed(January, 1), DE_LAENDER),
    row("Good Friday", Easter(-2), DE_LAENDER),
    row("Easter Monday", Easter(1), DE_LAENDER),
    row("Labour Day", Fixed(May, 1), DE_LAENDER),
    row("Ascension Day", Easter(39), DE_LAENDER),
    row("Whit Monday", Easter(50), DE_LAENDER),
    row("German Unity Day", Fixed(October, 3), DE_UNITY).since(1990),
    row("Christmas Day", Fixed(December, 25), DE_LAENDER),
    row("Second Day of Christmas", Fixed(December, 26), DE_LAENDER),
];
