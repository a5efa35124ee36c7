//! The use cases behind the API and the command line: permit, validate, write.
