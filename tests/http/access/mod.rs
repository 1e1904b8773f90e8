//! Who may see and do what: function, relation, section; and that every look is logged.

mod log;
mod objects;
mod parties;
mod sections;
mod tokens;
