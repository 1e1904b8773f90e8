//! What the author gave for a draft, as it is shown until the draft is sent: to go on writing where it was left.

use domain::{
    access::{Depth, Section},
    referrals::ChildView,
    text::{Line, Text},
    transnational::{ContactPoint, Disclosed, Material, PassOn},
    vocabulary::DataClass,
};

use super::content::{
    AttachmentView, ContactPointBody, IndicatorCode, MaterialBody, PassOnView, WrittenBody, some,
};
use crate::v1::{
    common::depth_of,
    referrals::{ChildsViewBody, DisclosureView},
};

impl MaterialBody {
    /// What the author of a draft gave, as far as the caller reads it.
    pub(super) fn given(it: &Material, seen: &[Section]) -> Self {
        let told = |class| depth_of(seen, class) >= Depth::Summary;
        let (views, seen_signs) = (told(DataClass::D13BestInterestsViews), told(DataClass::D5Indicators));
        let risks = told(DataClass::D14RiskSafety);
        let view = it.child_view.as_ref().filter(|_| views);
        let (recorded, missing) = match view {
            Some(ChildView::Recorded(view)) => (Some(ChildsViewBody::from(view)), None),
            Some(ChildView::Missing { reason, ask_again_on }) => (None, Some((*reason, *ask_again_on))),
            None => (None, None),
        };
        let written = it
            .written
            .iter()
            .filter_map(|it| Some(WrittenBody { part: it.part, text: Text::parse(&it.text)? }));
        let disclosed = |it: &Disclosed| DisclosureView {
            data_class: it.data_class,
            lawful_bases: it.lawful_bases.clone(),
        };
        let attachments = it.attachments.iter().filter_map(AttachmentView::of);
        let pass_on = Some(PassOnView::from(&it.pass_on)).filter(|_| it.pass_on != PassOn::default());
        Self {
            disclosures: it.disclosures.iter().map(disclosed).collect(),
            parts: some(it.parts.clone()),
            written: some(written.collect()),
            with_identity: it.with_identity.then_some(true),
            guardian: it.guardian.as_ref().and_then(ContactPointBody::of),
            legal_representation: it.legal_representation.as_ref().and_then(ContactPointBody::of),
            exploitation: some(it.exploitation.clone()).filter(|_| seen_signs),
            immediate_risk: it.immediate_risk.filter(|_| risks),
            indicators: some(it.indicators.iter().cloned().map(IndicatorCode).collect())
                .filter(|_| seen_signs),
            service_needs: some(it.service_needs.clone()),
            attachments: some(attachments.collect()),
            handling: some(it.handling.clone()),
            pass_on,
            child_view: recorded,
            view_missing_reason: missing.map(|(reason, _)| reason),
            ask_again_on: missing.and_then(|(_, on)| on),
            transfer_ground: it.transfer_ground,
            endangers: it.endangers.then_some(true).filter(|_| risks),
        }
    }

    /// The classes that are in it beside what every request has.
    pub(super) fn classes(&self) -> Vec<DataClass> {
        let there = [
            (DataClass::D5Indicators, self.exploitation.is_some() || self.indicators.is_some()),
            (
                DataClass::D13BestInterestsViews,
                self.child_view.is_some() || self.view_missing_reason.is_some(),
            ),
            (DataClass::D14RiskSafety, self.immediate_risk.is_some() || self.endangers.is_some()),
        ];
        there.into_iter().filter_map(|(class, there)| there.then_some(class)).collect()
    }
}

impl ContactPointBody {
    fn of(it: &ContactPoint) -> Option<Self> {
        Some(Self { name: Line::parse(&it.name)?, phone: it.phone.clone() })
    }
}
