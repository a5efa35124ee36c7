//! Bodies around customers that are no resource of their own.

use super::documented;
use serde_json::json;

documented! {
    /// How people of a customer log in.
    Security, _generator => json!({
        "type": "object",
        "properties": {
            "authenticationSecurity": { "type": "string", "enum": ["NONE", "SMS", "AUTHENTICATOR"] },
        },
        "required": ["authenticationSecurity"],
    })
}
