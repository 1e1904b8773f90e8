//! What the case file holds beside identity and episodes: contacts, movements, documents, links.

crate::codes! {
    /// What kind of entry of the case file it is.
    pub enum EntryKind = "case_entry" {
        Contact = "contact": "A member of the family or another contact",
        Movement = "movement": "A movement of the child",
        Note = "note": "A note",
        Document = "document": "A document",
        Participant = "participant": "Somebody who takes part in the case",
        Restriction = "restriction": "Somebody who is never to know of the case",
    }
}

crate::codes! {
    /// What a person is to the child.
    pub enum ContactRelation = "contact_relation" {
        Parent = "parent": "Parent",
        StepParent = "step_parent": "Step-parent or partner of a parent",
        Sibling = "sibling": "Brother or sister",
        Grandparent = "grandparent": "Grandparent",
        OtherRelative = "other_relative": "Other relative",
        OwnChild = "own_child": "Child of the child",
        Guardian = "guardian": "Guardian or representative",
        FosterOrInstitutionCarer = "foster_or_institution_carer": "Foster carer or carer in an institution",
        IntimatePartner = "intimate_partner": "Partner or spouse",
        Friend = "friend": "Friend",
        HouseholdMember = "household_member": "Lives in the same household",
        CommunityMember = "community_member": "Neighbour, teacher or member of the community",
        Employer = "employer": "Employer",
        Other = "other": "Other",
        Unknown = "unknown": "Not known yet",
    }
}

crate::codes! {
    /// What was decided on contact between the child and a person.
    pub enum ContactDecision = "contact_decision" {
        NotDecided = "not_decided": "Not decided: no contact is arranged",
        Allowed = "allowed": "Allowed",
        Supervised = "supervised": "Allowed under supervision",
        NotAllowed = "not_allowed": "Not allowed: do not contact",
    }
}

crate::codes! {
    /// Whether the child wishes contact with a person.
    pub enum ContactWish = "contact_wish" {
        Wished = "wished": "The child wishes it",
        Refused = "refused": "The child does not want it",
        NotAsked = "not_asked": "The child was not asked yet",
        DeclinedToSay = "declined_to_say": "The child declined to say",
    }
}

crate::codes! {
    /// Why a child was moved.
    pub enum MovementPurpose = "movement_purpose" {
        Exploitation = "exploitation": "Moved to be exploited",
        BetweenExploiters = "between_exploiters": "Moved from one exploiter to another",
        Flight = "flight": "Fled or escaped",
        Migration = "migration": "Migrated or was smuggled",
        Family = "family": "With or to the family",
        Protection = "protection": "Moved into protection",
        Removal = "removal": "Removed or transferred by authorities",
        Unknown = "unknown": "Not known yet",
    }
}

crate::codes! {
    /// By what a child travelled.
    pub enum Transport = "transport" {
        Car = "car": "Car or van",
        Lorry = "lorry": "Lorry",
        Bus = "bus": "Coach or bus",
        Train = "train": "Train",
        Ferry = "ferry": "Ferry or ship",
        SmallBoat = "small_boat": "Small boat",
        Aircraft = "aircraft": "Aircraft",
        OnFoot = "on_foot": "On foot",
        Other = "other": "Other",
        Unknown = "unknown": "Not known yet",
    }
}

crate::codes! {
    /// How a border was crossed.
    pub enum BorderCrossing = "border_crossing" {
        Regular = "regular": "At a crossing point with own documents",
        FalseDocuments = "false_documents": "With false or borrowed documents",
        Hidden = "hidden": "Hidden",
        OutsideCrossingPoint = "outside_crossing_point": "Outside of a crossing point",
        NotControlled = "not_controlled": "A border without controls",
        Unknown = "unknown": "Not known yet",
    }
}

crate::codes! {
    /// What a document of the case file is.
    pub enum FileDocumentKind = "file_document_kind" {
        Identity = "identity": "Identity or travel document",
        BirthRecord = "birth_record": "Birth record",
        CourtDecision = "court_decision": "Decision of a court",
        AuthorityDecision = "authority_decision": "Decision of an authority",
        Consent = "consent": "Consent or authorisation",
        Assessment = "assessment": "Assessment report",
        MedicalReport = "medical_report": "Medical report",
        PoliceReport = "police_report": "Report of the police",
        Plan = "plan": "Plan",
        Photograph = "photograph": "Photograph",
        Correspondence = "correspondence": "Correspondence",
        Translation = "translation": "Translation",
        Other = "other": "Other",
    }
}

crate::codes! {
    /// The types of files that are taken.
    pub enum MediaType = "media_type" {
        Pdf = "pdf": "PDF document",
        Jpeg = "jpeg": "JPEG image",
        Png = "png": "PNG image",
        Text = "text": "Plain text in UTF-8",
    }
}

crate::codes! {
    /// How two children belong together.
    pub enum LinkRelation = "link_relation" {
        Sibling = "sibling": "Brothers or sisters",
        SameHousehold = "same_household": "Living in one household",
        CoVictim = "co_victim": "Exploited together",
        SameRing = "same_ring": "Exploited by the same ring",
    }
}

crate::codes! {
    /// Who sees that two cases are linked.
    pub enum LinkConfidentiality = "link_confidentiality" {
        CaseTeam = "case_team": "Whoever may know of the child's family and contacts",
        LeadAgency = "lead_agency": "The agency that leads the case, and the one that made the link",
        CriminalTrack = "criminal_track": "Those who read intelligence of the investigation, and the agency that made the link",
    }
}
