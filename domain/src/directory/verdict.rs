//! Whether a service can take a need, and what speaks for and against it. The pre-check and the warnings of a referral
//! are this one function: a need holds codes and an age in years, nothing by which a child could be found.

use super::{Agency, Area, LocalTime, Service};
use crate::{
    CodeList as _, Timestamp, Violation,
    cases::Identity,
    rules,
    text::Language,
    vocabulary::{ServiceCode, Sex, SpecialNeed, Urgency},
};

crate::codes! {
    /// Why a service does not fit a need. A hard one means that it cannot take the child, a soft one that people have to
    /// look.
    pub enum MisfitCode = "misfit" {
        AgencyInactive = "agency_inactive": "The agency takes no part at present",
        TakesNoReferrals = "takes_no_referrals": "Agencies of this type take no referrals",
        NoDutyDesk = "no_duty_desk": "No duty desk is on duty now",
        ServiceInactive = "service_inactive": "The service is not offered at present",
        ServiceNotAsked = "service_not_asked": "Another service was asked for",
        UrgencyNotTaken = "urgency_not_taken": "The service does not accept this urgency",
        AreaNotServed = "area_not_served": "The service does not serve the area",
        AgeNotTaken = "age_not_taken": "The service does not take this age",
        SexNotTaken = "sex_not_taken": "The service does not take this sex",
        UnsuitablePlacement = "unsuitable_placement": "Children and adults are housed together",
        NoCommonLanguage = "no_common_language": "The service is not given in a language of the child",
        NeedNotMet = "need_not_met": "The service does not say that it meets a special need",
        NoFreePlace = "no_free_place": "The service has no free place",
    }
}

impl MisfitCode {
    /// Whether the service cannot take the child. Interpreters are found and places become free; and no child is kept
    /// from help by a disability that a service does not name.
    pub const fn hard(self) -> bool {
        !matches!(
            self,
            Self::UnsuitablePlacement | Self::NoCommonLanguage | Self::NeedNotMet | Self::NoFreePlace
        )
    }
}

crate::codes! {
    /// What speaks for a service.
    pub enum MatchReason = "match_reason" {
        OnDuty = "on_duty": "Its duty desk is on duty now",
        InArea = "in_area": "It names the area among those that it serves",
        WholeCountry = "whole_country": "It serves the whole country",
        FreePlace = "free_place": "It has a free place, counted within three days",
        CapacityUnknown = "capacity_unknown": "It does not count its places",
        CapacityStale = "capacity_stale": "Its places were counted more than three days ago",
        CommonLanguage = "common_language": "It is given in a language of the child",
        NeedMet = "need_met": "It names a special need of the child among those that it meets",
        ForChildren = "for_children": "It is for children only",
        ForThisAge = "for_this_age": "It is for an age group to which the child belongs",
        ForThisSex = "for_this_sex": "It is for children of this sex",
    }
}

/// What is needed, without personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// What is asked for; empty: anything.
    pub services: Vec<ServiceCode>,
    /// How urgent it is.
    pub urgency: Urgency,
    /// The age in whole years, if known. In doubt a person is a child (R6).
    pub age: Option<u8>,
    /// The sex, if known.
    pub sex: Option<Sex>,
    /// Languages that the child speaks; empty: not known.
    pub languages: Vec<Language>,
    /// Special needs.
    pub special_needs: Vec<SpecialNeed>,
    /// Where it is needed, if that matters.
    pub area: Option<Area>,
}

impl Need {
    /// What a child needs, as far as the directory must know: who the child is stays behind.
    pub fn of_child(
        child: &Identity,
        services: &[ServiceCode],
        urgency: Urgency,
        area: Option<Area>,
        now: Timestamp,
    ) -> Self {
        Self {
            services: services.to_vec(),
            urgency,
            age: child.age_on(now),
            sex: child.sex,
            languages: child.languages.clone(),
            special_needs: child.special_needs.clone(),
            area,
        }
    }

    fn known_sex(&self) -> Option<Sex> {
        self.sex.filter(|it| *it != Sex::Unknown)
    }

    fn known_needs(&self) -> impl Iterator<Item = SpecialNeed> {
        use SpecialNeed as S;
        self.special_needs
            .iter()
            .copied()
            .filter(|it| !matches!(it, S::Unknown | S::NotAsked | S::DeclinedToSay))
    }

    fn of_a_child(&self) -> bool {
        self.age.is_none_or(|it| it < ADULT)
    }
}

/// The age from which nobody is a child (Convention on the Rights of the Child Art. 1).
const ADULT: u8 = 18;

/// When a verdict is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The instant.
    pub now: Timestamp,
    /// The local time of the agency; without it only a desk that never closes is known to be on duty. Nothing but the
    /// urgency `immediate` asks for it.
    pub local: Option<LocalTime>,
}

/// One reason why a service does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Its code.
    pub code: MisfitCode,
    /// What it is about this service; nothing of the child but what the need says.
    pub because: String,
}

impl Misfit {
    /// The rule behind it, if there is one.
    pub fn rule(&self) -> Option<&'static rules::Rule> {
        match self.code {
            MisfitCode::UnsuitablePlacement => Some(&rules::R99),
            MisfitCode::NoDutyDesk => Some(&rules::R109),
            _ => None,
        }
    }

    /// As a warning about a member of a request.
    pub fn warning(&self, pointer: &'static str) -> Violation {
        Violation { rule: self.rule(), ..Violation::plain(self.code.code(), pointer, self.because.as_str()) }
    }
}

/// What a service is to a need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it can take the child: there is no hard misfit.
    pub fits: bool,
    /// What speaks against it.
    pub misfits: Vec<Misfit>,
    /// What speaks for it.
    pub reasons: Vec<MatchReason>,
    /// More is better. Each decides before the next: whether it fits, and without mixing children and adults; the area
    /// before the whole country; a free place before places that are not counted, before old counts, before none; a
    /// common language; how closely the service is made for such a child.
    pub points: u32,
}

/// What a service of an agency is to a need at a moment.
pub fn verdict(need: &Need, agency: &Agency, service: &Service, at: Moment) -> Verdict {
    let mut it = Hearing::default();
    it.agency(need, agency, at);
    it.asked(need, service);
    let area = it.area(need, agency, service);
    it.person(need, service);
    it.placement(need, service);
    let places = it.places(service, at.now);
    let language = it.language(need, service);
    let closeness = it.closeness(need, service);
    let fits = !it.misfits.iter().any(|it| it.code.hard());
    let mixed = it.misfits.iter().any(|it| it.code == MisfitCode::UnsuitablePlacement);
    let fit = if fits { 2 - u32::from(mixed) } else { 0 };
    let points = [fit, area, places, language, closeness].iter().fold(0, |all, it| all * 10 + it.min(&9));
    Verdict { fits, misfits: it.misfits, reasons: it.reasons, points }
}

#[derive(Default)]
struct Hearing {
    misfits: Vec<Misfit>,
    reasons: Vec<MatchReason>,
}

impl Hearing {
    fn against(&mut self, code: MisfitCode, because: impl Into<String>) {
        self.misfits.push(Misfit { code, because: because.into() });
    }

    fn agency(&mut self, need: &Need, agency: &Agency, at: Moment) {
        if !agency.active {
            self.against(MisfitCode::AgencyInactive, "the agency takes no part at present");
        }
        if !agency.takes_referrals() {
            self.against(MisfitCode::TakesNoReferrals, "agencies of this type take no referrals");
        }
        if need.urgency == Urgency::Immediate {
            let on_duty = at.local.map_or_else(|| agency.around_the_clock(), |it| agency.on_duty(it));
            if on_duty {
                self.reasons.push(MatchReason::OnDuty);
            } else {
                self.against(MisfitCode::NoDutyDesk, "no duty desk of the agency is on duty now");
            }
        }
    }

    fn asked(&mut self, need: &Need, service: &Service) {
        let entry = &service.entry;
        if !entry.active {
            self.against(MisfitCode::ServiceInactive, "the service is not offered at present");
        }
        if !need.services.is_empty() && !need.services.contains(&service.service) {
            self.against(MisfitCode::ServiceNotAsked, "the service is not one of those that are asked for");
        }
        if !entry.urgencies.is_empty() && !entry.urgencies.contains(&need.urgency) {
            self.against(
                MisfitCode::UrgencyNotTaken,
                format!("the service accepts: {}", listed(&entry.urgencies)),
            );
        }
    }

    fn area(&mut self, need: &Need, agency: &Agency, service: &Service) -> u32 {
        let Some(area) = &need.area else { return 0 };
        let served = service.areas_of(agency);
        if served.contains(area) {
            self.reasons.push(MatchReason::InArea);
            2
        } else if served.is_empty() && area.is_of(agency.country) {
            self.reasons.push(MatchReason::WholeCountry);
            1
        } else {
            self.against(MisfitCode::AreaNotServed, "the service does not serve the area");
            0
        }
    }

    fn person(&mut self, need: &Need, service: &Service) {
        let entry = &service.entry;
        let ages = entry.min_age..=entry.max_age;
        if !need.age.map_or(entry.min_age < ADULT, |it| ages.contains(&it)) {
            let because = format!("the service takes children aged {} to {}", entry.min_age, entry.max_age);
            self.against(MisfitCode::AgeNotTaken, because);
        }
        if let Some(sex) = need.known_sex().filter(|it| !entry.sexes.contains(it)) {
            let because = format!("the service does not take: {}", sex.label().to_lowercase());
            self.against(MisfitCode::SexNotTaken, because);
        }
    }

    /// Adults only is an age that is not taken; children and adults under one roof is what R99 warns of.
    fn placement(&mut self, need: &Need, service: &Service) {
        let housing = matches!(
            service.service,
            ServiceCode::SafeAccommodation | ServiceCode::ProtectedAccommodationSecretAddress
        );
        if housing && need.of_a_child() && service.entry.max_age >= ADULT {
            self.against(MisfitCode::UnsuitablePlacement, "the service houses children together with adults");
        }
    }

    fn places(&mut self, service: &Service, now: Timestamp) -> u32 {
        let places = service.entry.capacity;
        if places == Some(0) {
            self.against(MisfitCode::NoFreePlace, "the service has no free place");
        }
        match places {
            None => {
                self.reasons.push(MatchReason::CapacityUnknown);
                2
            }
            Some(_) if service.capacity_is_stale(now) => {
                self.reasons.push(MatchReason::CapacityStale);
                1
            }
            Some(0) => 0,
            Some(_) => {
                self.reasons.push(MatchReason::FreePlace);
                3
            }
        }
    }

    fn language(&mut self, need: &Need, service: &Service) -> u32 {
        let given = &service.entry.languages;
        if need.languages.is_empty() || given.is_empty() {
            1
        } else if need.languages.iter().any(|it| given.iter().any(|given| it.understands(given))) {
            self.reasons.push(MatchReason::CommonLanguage);
            2
        } else {
            self.against(MisfitCode::NoCommonLanguage, "the service is not given in a language of the child");
            0
        }
    }

    fn closeness(&mut self, need: &Need, service: &Service) -> u32 {
        let entry = &service.entry;
        let (met, unmet): (Vec<_>, Vec<_>) = need.known_needs().partition(|it| entry.needs.contains(it));
        let falls_short = !unmet.is_empty() && !entry.needs.is_empty();
        if falls_short {
            let because = format!("the service does not say that it meets: {}", listed(&unmet));
            self.against(MisfitCode::NeedNotMet, because);
        }
        if !met.is_empty() {
            self.reasons.push(MatchReason::NeedMet);
        }
        let ages = entry.min_age..=entry.max_age;
        let marks = [
            (MatchReason::ForChildren, need.of_a_child() && entry.max_age < ADULT),
            (
                MatchReason::ForThisAge,
                need.age.is_some_and(|it| ages.contains(&it))
                    && entry.max_age.saturating_sub(entry.min_age) < ADULT - 1,
            ),
            (MatchReason::ForThisSex, need.known_sex().is_some_and(|it| entry.sexes == [it])),
        ];
        let marks: Vec<_> = marks.iter().filter(|(_, holds)| *holds).map(|(reason, _)| *reason).collect();
        let points = marks.len() + met.len() + usize::from(!falls_short);
        self.reasons.extend(marks);
        u32::try_from(points).unwrap_or(u32::MAX)
    }
}

/// Labels of codes, for a sentence.
fn listed<C: crate::CodeList>(codes: &[C]) -> String {
    let labels: Vec<_> = codes.iter().map(|it| it.label().to_lowercase()).collect();
    labels.join(", ")
}
