//! A simulated world for call scenarios: virtual time, phones that behave, a ladder printer.
