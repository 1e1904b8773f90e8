//! What a package says: its digest, classes and parts, who the child is; and what is refused of it, read strictly.

use super::{
    Digest, FORMAT, IdentityBlock, LONGEST_TEXT, MOST_ITEMS, Package, allowed_members, canonical,
    member_class,
};
use crate::{
    Violation,
    cases::Identity,
    events::{Given, GivenClass, GivenTo},
    rules,
    transnational::{RequestPart, rule_of},
    vocabulary::{DataClass, IdentificationStatus},
};

impl Package {
    /// The digest: what is previewed, signed and receipted.
    pub fn digest(&self) -> Digest {
        Digest::of(&canonical(self))
    }

    /// What is given with it to somebody.
    pub fn given_to(&self, to: GivenTo) -> Given {
        let class = |class| {
            let bases = self.disclosures.iter().find(|it| it.data_class == class);
            GivenClass {
                data_class: class,
                lawful_bases: bases.map(|it| it.lawful_bases.clone()).unwrap_or_default(),
            }
        };
        Given { classes: self.classes().into_iter().map(class).collect(), ..Given::of(to, []) }
    }

    /// The classes of data that its members belong to.
    pub fn classes(&self) -> Vec<DataClass> {
        let mut classes: Vec<_> = self.members().filter_map(member_class).collect();
        classes.sort_unstable();
        classes.dedup();
        classes
    }

    /// Reads what came: strictly, byte for byte, with nothing beyond what its kind allows (F11).
    pub fn read(bytes: &[u8], digest: &Digest) -> Result<Self, Vec<Violation>> {
        let refuse = |code, because: &str| vec![Violation::plain(code, "", because)];
        if Digest::of(bytes) != *digest {
            return Err(refuse("package_altered", "the bytes are not those of the digest"));
        }
        let package: Self = serde_json::from_slice(bytes).map_err(|error| {
            if error.to_string().starts_with("unknown field") {
                vec![Violation::of(&rules::R75, "", "the package has a member that no kind allows")]
            } else {
                refuse("package_unreadable", "the package does not have the shape of its schema")
            }
        })?;
        if canonical(&package) != bytes {
            return Err(refuse("package_unreadable", "the package is not spelled canonically"));
        }
        let broken = package.excess();
        if broken.is_empty() { Ok(package) } else { Err(broken) }
    }

    /// The parts of a request that are in it: what was written or follows for one, and what its members tell.
    pub fn parts(&self) -> Vec<RequestPart> {
        use RequestPart as P;
        let it = &self.content;
        let decided =
            |it| !matches!(it, IdentificationStatus::ConcernLogged | IdentificationStatus::Screening);
        let discloses = |class| self.disclosures.iter().any(|it| it.data_class == class);
        let told = [
            (P::ChildView, it.child_view.is_some()),
            (P::Needs, !it.service_needs.is_empty()),
            (P::Guardian, it.guardian.is_some()),
            (P::Indicators, !it.indicators.is_empty()),
            (P::IdentificationDecision, it.identification.is_some_and(decided)),
            (
                P::MinimumDataset,
                discloses(DataClass::D1Identity) && discloses(DataClass::D15ReferralMetadata),
            ),
        ];
        let mut all: Vec<_> = told.into_iter().filter_map(|(part, there)| there.then_some(part)).collect();
        all.extend(it.written.iter().map(|it| it.part));
        all.extend(it.attachments.iter().map(|it| it.part));
        all.sort_unstable();
        all.dedup();
        all
    }

    /// What is in it that may not be, or too much of it; empty for a lawful one (R75).
    pub fn excess(&self) -> Vec<Violation> {
        let mut broken = Vec::new();
        let mut over = |because: String| broken.push(Violation::of(&rules::R75, "/package", because));
        let allowed = allowed_members(self.kind);
        for member in self.members().filter(|it| !allowed.contains(it)) {
            over(format!("{} is beyond what {} may carry", member.name(), self.kind));
        }
        let parts = rule_of(self.kind).parts;
        let named = self.content.written.iter().map(|it| it.part);
        for part in named.chain(self.content.attachments.iter().map(|it| it.part)) {
            if !parts.contains(&part) && part != RequestPart::Translation {
                over(format!("{part} is no part of {}", self.kind));
            }
        }
        for class in self.classes() {
            let carried = self
                .disclosures
                .iter()
                .any(|it| it.data_class == class && it.lawful_bases.iter().any(|basis| basis.carries(class)));
            if !carried {
                over(format!("{class} is in it and no lawful basis is named that carries it"));
            }
        }
        if self.format != FORMAT {
            over("the format is not known".to_owned());
        }
        if !self.fits() {
            over("a list or a text is longer than the schema allows".to_owned());
        }
        broken
    }

    fn fits(&self) -> bool {
        let it = &self.content;
        let texts = it.written.iter().map(|it| it.text.as_str());
        let contacts = it.guardian.iter().chain(&it.legal_representation).map(|it| it.name.as_str());
        let view = it.child_view.iter().flat_map(|it| it.summary.iter().chain(&it.weight_given));
        let lists = [
            it.nationalities.len(),
            it.languages.len(),
            it.special_needs.len(),
            it.exploitation.len(),
            it.indicators.len(),
            it.service_needs.len(),
            it.attachments.len(),
            it.written.len(),
            self.disclosures.len(),
            self.handling.len(),
        ];
        lists.iter().all(|it| *it <= MOST_ITEMS)
            && texts
                .chain(contacts)
                .chain(view.map(String::as_str))
                .all(|it| it.chars().count() <= LONGEST_TEXT)
    }
}

impl Package {
    /// Who the child is, as far as the package and the block beside it say.
    pub fn identity_of(&self, block: Option<&IdentityBlock>) -> Identity {
        let it = &self.content;
        Identity {
            name: block.and_then(|it| it.name.clone()),
            call_name: block.and_then(|it| it.call_name.clone()),
            sex: it.sex,
            birth_date: block.and_then(|it| it.birth_date),
            age_certainty: it.age_certainty,
            nationalities: it.nationalities.clone(),
            languages: it.languages.clone(),
            special_needs: it.special_needs.clone(),
            ..Identity::default()
        }
    }
}

impl IdentityBlock {
    /// The digest by which the package names it.
    pub fn digest(&self) -> Digest {
        Digest::of(&canonical(self))
    }

    /// Whether it belongs to a package: the same request and child, and the digest that the package names.
    pub fn belongs_to(&self, package: &Package) -> bool {
        self.request_id == package.request_id
            && package.content.child.as_ref() == Some(&self.child)
            && package.identity.as_ref() == Some(&self.digest())
    }
}
