//! What is read before an act, for its tag.

use domain::CodeList as _;

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
    match act.filter(|it| it.starts_with("/v1/cases/")) {
        Some(case) => format!("{case}/lifecycle"),
        None => {
            path.strip_suffix("/end").or_else(|| path.strip_suffix("/set-aside")).unwrap_or(path).to_owned()
        }
    }
}
