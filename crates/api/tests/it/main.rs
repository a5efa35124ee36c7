//! The API as a client sees it: a router over a store in a folder of its own and a switch that
//! answers by heart.

mod acting;
mod actions;
mod audit;
mod authz;
mod changes;
mod client;
mod compat;
mod conformance;
mod customers;
mod dialplan;
mod documentation;
mod errors;
mod examples;
mod explaining;
mod items;
mod leaving;
mod listing;
mod logging_in;
mod machine_tokens;
mod making;
mod moving;
mod passwords;
mod phones;
mod portable;
mod properties;
mod reading;
mod records;
mod sending_back;
mod settings;
mod world;
