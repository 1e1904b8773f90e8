DELETE FROM escalations WHERE deadline_id IN (SELECT id FROM deadlines WHERE duty IN (
    'review_request', 'plan_transfer', 'answer_plan', 'begin_transfer', 'receive_back', 'warn_of_danger', 'chase_notice'));
DELETE FROM deadlines WHERE duty IN (
    'review_request', 'plan_transfer', 'answer_plan', 'begin_transfer', 'receive_back', 'warn_of_danger', 'chase_notice');
ALTER TABLE deadlines
    DROP CONSTRAINT deadlines_duty,
    ADD CONSTRAINT deadlines_duty CHECK (duty IN (
        'triage', 'acknowledge', 'decide', 'first_contact', 'provide_information', 'next_step', 'ask_view', 'feedback',
        'guardian_check', 'safety_plan', 'reflection_offer', 'give_information', 'education', 'formal_decision',
        'act_on_indicator', 'check_sibling', 'report_missing', 'return_interview', 'answer_handover', 'answer_closure',
        'check_match', 'asylum_information', 'review_emergency_access',
        'acknowledge_request', 'decide_request', 'legal_answer', 'answer_request_questions', 'confirm_arrival',
        'take_over_child', 'follow_up_report', 'close_request', 'acknowledge_notice'));
