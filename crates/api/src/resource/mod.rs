//! The endpoints of every resource that `admin::resource` knows: list, create, read, change, remove.
//! What differs between resources is in `kinds`.

mod change;
mod create;
mod kinds;
mod list;
mod own_settings;
mod read;
mod remove;

pub(crate) use kinds::resources;
pub(crate) use read::{docs as docs_of_read, handle as read_one};

use admin::Admin;
use admin::resource::{Made, Resource};
use aide::axum::ApiRouter;
use aide::axum::routing::{delete_with, get_with, post_with};
use axum::routing::get;

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
}

/// All endpoints of a resource at `path`.
pub(crate) fn routes<R: Documented + Made>(path: &'static str) -> ApiRouter<Admin> {
    let item = format!("{path}/{{id}}");
    collection::<R>(path).merge(removable::<R>(&item)).merge(singular::<R>(&item))
}

/// The list and what is made in it, at `path`.
pub(crate) fn collection<R: Documented + Made>(path: &str) -> ApiRouter<Admin> {
    let collection = get_with(list::handle::<R>, list::docs::<R>)
        .post_with(create::handle::<R>, create::docs::<R>);
    ApiRouter::new().api_route(path, collection)
}

/// The endpoints of one that is there already, at `path` with its `{id}`.
pub(crate) fn singular<R: Documented>(path: &str) -> ApiRouter<Admin> {
    let one = get_with(read_one::<R>, docs_of_read::<R>);
    writable::<R>(path).api_route(path, one)
}

/// Its changes, at `path` with its `{id}`.
pub(crate) fn writable<R: Documented>(path: &str) -> ApiRouter<Admin> {
    let one = post_with(change::handle::<R>, change::docs_of_post::<R>)
        .patch_with(change::handle::<R>, change::docs_of_patch::<R>);
    ApiRouter::new().api_route(path, one)
}

/// Its removal, at `path` with its `{id}`.
pub(crate) fn removable<R: Documented + Made>(path: &str) -> ApiRouter<Admin> {
    let removal = delete_with(remove::handle::<R>, remove::docs::<R>);
    ApiRouter::new().api_route(path, removal)
}

/// All endpoints under another name, which the document doesn't repeat.
pub(crate) fn alias<R: Documented + Made>(path: &str) -> ApiRouter<Admin> {
    let one = get(read_one::<R>)
        .post(change::handle::<R>)
        .patch(change::handle::<R>)
        .delete(remove::handle::<R>);
    ApiRouter::new()
        .route(path, get(list::handle::<R>).post(create::handle::<R>))
        .route(&format!("{path}/{{id}}"), one)
}

/// The id of an operation: its verb and what it is about.
fn operation_id<R: Resource>(verb: &str) -> String {
    format!("{verb}{}", R::SCHEMA)
}

/// The description of an operation, with who may call it.
pub(crate) fn described<R: Documented>(text: &str, who: &str) -> String {
    let about = if R::ABOUT.is_empty() { String::new() } else { format!(" {}", R::ABOUT) };
    format!("{text}{about}\n\nAccess: {who}.")
}
