//! The table of contents.

use crate::frame::FrameLayer;
use crate::problem::Problem;
use crate::{
    audit, auth, customer, dialplan, employee, extension, openapi, phone, record, resource,
};
use admin::Admin;
use aide::axum::ApiRouter;
use aide::axum::routing::{delete_with, get_with, post_with};
use axum::Router;
use axum::routing::get;
use model::screen::ScreenList;

/// The whole API over these use cases.
pub fn router(admin: Admin) -> Router {
    framed(routes(admin))
}

/// What every request gets, around these routes.
pub fn framed(routes: Router) -> Router {
    routes.layer(FrameLayer)
}

/// The routes of the API without their frame.
pub fn routes(admin: Admin) -> Router {
    openapi::start();
    let documented = ApiRouter::new()
        .api_route("/auth/login", post_with(auth::login::handle, auth::login::docs))
        .api_route(
            "/auth/logout",
            post_with(auth::logout::handle, auth::logout::docs)
                .get_with(auth::logout::handle_get, auth::logout::docs_of_get),
        )
        .api_route("/auth/validateToken", get_with(auth::validate::handle, auth::validate::docs))
        .api_route(
            "/employee/{id}/token",
            get_with(employee::list_tokens::handle, employee::list_tokens::docs)
                .post_with(employee::make_token::handle, employee::make_token::docs),
        )
        .api_route(
            "/employee/{id}/token/{token}",
            delete_with(employee::remove_token::handle, employee::remove_token::docs),
        )
        .api_route(
            "/employee/{id}/clearTokens",
            post_with(employee::clear_tokens::handle, employee::clear_tokens::docs)
                .get_with(employee::clear_tokens::handle_get, employee::clear_tokens::docs_of_get),
        )
        .api_route(
            "/pbx/extension",
            get_with(extension::list::handle, extension::list::docs)
                .post_with(extension::create::handle, extension::create::docs),
        )
        .api_route(
            "/pbx/extension/{id}",
            get_with(extension::get::handle, extension::get::docs)
                .post_with(extension::change::handle, extension::change::docs_of_post)
                .patch_with(extension::change::handle, extension::change::docs_of_patch)
                .delete_with(extension::remove::handle, extension::remove::docs),
        )
        .api_route(
            "/pbx/extension/directnumbers",
            get_with(extension::numbers::direct, extension::numbers::docs_of_direct),
        )
        .api_route(
            "/pbx/extension/calleridnumbers",
            get_with(extension::numbers::caller_id, extension::numbers::docs_of_caller_id),
        )
        .api_route(
            "/pbx/extension/{id}/redirect",
            post_with(extension::redirect::handle, extension::redirect::docs)
                .get_with(extension::redirect::handle_get, extension::redirect::docs_of_get),
        )
        .api_route(
            "/pbx/extension/{id}/dnd",
            post_with(extension::dnd::handle, extension::dnd::docs)
                .get_with(extension::dnd::handle_get, extension::dnd::docs_of_get),
        )
        .api_route(
            "/pbx/extension/{id}/explain",
            post_with(extension::explain::handle, extension::explain::docs),
        )
        .api_route(
            "/pbx/explain",
            post_with(extension::explain_number::handle, extension::explain_number::docs),
        )
        .api_route("/audit", get_with(audit::handle, audit::docs))
        .api_route("/pbx/cdr/latest", get_with(record::latest::handle, record::latest::docs))
        .api_route("/pbx/cdrhistory/{id}", get_with(record::history::handle, record::history::docs))
        .merge(customer::routes())
        .merge(dialplan::routes())
        .merge(phone::routes_of_phones())
        .merge(extension::screen::routes(ScreenList::Whitelist))
        .merge(extension::screen::routes(ScreenList::Blocklist))
        .merge(resource::resources());
    openapi::finish(documented)
        .route("/healthz", get(|| async { "ok" }))
        .fallback(|| async { Problem::not_found() })
        .method_not_allowed_fallback(|| async { Problem::method_not_allowed() })
        .with_state(admin)
}
