//! The endpoints of every resource that `admin::resource` knows: list, create, read, change, remove.
//! What differs between resources is in `kinds`.

mod change;
mod create;
mod kinds;
mod list;
mod read;
mod remove;

pub(crate) use kinds::resources;

use admin::Admin;
use admin::resource::{Made, Resource};
use aide::axum::ApiRouter;
use aide::axum::routing::{ApiMethodRouter, delete_with, get_with};

/// What the document says of a kind of resource.
pub(crate) trait Documented: Resource {
    /// What one is called in sentences: "external phone".
    const NAME: &'static str;
    /// The tag of its operations.
    const TAG: &'static str;
    /// Who may read.
    const READERS: &'static str;
    /// Who may write.
    const WRITERS: &'static str;
    /// What is worth saying beside that.
    const ABOUT: &'static str = "";
    /// A change that works, as JSON.
    const CHANGE: &'static str;
}

/// What the document says of making one.
pub(crate) trait DocumentedMade: Documented + Made {
    /// A body that makes one, as JSON; `customer` is put in.
    const CREATE: &'static str;
}

/// All endpoints of a resource at `path`.
pub(crate) fn routes<R: DocumentedMade>(path: &'static str) -> ApiRouter<Admin> {
    routes_removed_by::<R>(path, delete_with(remove::handle::<R>, remove::docs::<R>))
}

/// All endpoints of a resource that goes in a way of its own.
fn routes_removed_by<R: DocumentedMade>(
    path: &'static str,
    removal: ApiMethodRouter<Admin>,
) -> ApiRouter<Admin> {
    let collection = get_with(list::handle::<R>, list::docs::<R>)
        .post_with(create::handle::<R>, create::docs::<R>);
    let item = get_with(read::handle::<R>, read::docs::<R>)
        .post_with(change::handle::<R>, change::docs_of_post::<R>)
        .patch_with(change::handle::<R>, change::docs_of_patch::<R>)
        .merge(removal);
    ApiRouter::new().api_route(path, collection).api_route(&format!("{path}/{{id}}"), item)
}

/// The id of an operation: its verb and what it is about.
fn operation_id<R: Resource>(verb: &str) -> String {
    format!("{verb}{}", R::SCHEMA)
}

/// The description of an operation, with who may call it.
fn described<R: Documented>(text: &str, who: &str) -> String {
    let about = if R::ABOUT.is_empty() { String::new() } else { format!(" {}", R::ABOUT) };
    format!("{text}{about}\n\nAccess: {who}.")
}
