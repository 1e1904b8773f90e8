//! Who may see and do what: function, relation, section; and that every look is logged.

mod alarms;
mod data_requests;
mod emergency;
mod hearing;
mod hideaway;
mod intake;
mod log;
mod matrix;
mod objects;
mod offered;
mod participants;
mod parties;
mod quotas;
mod restricted;
mod second_lock;
mod sections;
mod shown;
mod shut_out;
mod tags;
mod tokens;
mod writers;
