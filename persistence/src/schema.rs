//! The tables as the queries know them; a test compares them with the database.

diesel::table! {
    countries (code, valid_from) {
        code -> Text,
        valid_from -> Date,
        name -> Text,
        profile -> Jsonb,
    }
}

diesel::table! {
    agencies (id) {
        id -> Uuid,
        country -> Text,
        code -> Text,
        agency_type -> Text,
        name -> Text,
        duty_phone -> Nullable<Text>,
        confidential_location -> Bool,
        roles -> Array<Text>,
        active -> Bool,
        version -> Int4,
        address -> Nullable<Jsonb>,
        areas -> Array<Text>,
        opening_hours -> Jsonb,
        duty_roster -> Jsonb,
    }
}

diesel::table! {
    directory_versions (country) {
        country -> Text,
        version -> Int8,
    }
}

diesel::table! {
    services (id) {
        id -> Uuid,
        agency_id -> Uuid,
        country -> Text,
        service -> Text,
        name -> Text,
        min_age -> Int2,
        max_age -> Int2,
        sexes -> Array<Text>,
        languages -> Array<Text>,
        capacity -> Nullable<Int2>,
        capacity_as_of -> Nullable<Timestamptz>,
        active -> Bool,
        version -> Int4,
        description -> Nullable<Text>,
        needs -> Array<Text>,
        urgencies -> Array<Text>,
        areas -> Array<Text>,
        confidential_location -> Bool,
        address -> Nullable<Jsonb>,
    }
}

diesel::table! {
    clients (id) {
        id -> Uuid,
        client_id -> Text,
        agency_id -> Uuid,
        name -> Text,
        scopes -> Text,
        active -> Bool,
        epoch -> Int4,
    }
}

diesel::table! {
    client_keys (client, kid) {
        client -> Uuid,
        kid -> Text,
        algorithm -> Text,
        public_key_pem -> Text,
        active -> Bool,
    }
}

diesel::table! {
    professionals (id) {
        id -> Uuid,
        agency_id -> Uuid,
        country -> Text,
        subject -> Text,
        role -> Text,
        unit -> Nullable<Text>,
        suspended -> Bool,
    }
}

diesel::table! {
    used_assertions (client, jti) {
        client -> Uuid,
        jti -> Text,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    data_keys (subject_id, section) {
        subject_id -> Uuid,
        section -> Text,
        kek_version -> Int4,
        wrapped -> Bytea,
    }
}

diesel::table! {
    concerns (id) {
        id -> Uuid,
        country -> Text,
        agency_id -> Uuid,
        professional_id -> Nullable<Uuid>,
        received_at -> Timestamptz,
        triage_due -> Timestamptz,
        danger -> Bool,
        content_sealed -> Bytea,
        version -> Int4,
        triage_agency_id -> Uuid,
    }
}

diesel::table! {
    screenings (id) {
        id -> Uuid,
        country -> Text,
        agency_id -> Uuid,
        professional_id -> Nullable<Uuid>,
        concern_id -> Nullable<Uuid>,
        screened_at -> Timestamptz,
        result -> Text,
        catalogue_version -> Text,
        content_sealed -> Bytea,
        version -> Int4,
        set_aside_sealed -> Nullable<Bytea>,
    }
}

diesel::table! {
    children (id) {
        id -> Uuid,
        country -> Text,
        identity_sealed -> Bytea,
        identity_version -> Int4,
        whereabouts_sealed -> Bytea,
        whereabouts_version -> Int4,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    child_versions (id, identity_version, whereabouts_version) {
        id -> Uuid,
        country -> Text,
        identity_sealed -> Bytea,
        identity_version -> Int4,
        whereabouts_sealed -> Bytea,
        whereabouts_version -> Int4,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    child_pseudonyms (id) {
        id -> Uuid,
        country -> Text,
        child_id -> Uuid,
        other_country -> Text,
        epoch -> Int2,
        token -> Int8,
        sealed -> Bytea,
    }
}

diesel::table! {
    child_tokens (country, epoch, kind, token, child_id) {
        country -> Text,
        kind -> Text,
        epoch -> Int2,
        token -> Int8,
        child_id -> Uuid,
    }
}

diesel::table! {
    child_indexes (child_id) {
        child_id -> Uuid,
        country -> Text,
        epoch -> Int2,
    }
}

diesel::table! {
    case_matches (id) {
        id -> Uuid,
        country -> Text,
        pair_id -> Uuid,
        case_id -> Uuid,
        other_case_id -> Uuid,
        score -> Int2,
        reasons -> Array<Text>,
        found_at -> Timestamptz,
        status -> Text,
        verdict -> Nullable<Text>,
        answered_at -> Nullable<Timestamptz>,
        agency_id -> Nullable<Uuid>,
        professional_id -> Nullable<Uuid>,
        sealed -> Nullable<Bytea>,
        version -> Int4,
    }
}

diesel::table! {
    cases (id) {
        id -> Uuid,
        reference -> Text,
        country -> Text,
        child_id -> Uuid,
        screening_id -> Nullable<Uuid>,
        lead_agency_id -> Uuid,
        opened_by_agency_id -> Uuid,
        status -> Text,
        identification_status -> Text,
        identification_since -> Timestamptz,
        presumption_grounds -> Nullable<Text>,
        external_ids -> Jsonb,
        opened_at -> Timestamptz,
        version -> Int4,
        appeal_until -> Nullable<Timestamptz>,
        negative_proposal_id -> Nullable<Uuid>,
        turned_18_at -> Nullable<Timestamptz>,
        strong_indicator -> Bool,
        entitlements_owed -> Array<Text>,
        entitlements_given -> Array<Text>,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    case_versions (id, version) {
        id -> Uuid,
        reference -> Text,
        country -> Text,
        child_id -> Uuid,
        screening_id -> Nullable<Uuid>,
        lead_agency_id -> Uuid,
        opened_by_agency_id -> Uuid,
        status -> Text,
        identification_status -> Text,
        identification_since -> Timestamptz,
        presumption_grounds -> Nullable<Text>,
        external_ids -> Jsonb,
        opened_at -> Timestamptz,
        version -> Int4,
        appeal_until -> Nullable<Timestamptz>,
        negative_proposal_id -> Nullable<Uuid>,
        turned_18_at -> Nullable<Timestamptz>,
        strong_indicator -> Bool,
        entitlements_owed -> Array<Text>,
        entitlements_given -> Array<Text>,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    identification_acts (id) {
        id -> Uuid,
        country -> Text,
        case_id -> Uuid,
        version -> Int4,
        act -> Text,
        from_status -> Text,
        to_status -> Text,
        entitlement -> Nullable<Text>,
        at -> Timestamptz,
        agency_id -> Nullable<Uuid>,
        professional_id -> Nullable<Uuid>,
        sealed -> Nullable<Bytea>,
    }
}

diesel::table! {
    age_assessments (id) {
        id -> Uuid,
        country -> Text,
        case_id -> Uuid,
        agency_id -> Uuid,
        professional_id -> Nullable<Uuid>,
        recorded_at -> Timestamptz,
        method -> Text,
        conclusion -> Text,
        appeal_until -> Nullable<Timestamptz>,
        sealed -> Bytea,
        medical_sealed -> Nullable<Bytea>,
        appealed_at -> Nullable<Timestamptz>,
        appeal_sealed -> Nullable<Bytea>,
    }
}

diesel::table! {
    participations (agency_id, case_id, source_id, basis) {
        agency_id -> Uuid,
        case_id -> Uuid,
        country -> Text,
        basis -> Text,
        source_id -> Uuid,
        classes -> Array<Text>,
        since -> Timestamptz,
        until -> Nullable<Timestamptz>,
        unit -> Nullable<Text>,
        professional_id -> Nullable<Uuid>,
        role -> Nullable<Text>,
        writes -> Array<Text>,
        ordered -> Array<Text>,
    }
}

diesel::table! {
    exploitation_episodes (id) {
        id -> Uuid,
        country -> Text,
        case_id -> Uuid,
        professional_id -> Nullable<Uuid>,
        recorded_at -> Timestamptz,
        exploitation_types -> Array<Text>,
        stage -> Text,
        content_sealed -> Bytea,
        version -> Int4,
    }
}

diesel::table! {
    referrals (id) {
        id -> Uuid,
        reference -> Text,
        country -> Text,
        case_id -> Uuid,
        case_reference -> Text,
        child_id -> Uuid,
        from_agency_id -> Uuid,
        to_agency_id -> Nullable<Uuid>,
        to_agency_type -> Nullable<Text>,
        to_service_id -> Nullable<Uuid>,
        urgency -> Text,
        reasons -> Array<Text>,
        services -> Array<Text>,
        status -> Text,
        drafted_at -> Timestamptz,
        status_at -> Timestamptz,
        sent_at -> Nullable<Timestamptz>,
        acknowledge_by -> Nullable<Timestamptz>,
        decide_by -> Nullable<Timestamptz>,
        first_contact_by -> Nullable<Timestamptz>,
        version -> Int4,
        origin -> Nullable<Text>,
        origin_id -> Nullable<Uuid>,
        clock_at -> Nullable<Timestamptz>,
        reroutes -> Int2,
        escalation -> Int2,
    }
}

diesel::table! {
    referral_messages (id) {
        id -> Uuid,
        referral_id -> Uuid,
        country -> Text,
        agency_id -> Uuid,
        professional_id -> Nullable<Uuid>,
        at -> Timestamptz,
        sealed -> Bytea,
    }
}

diesel::table! {
    transnational_requests (id) {
        id -> Uuid,
        request_id -> Uuid,
        side -> Text,
        country -> Text,
        agency_id -> Uuid,
        lead_agency_id -> Nullable<Uuid>,
        case_id -> Nullable<Uuid>,
        request_type -> Text,
        route -> Text,
        urgency -> Text,
        status -> Text,
        suspended -> Bool,
        status_at -> Timestamptz,
        reference -> Text,
        other_country -> Text,
        other_office -> Text,
        sent_at -> Nullable<Timestamptz>,
        first_received_at -> Nullable<Timestamptz>,
        acknowledged -> Int4,
        notices_open -> Int2,
        carry_at -> Nullable<Timestamptz>,
        sealed -> Bytea,
        identity_sealed -> Nullable<Bytea>,
        version -> Int4,
    }
}

diesel::table! {
    transnational_messages (id) {
        id -> Uuid,
        country -> Text,
        record_id -> Nullable<Uuid>,
        direction -> Text,
        seq -> Nullable<Int4>,
        kind -> Nullable<Text>,
        at -> Timestamptz,
        digest -> Text,
        refused_because -> Nullable<Text>,
        sealed -> Bytea,
    }
}

diesel::table! {
    transnational_voids (country, request_id) {
        country -> Text,
        request_id -> Uuid,
        at -> Timestamptz,
    }
}

diesel::table! {
    deadlines (id) {
        id -> Uuid,
        country -> Text,
        duty -> Text,
        subject -> Text,
        subject_id -> Uuid,
        case_id -> Nullable<Uuid>,
        reference -> Nullable<Text>,
        urgency -> Text,
        agency_id -> Uuid,
        professional_id -> Nullable<Uuid>,
        watcher_id -> Nullable<Uuid>,
        answers_to_id -> Uuid,
        due_at -> Timestamptz,
        computed_from -> Jsonb,
        rung -> Int2,
        next_step_at -> Nullable<Timestamptz>,
        closed_at -> Nullable<Timestamptz>,
        outcome -> Nullable<Text>,
    }
}

diesel::table! {
    escalations (deadline_id, rung, agency_id, role) {
        deadline_id -> Uuid,
        rung -> Int2,
        agency_id -> Uuid,
        role -> Text,
        country -> Text,
        due_at -> Timestamptz,
        at -> Timestamptz,
    }
}

diesel::table! {
    case_acts (id) {
        id -> Uuid,
        country -> Text,
        case_id -> Uuid,
        version -> Int4,
        act -> Text,
        from_status -> Text,
        to_status -> Text,
        at -> Timestamptz,
        agency_id -> Uuid,
        professional_id -> Nullable<Uuid>,
        other_case_id -> Nullable<Uuid>,
        sealed -> Bytea,
    }
}

diesel::table! {
    missing_episodes (id) {
        id -> Uuid,
        country -> Text,
        case_id -> Uuid,
        status -> Text,
        agency_id -> Uuid,
        reported_at -> Timestamptz,
        last_seen_at -> Timestamptz,
        police_at -> Nullable<Timestamptz>,
        found_at -> Nullable<Timestamptz>,
        interviewed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    handovers (id) {
        id -> Uuid,
        country -> Text,
        case_id -> Uuid,
        status -> Text,
        from_agency_id -> Uuid,
        to_agency_id -> Nullable<Uuid>,
        to_country -> Nullable<Text>,
        proposed_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    sandbox_clock (one) {
        one -> Bool,
        at -> Timestamptz,
    }
}

diesel::table! {
    referral_files (referral_id) {
        referral_id -> Uuid,
        sealed -> Bytea,
    }
}

// Without the transaction id, which only the feed's own statement reads.
diesel::table! {
    events (seq) {
        seq -> Int8,
        id -> Uuid,
        at -> Timestamptz,
        event -> Text,
        subject -> Text,
        subject_id -> Uuid,
        version -> Int4,
        case_id -> Nullable<Uuid>,
        country -> Text,
        audience -> Array<Uuid>,
        client -> Nullable<Uuid>,
        professional_id -> Nullable<Uuid>,
        agency_id -> Nullable<Uuid>,
        purpose -> Text,
        request_id -> Uuid,
        payload -> Jsonb,
    }
}

diesel::table! {
    event_positions (position) {
        position -> Int8,
        seq -> Int8,
    }
}

diesel::table! {
    idempotency_keys (client, operation, key) {
        client -> Uuid,
        operation -> Text,
        key -> Text,
        professional_id -> Nullable<Uuid>,
        fingerprint -> Bytea,
        subject_id -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    case_entries (id, version) {
        id -> Uuid,
        version -> Int4,
        country -> Text,
        case_id -> Uuid,
        kind -> Text,
        class -> Text,
        recorded_at -> Timestamptz,
        agency_id -> Uuid,
        professional_id -> Nullable<Uuid>,
        sealed -> Bytea,
    }
}

diesel::table! {
    document_contents (document_id) {
        document_id -> Uuid,
        country -> Text,
        case_id -> Uuid,
        stored_at -> Timestamptz,
        agency_id -> Uuid,
        professional_id -> Nullable<Uuid>,
        sealed -> Bytea,
    }
}

diesel::table! {
    case_links (id) {
        id -> Uuid,
        country -> Text,
        case_id -> Uuid,
        other_case_id -> Uuid,
        relation -> Text,
        confidentiality -> Text,
        since -> Timestamptz,
        until -> Nullable<Timestamptz>,
        agency_id -> Uuid,
        professional_id -> Nullable<Uuid>,
        sealed -> Bytea,
        version -> Int4,
    }
}

diesel::table! {
    case_external_ids (agency_id, issuer, value) {
        agency_id -> Uuid,
        issuer -> Text,
        value -> Text,
        country -> Text,
        case_id -> Uuid,
    }
}

diesel::table! {
    justifications (id) {
        id -> Uuid,
        country -> Text,
        client -> Uuid,
        professional_id -> Uuid,
        given_at -> Timestamptz,
        sealed -> Bytea,
    }
}

diesel::table! {
    restrictions (entry_id) {
        entry_id -> Uuid,
        country -> Text,
        case_id -> Uuid,
        agency_id -> Nullable<Uuid>,
        professional_id -> Nullable<Uuid>,
        since -> Timestamptz,
        until -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    emergency_accesses (id) {
        id -> Uuid,
        country -> Text,
        case_id -> Uuid,
        agency_id -> Uuid,
        professional_id -> Uuid,
        role -> Text,
        purpose -> Text,
        reason -> Text,
        since -> Timestamptz,
        until -> Timestamptz,
        number -> Int4,
        sealed -> Bytea,
    }
}

diesel::table! {
    emergency_reviews (access_id) {
        access_id -> Uuid,
        country -> Text,
        verdict -> Text,
        agency_id -> Uuid,
        professional_id -> Nullable<Uuid>,
        at -> Timestamptz,
        sealed -> Bytea,
    }
}

diesel::table! {
    data_requests (id) {
        id -> Uuid,
        country -> Text,
        case_id -> Uuid,
        agency_id -> Uuid,
        professional_id -> Nullable<Uuid>,
        recorded_at -> Timestamptz,
        kind -> Text,
        requester -> Text,
        contact_id -> Nullable<Uuid>,
        for_agency_id -> Nullable<Uuid>,
        received_on -> Date,
        status -> Text,
        hold -> Nullable<Text>,
        verdict -> Nullable<Text>,
        reviewed_by -> Nullable<Uuid>,
        reviewed_at -> Nullable<Timestamptz>,
        outcome -> Nullable<Text>,
        answered_on -> Nullable<Date>,
        sealed -> Bytea,
        version -> Int4,
    }
}

diesel::table! {
    erasures (id) {
        id -> Uuid,
        country -> Text,
        at -> Timestamptz,
        reason -> Text,
        line -> Jsonb,
        requested_by -> Nullable<Text>,
        approved_by -> Nullable<Text>,
    }
}

diesel::table! {
    erased_subjects (id) {
        id -> Uuid,
        erasure_id -> Uuid,
    }
}

diesel::table! {
    erased_cases (erasure_id, number) {
        erasure_id -> Uuid,
        number -> Int2,
        country -> Text,
        opened_year -> Int2,
        status -> Text,
        identification_status -> Text,
        exploitation_types -> Array<Text>,
    }
}

diesel::table! {
    canary_cases (case_id) {
        case_id -> Uuid,
        canary_id -> Uuid,
        country -> Text,
        request_id -> Uuid,
        made_at -> Timestamptz,
        made_by -> Text,
        ended_at -> Nullable<Timestamptz>,
        ended_by -> Nullable<Text>,
    }
}

diesel::table! {
    canary_alarms (number) {
        number -> Int8,
        case_id -> Uuid,
        country -> Text,
        client -> Uuid,
        agency_id -> Uuid,
        professional_id -> Nullable<Uuid>,
        day -> Date,
        opened_at -> Timestamptz,
        raised_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    age_assessments,
    agencies,
    canary_alarms,
    canary_cases,
    case_acts,
    case_entries,
    case_external_ids,
    case_links,
    case_matches,
    case_versions,
    cases,
    child_indexes,
    child_pseudonyms,
    child_tokens,
    child_versions,
    children,
    client_keys,
    clients,
    concerns,
    data_keys,
    data_requests,
    deadlines,
    directory_versions,
    document_contents,
    emergency_accesses,
    emergency_reviews,
    erased_subjects,
    escalations,
    event_positions,
    events,
    exploitation_episodes,
    handovers,
    identification_acts,
    justifications,
    missing_episodes,
    participations,
    professionals,
    referral_files,
    referral_messages,
    referrals,
    restrictions,
    screenings,
    services,
    transnational_messages,
    transnational_requests,
    transnational_voids,
);
