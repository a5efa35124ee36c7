//! The ceiling for a read: a router of the same shape that answers the same bytes from memory, without
//! looking at a token. `same_bytes ADDRESS FILE` serves FILE at `/pbx/extension/{id}`.

use axum::Router;
use axum::http::header::{CONTENT_TYPE, ETAG};
use axum::routing::get;
use bytes::Bytes;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(address), Some(file)) = (arguments.next(), arguments.next()) else {
        return Err("usage: same_bytes ADDRESS FILE".into());
    };
    let body = Bytes::from(std::fs::read(file)?);
    let answer =
        move || async move { ([(CONTENT_TYPE, "application/json"), (ETAG, "\"1\"")], body) };
    let router = Router::new().route("/pbx/extension/{id}", get(answer));
    let listener = tokio::net::TcpListener::bind(&address).await?;
    println!("{}", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}
