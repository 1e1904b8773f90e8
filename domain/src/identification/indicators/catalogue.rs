//! The rows of the catalogue, one a line.
//!
//! Columns: code, dimension, strength, direct evidence, basis of the weight, what is observed, sources. Short names of
//! the sources: UN = United Nations Office on Drugs and Crime; ILO = operational indicators (ILO and European
//! Commission, 2009); IOM = International Organization for Migration; VEGA = Frontex VEGA handbook; UNI = UNICEF; FRA =
//! European Union Agency for Fundamental Rights; EUR = Europol and Union studies; ATD = Directive 2011/36/EU; CSAD =
//! Directive 2011/93/EU; HTCDS = Human Trafficking Case Data Standard; C182 = ILO Convention 182; OPSC = Optional
//! Protocol on the sale of children; PTRM = PROMISE TRM; BSR = Baltic Sea region transnational referral mechanism.

use super::{
    Dimension::{
        CoercionAtDestination, CoerciveRecruitment, Context, DeceptiveRecruitment, Exploitation, Movement,
        VulnerabilityAtDestination, VulnerabilityRecruitment,
    },
    Indicator, IndicatorGroup,
    Strength::{Medium, Strong, Weak},
    WeightBasis::{Delphi, Proposal},
};

macro_rules! catalogue {
    ($($group:ident { $($code:literal $dimension:ident $strength:ident $direct:literal $basis:ident $definition:literal $sources:literal;)+ })+) => {
        &[$($(Indicator {
            code: $code,
            group: IndicatorGroup::$group,
            definition: $definition,
            dimension: $dimension,
            strength: $strength,
            direct: $direct,
            basis: $basis,
            sources: $sources,
        },)+)+]
    };
}

/// Every indicator, by group.
pub static INDICATORS: &[Indicator] = catalogue! {
    General {
        "gen_discloses_exploitation" Exploitation Strong true Proposal "Child says or shows they were used by others for gain" "IOM, UNI";
        "gen_discloses_sold_exchanged" CoerciveRecruitment Strong true Delphi "Child or document tells of being sold, bought, swapped, given for a debt" "ILO*, ECPAT";
        "gen_violence_signs_control" CoercionAtDestination Strong true Delphi "Injuries or scars typical of control or punishment" "ILO*, UN*";
        "gen_threats_to_child" CoercionAtDestination Strong true Delphi "Threats of harm used to make child obey" "ILO*, UN*";
        "gen_threats_to_family" CoercionAtDestination Medium true Delphi "Threats or harm to relatives" "ILO*, UN*";
        "gen_threat_of_authorities" CoercionAtDestination Medium false Delphi "Told that police or migration office will punish or deport" "ILO*, UN*";
        "gen_documents_withheld" CoercionAtDestination Strong true Delphi "Others hold child's identity papers" "ILO*, UN*, HTCDS*";
        "gen_debt_claimed" CoercionAtDestination Strong true Delphi "Child or family told to work off a debt or travel cost" "ILO*, HTCDS*";
        "gen_recruit_debt_travel" CoerciveRecruitment Strong true Delphi "Debt created at recruitment for journey" "ILO*";
        "gen_confined_or_watched" CoercionAtDestination Strong true Delphi "Locked in, guarded, tracked, never alone" "ILO*, UN*";
        "gen_movement_controlled" CoercionAtDestination Medium false Proposal "Taken to and from places, must report movements" "UN*";
        "gen_speaks_scripted" CoercionAtDestination Medium false Proposal "Gives rehearsed account or looks to another before answering" "UN*, VEGA";
        "gen_third_party_speaks" CoercionAtDestination Medium false Proposal "Accompanying person insists on speaking and refuses private talk" "UN*";
        "gen_forced_to_lie" CoercionAtDestination Medium true Delphi "Told to lie about age, name, relation" "ILO*";
        "gen_false_identity" DeceptiveRecruitment Medium false Proposal "Uses false or another's identity arranged by others" "UN*, VEGA";
        "gen_fear_anxious_withdrawn" Context Weak false Proposal "Marked fear, submission, behaviour unlike peers" "UN*";
        "gen_no_access_earnings" Exploitation Medium true Delphi "Earnings taken or held by others" "ILO*, HTCDS*";
        "gen_basic_needs_denied" CoercionAtDestination Medium true Proposal "Food, sleep, care, clothing withheld" "HTCDS*, ILO";
        "gen_medical_care_denied" CoercionAtDestination Medium false Proposal "Untreated illness, accompanied to doctor by controller" "HTCDS*";
        "gen_substances_given" CoercionAtDestination Strong true Proposal "Drugs, alcohol or medicine used to control" "HTCDS*, ECPAT";
        "gen_emotional_bond_controller" VulnerabilityRecruitment Medium false Delphi "Strong dependence on or loyalty to the controller (incl. boyfriend model)" "ILO*, Korkman*";
        "gen_strong_influence" CoercionAtDestination Strong false Delphi "Under control of a person who decides daily life" "ILO*";
        "gen_earlier_trafficking" VulnerabilityRecruitment Medium false Delphi "Known earlier trafficking or long missing period" "ILO*";
        "gen_deceived_job_place" DeceptiveRecruitment Strong true Delphi "Misled about work, place or who would be there" "ILO*";
        "gen_deceived_education" DeceptiveRecruitment Strong true Delphi "Promised school or training that never came" "ILO*";
        "gen_deceived_conditions" DeceptiveRecruitment Medium true Delphi "Misled on pay, housing, travel, papers, reunion with family" "ILO*";
        "gen_dependent_on_exploiter" VulnerabilityAtDestination Medium false Delphi "Depends on exploiter for food, bed, movement, contacts" "ILO*";
        "gen_lost_in_unknown_area" VulnerabilityAtDestination Medium false Delphi "Does not know place or language, no one to turn to" "ILO*, UN*";
        "gen_irregular_status_used" VulnerabilityAtDestination Medium false Delphi "Irregular or unclear status used to keep child in place" "ILO*";
        "gen_marginalised_group" VulnerabilityAtDestination Medium false Delphi "Targeted as member of a discriminated or stateless group, or with a disability" "ILO*";
        "gen_must_support_family" VulnerabilityAtDestination Medium false Delphi "Made to stay because family depends on income or debt" "ILO*";
        "gen_no_knowledge_of_rights" VulnerabilityRecruitment Medium false Delphi "Recruited through lack of information or schooling" "ILO*";
        "gen_unexplained_goods" Context Weak false Proposal "New phone, clothes, money, hotel keys without source" "ECPAT";
        "gen_branding_tattoo" CoercionAtDestination Strong true Proposal "Mark showing \"ownership\"" "UN*";
    }
    TravelBorder {
        "trv_abducted" CoerciveRecruitment Strong true Delphi "Taken by force or taken away without carers' agreement" "ILO*";
        "trv_unaccompanied_unknown_pickup" Movement Medium false Proposal "Travels alone, to be met by unknown person" "VEGA, UN*";
        "trv_group_unrelated_adult" Movement Medium false Proposal "Several children with one adult not related" "UN*";
        "trv_relationship_unproven" Movement Medium false Proposal "Adult cannot show link or right to travel with child" "VEGA";
        "trv_same_adult_repeat" Movement Strong true Proposal "Same adult crosses often with different children" "VEGA";
        "trv_identical_answers" CoercionAtDestination Medium false Proposal "Several children give the same story or items" "VEGA";
        "trv_phone_number_only" Movement Medium false Proposal "Carries only a phone number or taxi number/address" "UN*";
        "trv_one_way_cash_ticket" Movement Weak false Proposal "Route odd, bought by third party, cash, no luggage" "VEGA";
        "trv_forged_documents" Movement Medium false Proposal "Documents forged or of lookalike, arranged by others" "VEGA";
        "trv_moved_between_cities" Movement Medium false Proposal "Moved often between towns or countries without reason" "UN*, EUR";
        "trv_found_by_stranger" Movement Medium false Proposal "Adult claims to have \"found\" the child" "UN*";
        "trv_known_route_or_address" Movement Strong false Proposal "Route, vehicle, address linked to known cases" "EUR";
        "trv_missing_alert" Movement Medium false Proposal "Child subject to missing alert in any State" "SIS";
    }
    FamilyHousehold {
        "fam_no_access_parents" VulnerabilityAtDestination Medium false Proposal "No contact with or access to parents" "UN*";
        "fam_parent_received_payment" CoerciveRecruitment Strong true Delphi "Carers got money or benefit for handing over child" "ILO*, ATD";
        "fam_carer_involved" CoerciveRecruitment Strong true Proposal "Parent or relative takes part in or profits from exploitation" "UNI";
        "fam_unknown_carer_claim" Movement Medium false Proposal "Adult claims kinship that child denies or cannot describe" "UN*, ECPAT";
        "fam_abuse_neglect_home" VulnerabilityRecruitment Medium false Delphi "Earlier violence, neglect, care placement, institution" "ILO*, ATD recital";
        "fam_poverty_debt" VulnerabilityRecruitment Medium false Delphi "Severe poverty or family debt used as lever" "ILO*";
        "fam_sibling_exploited" VulnerabilityRecruitment Medium false Proposal "Brother or sister known as victim" "UNI";
        "fam_eats_sleeps_apart" Exploitation Medium false Proposal "Eats or sleeps apart or gets leftovers" "UN*";
        "fam_many_unrelated_children" Movement Medium false Proposal "Many unrelated children at one address" "ECPAT";
        "fam_benefits_claimed" Exploitation Medium true Proposal "Child registered to draw State benefits for others" "EUR, FRA*";
        "fam_not_registered_services" Context Weak false Proposal "No doctor, school, registration although resident" "ECPAT";
        "fam_private_fostering_unclear" VulnerabilityRecruitment Weak false Proposal "Informal care arrangement without oversight" "ECPAT";
    }
    Online {
        "onl_approach_fake_profile" DeceptiveRecruitment Strong true Proposal "Contacted by fake or adult profile posing as peer" "EUR, ECPAT";
        "onl_job_or_model_offer" DeceptiveRecruitment Medium true Proposal "Job, model, gaming or \"easy money\" offer to a child" "EUR";
        "onl_love_bombing" VulnerabilityRecruitment Medium false Proposal "Fast romance, gifts, secrecy request" "ECPAT";
        "onl_moved_to_private_app" DeceptiveRecruitment Weak false Proposal "Moved from open platform to encrypted or hidden chat" "EUR";
        "onl_images_solicited" Exploitation Strong true Proposal "Asked for or sent sexual images" "CSAD, ATD 4(3)";
        "onl_images_threatened" CoercionAtDestination Strong true Proposal "Threat to share images (sexual extortion)" "CSAD recast*";
        "onl_livestream_abuse" Exploitation Strong true Proposal "Sexual acts streamed for viewers or payment" "EUR";
        "onl_advertised_for_sex" Exploitation Strong true Proposal "Advert with child's image, number or alias" "EUR, ECPAT";
        "onl_csam_identified" Exploitation Strong true Proposal "Known abuse material shows the child" "Interpol/INHOPE";
        "onl_device_controlled" CoercionAtDestination Medium false Proposal "Others hold passwords or monitor devices" "EUR";
        "onl_meeting_travel_arranged" Movement Strong true Proposal "Unknown contact pays trip or ride to meet" "EUR";
        "onl_payments_received" Exploitation Medium false Proposal "Payments via wallets, gift cards, game currency" "EUR";
        "onl_recruits_peers_online" CoercionAtDestination Medium true Proposal "Made to recruit others online" "EUR";
    }
    Sexual {
        "sex_prostitution_of_child" Exploitation Strong true Proposal "Sexual acts with child for money or benefit to anyone" "CRC OPSC, ILO";
        "sex_clients_forced" CoercionAtDestination Strong true Delphi "No choice of buyers, acts or number" "ILO* (forced clients)";
        "sex_found_in_venue" Exploitation Strong false Proposal "Found in brothel, hotel room, sauna, street spot" "UN*";
        "sex_child_items_in_venue" Exploitation Medium false Proposal "Child clothes, toys, beds in such venue" "UN*";
        "sex_hotel_pattern" Exploitation Medium false Proposal "Hotel stays with older men or many visits" "ECPAT";
        "sex_older_controlling_partner" VulnerabilityRecruitment Medium false Proposal "Much older partner controls and profits" "ECPAT";
        "sex_sti_pregnancy_young" Exploitation Medium false Proposal "Repeated STI, pregnancy, injuries, age discrepancy" "ECPAT";
        "sex_sexualised_language_only" Exploitation Medium false Proposal "Knows only sex-related words of local language" "UN*";
        "sex_peer_grooming_party" VulnerabilityRecruitment Medium true Proposal "Brought by peers to parties where abused" "ECPAT";
        "sex_ritual_oath" VulnerabilityRecruitment Medium true Delphi "Oath or belief used to bind (juju etc.)" "ILO* (beliefs)";
        "sex_moved_between_venues" Movement Medium false Proposal "Rotated between venues" "UN*";
    }
    Labour {
        "lab_excessive_hours" Exploitation Strong true Delphi "Works days or hours excessive for age" "ILO*, HTCDS*";
        "lab_hazardous_work" Exploitation Medium true Delphi "Dangerous, night, heavy or toxic work" "ILO*, C182";
        "lab_no_or_low_pay" Exploitation Medium true Delphi "Unpaid or far under minimum; paid in kind" "ILO*";
        "lab_pay_deductions_middleman" Exploitation Medium true Delphi "Fines, deductions, agency or family head takes pay" "ILO*";
        "lab_no_school_due_work" Exploitation Medium false Delphi "Work keeps child from school" "ILO*, UN*";
        "lab_lives_at_workplace" Exploitation Medium false Delphi "Sleeps in kitchen, store, building site, farm" "ILO*, UN*";
        "lab_family_restaurant_hidden" Exploitation Medium false Proposal "Works in family-run restaurant or shop as \"helping relatives\" with no link" "PTRM*, EUR";
        "lab_job_agency_placement" DeceptiveRecruitment Medium true Proposal "Agency or app placed a child with false age or papers" "PTRM*, ILO";
        "lab_recruit_fee_charged" CoerciveRecruitment Medium true Proposal "Fee charged to child or family" "ILO";
        "lab_contract_broken_none" Exploitation Medium false Delphi "No contract or not respected" "ILO*";
        "lab_documents_by_employer" CoercionAtDestination Strong true Delphi "Employer holds papers or housing keys" "ILO*";
        "lab_worse_conditions_threat" CoercionAtDestination Medium true Delphi "Threatened with worse work" "ILO*";
        "lab_child_clothes_worksite" Exploitation Weak false Proposal "Child-size work clothes or tools at site" "UN*";
    }
    DomesticServitude {
        "dom_on_call_all_hours" Exploitation Strong true Proposal "On duty day and night in a home" "UN*, ILO";
        "dom_cares_for_children" Exploitation Medium false Proposal "Cares for others' children instead of school" "LT authority*";
        "dom_no_private_space" Exploitation Medium false Proposal "No bed, room, key, privacy" "UN*";
        "dom_never_leaves_alone" CoercionAtDestination Strong false Proposal "Not out alone; reported missing by \"employer\"" "UN*";
        "dom_insulted_abused_in_home" CoercionAtDestination Strong true Delphi "Insults, beatings, sexual abuse by household" "ILO*";
        "dom_unknown_kin_status" DeceptiveRecruitment Medium false Proposal "Presented as niece, cousin, adopted, without proof" "ECPAT";
        "dom_no_pay_pocket_money" Exploitation Medium true Delphi "No pay; allowances sent elsewhere" "ILO*";
    }
    Begging {
        "beg_target_sum" CoercionAtDestination Strong true Proposal "Must bring a daily amount" "EUR, UNI";
        "beg_adult_collects" Exploitation Strong true Proposal "Adult nearby collects or watches" "EUR";
        "beg_punished_low_take" CoercionAtDestination Strong true Delphi "Beaten or starved for low takings" "ILO*";
        "beg_infant_used" Exploitation Strong true Proposal "Baby or disabled child used as prop, drugged" "UNI";
        "beg_school_hours_fixed_spot" Exploitation Medium false Proposal "Fixed spot, long hours, school time" "FRA";
        "beg_group_transport" Movement Medium false Proposal "Dropped and collected by vehicle in group" "EUR";
        "beg_moved_between_countries" Movement Strong false Proposal "Seen begging in several countries" "PTRM*, BSR";
    }
    Criminal {
        "cri_forced_illicit_acts" Exploitation Strong true Proposal "Made to steal, carry or grow drugs, fraud, violence" "ILO* (there a cd strong item; here the crime is the purpose)";
        "cri_debt_to_gang" CoercionAtDestination Strong true Delphi "Owes gang for lost goods or \"protection\"" "ILO*";
        "cri_repeat_arrest_same_adult" Movement Medium false Proposal "Arrests in several places, same adults or lawyer appear" "EUR";
        "cri_far_from_home_no_means" Movement Medium false Proposal "Found far from home without money, with drugs or cash" "UK county lines";
        "cri_tools_supplied" Exploitation Medium true Proposal "Tools, phones, cars or e-accounts supplied by others" "EUR";
        "cri_forced_against_peers" CoercionAtDestination Medium true Delphi "Made to act against other children" "ILO*";
        "cri_found_cannabis_site" Exploitation Strong true Proposal "Found at grow site, locked in, sleeping there" "EUR";
        "cri_money_mule_account" Exploitation Medium true Proposal "Account used by others" "EUR";
        "cri_recruited_violence_online" DeceptiveRecruitment Strong true Proposal "Recruited by chat for violent or bombing tasks (\"violence as a service\")" "Europol 2025 (unverified)";
    }
    ForcedMarriage {
        "mar_forced_or_arranged_child" Exploitation Strong true Proposal "Marriage or union of under-18 arranged, incl. informal" "ILO* (there rc strong), ATD 2(3)";
        "mar_bride_price_debt" CoerciveRecruitment Strong true Proposal "Money, debt or visa exchanged" "ATD";
        "mar_travel_abroad_planned" Movement Strong false Proposal "Trip to be wed abroad, one-way, school absence" "SIS, Istanbul 37";
        "mar_domestic_servitude_after" Exploitation Strong true Proposal "In-laws use child as servant" "PTRM*";
        "mar_honour_threats" CoercionAtDestination Strong true Proposal "Threats of honour violence" "UNI";
    }
    IllegalAdoptionSurrogacy {
        "ado_payment_for_child" CoerciveRecruitment Strong true Delphi "Payment or gift for child" "ILO*, OPSC";
        "ado_false_birth_papers" DeceptiveRecruitment Medium true Proposal "False birth, parentage, consent papers" "UN*";
        "ado_intermediary_no_licence" DeceptiveRecruitment Medium false Proposal "Unlicensed broker or clinic" "Hague 1993";
        "ado_exploitation_after" Exploitation Strong true Proposal "Child exploited after \"adoption\"" "ATD 2(3)";
        "ado_child_surrogate" Exploitation Strong true Proposal "Girl under 18 carrying pregnancy for others" "ATD 2(5)";
    }
    OrganRemoval {
        "org_unexplained_surgery" Exploitation Strong true Proposal "Scar or organ loss without medical record" "UN";
        "org_tests_blood_tissue" Exploitation Medium false Proposal "Blood/tissue tests arranged by non-carers" "UN";
        "org_travel_clinic" Movement Medium false Proposal "Travel to clinic with broker" "UN";
    }
    ArmedOrOther {
        "arm_recruited_armed_group" Exploitation Strong true Proposal "Child recruited by an armed group" "project proposal";
        "oth_other_exploitation" Exploitation Medium true Proposal "Other exploitation, described in words (free text required)" "project proposal";
    }
};

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::codes::CodeList;

    #[test]
    fn each_group_has_its_rows_and_there_are_134() {
        let counts: Vec<_> = IndicatorGroup::ALL
            .iter()
            .map(|group| (group.code(), INDICATORS.iter().filter(|it| it.group == *group).count()))
            .collect();
        let expected = [
            ("general", 34),
            ("travel_border", 13),
            ("family_household", 12),
            ("online", 13),
            ("sexual", 11),
            ("labour", 13),
            ("domestic_servitude", 7),
            ("begging", 7),
            ("criminal", 9),
            ("forced_marriage", 5),
            ("illegal_adoption_surrogacy", 5),
            ("organ_removal", 3),
            ("armed_or_other", 2),
        ];
        assert_eq!(counts, expected);
        assert_eq!(INDICATORS.len(), 134);
    }

    #[test]
    fn codes_are_unique_and_carry_the_prefix_of_their_group() {
        let codes: HashSet<_> = INDICATORS.iter().map(|it| it.code).collect();
        assert_eq!(codes.len(), INDICATORS.len());
        for it in INDICATORS {
            let prefixes: &[&str] = match it.group {
                IndicatorGroup::ArmedOrOther => &["arm_", "oth_"],
                IndicatorGroup::General => &["gen_"],
                IndicatorGroup::TravelBorder => &["trv_"],
                IndicatorGroup::FamilyHousehold => &["fam_"],
                IndicatorGroup::Online => &["onl_"],
                IndicatorGroup::Sexual => &["sex_"],
                IndicatorGroup::Labour => &["lab_"],
                IndicatorGroup::DomesticServitude => &["dom_"],
                IndicatorGroup::Begging => &["beg_"],
                IndicatorGroup::Criminal => &["cri_"],
                IndicatorGroup::ForcedMarriage => &["mar_"],
                IndicatorGroup::IllegalAdoptionSurrogacy => &["ado_"],
                IndicatorGroup::OrganRemoval => &["org_"],
            };
            assert!(prefixes.iter().any(|prefix| it.code.starts_with(prefix)), "{}", it.code);
            assert!(it.code.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{}", it.code);
        }
    }

    #[test]
    fn armed_groups_and_other_exploitation_are_present() {
        let armed =
            Indicator::find("arm_recruited_armed_group").map(|it| (it.dimension, it.strength, it.direct));
        assert_eq!(armed, Some((Exploitation, Strong, true)));
        let other =
            Indicator::find("oth_other_exploitation").map(|it| (it.dimension, it.strength, it.direct));
        assert_eq!(other, Some((Exploitation, Medium, true)));
        assert_eq!(Indicator::find("oth_none"), None);
    }

    #[test]
    fn the_source_list_for_children_has_no_weak_tier_and_context_is_never_direct() {
        for it in INDICATORS {
            assert!(it.basis != Delphi || it.strength != Weak, "{}", it.code);
            assert!(it.dimension != Context || !it.direct, "{}", it.code);
            assert!(!it.definition.trim().is_empty() && !it.sources.trim().is_empty(), "{}", it.code);
        }
    }

    #[test]
    fn every_dimension_can_be_observed() {
        for dimension in crate::identification::indicators::Dimension::ALL {
            assert!(INDICATORS.iter().any(|it| it.dimension == *dimension), "{dimension}");
        }
    }
}
