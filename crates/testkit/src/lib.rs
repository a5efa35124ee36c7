//! A simulated world for call scenarios: an office with extensions and phones, a virtual clock, and
//! the ladder of what happened. Text in, text out; nothing waits and nothing is random.
//!
//! A scenario is lines of text. Set-up lines come first:
//!
//! ```text
//! extension 592 Donald Duck       # a local number and a name
//! employee 592 OFF_WORK           # its employee, with a presence
//! phone 592-desk                  # a registered SIP phone of 592; also: offline, dnd
//! mobile 592-cell +4571919998     # an MVNO phone; also: dnd
//! item 700 QUEUE Support          # a bare dialplan item
//! trunk 800 Main number           # a TRUNK item
//! carrier net                     # a carrier trunk that works; also: trusted, mobiles
//! settings maxRing 60             # a member of the customer's settings, as JSON
//! list 592 WHITELIST +45*         # an entry of a list of 592; also: BLOCKLIST
//! set 592 redirect "593"          # any member by its path, as JSON; @593 is the id of item 593
//! ```
//!
//! Timed lines follow; `set` and `employee` may be timed too:
//!
//! ```text
//! 00.000 593-desk dials 592
//! 00.000 +4520212223 calls +4570305051   # from outside; also: by CARRIER, unvouched, secretly
//! 01.000 592-desk rings           # or: answers, is busy, declines, fails, hangs up
//! 02.000 593-desk hangs up        # before an answer: cancels
//! 03.000 592-desk registers       # or: unregisters
//! 04.000 explain 592 from 593 592-desk answer 2.5
//! 60.000 ends
//! ```
//!
//! A cancelled phone confirms 20 ms later, unless the scenario lets it answer before.

mod ladder;
pub mod office;
pub mod script;
pub mod world;
