//! A case on which work does not go on takes no other writes.

use super::*;
use crate::{
    CodeList as _,
    access::Relation,
    cases::{
        Episode, IdentityUpdate, Link, NewEpisode, NewLink, Whereabouts,
        file::{self, Filing},
    },
    given::{child, country_with, given_setting, profile},
    identification::{Grounds, IdentificationAct, Presume},
    referrals::{Draft, Referral},
    vocabulary::{DataClass, ExploitationStage, ExploitationType, LinkRelation, ReferralReason, Urgency},
};

fn episode() -> NewEpisode {
    NewEpisode {
        exploitation_types: vec![ExploitationType::ForcedBegging],
        stage: ExploitationStage::Past,
        acts: Vec::new(),
        means: Vec::new(),
        control_methods: Vec::new(),
        violence_forms: Vec::new(),
        recruitment_channel: None,
        recruiter_relation: None,
        platform_types: Vec::new(),
        platform_names: Vec::new(),
        industry: None,
        country: None,
        place_type: None,
        place: None,
        from: None,
        until: None,
        child_is_surrogate: None,
        narrative: None,
    }
}

fn draft() -> Draft {
    Draft {
        id: id(600),
        reference: case().reference,
        reasons: vec![ReferralReason::Shelter],
        services: Vec::new(),
        urgency: Urgency::Urgent,
        summary: "a place".to_owned(),
        area: None,
    }
}

fn note() -> file::Note {
    file::Note { category: DataClass::D1Identity, text: "seen".to_owned(), corrects: None }
}

fn link() -> NewLink {
    NewLink { relation: LinkRelation::CoVictim, confidentiality: None, remarks: None }
}

#[test]
fn closed_transferred_merged_and_erroneous_cases_are_read_only() {
    let (country, by) = (country_with(profile()), manager());
    let child = child();
    let setting = given_setting(&country, &child.identity, &by);
    for status in S::ALL {
        let case = at(*status);
        let ended = matches!(status, S::Closed | S::Transferred | S::Merged | S::Erroneous);
        let filing = Filing { case: &case, country: &country, by: &by, now: now() };
        let other = Case { id: id(200), child: id(201), ..at(S::Closed) };
        let presume = Presume { grounds: Grounds::ProfessionalJudgement, reasons: Some("seen".to_owned()) };
        let answers = [
            ("presumption", case.presume(&presume, None, &setting).map(drop)),
            ("episode", Episode::record(id(500), episode(), &case, &by, now()).map(drop)),
            ("child", child.update_identity(IdentityUpdate::default(), &case, now()).map(drop)),
            ("whereabouts", child.update_whereabouts(Whereabouts::default(), &case, now()).map(drop)),
            ("draft", Referral::draft(draft(), (&case, &Relation::Lead), None, &[], &by, now()).map(drop)),
            ("note", file::Entry::record(id(700), note(), &filing).map(drop)),
            ("link", Link::record(id(701), link(), (&case, &Relation::Lead), &other, &by, now()).map(drop)),
        ];
        for (what, answer) in answers {
            assert_eq!(
                matches!(answer, Err(Refused::WrongState(_))),
                ended,
                "{what} in {status}: {answer:?}"
            );
        }
        let (offered, _) = case.identification_actions(&setting);
        assert_eq!(offered.is_empty(), ended, "{status} offers {offered:?}");
        assert!(case.duties_owed().is_empty() || !ended);
        let everything = IdentificationAct::ALL.len();
        assert!(offered.len() < everything);
    }
}
