//! The HTTP API: a router that reads as a table of contents, one file an endpoint.
