//! The XML namespaces that messages use.

/// The namespace of every DUIS element.
pub const NAMESPACE: &str = "http://www.dccinterface.co.uk/ServiceUserGateway";

/// The namespace of XML signatures.
pub(crate) const SIGNATURE_NAMESPACE: &str = "http://www.w3.org/2000/09/xmldsig#";

/// The versions of the DUIS XML Schema whose messages are read: those whose services and body elements are known to be
/// the same 129.
pub(crate) const SCHEMA_VERSIONS: [&str; 4] = ["5.0", "5.1", "5.3", "5.4"];
