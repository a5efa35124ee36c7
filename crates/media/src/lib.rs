//! RTP at the edge: ports, offers and answers, and the threads that relay.
