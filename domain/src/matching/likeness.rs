//! How alike two identities are: 0 to 100, with the reasons, and whether it is enough to act on.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};
use strsim::jaro_winkler;

use super::{
    index::full,
    names::{Word, Words},
};
use crate::{BirthDate, cases::Identity, vocabulary::Sex};

crate::codes! {
    /// Why two identities may be of one child, or what speaks against it.
    pub enum LikenessReason = "likeness_reason" {
        SameName = "same_name": "The name is the same, however it is written",
        SimilarName = "similar_name": "The names are similar",
        SwappedParts = "swapped_parts": "The parts of the name stand in other places",
        SameBirthDate = "same_birth_date": "The birth date is the same",
        NearBirthDate = "near_birth_date": "The birth dates are a day apart, or day and month are swapped",
        SameBirthYear = "same_birth_year": "The year of birth is the same",
        SameSex = "same_sex": "The sex is the same",
        DifferentSex = "different_sex": "The sex is not the same",
        SamePseudonym = "same_pseudonym": "Another country names both by one pseudonym",
    }
}

/// From this score on, two identities may be of one child.
pub const POSSIBLE: u8 = 75;

/// From this score on, they are taken to be of one child until somebody says otherwise (R70).
pub const STRONG: u8 = 85;

const NAME: f64 = 55.0;
const DATE: f64 = 35.0;
const SEX: f64 = 10.0;

/// How alike a name and its least alike part must be.
type Measure = (f64, f64);

/// Where birth date and sex say the same.
const BESIDE_THE_SAME: Measure = (0.75, 0.68);

/// Where they do not: one thing may be wrong, not everything. Brothers and sisters, and children with a common given name,
/// are told apart by this.
const BESIDE_OTHERS: Measure = (0.88, 0.78);

/// How alike a family name with a slip of the pen still is.
const SLIP: f64 = 0.9;

/// What sounds the same is at least this much alike.
const SOUND: f64 = 0.85;

/// How alike two identities are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Likeness {
    /// 0 to 100.
    pub score: u8,
    /// Why.
    pub reasons: Vec<LikenessReason>,
}

impl Likeness {
    /// Of two identities; it does not matter which comes first.
    pub fn of(one: &Identity, other: &Identity) -> Self {
        let (born, date) = compare_dates(one.birth_date, other.birth_date);
        let (sex, same_sex) = compare_sex(one.sex, other.sex);
        let other_sex = same_sex == Some(LikenessReason::DifferentSex);
        let certain = date == Some(LikenessReason::SameBirthDate) && !other_sex;
        let measure = if certain { BESIDE_THE_SAME } else { BESIDE_OTHERS };
        let names = Compared::names(&Words::of(one.name.as_ref()), &Words::of(other.name.as_ref()), measure);
        let near = certain || date == Some(LikenessReason::NearBirthDate);
        let most = match () {
            () if !names.alike(measure) => POSSIBLE - 1,
            () if !names.same || !near || other_sex => STRONG - 1,
            () => 100,
        };
        let score = points(NAME * names.value + DATE * born + SEX * sex).min(most);
        let reasons = names.reasons.into_iter().chain(date).chain(same_sex).collect();
        Self { score, reasons }
    }

    /// Of two whom another country names by one pseudonym: it says that they are one child.
    pub fn of_one_pseudonym() -> Self {
        Self { score: 100, reasons: vec![LikenessReason::SamePseudonym] }
    }

    /// Whether another country says that they are one child.
    pub fn is_named_abroad(&self) -> bool {
        self.reasons.contains(&LikenessReason::SamePseudonym)
    }

    /// Whether they may be of one child: a hit.
    pub fn is_possible(&self) -> bool {
        self.score >= POSSIBLE
    }

    /// Whether they are taken to be of one child (R70). Brothers and sisters never are: they differ in birth date or
    /// given name.
    pub fn is_strong(&self) -> bool {
        self.score >= STRONG
    }
}

/// Whole points; what is nearly the next point is not.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100 by the line above")]
fn points(of: f64) -> u8 {
    (of + 1e-9).clamp(0.0, 100.0) as u8
}

/// What comparing names comes to.
struct Compared {
    value: f64,
    /// How alike its least alike part is.
    least: f64,
    /// Whether it is the same name, up to a slip in the family name.
    same: bool,
    reasons: Vec<LikenessReason>,
}

impl Compared {
    fn names(one: &Words, other: &Words, measure: Measure) -> Self {
        let placed = placed(one, other);
        let (all, others): (Vec<&Word>, Vec<&Word>) = (one.all().collect(), other.all().collect());
        let anywhere = compare_words(&all, &others);
        let moved = anywhere.value * 0.95;
        let swapped = moved > placed.value;
        let mut it = Self { same: placed.same || anywhere.same, ..placed };
        if swapped {
            (it.value, it.least) = (moved, anywhere.least);
        }
        // A single word is half a name.
        if all.len().min(others.len()) < 2 {
            (it.value, it.same) = (it.value * 0.8, false);
        }
        if it.alike(measure) {
            let exact = anywhere.same && all.len() > 1;
            it.reasons.push(if exact { LikenessReason::SameName } else { LikenessReason::SimilarName });
            it.reasons.extend(swapped.then_some(LikenessReason::SwappedParts));
        }
        it
    }

    fn of(value: f64, least: f64, same: bool) -> Self {
        Self { value, least, same, reasons: Vec::new() }
    }

    fn alike(&self, (name, part): Measure) -> bool {
        self.value >= name && self.least >= part
    }
}

/// Given names with given names, family name with family name.
fn placed(one: &Words, other: &Words) -> Compared {
    let part = |a: &[Word], b: &[Word]| {
        let both = !a.is_empty() && !b.is_empty();
        both.then(|| compare_words(&a.iter().collect::<Vec<_>>(), &b.iter().collect::<Vec<_>>()))
    };
    match (part(&one.given, &other.given), part(&one.family, &other.family)) {
        (Some(given), Some(family)) => Compared::of(
            f64::midpoint(given.value, family.value),
            given.value.min(family.value),
            given.same && family.value >= SLIP,
        ),
        (Some(only), None) | (None, Some(only)) => Compared::of(only.value, only.value, false),
        (None, None) => Compared::of(0.0, 0.0, false),
    }
}

/// How alike words are in their best order, and whether each has its like.
fn compare_words(one: &[&Word], other: &[&Word]) -> Compared {
    if one.is_empty() || other.is_empty() {
        return Compared::of(0.0, 0.0, false);
    }
    let best = |of: &[&Word], among: &[&Word]| -> Vec<f64> {
        of.iter().map(|it| among.iter().map(|to| alike(it, to)).fold(0.0, f64::max)).collect()
    };
    let mean = |of: &[f64]| of.iter().sum::<f64>() / f64::from(u8::try_from(of.len()).unwrap_or(u8::MAX));
    let least = |of: &[f64]| of.iter().copied().fold(1.0, f64::min);
    let has_like = |of: &[&Word], among: &[&Word]| of.iter().all(|it| among.iter().any(|to| it.is(to)));
    let (ours, theirs) = (best(one, other), best(other, one));
    match one.len().cmp(&other.len()) {
        Ordering::Equal => Compared::of(
            f64::midpoint(mean(&ours), mean(&theirs)),
            least(&ours).min(least(&theirs)),
            has_like(one, other) && has_like(other, one),
        ),
        // One has a name that the other does not know.
        Ordering::Less => Compared::of(mean(&ours) * 0.95, least(&ours), false),
        Ordering::Greater => Compared::of(mean(&theirs) * 0.95, least(&theirs), false),
    }
}

fn alike(one: &Word, other: &Word) -> f64 {
    if one.is(other) {
        return 1.0;
    }
    let winkler = |a: &str, b: &str| jaro_winkler(a, b).max(jaro_winkler(b, a));
    let letters = winkler(&one.spelled, &other.spelled);
    // Where one of them is written without vowels, only consonants can be compared.
    let consonants =
        if one.shows_vowels_as(other) { 0.0 } else { 0.9 * winkler(&one.skeleton, &other.skeleton) };
    let sound = if one.sounds_like(other) { SOUND } else { 0.0 };
    letters.max(consonants).max(sound).min(0.99)
}

fn compare_dates(one: Option<BirthDate>, other: Option<BirthDate>) -> (f64, Option<LikenessReason>) {
    let (Some(a), Some(b)) = (one, other) else { return (0.3, None) };
    if let (Some(first), Some(second)) = (full(a), full(b)) {
        let swapped = a.year == b.year && (a.month, a.day) == (b.day, b.month);
        return match (first - second).whole_days().abs() {
            0 => (1.0, Some(LikenessReason::SameBirthDate)),
            1 => (0.85, Some(LikenessReason::NearBirthDate)),
            _ if swapped => (0.85, Some(LikenessReason::NearBirthDate)),
            _ if a.year == b.year && (guessed(a) || guessed(b)) => (0.6, Some(LikenessReason::SameBirthYear)),
            _ if a.year == b.year => (0.25, Some(LikenessReason::SameBirthYear)),
            _ if a.year.abs_diff(b.year) == 1 && (a.month, a.day) == (b.month, b.day) => (0.5, None),
            _ if a.year.abs_diff(b.year) == 1 => (0.15, None),
            _ => (0.0, None),
        };
    }
    let fits = |x: Option<u8>, y: Option<u8>| x.zip(y).is_none_or(|(x, y)| x == y);
    match a.year.abs_diff(b.year) {
        0 if fits(a.month, b.month) && fits(a.day, b.day) => (0.6, Some(LikenessReason::SameBirthYear)),
        0 => (0.4, Some(LikenessReason::SameBirthYear)),
        1 => (0.15, None),
        _ => (0.0, None),
    }
}

/// Whether a date is the one that is entered where only the year is known.
fn guessed(born: BirthDate) -> bool {
    (born.month, born.day) == (Some(1), Some(1))
}

fn compare_sex(one: Option<Sex>, other: Option<Sex>) -> (f64, Option<LikenessReason>) {
    match (one, other) {
        (None | Some(Sex::Unknown), _) | (_, None | Some(Sex::Unknown)) => (0.5, None),
        (a, b) if a == b => (1.0, Some(LikenessReason::SameSex)),
        _ => (0.0, Some(LikenessReason::DifferentSex)),
    }
}
