//! What an employee has beside its members: tokens, and a way to go of its own.

pub(crate) mod clear_tokens;
pub(crate) mod list_tokens;
pub(crate) mod make_token;
pub(crate) mod remove;
pub(crate) mod remove_token;
