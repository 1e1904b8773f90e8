//! The safeguards of a move, as they are attested: what nobody attests is refused (R47 to R54).

use domain::{
    Day, ProfessionalId, Refused,
    directory::Profile,
    text::Country,
    transnational::{
        At, Attested, BlockingProcedure, Consulted, FamilyAssessed, PlacementBasis, Readiness,
        ReceivingArrangement, Request, RiskAssessed,
    },
    vocabulary::RiskLevel,
};
use serde::Deserialize;
use utoipa::ToSchema;

domain::codes! {
    /// Why no document of consent is needed, or that it is there.
    pub enum PlacementBasisKind = "placement_basis" {
        Document = "document": "The document of the consent",
        Parent = "parent": "The child goes to a parent",
        ExemptRelative = "exempt_relative": "The child goes to a relative whom the receiving State exempts",
    }
}

/// The safeguards of a move, attested by the caller; absent is unknown, and unknown is no.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = TransferReadiness)]
#[serde(rename_all = "camelCase")]
pub struct ReadinessBody {
    /// The risk and security assessment (R47).
    pub risk: Option<RiskBody>,
    /// The assessment of the family or place of care there (R48).
    pub family: Option<FamilyBody>,
    /// Who receives the child (R49).
    pub receiving: Option<ReceivingBody>,
    /// Whether any assessment found the move unsafe or not in the child's interests (R50).
    pub found_against: Option<bool>,
    /// The procedures that keep the child here; none is an empty list (R51).
    #[schema(max_items = 10)]
    pub procedures: Option<Vec<BlockingProcedure>>,
    /// The consultations before a return (R52).
    pub consulted: Option<ConsultedBody>,
    /// The consent to a placement, or why none is needed (R53, R54).
    pub placement: Option<PlacementBody>,
}

/// A risk and security assessment.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[schema(as = AttestedRisk)]
pub struct RiskBody {
    /// On what day.
    pub on: Day,
    /// What it found.
    pub level: RiskLevel,
}

/// An assessment of the family there.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[schema(as = AttestedFamily)]
#[serde(rename_all = "camelCase")]
pub struct FamilyBody {
    /// On what day.
    pub on: Day,
    /// By which State.
    pub by_country: Country,
    /// Whether the place of care was assessed instead, because the child goes to no family.
    pub place_of_care: Option<bool>,
}

/// Who receives the child.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[schema(as = AttestedReceiving)]
#[serde(rename_all = "camelCase")]
pub struct ReceivingBody {
    /// Whether guardian or carer are known by name.
    pub named: bool,
    /// Whether they accept in writing.
    pub accepted_in_writing: bool,
    /// Whether there is a plan of the reception.
    pub planned: bool,
}

/// The consultations before a return.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[schema(as = AttestedConsultations)]
#[serde(rename_all = "camelCase")]
pub struct ConsultedBody {
    /// When the prosecutor was consulted.
    pub prosecutor_on: Day,
    /// When the child's views were taken.
    pub views_on: Day,
    /// Whether it is written down how they were addressed.
    pub views_addressed: bool,
}

/// The consent to a placement, or why none is needed.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[schema(as = AttestedPlacement)]
#[serde(rename_all = "camelCase")]
pub struct PlacementBody {
    /// Which.
    pub basis: PlacementBasisKind,
    /// The day of the document; it may be absent where the other side gave one with its decision.
    pub dated: Option<Day>,
}

impl ReadinessBody {
    /// The record: each safeguard that is given, attested by the caller now; the profile is that of the receiving country.
    pub(super) fn attested(
        &self,
        request: &Request,
        at: At<'_>,
        receiving: Option<&Profile>,
    ) -> Result<Readiness, Refused> {
        let by = at.by.professional.unwrap_or(ProfessionalId(uuid::Uuid::nil()));
        let stand = Stand { by, at };
        let placement = |it: PlacementBody| match it.basis {
            PlacementBasisKind::Document => PlacementBasis::document(it.dated, request),
            PlacementBasisKind::Parent => Ok(PlacementBasis::Parent),
            PlacementBasisKind::ExemptRelative => PlacementBasis::exempt_relative(receiving),
        };
        Ok(Readiness {
            risk: stand.on(self.risk.map(|it| RiskAssessed { on: it.on, level: it.level })),
            family: stand.on(self.family.map(|it| FamilyAssessed {
                on: it.on,
                by_country: it.by_country,
                place_of_care: it.place_of_care == Some(true),
            })),
            receiving: stand.on(self.receiving.map(|it| ReceivingArrangement {
                named: it.named,
                accepted_in_writing: it.accepted_in_writing,
                planned: it.planned,
            })),
            found_against: stand.on(self.found_against),
            procedures: stand.on(self.procedures.clone()),
            consulted: stand.on(self.consulted.map(|it| Consulted {
                prosecutor_on: it.prosecutor_on,
                views_on: it.views_on,
                views_addressed: it.views_addressed,
            })),
            placement: stand.on(self.placement.map(placement).transpose()?),
        })
    }
}

/// Whoever attests.
struct Stand<'a> {
    by: ProfessionalId,
    at: At<'a>,
}

impl Stand<'_> {
    fn on<T>(&self, value: Option<T>) -> Option<Attested<T>> {
        value.map(|value| Attested { value, by: self.by, agency: self.at.by.agency, at: self.at.now })
    }
}
