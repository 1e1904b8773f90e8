//! The policy against a second statement of it, written as plain tables from the need-to-know matrix and from what each
//! type of agency may do at all.

mod functions;
mod need_to_know;

/// The lines of a table, as words.
fn lines(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().map(|line| line.split_whitespace().collect()).filter(|it: &Vec<_>| !it.is_empty())
}
