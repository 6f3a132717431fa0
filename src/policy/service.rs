//! Services, their fields, and the rules that cover them.

use super::source::Span;
use super::window::{Edge, Window};

/// A Service Reference Variant, as its rules see it.
#[derive(Clone, Debug)]
pub struct Service {
    /// `8.4`
    pub name: String,
    /// `Update Inventory`
    pub text: String,
    /// The `///` lines above it.
    pub doc: String,
    /// Its tags, as indices in the policy's list.
    pub tags: Vec<usize>,
    /// The fields that its rules may name; `None` if the service has no `fields` line, so that no rule reads the body.
    pub fields: Option<Vec<Field>>,
    /// The attributes that are the text of an element of the body.
    pub texts: Vec<ElementText>,
    /// Why nobody may send the service.
    pub closed: Option<String>,
    /// The rules that may cover the service, in policy order, and when they do.
    pub rules: Vec<Covered>,
    /// The name in the declaration.
    pub span: Span,
}

impl Service {
    /// The field at a place, which is given as the names of the elements from below the body element down to the field
    /// itself; `None` if the service declares no such element.
    ///
    /// ```
    /// # use meterwarden::{Policy, Source};
    /// # let rules = r#"
    /// #     attribute role "User Role" { refuse E2 "not this role"  IS }
    /// #     set attribute fields "what the body asks for" { refuse unassigned "not these elements" }
    /// #     service 8.4 "Update Inventory" {
    /// #         fields  DeleteDevice, UpdateMPxN { ImportMPxN, ExportMPAN }
    /// #         permit export "…" { role IS  fields only ExportMPAN  source "an example" }
    /// #     }
    /// # "#;
    /// # let policy = Policy::from_sources(vec![Source::new("example.rules", rules)])?;
    /// let service = policy.service("8.4").ok_or("no such service")?;
    /// let name_at = |path: &[&str]| service.field_at(path).map(|field| field.name.as_str());
    /// assert_eq!(name_at(&["UpdateMPxN", "ExportMPAN"]), Some("ExportMPAN"));
    /// assert_eq!(name_at(&["ExportMPAN"]), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn field_at(&self, path: &[&str]) -> Option<&Field> {
        self.fields.iter().flatten().find(|field| field.path().split('/').eq(path.iter().copied()))
    }

    /// Whether the service declares elements inside a field.
    pub fn has_inside(&self, field: &Field) -> bool {
        let inside = |place: &str| place.strip_prefix(&field.place).is_some_and(|rest| rest.starts_with('/'));
        self.fields.iter().flatten().any(|other| inside(&other.place))
    }

    /// The attributes that are the text of an element of the body, each as its index in checking order, with the path of
    /// the element: `UpdateDeviceDetails/ESMEVariant`.
    pub fn element_values(&self) -> impl Iterator<Item = (usize, &str)> {
        self.texts.iter().map(|text| (text.attribute, text.path.as_str()))
    }

    /// When each field is declared.
    pub fn field_windows(&self) -> impl Iterator<Item = &Window> {
        self.fields.iter().flatten().map(|field| &field.window)
    }
}

/// An element of the body that a service declares, at its place. If other fields are inside it, a request has the field
/// only where the element contains no element.
#[derive(Clone, Debug)]
pub struct Field {
    /// What rules and requests call it: its element, `ESMEVariant`, if the service declares an element of that name at
    /// this place only. Otherwise its path, `UpdateMPxN/ExportMPAN`; if no element contains it, with `/` before it.
    pub name: String,
    /// Its place: `/` and its path, `/UpdateDeviceDetails/ESMEVariant`.
    pub place: String,
    /// When it is declared. Never while an element that contains it is not.
    pub window: Window,
    /// The name in the `fields` line.
    pub span: Span,
}

impl Field {
    /// The names of the elements from below the body element down to the field, joined by `/`:
    /// `UpdateDeviceDetails/ESMEVariant`
    pub fn path(&self) -> &str {
        self.place.strip_prefix('/').unwrap_or(&self.place)
    }

    /// Its own element: `ESMEVariant`
    pub fn element(&self) -> &str {
        self.place.rsplit('/').next().unwrap_or_default()
    }
}

/// An attribute that is the text of an element of the body.
#[derive(Clone, Debug)]
pub struct ElementText {
    /// The attribute, as an index in checking order.
    pub attribute: usize,
    /// The names of the elements from below the body element down to the element, joined by `/`.
    pub path: String,
    /// The line in the text.
    pub span: Span,
}

/// A rule that covers a service on every date that any window of `covered` contains and no window of `left_out`.
#[derive(Clone, Debug)]
pub struct Covered {
    /// The rule, as an index in the policy's list.
    pub rule: usize,
    /// When the rule's `services` line names the service.
    pub covered: Vec<Window>,
    /// When the rule's `except` names the service.
    pub left_out: Vec<Window>,
}

impl Covered {
    /// Whether the rule covers the service at a time.
    pub fn holds(&self, at: Edge) -> bool {
        let any = |windows: &[Window]| windows.iter().any(|window| window.contains(at));
        any(&self.covered) && !any(&self.left_out)
    }
}
