//! What the author gives for a package, kept while it is a draft, and the package that is made of it and of the case.

use serde::{Deserialize, Serialize};

use super::{
    Attachment, Chain, ContactPoint, Disclosed, IdentityBlock, Office, PassOn, Prepared, Pseudonym,
    RequestPart, Source, TransferGround, Written, build,
};
use crate::{
    Check, Reference, Refused, Timestamp, TransnationalRequestId, Violation,
    access::{Caller, Relation, reach},
    cases::{Case, Identity},
    identification::indicators::Indicator,
    referrals::{ChildView, HandlingCaveat},
    vocabulary::{AgencyType, ExploitationType, RiskLevel, ServiceCode, TransnationalRequestType, Urgency},
};

/// What the author gives: what is in the case already is taken from there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Material {
    /// Parts that are attested instead of sent: that the other side accepts the language.
    pub parts: Vec<RequestPart>,
    /// What is disclosed on which bases.
    pub disclosures: Vec<Disclosed>,
    /// Whether name and birth date go with it, in the block beside.
    pub with_identity: bool,
    /// The guardian's contact.
    pub guardian: Option<ContactPoint>,
    /// The lawyer's contact.
    pub legal_representation: Option<ContactPoint>,
    /// Forms of exploitation.
    pub exploitation: Vec<ExploitationType>,
    /// The level of the immediate risk.
    pub immediate_risk: Option<RiskLevel>,
    /// Codes of indicators that were seen.
    pub indicators: Vec<String>,
    /// What the child needs.
    pub service_needs: Vec<ServiceCode>,
    /// Documents that follow.
    pub attachments: Vec<Attachment>,
    /// What was written for the parts of the type.
    pub written: Vec<Written>,
    /// What the receiver may not do.
    pub handling: Vec<HandlingCaveat>,
    /// What the receiver may pass on to a further country.
    pub pass_on: PassOn,
    /// The child's view, or why it is missing (R24).
    pub child_view: Option<ChildView>,
    /// The ground of the transfer (R95).
    pub transfer_ground: Option<TransferGround>,
    /// Whether disclosing was found to endanger the child (R78).
    pub endangers: bool,
}

/// The request for which a package is made.
#[derive(Clone, Debug)]
pub struct Heading {
    /// Its id.
    pub id: TransnationalRequestId,
    /// What is asked.
    pub request_type: TransnationalRequestType,
    /// How urgent it is.
    pub urgency: Urgency,
    /// Who sends it.
    pub from: Office,
    /// For whom, and what kind of agency that is.
    pub to: (Office, AgencyType),
    /// The reference here.
    pub reference: Reference,
    /// The chain that it goes on, or a beginning.
    pub chain: Chain,
}

impl Material {
    /// What is attested without being sent: nobody there can read it, so only what needs no reading.
    fn attested(&self) -> Result<(), Refused> {
        let mut check = Check::default();
        for part in self.parts.iter().filter(|it| **it != RequestPart::Translation) {
            let because = format!("{part} is written or follows as a document; naming it sends nothing");
            check.require(false, || Violation::plain("part_without_content", "/parts", because));
        }
        check.done().map(|_| ())
    }

    /// Indicators are those of the catalogue: what nobody can look up says nothing to the other side. An unknown code is
    /// not repeated: it could be anything that somebody typed.
    fn check_indicators(&self) -> Result<(), Refused> {
        let mut check = Check::default();
        for (place, _) in
            self.indicators.iter().enumerate().filter(|(_, code)| Indicator::find(code).is_none())
        {
            check.require(false, || Violation {
                pointer: format!("/indicators/{place}").into(),
                ..Violation::plain("unknown_indicator", "", "no indicator of the catalogue has this code")
            });
        }
        check.done().map(|_| ())
    }

    /// The package of a request with the identity block beside it, from the case as its author reads it. It says when it
    /// was made: what changes in the case later changes nothing of it until it is made anew.
    pub fn prepare(
        &self,
        heading: Heading,
        (case, identity, relation): (&Case, &Identity, &Relation),
        child: Option<Pseudonym>,
        (by, now): (&Caller, Timestamp),
    ) -> Result<(Prepared, Option<IdentityBlock>, Vec<Violation>), Refused> {
        self.check_indicators()?;
        self.attested()?;
        let view = match &self.child_view {
            Some(ChildView::Recorded(view)) => Some(view.clone()),
            _ => None,
        };
        let source = Source {
            request_id: heading.id,
            kind: heading.request_type,
            urgency: heading.urgency,
            from: heading.from,
            to: heading.to,
            reference: heading.reference,
            child,
            identity,
            with_identity: self.with_identity,
            own: &reach(by, relation),
            disclosures: self.disclosures.clone(),
            guardian: self.guardian.clone(),
            legal_representation: self.legal_representation.clone(),
            exploitation: self.exploitation.clone(),
            immediate_risk: self.immediate_risk,
            identification: Some(case.identification.status),
            indicators: self.indicators.clone(),
            child_view: view,
            service_needs: self.service_needs.clone(),
            attachments: self.attachments.clone(),
            written: self.written.clone(),
            handling: self.handling.clone(),
            chain: heading.chain,
            transfer_ground: self.transfer_ground,
        };
        let (package, block, warnings) = build(&source, now)?;
        let view = self.child_view.is_some().then_some(RequestPart::ChildView);
        let mut parts = package.parts();
        parts.extend(self.parts.iter().copied().chain(view));
        parts.sort_unstable();
        parts.dedup();
        let prepared = Prepared {
            parts,
            child_view: self.child_view.clone(),
            transfer_ground: self.transfer_ground,
            endangers: self.endangers,
            package: Some(package),
            previewed: None,
        };
        Ok((prepared, block, warnings))
    }
}
