//! Sending: what is disclosed, on what basis, with the child's view or the reason why it is missing (N2, R24, R75).

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{ChildView, Receiver, Referral, ReferralAct, view::check_view};
use crate::{
    Check, Decided, Refused, Timestamp, Violation,
    access::{Caller, Depth, Relation, Section, reach, receiving_ceiling},
    cases::{Case, ChildRecord, Identity, Whereabouts},
    directory::CountryEntry,
    events::{EventType, Given, GivenClass, GivenTo},
    rules,
    vocabulary::{DataClass, LawfulBasis},
};

crate::codes! {
    /// What the receiver may not do with what it is given.
    pub enum HandlingCaveat = "handling_caveat" {
        DoNotPassOn = "do_not_pass_on": "Do not pass on without asking the sender",
        DoNotTellParents = "do_not_tell_parents": "Do not tell parents or carers",
        DoNotContactFamily = "do_not_contact_family": "Do not contact the family",
        SafeContactOnly = "safe_contact_only": "Use only the agreed safe contact",
        PoliceInformed = "police_informed": "Police are informed: do not disturb the investigation",
    }
}

/// One class that is disclosed, with its lawful bases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Disclosure {
    /// The class.
    pub data_class: DataClass,
    /// The lawful bases; at least one.
    pub lawful_bases: Vec<LawfulBasis>,
}

impl Disclosure {
    fn given(&self) -> GivenClass {
        GivenClass { data_class: self.data_class, lawful_bases: self.lawful_bases.clone() }
    }
}

/// Everything that sending needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Send {
    /// What is disclosed.
    pub disclosures: Vec<Disclosure>,
    /// The child's view, if anything is said of it.
    pub child_view: Option<ChildView>,
    /// Whether the child was told of the referral.
    pub child_informed: bool,
    /// What the receiver may not do.
    pub caveats: Vec<HandlingCaveat>,
}

/// What the receiver gets: built at sending from what is disclosed, and from nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Package {
    /// What was disclosed on which basis.
    pub disclosures: Vec<Disclosure>,
    /// Who the child is, as far as disclosed.
    pub child: PackageChild,
    /// The child's view or why it is missing.
    pub child_view: ChildView,
    /// Whether the child was told.
    pub child_informed: bool,
    /// What the receiver may not do.
    pub caveats: Vec<HandlingCaveat>,
}

/// The child as the receiver sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PackageChild {
    /// Identity, if D1 is disclosed.
    pub identity: Option<Identity>,
    /// Whereabouts, if D2 is disclosed.
    pub whereabouts: Option<Whereabouts>,
}

impl Referral {
    /// Sends a draft of a child to whose case, which lives, the sender stands in this relation: nobody discloses what is
    /// not its own to read. The times to answer run from the first sending of the chain (R83).
    pub fn send(
        &self,
        act: Send,
        (case, child, relation): (&Case, &ChildRecord, &Relation),
        country: &CountryEntry,
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(ReferralAct::Send, by, now)?;
        case.live()?;
        // What is sent is not shown to the sender: its function decides, and the receiver needs the strong token.
        let own = reach(by, relation);
        let mut check = Check::default();
        check_view(&mut check, act.child_view.as_ref(), country, now);
        check.advise(act.child_informed, || {
            Violation::of(&rules::R26, "/childInformed", "the child has not been told of the referral")
        });
        match &self.to {
            Some(to) => check_disclosures(&mut check, to, &act.disclosures, &own),
            None => check.require(false, || {
                Violation::plain("no_receiver", "", "nobody is asked yet: name the agency in the draft")
            }),
        }
        let limits = self.limits(country, now);
        check.require(limits.is_some(), || {
            let because = "the national profile sets no response time for this urgency, or has no calendar";
            Violation::plain("no_response_time", "", because)
        });
        let late = limits.as_ref().is_some_and(|it| it.sent.acknowledge_by < now);
        check.advise(!late, || {
            let since = self.clock(now);
            let because =
                format!("the first clock of this need runs since {since}: receipt is overdue already");
            Violation { code: "first_clock_has_run_out", ..Violation::of(&rules::R83, "", because) }
        });
        let warnings = check.done()?;
        let (Some(limits), Some(to), Some(child_view)) = (limits, self.to, act.child_view.clone()) else {
            return Err(Refused::Broken(Vec::new()));
        };
        let package = Package {
            child: PackageChild {
                identity: match disclosed_depth(&act.disclosures, &own, DataClass::D1Identity) {
                    Some(Depth::Full) => Some(child.identity.clone()),
                    depth => depth.map(|_| child.identity.summary()),
                },
                whereabouts: match disclosed_depth(&act.disclosures, &own, DataClass::D2Whereabouts) {
                    Some(Depth::Full) => Some(child.whereabouts.clone()),
                    depth => depth.map(|_| child.whereabouts.summary()),
                },
            },
            disclosures: act.disclosures,
            child_view,
            child_informed: act.child_informed,
            caveats: act.caveats,
        };
        let sent = limits.sent;
        value.sent = Some(sent);
        let payload = json!({
            "urgency": self.urgency,
            "classes": package.disclosures.iter().map(|it| it.data_class).collect::<Vec<_>>(),
            "viewRecorded": matches!(package.child_view, ChildView::Recorded(_)),
            "acknowledgeBy": sent.acknowledge_by,
            "decideBy": sent.decide_by,
            "firstContactBy": sent.first_contact_by,
        });
        let given = Given {
            classes: package.disclosures.iter().map(Disclosure::given).collect(),
            ..Given::of(GivenTo::Agency { id: to.agency }, [])
        };
        value.file.must_accept = country.profile.must_accept.value.contains(&to.agency_type);
        value.file.package = Some(package);
        value.file.sent_by = by.professional;
        value.file.prepared = None;
        let opened = value.duties_of_sending(limits, country);
        let changes = self.changes(ReferralAct::Send, &value, opened);
        Ok(value.told(EventType::ReferralSent, given.told_in(payload), warnings).with_deadlines(changes))
    }

    /// What sending what was prepared would come to: the preview of the receiver's part, or every reason why not.
    pub fn preview(
        &self,
        of: (&Case, &ChildRecord, &Relation),
        country: &CountryEntry,
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        let prepared = self.file.prepared.clone().ok_or_else(|| {
            let because = "nothing is prepared: put the package into the draft";
            Refused::Broken(vec![Violation::plain("not_prepared", "/package", because)])
        })?;
        self.send(prepared, of, country, by, now)
    }
}

/// R75 and the lawful basis of each class.
fn check_disclosures(check: &mut Check, to: &Receiver, disclosures: &[Disclosure], own: &[Section]) {
    check.require(!disclosures.is_empty(), || {
        Violation::plain("nothing_disclosed", "/disclosures", "a referral discloses at least its metadata")
    });
    let ceiling = receiving_ceiling(to.agency_type);
    for it in disclosures {
        let class = it.data_class;
        check.require(ceiling.contains(&class), || {
            let because =
                // The type tells who it is where there is one of its kind.
                format!("{class} goes beyond what an agency of its type may receive");
            Violation::of(&rules::R75, "/disclosures", because)
        });
        let readable = own.iter().any(|it| it.class == class && it.depth >= Depth::Summary);
        check.require(readable || !ceiling.contains(&class), || {
            let because = format!("{class} is not the sender's own to read");
            Violation::plain("class_not_yours", "/disclosures", because)
        });
        check.require(it.lawful_bases.iter().any(|basis| basis.carries(class)), || {
            Violation::plain(
                "lawful_basis_missing",
                "/disclosures",
                format!("no given basis carries {class}"),
            )
        });
        let twice = disclosures.iter().filter(|other| other.data_class == class).count() > 1;
        check.require(!twice, || {
            Violation::plain("class_listed_twice", "/disclosures", format!("{class} is listed twice"))
        });
    }
}

/// How much of a class travels: what is disclosed, as far as the sender reads it.
fn disclosed_depth(disclosures: &[Disclosure], own: &[Section], class: DataClass) -> Option<Depth> {
    let disclosed = disclosures.iter().any(|it| it.data_class == class);
    own.iter()
        .find(|it| it.class == class && it.depth >= Depth::Summary)
        .filter(|_| disclosed)
        .map(|it| it.depth)
}
