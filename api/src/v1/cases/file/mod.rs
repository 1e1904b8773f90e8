//! Entries of the case file: contacts, movements, notes and documents are recorded, listed, read and amended in one way.

mod contacts;
mod documents;
mod movements;
mod notes;
mod participants;
mod restricted_parties;

use actix_web::web::Path;
use domain::{
    CaseId, CodeList as _, EntryId, Refused, Timestamp, Violation,
    access::{Caller, Depth, Relation, sections},
    cases::{
        Case,
        file::{Content, Entry, Filing},
    },
    vocabulary::DataClass,
};
use persistence::{EntryFilter, Tx};
use serde::Serialize;

use super::writable;
use crate::{
    Routes,
    call::{Call, Expected, Listed, PageQuery},
    failure::{Failure, ViolationView},
    http::{Answer, Shown, Tag},
    problems,
    v1::common::{path_id, seen_of_section, warnings},
};

/// The routes of this room.
pub fn routes(config: &mut impl Routes) {
    config
        .service(contacts::create_contact)
        .service(contacts::list_contacts)
        .service(contacts::get_contact)
        .service(contacts::update_contact)
        .service(movements::create_movement)
        .service(movements::list_movements)
        .service(movements::get_movement)
        .service(movements::update_movement)
        .service(notes::create_note)
        .service(notes::list_notes)
        .service(notes::get_note)
        .service(documents::create_document)
        .service(documents::list_documents)
        .service(documents::get_document)
        .service(documents::put_document_content)
        .service(documents::get_document_content)
        .service(participants::create_participant)
        .service(participants::list_participants)
        .service(participants::get_participant)
        .service(participants::update_participant)
        .service(participants::end_participant)
        .service(restricted_parties::create_restricted_party)
        .service(restricted_parties::list_restricted_parties)
        .service(restricted_parties::get_restricted_party)
        .service(restricted_parties::request_restriction_lift)
        .service(restricted_parties::confirm_restriction_lift);
}

/// How entries of a kind are shown.
trait Filed: Content {
    /// What is shown of one.
    type View: Serialize + Send + 'static;

    /// The classes that entries of this kind can have.
    const CLASSES: &'static [DataClass];

    /// Whether a summary is shown to those who see no more of the class.
    const SUMMARISED: bool;

    /// Entries as far as the caller sees them, with what lies beside them.
    fn render(tx: &mut Tx<'_>, entries: Vec<(Entry<Self>, Depth)>) -> Result<Vec<Self::View>, Failure>;

    /// Puts warnings on the answer of a change.
    fn warn(view: &mut Self::View, found: Option<Vec<ViolationView>>);

    /// What changes in what is shown without a new version.
    fn beside(_: &Self::View) -> String {
        String::new()
    }

    /// Looks up what the content refers to, before it is decided on.
    fn prepare(&mut self, _: &mut Tx<'_>, _: &Case) -> Result<(), Failure> {
        Ok(())
    }

    /// What else changes with a version.
    fn follow(_: &mut Tx<'_>, _: &Case, _: &Entry<Self>) -> Result<(), Failure> {
        Ok(())
    }
}

/// The classes of this kind that the caller sees something of; entries of others do not exist for it. Nothing at all is a
/// refusal that names only the classes that there are.
fn seen<C: Filed>(caller: &Caller, relation: &Relation) -> Result<Vec<(DataClass, Depth)>, Failure> {
    let least = if C::SUMMARISED { Depth::Summary } else { Depth::Full };
    let all = sections(caller, relation).into_iter();
    let all = all.filter(|it| it.depth >= least && C::CLASSES.contains(&it.class));
    let seen: Vec<_> = all.map(|it| (it.class, it.depth)).collect();
    if !seen.is_empty() {
        return Ok(seen);
    }
    let because = match C::CLASSES {
        [class] => format!("the section {class}"),
        all => format!("each of {}", all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
    };
    Err(Failure::new(&problems::SECTION_NOT_READABLE).because(because))
}

fn filter_of(seen: &[(DataClass, Depth)], as_of: Option<Timestamp>) -> EntryFilter {
    EntryFilter { classes: seen.iter().map(|it| it.0).collect(), as_of }
}

fn depth_in<C: Filed>(seen: &[(DataClass, Depth)], entry: &Entry<C>) -> Depth {
    seen.iter().find(|it| it.0 == entry.content.class()).map_or(Depth::None, |it| it.1)
}

/// An entry as the caller sees it.
fn shown<C: Filed>(
    tx: &mut Tx<'_>,
    entry: Entry<C>,
    depth: Depth,
    found: &[Violation],
) -> Result<Shown<C::View>, Failure> {
    let (case, class, version) = (entry.case, entry.content.class(), entry.version);
    let what = format!("{}/{}/{depth:?}", C::KIND.code(), entry.id);
    let mut views = C::render(tx, vec![(entry, depth)])?;
    let mut view = views.pop().ok_or(persistence::StoreError::NotFound)?;
    let seen = seen_of_section(depth, version, &view);
    let tag = Tag::of(tx.keys(), &format!("{what}/{seen}/{}", C::beside(&view)));
    C::warn(&mut view, warnings(found));
    Ok(Shown::new(view, tag).of_case(case, vec![class]))
}

/// Loads an entry of a case in which the caller takes part, as far as it sees it.
fn load<C: Filed>(
    tx: &mut Tx<'_>,
    case: CaseId,
    id: EntryId,
    as_of: Option<Timestamp>,
) -> Result<(Case, Relation, Entry<C>, Depth), Failure> {
    let (case, relation) = tx.case(case)?;
    let seen = seen::<C>(&tx.cx.caller, &relation)?;
    let entry: Entry<C> = tx.entry(&case, id, &filter_of(&seen, as_of))?;
    let depth = depth_in(&seen, &entry);
    Ok((case, relation, entry, depth))
}

fn read<C: Filed>(
    tx: &mut Tx<'_>,
    case: CaseId,
    id: EntryId,
    as_of: Option<Timestamp>,
) -> Result<Shown<C::View>, Failure> {
    let (_, _, entry, depth) = load::<C>(tx, case, id, as_of)?;
    shown(tx, entry, depth, &[])
}

/// Records a new entry, if what it refers to is there: 201 with its place under `path`.
async fn create<C: Filed>(
    call: Call,
    (id, path): (&Path<String>, &str),
    canonical: &[u8],
    content: C,
    refers: impl Fn(&mut Tx<'_>, &Case, &Relation) -> Result<(), Failure> + Send + 'static,
) -> Result<Answer, Failure> {
    let case = path_id(id, CaseId::parse)?;
    call.create(
        canonical,
        format!("/v1/cases/{case}/{path}"),
        move |tx, id| {
            let (case, relation) = tx.case(case)?;
            writable(&tx.cx.caller, &relation, content.class())?;
            refers(tx, &case, &relation)?;
            let mut content = content.clone();
            content.prepare(tx, &case)?;
            let country = tx.country(case.country)?;
            let filing = Filing { case: &case, country: &country, by: &tx.cx.caller, now: tx.cx.now };
            let decided = Entry::record(EntryId(id), content, &filing)?;
            tx.save_entry(&case, &decided)?;
            C::follow(tx, &case, &decided.value)?;
            shown(tx, decided.value, Depth::Full, &decided.warnings)
        },
        move |tx, id| read::<C>(tx, case, EntryId(id), None),
    )
    .await
}

/// A page of entries, newest first.
async fn list<C: Filed>(
    call: Call,
    id: &Path<String>,
    as_of: Option<Timestamp>,
    page: PageQuery,
) -> Result<(Listed<C::View>, Option<String>), Failure> {
    let id = path_id(id, CaseId::parse)?;
    call.list_of(
        page,
        Some(id.0),
        move |tx, page| {
            let (case, relation) = tx.case(id)?;
            let seen = seen::<C>(&tx.cx.caller, &relation)?;
            let found = tx.entries::<C>(&case, &filter_of(&seen, as_of), page)?;
            let next = found.next;
            let classes = found.items.iter().map(|it| it.content.class()).collect();
            let with_depth = found.items.into_iter().map(|it| (depth_in(&seen, &it), it));
            let items = C::render(tx, with_depth.map(|(depth, it)| (it, depth)).collect())?;
            Ok((persistence::Page { items, next }, classes))
        },
        |view| view,
    )
    .await
}

/// Reads an entry.
async fn get<C: Filed>(
    call: Call,
    ids: &Path<(String, String)>,
    as_of: Option<Timestamp>,
) -> Result<Answer, Failure> {
    let (case, id) = (path_id(&ids.0, CaseId::parse)?, path_id(&ids.1, EntryId::parse)?);
    call.read(Some(id.0), move |tx| read::<C>(tx, case, id, as_of)).await
}

/// Records what is known now as a new version of an entry.
async fn amend<C: Filed>(
    call: Call,
    ids: &Path<(String, String)>,
    canonical: &[u8],
    change: impl Fn(C) -> C + Send + 'static,
) -> Result<Answer, Failure> {
    amend_with(call, ids, canonical, move |old, _| Ok(change(old))).await
}

/// The same, where the change depends on who makes it and when, or can be refused.
async fn amend_with<C: Filed>(
    call: Call,
    ids: &Path<(String, String)>,
    canonical: &[u8],
    change: impl Fn(C, &Tx<'_>) -> Result<C, Refused> + Send + 'static,
) -> Result<Answer, Failure> {
    let (case, id) = (path_id(&ids.0, CaseId::parse)?, path_id(&ids.1, EntryId::parse)?);
    let expected = call.expected();
    call.act(
        id.0,
        canonical,
        move |tx| amended(tx, (case, id), &expected, &change),
        move |tx| read::<C>(tx, case, id, None),
    )
    .await
}

fn amended<C: Filed>(
    tx: &mut Tx<'_>,
    (case, id): (CaseId, EntryId),
    expected: &Expected,
    change: &impl Fn(C, &Tx<'_>) -> Result<C, Refused>,
) -> Result<Shown<C::View>, Failure> {
    let (case, relation, before, depth) = load::<C>(tx, case, id, None)?;
    writable(&tx.cx.caller, &relation, before.content.class())?;
    expected.check(&shown(tx, before.clone(), depth, &[])?.tag)?;
    let mut content = change(before.content.clone(), tx)?;
    content.prepare(tx, &case)?;
    let country = tx.country(case.country)?;
    let filing = Filing { case: &case, country: &country, by: &tx.cx.caller, now: tx.cx.now };
    let decided = before.amend(content, &filing)?;
    tx.save_entry(&case, &decided)?;
    C::follow(tx, &case, &decided.value)?;
    shown(tx, decided.value, depth, &decided.warnings)
}
