//! `/pbx/extension` and `/pbx/explain`.

pub(crate) mod change;
pub(crate) mod create;
pub(crate) mod dnd;
pub(crate) mod explain;
pub(crate) mod explain_number;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod numbers;
pub(crate) mod redirect;
pub(crate) mod remove;
pub(crate) mod screen;

use crate::problem::Problem;
use crate::{query, schema};
use admin::extension::Expand;
use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::Operation;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;

/// `expandGoto` and `includePhones`.
pub(crate) struct ExpandQuery(Expand);

impl<S: Sync> FromRequestParts<S> for ExpandQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let goto = query::flag(&parts.uri, "expandGoto")?;
        let phones = query::flag(&parts.uri, "includePhones")?;
        Ok(Self(Expand { goto, phones }))
    }
}

impl OperationInput for ExpandQuery {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        let about = "Gotos as `{_id, type, number, name}` instead of ids.";
        schema::parameters::flag(context, operation, "expandGoto", about);
        let about = "Adds `phones`, with which of them are online.";
        schema::parameters::flag(context, operation, "includePhones", about);
    }
}
