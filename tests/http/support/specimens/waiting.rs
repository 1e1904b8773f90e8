//! Which case waits for which operation, and what is read before an act.

use domain::CodeList as _;

/// The case of this world that waits for an operation.
pub fn case_for(operation: &str) -> &'static str {
    match operation {
        "presumeVictim" => "intake",
        "presumeOnForeignNotice" => "noticed",
        "recordNoGrounds" => "weak",
        "openFormalAssessment" => "opens",
        "declineStatus" => "declines",
        "closeWithoutStatus" => "closes",
        "recogniseForeignDecision" => "recognises",
        "recordEntitlement" => "gives",
        "decideIdentification" => "decides",
        "proposeNegativeDecision" => "denies",
        "confirmNegativeDecision" => "confirms",
        "returnNegativeDecision" => "returns",
        "appealDecision" => "closed",
        "createAgeAssessment" => "aged",
        "appealAgeAssessment" => "grown",
        "openCaseForProtection" => "protects",
        "reportChildMissing" => "vanishes",
        "recordPoliceNotified" => "untold",
        "recordMissingAlert" => "told",
        "recordLongTermMissing" => "lost",
        "recordChildFound" => "found",
        "recordReturnInterview" => "back",
        "proposeHandover" => "hands",
        "confirmHandover" => "received",
        "refuseHandover" => "refused",
        "withdrawHandover" => "withdrawn",
        "requestClosure" => "ends",
        "approveClosure" => "ending",
        "returnClosure" => "stays",
        "reopenCase" => "ended",
        "mergeCase" => "merges",
        "markCaseErroneous" => "mistaken",
        "listCaseMatches" | "getCaseMatch" => "matched",
        "confirmCaseMatch" => "confirmed",
        "rejectCaseMatch" => "rejected",
        _ => "case",
    }
}

/// The reading whose tag an act of a case takes.
pub fn read_before(path: &str) -> String {
    let of_a_part = |it: &(&str, &str)| it.0.contains("/matches/") || it.0.contains("/age-assessments/");
    if let Some((one, _)) = path.rsplit_once('/').filter(of_a_part) {
        return one.to_owned();
    }
    if let Some((case, _)) = path.split_once("/identification/").or_else(|| path.split_once("/entitlements/"))
    {
        return format!("{case}/identification");
    }
    let acts = domain::cases::lifecycle::LifecycleAct::ALL;
    let act = acts.iter().find_map(|it| path.strip_suffix(&format!("/{}", it.path())));
    if let Some(case) = act.filter(|it| it.starts_with("/v1/cases/")) {
        return format!("{case}/lifecycle");
    }
    let acts = ["/end", "/review", "/answer", "/set-aside", "/lift", "/lift/confirm"];
    acts.iter().find_map(|it| path.strip_suffix(it)).unwrap_or(path).to_owned()
}
