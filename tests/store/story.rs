//! One child from the first concern to the end of a referral; every free text holds the canary.

use domain::{
    AgencyId, BirthDate, CodeList as _, Day, Decided, Timestamp,
    access::{Caller, Relation},
    cases::{Case, ChildRecord, Episode, ExternalId, Identity, Name, NewCase, NewEpisode, Whereabouts},
    directory::{Agency, CountryEntry, Moment, Need},
    identification::{
        Certainty, Concern, Entry, Grounds, NewConcern, NewScreening, Observation, Presume, Screening,
        Setting,
    },
    referrals::{
        Accept, Cancel, ChildView, Complete, Decline, Disclosure, Draft, Fit, HandlingCaveat, Referral,
        ReferralOutcome, Reroute, Send, Suggestion, View,
    },
    text::{Country, Language},
    vocabulary::{
        AccommodationType, Act, AgeCertainty, ControlMethod, DataClass, DeclineReason, ExploitationStage,
        ExploitationType, Industry, LawfulBasis, Means, PlaceType, PlatformType, RecruitmentChannel,
        ReferralReason, ReferralStatus, ServiceCode, Sex, SpecialNeed, TraffickerRelation, Urgency,
        ViewMethod, ViewStatus, ViolenceForm,
    },
};
use persistence::{PageRequest, StoreError, Tx};

use crate::given::{House, later, now, words};

/// A birth date that nothing else in the database has.
pub const BORN: &str = "2013-03-07";

pub fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

fn seen() -> Vec<Observation> {
    [("beg_adult_collects", Certainty::Confirmed), ("gen_fear_anxious_withdrawn", Certainty::Suspected)]
        .map(|(code, certainty)| Observation { indicator: code.to_owned(), certainty })
        .to_vec()
}

impl House {
    pub fn given_concern(&self, by: &Caller) -> Concern {
        let add = |tx: &mut Tx<'_>| {
            let new = NewConcern {
                description: words("two children begging"),
                location: Some(words("square")),
                contact: Some(words("kiosk")),
                child_hint: Some(words("red coat")),
                danger: true,
                anonymous: true,
                noticed_at: Some(now()),
                observations: seen(),
            };
            let country = tx.country(by.country)?;
            let decided = Concern::receive(tx.fresh_id().into(), new, (&country, None), by, tx.cx.now);
            let decided = decided.expect("lawful");
            tx.add_concern(&decided)?;
            Ok(decided.value)
        };
        self.change(by, add).expect("a concern")
    }

    pub fn given_screening(&self, by: &Caller, concern: Option<&Concern>) -> Screening {
        let add = |tx: &mut Tx<'_>| {
            let new = NewScreening {
                concern: concern.map(|it| it.id),
                observations: seen(),
                acts: vec![Act::Transportation],
                controlling_person: true,
                judgement: Some(words("judgement")),
                talk_minutes: Some(20),
                notes: Some(words("notes")),
            };
            let (id, country) = (tx.fresh_id().into(), tx.country(by.country)?);
            let decided = Screening::record(id, new, (concern, &country), by, tx.cx.now).expect("lawful");
            tx.add_screening(&decided)?;
            Ok(decided.value)
        };
        self.change(by, add).expect("a screening")
    }

    /// A case that the police took in and child protection leads.
    pub fn given_case(&self) -> (Case, ChildRecord) {
        let screening = self.given_screening(&self.police, None);
        self.take_in(&screening).expect("a case")
    }

    pub fn take_in(&self, screening: &Screening) -> Result<(Case, ChildRecord), StoreError> {
        self.change(&self.police, |tx| {
            let reference = tx.fresh_reference()?;
            let number = ExternalId { issuer: "police".to_owned(), value: reference.to_string() };
            let new = NewCase {
                id: tx.fresh_id().into(),
                reference,
                child: tx.fresh_id().into(),
                identity: identity(),
                whereabouts: whereabouts(),
                external_ids: vec![number],
                lead: self.child_protection.agency,
            };
            let country = tx.country(self.police.country)?;
            let decided = Case::take_in(new, (screening, &country), &self.police, tx.cx.now).expect("lawful");
            tx.add_case(&decided)?;
            Ok(decided.value)
        })
    }

    pub fn presumed(&self, case: &Case) -> Case {
        let presume = |tx: &mut Tx<'_>| {
            let act = Presume { grounds: Grounds::ProfessionalJudgement, reasons: Some(words("reasons")) };
            let (country, child) = (tx.country(case.country)?, identity());
            let setting = setting(tx, &country, &child, &[], &self.police);
            let decided = case.presume(&act, None, &setting).expect("lawful");
            tx.save_identified(&decided)?;
            Ok(decided.value.case)
        };
        self.change(&self.police, presume).expect("presumed")
    }

    pub fn given_episode(&self, case: &Case) -> Episode {
        let add = |tx: &mut Tx<'_>| {
            let decided = Episode::record(tx.fresh_id().into(), episode(), case, &self.police, tx.cx.now);
            let decided = decided.expect("lawful");
            tx.add_episode(case, &decided)?;
            Ok(decided.value)
        };
        self.change(&self.police, add).expect("an episode")
    }

    pub fn given_draft(&self, case: &Case, to: AgencyId) -> Referral {
        let draft = |tx: &mut Tx<'_>| {
            let new = Draft {
                id: tx.fresh_id().into(),
                reference: tx.fresh_reference()?,
                reasons: vec![ReferralReason::ForensicInterview, ReferralReason::MentalHealth],
                services: vec![ServiceCode::CrisisPsychological],
                urgency: Urgency::Urgent,
                summary: words("summary"),
                area: None,
            };
            let agency = tx.agency(to)?;
            let page = PageRequest { after: None, limit: 9 };
            let offered = tx.services(to, page)?.items;
            let need = Need::of_child(&identity(), &new.services, new.urgency, None, tx.cx.now);
            let at = tx.moment(agency.country, new.urgency)?;
            let fit = Fit {
                agency: &agency,
                chosen: offered.first(),
                offered: &offered,
                need: &need,
                routing: None,
                at,
            };
            let of = (case, &Relation::Lead);
            let decided = Referral::draft(new, of, Some(&fit), &[], &self.police, tx.cx.now);
            let decided = decided.expect("lawful");
            tx.add_referral(&decided)?;
            Ok(decided.value)
        };
        self.change(&self.police, draft).expect("a draft")
    }

    /// A referral to the Barnahus that has come to this status; each act a minute after the one before.
    pub fn given_referral(&self, case: &Case, status: ReferralStatus) -> Referral {
        self.given_referral_to(&self.barnahus, case, status)
    }

    pub fn given_referral_to(&self, receiver: &Caller, case: &Case, status: ReferralStatus) -> Referral {
        use ReferralStatus as S;
        let way: &[S] = match status {
            S::Draft => &[],
            S::Sent => &[S::Sent],
            S::Acknowledged => &[S::Sent, S::Acknowledged],
            S::Accepted => &[S::Sent, S::Acknowledged, S::Accepted],
            S::Declined => &[S::Sent, S::Acknowledged, S::Declined],
            S::InService => &[S::Sent, S::Acknowledged, S::Accepted, S::InService],
            S::InfoRequested => &[S::Sent, S::Acknowledged, S::InfoRequested],
            S::Rerouted => &[S::Sent, S::Acknowledged, S::Declined, S::Rerouted],
            S::Interrupted => &[S::Sent, S::Acknowledged, S::Accepted, S::Interrupted],
            S::Expired => &[S::Sent, S::Expired],
            S::Completed => &[S::Sent, S::Acknowledged, S::Accepted, S::InService, S::Completed],
            S::Cancelled => &[S::Sent, S::Acknowledged, S::Accepted, S::Cancelled],
        };
        let mut referral = self.given_draft(case, receiver.agency);
        for (minute, status) in (1..).zip(way) {
            referral = self.moved(&referral, receiver, *status, later(minute));
        }
        referral
    }

    /// The referral after the act that leads to a status.
    pub fn moved(&self, before: &Referral, receiver: &Caller, to: ReferralStatus, at: Timestamp) -> Referral {
        use ReferralStatus as S;
        let by = if matches!(to, S::Sent | S::Cancelled | S::Rerouted | S::Expired) {
            &self.police
        } else {
            receiver
        };
        let (case, child) = self
            .read(&self.child_protection, |tx| {
                let (case, _) = tx.case(before.case)?;
                let child = tx.child(&case)?;
                Ok((case, child))
            })
            .expect("the child");
        let country = self.read(by, |tx| tx.country(by.country)).expect("a profile");
        let other = self.read(by, |tx| tx.agency(self.shelter.agency)).expect("an agency");
        let decided = acted(before, to, (&case, &child), (&country, &other), by, at);
        self.save(by, before, &decided, at);
        decided.value
    }
}

fn acted(
    before: &Referral,
    to: ReferralStatus,
    (case, child): (&Case, &ChildRecord),
    (country, other): (&CountryEntry, &Agency),
    by: &Caller,
    at: Timestamp,
) -> Decided<Referral> {
    let done = match to {
        ReferralStatus::Sent => before.send(sending(), (case, child, &Relation::Opener), country, by, at),
        ReferralStatus::Acknowledged => before.acknowledge(by, at),
        ReferralStatus::Accepted => {
            let rest = (uuid::Uuid::from_u128(77).into(), domain::Reference::from_entropy([7; 8]));
            before.accept(accepting(), rest, country, by, at).map(|it| it.this)
        }
        ReferralStatus::InfoRequested => before.request_information(words("question"), country, by, at),
        ReferralStatus::Rerouted => {
            let need = Need::of_child(&identity(), &before.services, before.urgency, None, at);
            let moment = Moment { now: at, local: None };
            let fit =
                Fit { agency: other, chosen: None, offered: &[], need: &need, routing: None, at: moment };
            let act = Reroute {
                id: uuid::Uuid::from_u128(78).into(),
                reference: domain::Reference::from_entropy([8; 8]),
            };
            before.reroute(act, &fit, (country, None), by, at).map(|it| it.this)
        }
        ReferralStatus::Interrupted => {
            let outcome = ReferralOutcome::NoLongerNeeded;
            let act = Complete { outcome, delivered: Vec::new(), feedback: Some(words("feedback")) };
            before.interrupt(act, country, by, at)
        }
        ReferralStatus::Expired => before.expire(country, at),
        ReferralStatus::Declined => before.decline(declining(), country, by, at),
        ReferralStatus::InService => before.start(by, at),
        ReferralStatus::Completed => {
            let outcome = ReferralOutcome::PartlyMet;
            let act =
                Complete { outcome, delivered: before.services.clone(), feedback: Some(words("feedback")) };
            before.complete(act, country, by, at)
        }
        ReferralStatus::Cancelled => before.cancel(Cancel { reason: words("cancelled") }, by, at),
        ReferralStatus::Draft => panic!("no act leads to a draft"),
    };
    done.expect("lawful")
}

/// What an act on an identification is decided in.
pub fn setting<'a>(
    tx: &Tx<'_>,
    country: &'a CountryEntry,
    child: &'a Identity,
    history: &'a [Entry],
    by: &'a Caller,
) -> Setting<'a> {
    Setting {
        entry: tx.fresh_id().into(),
        country,
        history,
        child,
        exploited_from: None,
        own: true,
        unit: None,
        by,
        now: tx.cx.now,
    }
}

pub fn identity() -> Identity {
    Identity {
        name: Some(Name { given: Some(words("given")), family: Some(words("family")) }),
        call_name: Some(words("call name")),
        sex: Some(Sex::Female),
        birth_date: BirthDate::parse(BORN),
        age_certainty: Some(AgeCertainty::Declared),
        nationalities: Country::parse("UA").into_iter().collect(),
        languages: ["uk", "ru"].into_iter().filter_map(Language::parse).collect(),
        special_needs: vec![SpecialNeed::AcuteTrauma],
        unaccompanied: Some(true),
        assessed: None,
    }
}

pub fn whereabouts() -> Whereabouts {
    Whereabouts {
        accommodation_type: Some(AccommodationType::EmergencyShelterChild),
        address: Some(words("address")),
        contact: Some(words("carer")),
        since: Some(day("2026-11-20")),
        court_order: Some(words("order")),
    }
}

pub fn episode() -> NewEpisode {
    NewEpisode {
        exploitation_types: vec![ExploitationType::ForcedBegging, ExploitationType::CriminalActivity],
        stage: ExploitationStage::Ongoing,
        acts: vec![Act::Transportation, Act::Harbouring],
        means: vec![Means::Threat],
        control_methods: vec![ControlMethod::TakesEarnings],
        violence_forms: vec![ViolenceForm::Neglect],
        recruitment_channel: Some(RecruitmentChannel::FamilyOrRelative),
        recruiter_relation: Some(TraffickerRelation::OtherRelative),
        platform_types: vec![PlatformType::Other],
        platform_names: vec![words("platform")],
        industry: Some(Industry::OtherServices),
        country: Country::parse("EE"),
        place_type: Some(PlaceType::Street),
        place: Some(words("place")),
        from: Some(day("2026-09-01")),
        until: Some(day("2026-11-23")),
        child_is_surrogate: Some(false),
        narrative: Some(words("narrative")),
    }
}

pub fn sending() -> Send {
    let disclosed = [DataClass::D1Identity, DataClass::D2Whereabouts, DataClass::D15ReferralMetadata];
    Send {
        disclosures: disclosed
            .map(|data_class| Disclosure { data_class, lawful_bases: vec![LawfulBasis::Gdpr6PublicTask] })
            .to_vec(),
        child_view: Some(ChildView::Recorded(View {
            status: ViewStatus::Expressed,
            method: Some(ViewMethod::Spoken),
            summary: Some(words("view")),
            recorded_on: Some(day("2026-11-24")),
            weight_given: Some(words("weight")),
        })),
        child_informed: true,
        caveats: HandlingCaveat::ALL.to_vec(),
    }
}

pub fn accepting() -> Accept {
    Accept { worker: words("worker"), first_appointment_on: day("2026-11-25"), services: None }
}

pub fn declining() -> Decline {
    Decline {
        reason: DeclineReason::Other,
        explanation: Some(words("explanation")),
        suggestion: Some(Suggestion::Other(words("suggestion"))),
    }
}
