//! Bodies of an employee's own operations.

use super::{date, documented};
use serde_json::json;

documented! {
    /// It is gone, or will be.
    Removed, _generator => json!({
        "type": "object",
        "properties": {
            "success": { "type": "boolean", "const": true },
            "deleteDate": date(),
        },
        "required": ["success"],
    })
}
