//! Wiring without opinions: facts to the call core, its commands to the edges.
