//! The project's own documents, compiled in, for an agent to read.

/// A document.
pub struct Document {
    pub name: &'static str,
    pub title: &'static str,
    pub description: &'static str,
    pub text: &'static str,
}

pub const DOCUMENTS: [Document; 3] = [
    Document {
        name: "spec",
        title: "Specification",
        description: "Units, batches, the clearing rule, escrow, leases, the API and its error codes.",
        text: include_str!("../../../../docs/SPEC.md"),
    },
    Document {
        name: "privacy",
        title: "Who learns what",
        description: "What is hidden from whom, for how long, and what gives an order away. Read it before a large \
                      order.",
        text: include_str!("../../../../docs/PRIVACY.md"),
    },
    Document {
        name: "security",
        title: "Whom you trust with what",
        description: "What the chain enforces, what it does not, and what a stolen key can do.",
        text: include_str!("../../../../SECURITY.md"),
    },
];

pub fn find(name: &str) -> Option<&'static Document> {
    DOCUMENTS.iter().find(|document| document.name == name)
}
