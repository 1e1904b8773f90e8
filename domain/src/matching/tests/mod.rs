//! The rules of matching against plain statements of them.

mod indexes;
mod likenesses;
mod pairs;
mod searches;

use crate::{
    BirthDate,
    cases::{Identity, Name},
    vocabulary::Sex,
};

/// An invented child: given name, family name, birth date, sex.
pub fn child(given: &str, family: &str, born: &str, sex: Sex) -> Identity {
    let part = |it: &str| Some(it.to_owned()).filter(|it| !it.is_empty());
    Identity {
        name: Some(Name { given: part(given), family: part(family) }),
        birth_date: BirthDate::parse(born),
        sex: Some(sex),
        ..Identity::default()
    }
}

pub fn mykola() -> Identity {
    child("Mykola", "Vymyshlenyi", "2012-05-17", Sex::Male)
}
