//! Every limit in one place, each with its reason.

use std::time::Duration;

/// HTTP request body. An extension is 2 KiB; a megabyte leaves room for the largest list.
pub const HTTP_BODY_BYTES: usize = 1 << 20;
/// Objects and arrays inside each other in a request's body. Readers of JSON give up at 128, and what is
/// kept of a body lies inside other documents; no member is nested more than 4 levels.
pub const HTTP_BODY_DEPTH: usize = 32;
/// An exported customer: one of 10,000 extensions with phones is some 50 MB.
pub const EXPORT_BYTES: usize = 256 << 20;
/// What a resource keeps of members that aren't known here: a page of settings for some other system.
pub const EXTRA_BYTES: usize = 8 * 1024;
/// Numbers that one question looks up: a phone's whole list of calls.
pub const NUMBERS_LOOKED_UP: usize = 1000;
/// HTTP request target: the longest that a client has a use for is below 1 KiB.
pub const HTTP_URI_BYTES: usize = 8 * 1024;
/// HTTP request head as a whole: a browser's with its cookies comes to some 4 KiB.
pub const HTTP_HEAD_BYTES: usize = 16 * 1024;
/// How long an HTTP head may take to arrive, and how long a connection may wait for the next one.
pub const HTTP_HEAD_TIME: Duration = Duration::from_secs(10);
/// HTTP connections: a request takes microseconds, so that these are clients that think. A connection
/// that doesn't ask costs 10 KiB.
pub const HTTP_CONNECTIONS: usize = 1024;
/// Items that one call may visit (docs/CALLS.md section 2 step 0): a dialplan that needs more is a loop.
pub const ITEM_VISITS: u32 = 50;
/// Diversions of one call (docs/CALLS.md section 2 step 0).
pub const DIVERSIONS: u32 = 5;
/// Platform guard on ringing (docs/CALLS.md section 2 step 10).
pub const MAX_RING: Duration = Duration::from_secs(3600);
/// A SIP datagram: larger ones don't come from phones.
pub const SIP_MESSAGE_BYTES: usize = 16 * 1024;
/// Datagrams waiting between the UDP thread and the dispatcher.
pub const SIP_QUEUE: usize = 4096;
/// Facts waiting between an edge and a shard.
pub const FACT_QUEUE: usize = 4096;
/// New INVITEs that a source may have in progress: a phone has a handful, a flooder thousands.
pub const CALLS_PER_SOURCE: usize = 2000;
/// Live calls of one customer.
pub const CALLS_PER_CUSTOMER: usize = 2000;
/// Wait for a phone to confirm that it stopped ringing. SIP gives up after 32 s (RFC 3261 §9.1), so a
/// longer silence means that the fact was lost, and the call must not stay for ever.
pub const CANCEL_WAIT: Duration = Duration::from_secs(40);
/// Dialled characters kept in a trace and record: longer ones are no number anyway.
pub const DIALLED_CHARS: usize = 64;
/// Phones rung for one call.
pub const LEGS_PER_CALL: usize = 64;
/// Bindings of one phone (RFC 3261 §10): a handset, its spare and a softphone.
pub const BINDINGS_PER_PHONE: usize = 4;
/// Longest registration granted.
pub const BINDING_SECONDS: u32 = 3600;
/// Shortest registration granted; shorter is refused with 423.
pub const MIN_BINDING_SECONDS: u32 = 30;
/// Steps kept in the trace of one call.
pub const TRACE_STEPS: usize = 500;
/// Writes waiting for the store's writer.
pub const WRITE_QUEUE: usize = 1024;
/// Records waiting to be stored.
pub const RECORD_QUEUE: usize = 8192;
/// Commands waiting for a media thread: 100 set-ups a second send some 600, and it takes them at once.
pub const MEDIA_COMMANDS: usize = 4096;
/// Share of a core that a media thread may use before new sessions go elsewhere or get 503.
pub const MEDIA_CPU_BUDGET: f32 = 0.6;
/// Media lines of a session description: audio, video, slides and their spares.
pub const SDP_MEDIA_LINES: usize = 16;
/// Formats of one media line: there are only 128 payload types, and phones list about ten.
pub const SDP_FORMATS: usize = 64;
/// Header lines of a SIP message: phones send some 20, proxies on the way add two each.
pub const SIP_HEADERS: usize = 128;
/// One header of a SIP message with its continuation lines: credentials come to 500 bytes.
pub const SIP_HEADER_BYTES: usize = 4096;
/// URI of a binding: it is stored, and repeated in every request to the phone.
pub const CONTACT_URI_BYTES: usize = 512;
/// Sources whose new INVITEs are counted: each has one in progress, so that these are most of them.
pub const CALL_SOURCES: usize = 16_384;
/// Digest nonces remembered because a phone proved itself with them: 4 MB; the oldest then cost a
/// phone one more challenge.
pub const PROVEN_NONCES: usize = 65_536;
/// Writes that share one commit: enough to spread its fsync, few enough to answer the first soon.
pub const WRITES_PER_COMMIT: usize = 64;
/// Records that share one commit.
pub const RECORDS_PER_COMMIT: usize = 512;
/// Bindings that share one commit: all phones come back at once after an outage, settings go between.
pub const BINDINGS_PER_COMMIT: usize = 512;
/// How long the audit log is kept: a year, and the month in which somebody asks about it.
pub const AUDIT_KEPT: Duration = Duration::from_secs(400 * 24 * 3600);
/// Entries of the audit log that are kept of one customer, the newest: some 25 MB.
pub const AUDIT_ENTRIES_KEPT: u64 = 50_000;
/// Entries of the audit log that one read returns.
pub const AUDIT_ENTRIES_READ: u32 = 500;
/// Records that one read returns.
pub const RECORDS_READ: u32 = 1000;
/// Revisions of a customer that the change feed keeps: whoever is further behind loads anew.
pub const REVISIONS_KEPT: u64 = 1000;
/// Entries of the change feed that a node follows one by one: past that, reading everything again is
/// quicker.
pub const CHANGES_FOLLOWED: usize = 2000;
/// Snapshots published and not yet taken by a listener: one that falls behind is told so.
pub const PUBLISHED_QUEUE: usize = 1024;
/// Ids whose customer is remembered, or that there is none: those of a million extensions and their phones
/// in half of it. 400 MB when there are so many.
pub const KNOWN_IDS: usize = 1 << 22;
/// Tokens that are remembered, unknown ones among them: 8 MB.
pub const KNOWN_TOKENS: usize = 65_536;
/// Numbers on one whitelist or blocklist: what a person keeps up; all lists of a customer are in memory.
pub const SCREEN_ENTRIES: usize = 1000;
/// Characters of the name of anything.
pub const NAME_CHARACTERS: usize = 100;
/// How long what a request with an idempotency key came to is kept: clients try again within a day.
pub const ANSWER_KEPT: Duration = Duration::from_secs(24 * 3600);
/// Characters of an idempotency key: four UUIDs.
pub const KEY_CHARACTERS: usize = 255;
/// References told when something is still pointed at: enough to clean up with, in one screen.
pub const REFERENCES_SHOWN: usize = 100;
/// How long a login lasts after its last use.
pub const LOGIN_LIFE: Duration = Duration::from_secs(15 * 60);
/// How long a token that ended is known as that (`expired`); then it is as unknown as any other.
pub const ENDED_LOGINS_KEPT: Duration = Duration::from_secs(24 * 3600);
/// Logins of one employee: a person has a handful of devices; then the one unused for longest ends.
pub const LOGINS_PER_EMPLOYEE: u32 = 50;
/// Machine tokens of one employee: one a program, so that each can be revoked alone.
pub const MACHINE_TOKENS_PER_EMPLOYEE: u32 = 50;
/// Uses of tokens that share one commit.
pub const TOKEN_USES_PER_COMMIT: usize = 512;
/// Logins that may fail within `LOGIN_WINDOW` for one user name: people mistype, guessing takes thousands.
pub const LOGIN_FAILURES_PER_USER: u32 = 10;
/// The same from one address: an office shares one.
pub const LOGIN_FAILURES_PER_ADDRESS: u32 = 30;
/// For how long failed logins count.
pub const LOGIN_WINDOW: Duration = Duration::from_secs(5 * 60);
/// User names and addresses whose failures are counted, each: 5 MB.
pub const LOGIN_SOURCES: usize = 65_536;
/// How far ahead an employee's deletion may be scheduled: a year, and the day more that some have.
pub const DELETE_DAYS_AHEAD: i32 = 366;
/// Deletions that are looked up together.
pub const DEPARTURES_READ: u32 = 100;
/// Passwords waiting to be hashed or proved: at 14 ms each on one core the last waits a second.
pub const PASSWORD_QUEUE: usize = 64;
