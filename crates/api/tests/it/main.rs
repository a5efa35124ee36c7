//! The API as a client sees it: a router over a store in a folder of its own and a switch that
//! answers by heart.

mod acting;
mod authz;
mod changes;
mod client;
mod documentation;
mod errors;
mod explaining;
mod leaving;
mod logging_in;
mod machine_tokens;
mod passwords;
mod reading;
mod records;
mod world;
