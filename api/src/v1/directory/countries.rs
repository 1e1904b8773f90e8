//! Countries with the profile of today.

use actix_web::{get, web::Path};
use domain::{
    Day,
    deadlines::Span,
    directory::{Checked, CountryEntry, DecisionTimes, EntitlementTimes, ResponseTime, Triage},
    rules::Verification,
    text::Country,
    vocabulary::{AgencyType, IdentificationModel, Urgency},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    call::{Call, Listed, PageQuery},
    failure::Failure,
    http::{Answer, Query, Shown, Tag},
    v1::common::{listed, page, path_id},
};

/// A country with the profile that is valid today: rules ask it. Each value says how well it has been checked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CountryProfile)]
#[serde(rename_all = "camelCase")]
pub struct CountryView {
    /// Its code.
    pub code: Country,
    /// Its English name.
    #[schema(max_length = 100, example = "Estonia")]
    pub name: String,
    /// The day from which this profile is valid.
    pub valid_from: Day,
    /// The main time zone, IANA name.
    #[schema(max_length = 60, example = "Europe/Tallinn")]
    pub time_zone: String,
    /// How victims are formally identified.
    pub identification_model: CheckedModel,
    /// The types of agency that may presume a child a victim.
    pub may_presume: CheckedAgencyTypes,
    /// The types of agency that may decide formally; none where there is no formal status (R11).
    pub may_decide: CheckedAgencyTypes,
    /// The types of agency that may confirm a negative decision of another agency (R15).
    pub second_decider: CheckedAgencyTypes,
    /// How long a negative decision can be appealed (R16).
    pub appeal_within: CheckedSpan,
    /// How long the decision that a person is an adult can be appealed (R7).
    pub age_appeal_within: CheckedSpan,
    /// Whether the notice of a competent authority of another country presumes the child a victim (R17).
    pub foreign_notice_presumes: CheckedFlag,
    /// Whether decisions of another country are recognised.
    pub recognises_foreign_decisions: CheckedFlag,
    /// Whether a child may be placed here with a close relative other than a parent without the consent of this country
    /// (R54).
    pub placement_exempt_relatives: CheckedFlag,
    /// By when the entitlements that a presumption opens are given (R8).
    pub entitlement_times: CheckedEntitlementTimes,
    /// How long a formal decision takes.
    pub formal_decision: CheckedDecisionTimes,
    /// The types of agency that must accept a referral within their mandate (R84).
    pub must_accept: CheckedAgencyTypes,
    /// The shortest recovery and reflection period, in days.
    pub reflection_period_days: CheckedDays,
    /// Days within which a child's missing view is asked again.
    pub view_again_within_days: CheckedDays,
    /// Response times of referrals.
    pub response_times: CheckedResponseTimes,
    /// How fast a concern is looked at.
    pub triage: CheckedTriage,
    /// How long after the end of a service the sender is told what came of it, at the latest.
    pub feedback_within: CheckedSpan,
    /// Instruments that bind the country.
    pub instruments: CheckedNames,
}

macro_rules! checked {
    ($($(#[doc = $about:literal])+ $name:ident of $value:ty $([$($hint:tt)+])?;)+) => {$(
        $(#[doc = $about])+
        #[derive(Debug, Serialize, ToSchema)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            /// The value.
            $(#[schema($($hint)+)])?
            pub value: $value,
            /// How well it has been checked.
            pub verification: Verification,
            /// Where it comes from.
            #[schema(max_length = 300)]
            pub source: String,
        }

        impl<T: Into<$value>> From<Checked<T>> for $name {
            fn from(it: Checked<T>) -> Self {
                Self { value: it.value.into(), verification: it.verification, source: it.source }
            }
        }
    )+};
}

checked! {
    /// A model of identification, with its source.
    CheckedModel of IdentificationModel;
    /// Types of agencies, with their source.
    CheckedAgencyTypes of Vec<AgencyType> [max_items = 50];
    /// A number of days, with its source.
    CheckedDays of u16 [minimum = 0, maximum = 3650];
    /// A time limit, with its source.
    CheckedSpan of Span;
    /// How fast a concern is looked at, with its source.
    CheckedTriage of TriageView;
    /// Whether something holds, with its source.
    CheckedFlag of bool;
    /// By when entitlements are given, with its source.
    CheckedEntitlementTimes of EntitlementTimesView;
    /// How long a formal decision takes, with its source.
    CheckedDecisionTimes of DecisionTimesView;
    /// Names, with their source.
    CheckedNames of Vec<InstrumentName> [max_items = 50];
}

/// Response times, with their source.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckedResponseTimes {
    /// The value.
    #[schema(max_items = 10)]
    pub value: Vec<ResponseTimeView>,
    /// How well it has been checked.
    pub verification: Verification,
    /// Where it comes from.
    #[schema(max_length = 300)]
    pub source: String,
}

/// The short name of an instrument.
#[derive(Debug, Serialize, ToSchema)]
#[schema(max_length = 60, example = "CETS 197")]
pub struct InstrumentName(String);

/// How fast the two sides of a referral act.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ResponseTime)]
#[serde(rename_all = "camelCase")]
pub struct ResponseTimeView {
    /// The urgency.
    pub urgency: Urgency,
    /// The receiver acknowledges.
    pub acknowledge: Span,
    /// The receiver decides.
    pub decide: Span,
    /// The child is met.
    pub first_contact: Span,
    /// The sender answers a question of the receiver.
    pub information: Span,
    /// The sender finds other help after a refusal.
    pub next_step: Span,
    /// From the first rung of the ladder to the coordinator.
    pub escalate: Span,
    /// From the coordinator to the end of a referral that nobody answers.
    pub expire: Span,
}

impl From<ResponseTime> for ResponseTimeView {
    fn from(it: ResponseTime) -> Self {
        Self {
            urgency: it.urgency,
            acknowledge: it.acknowledge,
            decide: it.decide,
            first_contact: it.first_contact,
            information: it.information,
            next_step: it.next_step,
            escalate: it.escalate,
            expire: it.expire,
        }
    }
}

/// How fast a concern is looked at.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Triage)]
#[serde(rename_all = "camelCase")]
pub struct TriageView {
    /// Of a child in danger.
    pub danger: Span,
    /// Of any other child.
    pub otherwise: Span,
}

impl From<Triage> for TriageView {
    fn from(it: Triage) -> Self {
        Self { danger: it.danger, otherwise: it.otherwise }
    }
}

/// By when the entitlements that a presumption opens are given, counted from the presumption.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EntitlementTimes)]
#[serde(rename_all = "camelCase")]
pub struct EntitlementTimesView {
    /// Whether a guardian is needed is checked, and a provisional one named.
    pub guardian_check: Span,
    /// The safety plan is made.
    pub safety_plan: Span,
    /// The recovery and reflection period is offered.
    pub reflection_offer: Span,
    /// The child is informed in a language that it understands.
    pub information: Span,
    /// The child has access to school.
    pub education: Span,
}

impl From<EntitlementTimes> for EntitlementTimesView {
    fn from(it: EntitlementTimes) -> Self {
        Self {
            guardian_check: it.guardian_check,
            safety_plan: it.safety_plan,
            reflection_offer: it.reflection_offer,
            information: it.information,
            education: it.education,
        }
    }
}

/// How long a formal decision takes, from the opening of the assessment or review.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DecisionTimes)]
pub struct DecisionTimesView {
    /// The target.
    pub target: Span,
    /// When the first person is told that it is late.
    pub warn: Span,
}

impl From<DecisionTimes> for DecisionTimesView {
    fn from(it: DecisionTimes) -> Self {
        Self { target: it.target, warn: it.warn }
    }
}

page! {
    /// The countries of the node, by code.
    CountryPage as CountryPage of CountryView
}

impl From<CountryEntry> for CountryView {
    fn from(it: CountryEntry) -> Self {
        let profile = it.profile;
        let times = profile.response_times;
        let named = profile.instruments;
        Self {
            code: it.code,
            name: it.name,
            valid_from: it.valid_from,
            time_zone: profile.time_zone,
            identification_model: profile.identification_model.into(),
            may_presume: profile.may_presume.into(),
            may_decide: profile.may_decide.into(),
            second_decider: profile.second_decider.into(),
            appeal_within: profile.appeal_within.into(),
            age_appeal_within: profile.age_appeal_within.into(),
            foreign_notice_presumes: profile.foreign_notice_presumes.into(),
            recognises_foreign_decisions: profile.recognises_foreign_decisions.into(),
            placement_exempt_relatives: profile.placement_exempt_relatives.into(),
            entitlement_times: profile.entitlement_times.into(),
            formal_decision: profile.formal_decision.into(),
            must_accept: profile.must_accept.into(),
            reflection_period_days: profile.reflection_period_days.into(),
            view_again_within_days: profile.view_again_within_days.into(),
            response_times: CheckedResponseTimes {
                value: times.value.into_iter().map(ResponseTimeView::from).collect(),
                verification: times.verification,
                source: times.source,
            },
            triage: profile.triage.into(),
            feedback_within: profile.feedback_within.into(),
            instruments: CheckedNames {
                value: named.value.into_iter().map(InstrumentName).collect(),
                verification: named.verification,
                source: named.source,
            },
        }
    }
}

/// The countries
///
/// The countries of this node with the profile that is valid today; few enough for one page.
#[utoipa::path(
    operation_id = "listCountries", tag = "directory", params(PageQuery),
    responses((status = 200, description = "The countries.", body = CountryPage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/countries")]
pub async fn list_countries(call: Call, page: Query<PageQuery>) -> Result<Answer, Failure> {
    let after = page.0.cursor.as_deref().map(|it| call.open_cursor(it)).transpose()?.unwrap_or_default();
    let limit = usize::from(page.0.limit.unwrap_or(50));
    let all = call.look(None, |tx| Ok(tx.countries()?)).await?;
    let mut rest: Vec<CountryEntry> =
        all.into_iter().filter(|it| it.code.as_str().as_bytes() > &after[..]).collect();
    let more = rest.len() > limit;
    rest.truncate(limit);
    let last = rest.last().filter(|_| more).map(|it| it.code);
    let next_cursor = last.and_then(|it| call.seal_cursor(it.as_str().as_bytes()));
    let link = next_cursor.as_deref().map(|it| call.link(it));
    let data = rest.into_iter().map(CountryView::from).collect();
    Ok(listed(&CountryPage::from(Listed { data, next_cursor }), link))
}

/// A country
///
/// One country with the profile that is valid today.
#[utoipa::path(
    operation_id = "getCountry", tag = "directory", params(("code" = Country, Path, description = "The country.")),
    responses((status = 200, description = "The country.", body = CountryView))
)]
#[get("/v1/countries/{code}")]
pub async fn get_country(call: Call, code: Path<String>) -> Result<Answer, Failure> {
    let code = path_id(&code, Country::parse)?;
    call.read(None, move |tx| {
        let it = tx.country(code)?;
        let tag = Tag::of(tx.keys(), &format!("country/{code}/{}", it.valid_from));
        Ok(Shown::new(CountryView::from(it), tag))
    })
    .await
}
