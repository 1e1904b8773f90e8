//! Building a package: from the sections that the sender reads and the office there may have, and from nothing else.

use super::{
    Attachment, ContactPoint, Content, Disclosed, FORMAT, IdentityBlock, Member, Package, Pseudonym,
    SharedView, Written, allowed_members, member_class,
};
use crate::{
    Check, Reference, Refused, Timestamp, TransnationalRequestId, Violation,
    access::{Depth, Section, receiving_ceiling},
    cases::Identity,
    referrals::{HandlingCaveat, View},
    rules,
    transnational::{Chain, Office, TransferGround},
    vocabulary::{
        AgencyType, ExploitationType, IdentificationStatus, RiskLevel, ServiceCode, TransnationalRequestType,
        Urgency,
    },
};

/// What a package can be made of: the case as the sender reads it, and what was written for the request.
#[derive(Clone, Debug)]
pub struct Source<'a> {
    /// The request.
    pub request_id: TransnationalRequestId,
    /// What is asked.
    pub kind: TransnationalRequestType,
    /// How urgent it is.
    pub urgency: Urgency,
    /// Who sends it.
    pub from: Office,
    /// For whom, and what kind of agency that is.
    pub to: (Office, AgencyType),
    /// The reference of the requesting side.
    pub reference: Reference,
    /// The child's pseudonym between the two nodes.
    pub child: Option<Pseudonym>,
    /// The identity, of which only the band of the age and what the kind allows goes into the package itself.
    pub identity: &'a Identity,
    /// Whether name and birth date go with it, in the block beside.
    pub with_identity: bool,
    /// What the sender reads of the case.
    pub own: &'a [Section],
    /// What is disclosed on which bases.
    pub disclosures: Vec<Disclosed>,
    /// The guardian's contact.
    pub guardian: Option<ContactPoint>,
    /// The lawyer's contact.
    pub legal_representation: Option<ContactPoint>,
    /// Forms of exploitation.
    pub exploitation: Vec<ExploitationType>,
    /// The level of the immediate risk.
    pub immediate_risk: Option<RiskLevel>,
    /// Where the identification stands.
    pub identification: Option<IdentificationStatus>,
    /// Codes of indicators that were seen.
    pub indicators: Vec<String>,
    /// The child's view.
    pub child_view: Option<View>,
    /// What the child needs.
    pub service_needs: Vec<ServiceCode>,
    /// Documents that follow.
    pub attachments: Vec<Attachment>,
    /// What was written for the parts of the type.
    pub written: Vec<Written>,
    /// What the receiver may not do.
    pub handling: Vec<HandlingCaveat>,
    /// Where it comes from.
    pub chain: Chain,
    /// The ground of the transfer.
    pub transfer_ground: Option<TransferGround>,
}

/// The package and the identity block beside it, as the receiver will see them. What the kind does not allow is left
/// out; what is disclosed and may not be is refused (R75), and so is what a bound of the origin keeps back.
pub fn build(
    from: &Source<'_>,
    now: Timestamp,
) -> Result<(Package, Option<IdentityBlock>, Vec<Violation>), Refused> {
    let mut check = Check::default();
    let ceiling = receiving_ceiling(from.to.1);
    for it in &from.disclosures {
        let class = it.data_class;
        check.require(ceiling.contains(&class), || {
            let because = format!("{class} goes beyond what an office of the type {} may receive", from.to.1);
            Violation::of(&rules::R75, "/disclosures", because)
        });
        let readable = from.own.iter().any(|it| it.class == class && it.depth >= Depth::Summary);
        check.require(readable, || {
            Violation::plain(
                "class_not_yours",
                "/disclosures",
                format!("{class} is not the sender's own to read"),
            )
        });
        let needed = allowed_members(from.kind).iter().any(|it| member_class(*it) == Some(class));
        check.require(needed, || {
            let because = format!("{} has no member for {class}", from.kind);
            Violation::of(&rules::R75, "/disclosures", because)
        });
    }
    let may = |member: Member| {
        let class = member_class(member);
        allowed_members(from.kind).contains(&member)
            && class.is_none_or(|class| from.disclosures.iter().any(|it| it.data_class == class))
    };
    let who = from.identity;
    let content = Content {
        child: from.child.clone().filter(|_| may(Member::Child)),
        age: who.age_group(now).filter(|_| may(Member::Age)),
        age_certainty: who.age_certainty.filter(|_| may(Member::AgeCertainty)),
        sex: who.sex.filter(|_| may(Member::Sex)),
        nationalities: listed(&who.nationalities, may(Member::Nationalities)),
        languages: listed(&who.languages, may(Member::Languages)),
        special_needs: listed(&who.special_needs, may(Member::SpecialNeeds)),
        guardian: from.guardian.clone().filter(|_| may(Member::Guardian)),
        legal_representation: from.legal_representation.clone().filter(|_| may(Member::LegalRepresentation)),
        exploitation: listed(&from.exploitation, may(Member::Exploitation)),
        immediate_risk: from.immediate_risk.filter(|_| may(Member::ImmediateRisk)),
        identification: from.identification.filter(|_| may(Member::Identification)),
        indicators: listed(&from.indicators, may(Member::Indicators)),
        child_view: from.child_view.as_ref().filter(|_| may(Member::ChildView)).map(SharedView::from),
        service_needs: listed(&from.service_needs, may(Member::ServiceNeeds)),
        attachments: listed(&from.attachments, may(Member::Attachments)),
        written: listed(&from.written, may(Member::Written)),
    };
    let full = from
        .own
        .iter()
        .any(|it| it.class == crate::vocabulary::DataClass::D1Identity && it.depth == Depth::Full);
    let block =
        content.child.clone().filter(|_| from.with_identity && full && may(Member::Identity)).map(|child| {
            let (name, call_name) = (who.name.clone(), who.call_name.clone());
            IdentityBlock { request_id: from.request_id, child, name, call_name, birth_date: who.birth_date }
        });
    let package = Package {
        format: FORMAT.to_owned(),
        request_id: from.request_id,
        kind: from.kind,
        urgency: from.urgency,
        from: from.from.clone(),
        to: from.to.0.clone(),
        reference: from.reference.clone(),
        created_at: now,
        disclosures: from.disclosures.clone(),
        transfer_ground: from.transfer_ground,
        handling: from.handling.clone(),
        chain: from.chain.clone(),
        identity: block.as_ref().map(IdentityBlock::digest),
        content,
    };
    for it in package.excess() {
        check.require(false, || it);
    }
    from.chain.check_bound(&mut check, &package.classes());
    let warnings = check.done()?;
    Ok((package, block, warnings))
}

fn listed<T: Clone>(all: &[T], may: bool) -> Vec<T> {
    if may { all.to_vec() } else { Vec::new() }
}
