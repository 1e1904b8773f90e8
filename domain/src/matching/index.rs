//! What an identity is found by: inputs of blind indexes, each made of at least two attributes.
//!
//! A name alone or a birth date alone is never indexed: too many children share it, and it would tell of whoever has the
//! rows what they are about. What is kept of a child is little; a question is spelled out in more ways.

use std::collections::BTreeSet;

use super::names::{Word, Words};
use crate::{BirthDate, CodeList as _, cases::Identity, text::Country, vocabulary::Sex};

/// A kind of index, with a key of its own wherever its inputs are digested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IndexKind {
    /// How a word of the name sounds, and the birth date.
    SoundAndDate,
    /// The consonants of a word of the name, and the birth date.
    ConsonantsAndDate,
    /// The first letters of the name, and the birth date.
    InitialsAndDate,
    /// How a given name and a family name sound, whichever is which, and the year of birth.
    SoundsAndYear,
    /// The consonants of a given name and a family name, whichever is which, sex and year of birth.
    ConsonantsSexAndYear,
    /// How the family name sounds, and the year of birth.
    FamilyAndYear,
    /// The same, of children whose birth date is not known to the day.
    FamilyAndVagueDate,
    /// The pseudonym that a child has between the own country and another one.
    Pseudonym,
}

impl IndexKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::SoundAndDate,
        Self::ConsonantsAndDate,
        Self::InitialsAndDate,
        Self::SoundsAndYear,
        Self::ConsonantsSexAndYear,
        Self::FamilyAndYear,
        Self::FamilyAndVagueDate,
        Self::Pseudonym,
    ];

    /// Its name in keys and rows.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SoundAndDate => "sound_date",
            Self::ConsonantsAndDate => "consonants_date",
            Self::InitialsAndDate => "initials_date",
            Self::SoundsAndYear => "sounds_year",
            Self::ConsonantsSexAndYear => "consonants_sex_year",
            Self::FamilyAndYear => "family_year",
            Self::FamilyAndVagueDate => "family_vague_date",
            Self::Pseudonym => "pseudonym",
        }
    }
}

/// What goes into a blind index; never stored as it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndexInput {
    /// Of which index.
    pub kind: IndexKind,
    /// The attributes, made comparable.
    pub value: String,
}

/// What a child is found by that another country has named: the pseudonym alone means nothing to anybody else.
pub fn pseudonym_input(other: Country, pseudonym: &str) -> IndexInput {
    IndexInput { kind: IndexKind::Pseudonym, value: format!("{other}|{pseudonym}") }
}

/// What a child is found by.
pub fn index_inputs(identity: &Identity) -> Vec<IndexInput> {
    let Some(born) = identity.birth_date else { return Vec::new() };
    let words = Words::of(identity.name.as_ref());
    let mut out = Inputs::default();
    match full(born) {
        Some(_) => out.with_date(&words, born),
        None => out.family(IndexKind::FamilyAndVagueDate, &words, born.year),
    }
    out.sounds(&words, born.year);
    out.consonants(&words, identity.sex.unwrap_or(Sex::Unknown), born.year);
    out.family(IndexKind::FamilyAndYear, &words, born.year);
    out.all.into_iter().collect()
}

/// Whether a child is looked for otherwise after a change of its identity than before.
pub fn is_found_otherwise(before: &Identity, after: &Identity) -> bool {
    before.name != after.name || before.birth_date != after.birth_date || before.sex != after.sex
}

/// What to look for when somebody asks for a child: near dates, swapped day and month, neighbouring years. What nearly
/// everybody would share is only asked where nothing sharper is known.
pub fn index_questions(identity: &Identity) -> Vec<IndexInput> {
    let Some(born) = identity.birth_date else { return Vec::new() };
    let words = Words::of(identity.name.as_ref());
    let mut out = Inputs::default();
    let dated = full(born).is_some();
    if dated {
        out.with_date(&words, born);
        for near in near_dates(born) {
            out.sound_and_date(&words, near);
        }
        out.family(IndexKind::FamilyAndVagueDate, &words, born.year);
    }
    for year in [born.year - 1, born.year, born.year + 1] {
        out.sounds(&words, year);
    }
    match identity.sex {
        Some(sex) if sex != Sex::Unknown => {
            out.consonants(&words, sex, born.year);
            out.consonants(&words, Sex::Unknown, born.year);
        }
        _ => Sex::ALL.iter().for_each(|sex| out.consonants(&words, *sex, born.year)),
    }
    if !dated || words.given.is_empty() {
        out.family(IndexKind::FamilyAndYear, &words, born.year);
    }
    out.all.into_iter().collect()
}

#[derive(Default)]
struct Inputs {
    all: BTreeSet<IndexInput>,
}

impl Inputs {
    fn add(&mut self, kind: IndexKind, value: String) {
        self.all.insert(IndexInput { kind, value });
    }

    fn with_date(&mut self, words: &Words, born: BirthDate) {
        self.sound_and_date(words, born);
        for word in words.all().filter(|it| it.skeleton.len() > 1) {
            self.add(IndexKind::ConsonantsAndDate, format!("{}|{born}", word.skeleton));
        }
        let first = |all: &[Word]| all.first().and_then(|it| it.spelled.chars().next());
        if let (Some(a), Some(b)) = (first(&words.given), first(&words.family)) {
            self.add(IndexKind::InitialsAndDate, format!("{}|{}|{born}", a.min(b), a.max(b)));
        }
    }

    fn sound_and_date(&mut self, words: &Words, born: BirthDate) {
        for sound in words.all().flat_map(|it| &it.sounds) {
            self.add(IndexKind::SoundAndDate, format!("{sound}|{born}"));
        }
    }

    fn sounds(&mut self, words: &Words, year: i32) {
        for (one, other) in pairs(words) {
            for a in &one.sounds {
                for b in &other.sounds {
                    self.add(IndexKind::SoundsAndYear, format!("{}|{}|{year}", a.min(b), a.max(b)));
                }
            }
        }
    }

    fn consonants(&mut self, words: &Words, sex: Sex, year: i32) {
        for (one, other) in pairs(words) {
            let (a, b) = (&one.skeleton, &other.skeleton);
            self.add(IndexKind::ConsonantsSexAndYear, format!("{}|{}|{sex}|{year}", a.min(b), a.max(b)));
        }
    }

    fn family(&mut self, kind: IndexKind, words: &Words, year: i32) {
        for sound in words.family.iter().flat_map(|it| &it.sounds) {
            self.add(kind, format!("{sound}|{year}"));
        }
    }
}

/// A given name with a family name, each with each; where one of them is missing, every two words of the other.
fn pairs(words: &Words) -> Vec<(&Word, &Word)> {
    if !words.given.is_empty() && !words.family.is_empty() {
        return words
            .given
            .iter()
            .flat_map(|one| words.family.iter().map(move |other| (one, other)))
            .collect();
    }
    let all: Vec<&Word> = words.all().collect();
    let each = |(place, one)| all.iter().skip(place + 1).map(move |other| (one, *other)).collect::<Vec<_>>();
    all.iter().copied().enumerate().flat_map(each).collect()
}

/// The day, where it is known.
pub(super) fn full(born: BirthDate) -> Option<time::Date> {
    born.month.and(born.day)?;
    born.latest()
}

/// The days before and after, and the date with day and month in each other's place.
fn near_dates(born: BirthDate) -> Vec<BirthDate> {
    let of =
        |it: time::Date| BirthDate { year: it.year(), month: Some(it.month() as u8), day: Some(it.day()) };
    let day = full(born);
    let beside = [day.and_then(time::Date::previous_day), day.and_then(time::Date::next_day)];
    let swapped = BirthDate { month: born.day, day: born.month, ..born };
    let swapped = Some(swapped).filter(|it| *it != born && full(*it).is_some());
    beside.into_iter().flatten().map(of).chain(swapped).collect()
}
