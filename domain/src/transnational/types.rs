//! The eleven types of request: what each is for, by which routes and on which legal base it goes, what it needs.

use crate::{
    rules::{Source, Verification},
    vocabulary::{AgencyType, TransnationalRequestType},
};

crate::codes! {
    /// A legal instrument by which States help each other.
    pub enum Instrument = "instrument" {
        Atd = "atd": "Directive 2011/36/EU on trafficking in human beings",
        BrusselsIib = "biib": "Regulation (EU) 2019/1111 (Brussels IIb)",
        Hague1996 = "h96": "1996 Hague Child Protection Convention",
        Eio = "eio": "Directive 2014/41/EU on the European Investigation Order",
        Sis = "sis": "Regulation (EU) 2018/1862 on the Schengen Information System",
        DataProtection = "gdpr_led": "Regulation (EU) 2016/679 and Directive (EU) 2016/680, also through the EEA or Schengen",
        Cets197 = "cets197": "Council of Europe Convention on Action against Trafficking in Human Beings",
    }
}

crate::codes! {
    /// The route by which a request travels between two countries.
    pub enum Route = "transnational_route" {
        CentralAuthority = "central_authority": "Central Authority to Central Authority",
        FocalPoint = "focal_point": "National focal point to national focal point",
        Direct = "direct": "Authority to authority, without waiting",
        Court = "court": "Court to court or authority; only tracked here",
        Justice = "justice": "Judicial authority to judicial authority; only a reference here",
    }
}

crate::codes! {
    /// A part that a type of request must have.
    pub enum RequestPart = "transnational_part" {
        Reasons = "reasons": "Why it is asked",
        Questions = "questions": "The questions",
        Translation = "translation": "A translation, or that the other side accepts the language",
        Danger = "danger": "The danger",
        MeasuresTaken = "measures_taken": "The measures that were taken",
        PresenceInformation = "presence_information": "What is known of the child's presence there",
        LastKnownData = "last_known_data": "What was last known of the whereabouts",
        MinimumDataset = "minimum_dataset": "The minimum dataset of the child",
        Needs = "needs": "What the child needs",
        ChildView = "child_view": "The child's view, or why it is missing",
        BestInterestsAssessment = "best_interests_assessment": "A best interests assessment",
        ReportOnChild = "report_on_child": "A report on the child",
        Funding = "funding": "Who pays",
        Duration = "duration": "How long it is expected to last",
        BestInterestsDetermination = "best_interests_determination": "A best interests determination",
        RiskAssessment = "risk_assessment": "A risk and security assessment",
        FamilyAssessment = "family_assessment": "An assessment of the family there",
        Guardian = "guardian": "Who is the child's guardian",
        Plan = "plan": "A plan of the return and of what follows",
        Decision = "decision": "The decision that is to be carried out",
        CourtReference = "court_reference": "The reference of the courts",
        JusticeReference = "justice_reference": "The reference of the judicial request",
        IdentificationDecision = "identification_decision": "The identification decision",
        Indicators = "indicators": "The indicators that were seen",
    }
}

/// The legal base of a type: an instrument that must bind both States, and its provision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Base {
    /// The instrument.
    pub instrument: Instrument,
    /// The routes that it opens.
    pub routes: &'static [Route],
    /// Its provision, with how well it was checked.
    pub source: Source,
}

/// One row: a type of request.
#[derive(Clone, Copy, Debug)]
pub struct TypeRule {
    /// The type.
    pub request_type: TransnationalRequestType,
    /// What it is for, in one sentence.
    pub purpose: &'static str,
    /// On what it rests; any one that is open will do, the first is preferred.
    pub bases: &'static [Base],
    /// What it must have.
    pub parts: &'static [RequestPart],
    /// Whether acceptance leads to a move of the child (T12 to T16); all others end with an answer (T18).
    pub moves_child: bool,
    /// Whether law sets three months for the answer (R80).
    pub legal_limit: bool,
    /// Whether nothing but references to another channel may be in it.
    pub reference_only: bool,
}

use Instrument::{Atd, BrusselsIib as Biib, Cets197, Eio, Hague1996 as H96};
use RequestPart as P;
use TransnationalRequestType as T;
use Verification::{Recalled, TextRead};

const CA: &[Route] = &[Route::CentralAuthority];
const FP: &[Route] = &[Route::FocalPoint];
const ANY: &[Route] = &[Route::Direct, Route::CentralAuthority, Route::FocalPoint];

const fn base(
    instrument: Instrument,
    routes: &'static [Route],
    citation: &'static str,
    verification: Verification,
) -> Base {
    Base { instrument, routes, source: Source { citation, url: instrument.url(), verification } }
}

/// Every type, in the order of the list.
pub static TYPES: &[TypeRule] = &[
    TypeRule {
        request_type: T::Information,
        purpose: "A report on the child, the family, proceedings or decisions",
        bases: &[
            base(Biib, CA, "Regulation (EU) 2019/1111 Art. 80(1)", TextRead),
            base(H96, CA, "1996 Hague Convention Art. 32 and 34", Recalled),
        ],
        parts: &[P::Reasons, P::Questions, P::Translation],
        moves_child: false,
        legal_limit: true,
        reference_only: false,
    },
    TypeRule {
        request_type: T::DangerNotice,
        purpose: "A warning of serious danger to a child who is there",
        bases: &[
            base(Biib, ANY, "Regulation (EU) 2019/1111 Art. 80(2)", TextRead),
            base(H96, ANY, "1996 Hague Convention Art. 36", Recalled),
            base(Cets197, ANY, "CETS 197 Art. 33", Recalled),
        ],
        parts: &[P::Danger, P::MeasuresTaken, P::PresenceInformation],
        moves_child: false,
        legal_limit: false,
        reference_only: false,
    },
    TypeRule {
        request_type: T::Locate,
        purpose: "To find a child or parent; police search by their own channel beside it",
        bases: &[
            base(Biib, CA, "Regulation (EU) 2019/1111 Art. 79(a)", TextRead),
            base(H96, CA, "1996 Hague Convention Art. 31(c)", Recalled),
        ],
        parts: &[P::LastKnownData],
        moves_child: false,
        legal_limit: false,
        reference_only: false,
    },
    TypeRule {
        request_type: T::AssistanceReferral,
        purpose: "That the other State helps a child who returns or moves there",
        bases: &[base(Atd, FP, "Directive 2011/36/EU Art. 11(4)", TextRead)],
        parts: &[P::MinimumDataset, P::Needs, P::ChildView, P::BestInterestsAssessment],
        moves_child: true,
        legal_limit: false,
        reference_only: false,
    },
    TypeRule {
        request_type: T::PlacementConsent,
        purpose: "Consent to place the child there with a family, in an institution or with a relative",
        bases: &[
            base(Biib, CA, "Regulation (EU) 2019/1111 Art. 82", TextRead),
            base(H96, CA, "1996 Hague Convention Art. 33", Recalled),
        ],
        parts: &[P::ReportOnChild, P::Reasons, P::Funding, P::Duration, P::Translation],
        moves_child: true,
        legal_limit: true,
        reference_only: false,
    },
    TypeRule {
        request_type: T::DurableReturn,
        purpose: "Return or relocation of the child as its durable solution",
        bases: &[
            base(Cets197, &[Route::FocalPoint, Route::CentralAuthority], "CETS 197 Art. 16", Recalled),
            base(
                Atd,
                &[Route::FocalPoint, Route::CentralAuthority],
                "Directive 2011/36/EU Art. 16",
                TextRead,
            ),
        ],
        parts: &[P::BestInterestsDetermination, P::RiskAssessment, P::FamilyAssessment, P::Guardian, P::Plan],
        moves_child: true,
        legal_limit: false,
        reference_only: false,
    },
    TypeRule {
        request_type: T::Implementation,
        purpose: "Help in carrying out a decision there",
        bases: &[base(Biib, &[Route::Court], "Regulation (EU) 2019/1111 Art. 81", TextRead)],
        parts: &[P::Decision],
        moves_child: false,
        legal_limit: false,
        reference_only: false,
    },
    TypeRule {
        request_type: T::Jurisdiction,
        purpose: "That the other court takes or gives the case; the courts do it, it is only tracked",
        bases: &[
            base(Biib, &[Route::Court], "Regulation (EU) 2019/1111 Art. 12 and 13", Recalled),
            base(H96, &[Route::Court], "1996 Hague Convention Art. 8 and 9", Recalled),
        ],
        parts: &[P::CourtReference],
        moves_child: false,
        legal_limit: false,
        reference_only: true,
    },
    TypeRule {
        request_type: T::Evidence,
        purpose: "A pointer to a judicial request for evidence, without content",
        bases: &[base(Eio, &[Route::Justice], "Directive 2014/41/EU", Recalled)],
        parts: &[P::JusticeReference],
        moves_child: false,
        legal_limit: false,
        reference_only: true,
    },
    TypeRule {
        request_type: T::FamilyTracing,
        purpose: "To trace the child's family where that is in its interests",
        bases: &[base(Cets197, CA, "CETS 197 Art. 10(4)(c)", Recalled)],
        parts: &[P::BestInterestsAssessment],
        moves_child: false,
        legal_limit: false,
        reference_only: false,
    },
    TypeRule {
        request_type: T::IdentificationSupport,
        purpose: "To share what is known for the identification of a child",
        bases: &[base(Cets197, FP, "CETS 197 Art. 10 and 34", Recalled)],
        parts: &[P::IdentificationDecision, P::Indicators],
        moves_child: false,
        legal_limit: false,
        reference_only: false,
    },
];

impl Instrument {
    /// Where it can be read; empty where no stable address is known.
    pub const fn url(self) -> &'static str {
        use crate::rules::urls;
        match self {
            Self::Atd => urls::ATD,
            Self::BrusselsIib => urls::BIIB,
            Self::Hague1996 => urls::HAGUE_1996,
            Self::Eio => "https://eur-lex.europa.eu/eli/dir/2014/41/oj",
            Self::Sis => urls::SIS,
            Self::DataProtection => urls::GDPR,
            Self::Cets197 => urls::CETS_197,
        }
    }
}

impl Route {
    /// Whether an authority of this type can be competent for what came by it: only to such a one it is forwarded (R81).
    pub fn forwards_to(self, agency_type: AgencyType) -> bool {
        use AgencyType as A;
        let authority =
            matches!(agency_type, A::CentralAuthority | A::CrossborderFocalPoint | A::CourtFamily);
        authority || self.offices().contains(&agency_type)
    }

    /// The types of agency that stand at either end of it.
    pub const fn offices(self) -> &'static [AgencyType] {
        use AgencyType as A;
        match self {
            Self::CentralAuthority => &[A::CentralAuthority],
            Self::FocalPoint => &[A::CrossborderFocalPoint],
            Self::Direct => &[A::CrossborderFocalPoint, A::CentralAuthority, A::ChildProtection, A::Police],
            Self::Court => &[A::CourtFamily, A::CourtCriminal],
            Self::Justice => &[A::Prosecution, A::CourtCriminal],
        }
    }
}

/// The row of a type.
pub fn rule_of(request_type: TransnationalRequestType) -> &'static TypeRule {
    match request_type {
        T::Information => &TYPES[0],
        T::DangerNotice => &TYPES[1],
        T::Locate => &TYPES[2],
        T::AssistanceReferral => &TYPES[3],
        T::PlacementConsent => &TYPES[4],
        T::DurableReturn => &TYPES[5],
        T::Implementation => &TYPES[6],
        T::Jurisdiction => &TYPES[7],
        T::Evidence => &TYPES[8],
        T::FamilyTracing => &TYPES[9],
        T::IdentificationSupport => &TYPES[10],
    }
}
