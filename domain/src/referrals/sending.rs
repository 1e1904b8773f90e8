//! Sending: what is disclosed, on what basis, with the child's view or the reason why it is missing (N2, R24, R75).

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Referral, ReferralAct, Sent};
use crate::{
    Check, Day, Decided, Refused, Timestamp, Violation,
    access::{Caller, Depth, Relation, Section, receiving_ceiling, sections},
    cases::{ChildRecord, Identity, Whereabouts},
    directory::Profile,
    events::EventType,
    rules,
    vocabulary::{DataClass, LawfulBasis, ViewMethod, ViewMissingReason, ViewStatus},
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

/// What the child said or showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct View {
    /// Whether it was expressed.
    pub status: ViewStatus,
    /// How.
    pub method: Option<ViewMethod>,
    /// The child's words or a summary.
    pub summary: Option<String>,
    /// On what day.
    pub recorded_on: Option<Day>,
    /// What weight it was given and how it changed the plan.
    pub weight_given: Option<String>,
}

/// The child's view on the referral, or why it is missing and when it will be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ChildView {
    /// The view.
    Recorded(View),
    /// Why there is none.
    #[serde(rename_all = "camelCase")]
    Missing {
        /// The reason.
        reason: ViewMissingReason,
        /// The day on which the child is asked again.
        ask_again_on: Option<Day>,
    },
}

/// Everything that sending needs.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// Sends a draft of a child to whose case the sender stands in this relation: nobody discloses what is not its own
    /// to read.
    pub fn send(
        &self,
        act: Send,
        (child, relation): (&ChildRecord, &Relation),
        profile: &Profile,
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        let status = self.next(ReferralAct::Send, by)?;
        let mut check = Check::default();
        check_view(&mut check, act.child_view.as_ref(), profile, now);
        self.check_disclosures(&mut check, &act.disclosures, &sections(by, relation));
        check.advise(act.child_informed, || {
            Violation::of(&rules::R26, "/childInformed", "the child has not been told of the referral")
        });
        let due = profile.due(self.urgency, now);
        check.require(due.is_some(), || {
            Violation::plain(
                "no_response_time",
                "",
                "the national profile sets no response time for this urgency",
            )
        });
        let warnings = check.done()?;
        let (Some(due), Some(child_view)) = (due, act.child_view) else {
            return Err(Refused::Broken(Vec::new()));
        };
        let own = sections(by, relation);
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
        let mut value = self.clone();
        value.status = status;
        value.status_at = now;
        value.sent = Some(Sent {
            at: now,
            acknowledge_by: due.acknowledge,
            decide_by: due.decide,
            first_contact_by: due.first_contact,
        });
        value.version = self.version.next();
        let payload = json!({
            "urgency": self.urgency,
            "classes": package.disclosures.iter().map(|it| it.data_class).collect::<Vec<_>>(),
            "viewRecorded": matches!(package.child_view, ChildView::Recorded(_)),
            "acknowledgeBy": due.acknowledge,
            "decideBy": due.decide,
        });
        value.file.package = Some(package);
        let facts = vec![value.fact(EventType::ReferralSent, payload)];
        Ok(Decided { value, facts, warnings })
    }

    /// R75 and the lawful basis of each class.
    fn check_disclosures(&self, check: &mut Check, disclosures: &[Disclosure], own: &[Section]) {
        check.require(!disclosures.is_empty(), || {
            Violation::plain(
                "nothing_disclosed",
                "/disclosures",
                "a referral discloses at least its metadata",
            )
        });
        let ceiling = receiving_ceiling(self.to_type);
        for it in disclosures {
            let class = it.data_class;
            check.require(ceiling.contains(&class), || {
                let because =
                    format!("{class} goes beyond what an agency of the type {} may receive", self.to_type);
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
}

/// How much of a class travels: what is disclosed, as far as the sender reads it.
fn disclosed_depth(disclosures: &[Disclosure], own: &[Section], class: DataClass) -> Option<Depth> {
    let disclosed = disclosures.iter().any(|it| it.data_class == class);
    own.iter()
        .find(|it| it.class == class && it.depth >= Depth::Summary)
        .filter(|_| disclosed)
        .map(|it| it.depth)
}

/// R24: a view, or a reason with the day on which the child is asked again.
fn check_view(check: &mut Check, view: Option<&ChildView>, profile: &Profile, now: Timestamp) {
    match view {
        None => check.require(false, || {
            Violation::of(
                &rules::R24,
                "/childView",
                "neither the child's view nor a reason why it is missing is given",
            )
        }),
        Some(ChildView::Recorded(view)) => {
            let expressed = matches!(view.status, ViewStatus::Expressed | ViewStatus::PartlyExpressed);
            check.require(!expressed || view.summary.is_some(), || {
                Violation::of(
                    &rules::R24,
                    "/childView/summary",
                    "the view was expressed and is not written down",
                )
            });
            let declined = matches!(view.status, ViewStatus::DeclinedToExpress | ViewStatus::Unable);
            check.require(expressed || declined, || {
                Violation::of(
                    &rules::R24,
                    "/childView/status",
                    "the child has not been asked: give viewMissingReason",
                )
            });
            check.advise(!expressed || view.weight_given.is_some(), || {
                Violation::of(
                    &rules::R25,
                    "/childView/weightGiven",
                    "it is not said how the view was weighed",
                )
            });
        }
        Some(ChildView::Missing { ask_again_on, .. }) => {
            let latest =
                now.date().saturating_add(time::Duration::days(profile.view_again_within_days.value.into()));
            check.require(ask_again_on.is_some_and(|it| it.0 >= now.date()), || {
                Violation::of(
                    &rules::R24,
                    "/askAgainOn",
                    "a day from today on which the child is asked again is missing",
                )
            });
            check.advise(ask_again_on.is_none_or(|it| it.0 <= latest), || {
                let days = profile.view_again_within_days.value;
                Violation::of(
                    &rules::R24,
                    "/askAgainOn",
                    format!("the national profile asks again within {days} days"),
                )
            });
        }
    }
}

impl LawfulBasis {
    /// Whether this basis can carry a class: special categories (GDPR Art. 9, LED Art. 10) and offence data (GDPR
    /// Art. 10) need one of their own; consent is never the only lock.
    pub fn carries(self, class: DataClass) -> bool {
        let special = matches!(
            self,
            Self::Gdpr9Vital
                | Self::Gdpr9LegalClaims
                | Self::Gdpr9SubstantialPublicInterest
                | Self::Gdpr9HealthSocial
                | Self::Led10SpecialCategories
        );
        match class {
            DataClass::D4ExploitationNarrative | DataClass::D7Health | DataClass::D8TherapyNotes => special,
            DataClass::D11AllegedOffenders => {
                matches!(self, Self::Gdpr10OfficialAuthority | Self::Led8CompetentAuthorityTask)
            }
            _ => self != Self::ConsentSpecialCase,
        }
    }
}
