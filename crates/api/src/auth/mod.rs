//! `/auth`: logging in and out.

mod cookie;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod validate;
