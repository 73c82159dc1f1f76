use serde::{Deserialize, Serialize};

/// Names a report: made from its original's BLAKE3 and its location, so the
/// same bytes at the same place always have the same id. Written as 12
/// hexadecimal digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReportId(pub [u8; 6]);

impl std::fmt::Display for ReportId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}

impl From<ReportId> for String {
    fn from(id: ReportId) -> Self {
        id.to_string()
    }
}

impl TryFrom<String> for ReportId {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        ReportId::parse(&text).ok_or_else(|| format!("`{text}` is not a report id"))
    }
}

impl ReportId {
    /// Reads the written form back.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 12 || !text.is_ascii() {
            return None;
        }
        let mut out = [0; 6];
        for (i, byte) in out.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).ok()?;
        }
        Some(ReportId(out))
    }
}

/// A claim: the report it stands in and its index in [`crate::Reading::claims`].
/// Written `REPORT.cN`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ClaimId {
    /// The report.
    pub report: ReportId,
    /// Index in the reading's claims.
    pub index: u32,
}

impl std::fmt::Display for ClaimId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.c{}", self.report, self.index)
    }
}

/// An entity across reports, named by its first member: a report and an index
/// in that reading's [`crate::Analysis::entities`]. Written `REPORT.eN`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EntityId {
    /// The report of the first member.
    pub report: ReportId,
    /// Index in that reading's entities.
    pub index: u32,
}

impl std::fmt::Display for EntityId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.e{}", self.report, self.index)
    }
}
