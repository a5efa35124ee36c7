//! What can be said of one member of a resource: what it holds, who may write it, what it does to
//! calls. Each resource has one table of its members, which validation, the write rights, the OpenAPI
//! document and the documentation all read.

/// What a member holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 24 hex digits.
    Id,
    /// 1-100 characters.
    Name,
    /// 1-7 of `0-9 * #`.
    LocalNumber,
    /// Local or public.
    Number,
    /// Public.
    E164,
    /// A public number or SECRET; blank counts as null.
    CallerId,
    /// At most so many characters.
    Text(usize),
    /// true or false.
    Bool,
    /// One of these words.
    Enum(&'static [&'static str]),
    /// One of these whole numbers.
    Choice(&'static [u32]),
    /// A whole number, both ends included.
    Range(i32, i32),
    /// RFC 3339.
    Date,
    /// The id of a dialplan item; expanded it is an object.
    Goto,
    /// Public numbers, at most so many, each once.
    Numbers(usize),
    /// An ISO 3166 country, two capital letters.
    Country,
    /// Countries, each once.
    Countries,
    /// An IANA time zone.
    TimeZone,
    /// A host name (RFC 1123), lower case.
    Domain,
    /// So many digits, both ends included.
    Digits(usize, usize),
    /// A name to log in with: an e-mail address, or 8 characters and more.
    Login,
    /// Written and never shown, and kept apart.
    Password,
    /// 12 hex digits.
    Mac,
    /// Something that is only shown.
    View,
}

/// Who may change a member, beside everyone above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writer {
    /// PERSONAL and VIEWER on their own extension.
    Own,
    /// MANAGER and OWNER of the customer.
    Manager,
    /// RESELLER of the customer.
    Reseller,
    /// Nobody: it follows from something else.
    Never,
}

/// What a member does to calls today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acts {
    /// It changes what happens to a call.
    Acts,
    /// The rules decide by it, and `explain` says how; no phone or trunk brings such calls yet.
    Decides,
    /// It is meant to, and is stored until then.
    Stored,
    /// It describes; calls don't depend on it.
    Is,
}

impl Acts {
    /// The word in the OpenAPI document (`x-acts`) and docs/ACTING.md.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Acts => "acts",
            Self::Decides => "decides",
            Self::Stored => "stored",
            Self::Is => "is",
        }
    }
}

/// One member.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// Its path: `noAnswer.intAction`.
    pub path: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether null is a value.
    pub nullable: bool,
    /// Who may change it.
    pub writer: Writer,
    /// What it does to calls today.
    pub acts: Acts,
    /// One sentence for the OpenAPI document.
    pub about: &'static str,
}

/// One row of a table of members.
pub const fn member(
    path: &'static str,
    kind: Kind,
    nullable: bool,
    writer: Writer,
    acts: Acts,
    about: &'static str,
) -> Member {
    Member { path, kind, nullable, writer, acts, about }
}

/// Members of a resource that aren't known here, kept as they were sent and without effect. Hardly any
/// resource has some, so that none take a word.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(from = "Members", into = "Members")]
pub struct Extra(Option<Box<Members>>);

type Members = serde_json::Map<String, serde_json::Value>;

impl From<Members> for Extra {
    fn from(members: Members) -> Self {
        Self((!members.is_empty()).then(|| Box::new(members)))
    }
}

impl From<Extra> for Members {
    fn from(extra: Extra) -> Self {
        extra.0.map(|members| *members).unwrap_or_default()
    }
}
