//! Where settings live: SQL, the change feed and the snapshots that everybody reads.
