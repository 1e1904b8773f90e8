//! Names made comparable: one alphabet, one spelling of what is spelled in several ways, how it sounds, its consonants.

use std::sync::LazyLock;

use any_ascii::any_ascii_char;
use rphonetic::DaitchMokotoffSoundex;

use crate::cases::{Identity, Name};

/// Articles that are written or left out as it comes.
const ARTICLES: [&str; 3] = ["al", "el", "ul"];

/// More words than this of a part say nothing more about who it is.
const MOST_WORDS: usize = 4;

/// A word that can be read in more ways than these is hardly a name.
const MOST_SOUNDS: usize = 8;

/// What is one sound in several spellings, longest first. Transliterations differ in these; after them a letter is
/// itself.
const SPELLINGS: [(&str, &str); 27] = [
    ("shch", "s"),
    ("tsch", "c"),
    ("tch", "c"),
    ("sch", "s"),
    ("dzh", "i"),
    ("sh", "s"),
    ("sz", "s"),
    ("zh", "z"),
    ("rz", "z"),
    ("ch", "c"),
    ("cz", "c"),
    ("ts", "c"),
    ("tz", "c"),
    ("kh", "h"),
    ("ph", "f"),
    ("th", "t"),
    ("gh", "g"),
    ("dj", "i"),
    ("ck", "k"),
    ("ae", "a"),
    ("oe", "o"),
    ("ue", "u"),
    ("x", "ks"),
    ("q", "k"),
    ("w", "v"),
    ("y", "i"),
    ("j", "i"),
];

// The rules come with the crate; were they unreadable, names would be compared by their letters alone.
static SOUNDS: LazyLock<Option<DaitchMokotoffSoundex>> =
    LazyLock::new(|| rphonetic::DaitchMokotoffSoundexBuilder::default().build().ok());

/// One word of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// In one alphabet and one spelling.
    pub spelled: String,
    /// How it sounds (Daitch-Mokotoff): one code for each way to read it.
    pub sounds: Vec<String>,
    /// Its consonants, by class: what is left where vowels are not written.
    pub skeleton: String,
    /// Whether it is in a script that leaves vowels out.
    without_vowels: bool,
}

/// A name, as words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    /// Given names.
    pub given: Vec<Word>,
    /// Family name.
    pub family: Vec<Word>,
}

impl Words {
    /// The words of a name.
    pub fn of(name: Option<&Name>) -> Self {
        let words = |part: Option<&String>| part.map(|it| words(it)).unwrap_or_default();
        let (given, family) = (name.and_then(|it| it.given.as_ref()), name.and_then(|it| it.family.as_ref()));
        Self { given: words(given), family: words(family) }
    }

    /// All of them, wherever they stand.
    pub fn all(&self) -> impl Iterator<Item = &Word> {
        self.given.iter().chain(&self.family)
    }
}

/// A name shorter than this, in letters, is a word of many sentences.
const SHORTEST_NAME: usize = 3;

/// A text without the words that name a child: those of its name and of what it is called, however they are spelled.
pub fn without_names(text: &str, identity: &Identity) -> String {
    let called = identity.call_name.iter().flat_map(|it| words(it));
    let own: Vec<Word> = Words::of(identity.name.as_ref()).all().cloned().chain(called).collect();
    let own: Vec<_> = own.iter().filter(|it| it.spelled.len() >= SHORTEST_NAME).collect();
    let separate = |it: char| {
        it.is_whitespace()
            || it.is_ascii_punctuation() && it != '\''
            || matches!(it, '‐' | '‑' | '–' | '—' | '·' | '«' | '»' | '“' | '”' | '„' | '،')
    };
    let names = |said: &str| {
        readings(said).filter_map(word).any(|it| own.iter().any(|own| own.spelled == it.spelled))
    };
    let pieces = text.split_inclusive(separate).map(|piece| {
        let said = piece.trim_end_matches(separate);
        if names(said) { format!("…{}", &piece[said.len()..]) } else { piece.to_owned() }
    });
    pieces.collect()
}

/// A word of a text as it may be meant: what is written behind an apostrophe is part of a name or not.
fn readings(it: &str) -> impl Iterator<Item = &str> {
    const APOSTROPHES: [char; 3] = ['\'', '’', 'ʼ'];
    let (first, last) = (it.split_once(APOSTROPHES), it.rsplit_once(APOSTROPHES));
    [Some(it), first.map(|it| it.0), last.map(|it| it.0)].into_iter().flatten()
}

impl Word {
    /// Whether it is the same name, however it is transliterated.
    pub fn is(&self, other: &Self) -> bool {
        let by_consonants = self.without_vowels || other.without_vowels;
        self.spelled == other.spelled
            || (by_consonants && self.skeleton.len() > 1 && self.skeleton == other.skeleton)
    }

    /// Whether both are written with their vowels, or both without.
    pub fn shows_vowels_as(&self, other: &Self) -> bool {
        self.without_vowels == other.without_vowels
    }

    /// Whether it sounds like the other.
    pub fn sounds_like(&self, other: &Self) -> bool {
        self.sounds.iter().any(|it| other.sounds.contains(it))
            || (!self.skeleton.is_empty() && self.skeleton == other.skeleton)
    }
}

fn words(text: &str) -> Vec<Word> {
    let separate =
        |it: char| it.is_whitespace() || matches!(it, '-' | '‐' | '‑' | '–' | ',' | '.' | '·' | '_' | '/');
    let all: Vec<Word> = text.split(separate).filter_map(word).collect();
    let names: Vec<Word> =
        all.iter().filter(|it| !ARTICLES.contains(&it.spelled.as_str())).cloned().collect();
    let mut kept = if names.is_empty() { all } else { names };
    kept.truncate(MOST_WORDS);
    kept
}

fn word(text: &str) -> Option<Word> {
    let without_vowels =
        text.chars().any(|it| matches!(it, '\u{0590}'..='\u{08ff}' | '\u{fb1d}'..='\u{fefc}'));
    // The Arabic article is written with its word.
    let text = text.strip_prefix("ال").filter(|it| it.chars().count() > 1).unwrap_or(text);
    let latin: String = text.chars().flat_map(|it| any_ascii_char(it).chars()).collect();
    let latin: String =
        latin.chars().filter(char::is_ascii_alphanumeric).map(|it| it.to_ascii_lowercase()).collect();
    if latin.is_empty() {
        return None;
    }
    let spelled = spelled(&latin);
    let letters: String = latin.chars().filter(char::is_ascii_alphabetic).collect();
    let mut sounds = match SOUNDS.as_ref() {
        Some(it) if !letters.is_empty() => it.inner_soundex(&letters, true),
        _ => vec![latin],
    };
    sounds.sort_unstable();
    sounds.dedup();
    sounds.truncate(MOST_SOUNDS);
    let skeleton = skeleton(&spelled);
    Some(Word { spelled, sounds, skeleton, without_vowels })
}

/// One spelling for each sound, nothing doubled.
fn spelled(latin: &str) -> String {
    let (mut rest, mut out) = (latin, String::with_capacity(latin.len()));
    while let Some(first) = rest.chars().next() {
        let (taken, given) = SPELLINGS
            .iter()
            .find(|(spelling, _)| rest.starts_with(spelling))
            .map_or((first.len_utf8(), first.to_string()), |(spelling, sound)| {
                (spelling.len(), (*sound).to_owned())
            });
        for letter in given.chars() {
            if !out.ends_with(letter) {
                out.push(letter);
            }
        }
        rest = rest.get(taken..).unwrap_or_default();
    }
    out
}

/// Consonants by class. What scripts without vowels leave out or use for vowels is not among them, nor a breath at the
/// end.
fn skeleton(spelled: &str) -> String {
    let mut out = String::with_capacity(spelled.len());
    for letter in spelled.trim_end_matches('h').chars() {
        let class = match letter {
            'a' | 'e' | 'i' | 'o' | 'u' | 'v' => continue,
            'p' => 'b',
            'd' => 't',
            'g' => 'k',
            'z' | 'c' => 's',
            other => other,
        };
        if !out.ends_with(class) {
            out.push(class);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Word {
        words(text).remove(0)
    }

    #[test]
    fn transliterations_of_a_name_are_the_same_name() {
        for (a, b) in [
            ("Юлія", "Julija"),
            ("Юлия", "Yuliya"),
            ("Вимишлений", "Vymyshlenyi"),
            ("Щербаков", "Scherbakov"),
            ("Żak", "Zhak"),
            ("Łukasz", "Lukash"),
            ("Kõiv", "Koiw"),
            ("Müller", "Mueller"),
            ("Жорж", "Zhorzh"),
            ("Nguyễn", "NGUYEN"),
            ("Γιώργος", "Giorgos"),
            ("ＭＡＲＩ", "Mari"),
            ("Zoe\u{308}", "Zoë"),
            ("محمد", "Muhammad"),
            ("محمود", "Mahmoud"),
            ("فاطمة", "Fatima"),
            ("الحسن", "al-Hassan"),
            ("דניאל", "Daniel"),
        ] {
            let (a, b) = (one(a), one(b));
            assert!(a.is(&b) && b.is(&a), "{a:?} {b:?}");
        }
    }

    #[test]
    fn other_names_are_other_names_even_when_they_sound_alike() {
        for (a, b) in
            [("Anna", "Anne"), ("Ivan", "Ivana"), ("Marina", "Marine"), ("Olga", "Oleg"), ("علي", "Aliya")]
        {
            assert!(!one(a).is(&one(b)), "{a} {b}");
        }
        assert!(one("Anna").sounds_like(&one("Anne")));
        assert!(!one("Mykola").sounds_like(&one("Oksana")));
    }

    #[test]
    fn a_name_is_cut_into_few_words_without_articles() {
        assert_eq!(words("Jean-Luc  O'Neil").len(), 3);
        assert_eq!(words("Al Hassan"), words("Hassan"));
        assert_eq!(words("El").len(), 1, "a name that is nothing but an article stays");
        assert_eq!(words(" '- ").len(), 0);
        assert_eq!(words("a b c d e f g").len(), MOST_WORDS);
    }
}
