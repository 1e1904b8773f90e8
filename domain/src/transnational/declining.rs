//! On which grounds each type of request can be declined (R82): a search for a missing child is not declined for want of
//! consent to a placement. Nobody declines because the child is not identified or not a national, whatever is asked; and
//! whoever is not competent forwards (R81).

use super::Route;
use crate::{
    Check, Violation,
    rules::{self, Source, Verification, urls},
    vocabulary::{TransnationalDeclineReason as Why, TransnationalRequestType as T},
};
use Verification::{Proposal, Recalled, TextRead};

/// One row: a ground, what can be declined on it, and where that comes from.
#[derive(Clone, Copy, Debug)]
pub struct DeclineGround {
    /// The ground.
    pub reason: Why,
    /// The types of request that can be declined on it.
    pub types: &'static [T],
    /// The law behind it.
    pub sources: &'static [Source],
}

const ALL: &[T] = &[
    T::Information,
    T::DangerNotice,
    T::Locate,
    T::AssistanceReferral,
    T::PlacementConsent,
    T::DurableReturn,
    T::Implementation,
    T::Jurisdiction,
    T::Evidence,
    T::FamilyTracing,
    T::IdentificationSupport,
];

const fn read(citation: &'static str) -> Source {
    Source { citation, url: urls::BIIB, verification: TextRead }
}

const fn recalled(citation: &'static str, url: &'static str) -> Source {
    Source { citation, url, verification: Recalled }
}

const fn own(citation: &'static str) -> Source {
    Source { citation, url: "", verification: Proposal }
}

/// Every lawful ground, in the order of the list.
pub static DECLINE_GROUNDS: &[DeclineGround] = &[
    // A State that is to receive a child may find that it would be unsafe there.
    DeclineGround {
        reason: Why::ConsentRefusedUnsafe,
        types: &[T::AssistanceReferral, T::PlacementConsent, T::DurableReturn],
        sources: &[
            read("Regulation (EU) 2019/1111 Art. 82"),
            recalled("1996 Hague Convention Art. 33", urls::HAGUE_1996),
            recalled("CETS 197 Art. 16(7)", urls::CETS_197),
        ],
    },
    // Only where a placement is asked for: a State takes its own children back with or without one.
    DeclineGround {
        reason: Why::ConsentRefusedNoPlacement,
        types: &[T::PlacementConsent],
        sources: &[
            read("Regulation (EU) 2019/1111 Art. 82"),
            recalled("1996 Hague Convention Art. 33", urls::HAGUE_1996),
        ],
    },
    // Where the child is said, or may be, in the country that is asked.
    DeclineGround {
        reason: Why::ChildNotFound,
        types: &[
            T::Information,
            T::DangerNotice,
            T::Locate,
            T::AssistanceReferral,
            T::Implementation,
            T::FamilyTracing,
        ],
        sources: &[
            read("Regulation (EU) 2019/1111 Art. 79(a)"),
            recalled("1996 Hague Convention Art. 31(c)", urls::HAGUE_1996),
        ],
    },
    DeclineGround {
        reason: Why::InformationNotHeld,
        types: &[T::Information, T::Locate, T::FamilyTracing, T::IdentificationSupport],
        sources: &[
            read("Regulation (EU) 2019/1111 Art. 80(1)"),
            recalled("1996 Hague Convention Art. 32 and 34", urls::HAGUE_1996),
        ],
    },
    DeclineGround {
        reason: Why::LegalGroundMissing,
        types: ALL,
        sources: &[own("TRM project default: every request rests on an instrument that binds both (R79)")],
    },
    // Only on the way on which a translation is asked for.
    DeclineGround {
        reason: Why::TranslationMissing,
        types: &[T::Information, T::Locate, T::PlacementConsent, T::DurableReturn, T::FamilyTracing],
        sources: &[read("Regulation (EU) 2019/1111 Art. 80(3) and 82(4)")],
    },
    // Where the answer would tell something of a person.
    DeclineGround {
        reason: Why::EndangermentH9637,
        types: &[T::Information, T::Locate, T::Implementation, T::FamilyTracing, T::IdentificationSupport],
        sources: &[
            recalled("1996 Hague Convention Art. 37", urls::HAGUE_1996),
            read("Regulation (EU) 2019/1111 Art. 89"),
        ],
    },
    // Where a measure of the other State is to have effect.
    DeclineGround {
        reason: Why::ManifestPublicPolicy,
        types: &[T::PlacementConsent, T::Implementation],
        sources: &[
            recalled("1996 Hague Convention Art. 23(2)(d)", urls::HAGUE_1996),
            recalled("Regulation (EU) 2019/1111 Art. 39(1)(a)", urls::BIIB),
        ],
    },
    DeclineGround {
        reason: Why::Other,
        types: ALL,
        sources: &[own("TRM project default: with the reason in words")],
    },
];

/// The grounds on which a request of a type that came by a route can be declined.
pub fn decline_grounds(request_type: T, route: Route) -> impl Iterator<Item = &'static DeclineGround> {
    DECLINE_GROUNDS
        .iter()
        .filter(move |it| it.types.contains(&request_type))
        .filter(move |it| it.reason != Why::TranslationMissing || route == Route::CentralAuthority)
}

/// R82: the ground is one on which this type can be declined; what are is named.
pub(super) fn check_ground(check: &mut Check, reason: Why, (request_type, route): (T, Route)) {
    check.require(!reason.forbidden(), || {
        Violation::of(&rules::R82, "/reason", format!("{reason} is never a ground to decline"))
    });
    check.require(reason != Why::NoCompetenceForwarded, || {
        Violation::of(&rules::R81, "/reason", "an authority that is not competent forwards the request")
    });
    let decided = reason.forbidden() || reason == Why::NoCompetenceForwarded;
    let lawful = decided || decline_grounds(request_type, route).any(|it| it.reason == reason);
    check.require(lawful, || {
        let all: Vec<_> = decline_grounds(request_type, route).map(|it| it.reason.to_string()).collect();
        let all = all.join(", ");
        let because = format!("{reason} is no ground to decline a {request_type} by {route}; what is: {all}");
        Violation::of(&rules::R82, "/reason", because)
    });
}
