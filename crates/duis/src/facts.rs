//! A message and an inventory to requests: everything that is known, and nothing that is not.

use jiff::civil::Date;
use meterwarden::Request;

use crate::error::{ErrorKind, MessageError};
use crate::eui::Eui64;
use crate::inventory::{Device, Inventory, Lookup};
use crate::links::metering_points;
use crate::message::Message;
use crate::service::Detail;

/// The date by which a request asks to withdraw one that is still to be carried out.
const CANCELLATION: Date = Date::constant(3000, 12, 31);

/// What does not apply is stated as such.
const NOT_APPLICABLE: &str = "NotApplicable";

/// What is asked for one device, in each role in which it may be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SubjectRequests {
    /// The device; `None`, if the message is about none.
    pub device: Option<Eui64>,
    /// One request a User Role of the originator, in the order of the inventory; never empty.
    pub requests: Vec<Request>,
}

/// What a message asks for: an entry for each device that it is about, in its order.
///
/// A message about no device has one entry. A 6.24.1 that asks for the credentials of several
/// parties has an entry for each of them. `at` is the day of receipt; it, not the message, chooses
/// the law.
///
/// # Errors
///
/// An originator that is no party of the inventory or holds no role, and an inventory that does not
/// answer; the place is that of the message's `RequestID`.
pub fn requests(
    message: &Message,
    inventory: &dyn Inventory,
    at: Date,
) -> Result<Vec<SubjectRequests>, MessageError> {
    let fail = |kind| MessageError { place: message.request_id_place, kind };
    let originator = message.originator;
    let away = |wrong: Box<dyn std::error::Error + Send + Sync>| {
        fail(ErrorKind::Inventory(crate::error::quote(&wrong.to_string())))
    };
    let roles = inventory.roles(originator).map_err(away)?;
    let roles = roles.ok_or_else(|| fail(ErrorKind::UnknownOriginator(originator)))?;
    if roles.is_empty() {
        return Err(fail(ErrorKind::NoRole(originator)));
    }
    let asked = Asked { message, inventory, roles: &roles, at };
    asked.subjects().map_err(away)
}

/// One message being asked about.
struct Asked<'a> {
    message: &'a Message,
    inventory: &'a dyn Inventory,
    roles: &'a [String],
    at: Date,
}

/// What the inventory says of a subject; its metering points are looked up once for all roles.
enum Subject {
    Nothing,
    Absent,
    Held { device: Device, mpxns: Vec<String>, id: Eui64 },
}

impl Asked<'_> {
    fn subjects(&self) -> Lookup<Vec<SubjectRequests>> {
        let other = self.other()?;
        let mut subjects = Vec::new();
        if self.message.subjects.is_empty() {
            self.subject(None, &other, &mut subjects)?;
        }
        for device in &self.message.subjects {
            self.subject(Some(*device), &other, &mut subjects)?;
        }
        Ok(subjects)
    }

    fn subject(
        &self,
        device: Option<Eui64>,
        other: &Other,
        subjects: &mut Vec<SubjectRequests>,
    ) -> Lookup<()> {
        let subject = self.look_up(device)?;
        for detail in self.details() {
            let requests = self.roles.iter().map(|role| self.request(role, &subject, other, detail));
            let requests = requests.collect::<Lookup<_>>()?;
            subjects.push(SubjectRequests { device, requests });
        }
        Ok(())
    }

    /// Each value of the element that the policy may ask for; one entry without, if the message has
    /// none.
    fn details(&self) -> Vec<Option<&str>> {
        match self.message.details.as_slice() {
            [] => vec![None],
            values => values.iter().map(|value| Some(value.as_str())).collect(),
        }
    }

    fn look_up(&self, device: Option<Eui64>) -> Lookup<Subject> {
        let Some(id) = device else {
            return Ok(Subject::Nothing);
        };
        let Some(device) = self.inventory.device(id)? else {
            return Ok(Subject::Absent);
        };
        let mpxns = metering_points(self.inventory, id, &device)?;
        Ok(Subject::Held { device: device.into_owned(), mpxns, id })
    }

    fn request(&self, role: &str, subject: &Subject, other: &Other, detail: Option<&str>) -> Lookup<Request> {
        let message = self.message;
        let mut request = Request::new(message.service.variant, self.at).value("role", role);
        if let Some(fields) = &message.fields {
            request = request.set("fields", fields);
        }
        request = match subject {
            Subject::Nothing => request
                .set("relation", [""; 0])
                .value("status", NOT_APPLICABLE)
                .value("device", NOT_APPLICABLE)
                .value("generation", NOT_APPLICABLE),
            Subject::Absent => request.value("status", "Absent"),
            Subject::Held { device, mpxns, id } => request
                .set("relation", self.relation(role, device, mpxns, *id)?)
                .value("status", status(device))
                .value("device", &device.device_type)
                .value("generation", device.generation.as_deref().unwrap_or("Unknown")),
        };
        request =
            request.value("variant", message.command_variant.to_string()).value("timing", self.timing());
        request = other.state(request);
        Ok(self.state_details(request, detail))
    }

    /// What the originator is to the device, on the date the request takes effect.
    fn relation(
        &self,
        role: &str,
        device: &Device,
        mpxns: &[String],
        id: Eui64,
    ) -> Lookup<Vec<&'static str>> {
        let (party, on) = (self.message.originator, self.effective());
        let mut relation = Vec::new();
        for mpxn in mpxns {
            if self.inventory.registered(mpxn, role, party, on)? {
                relation.push("registered");
                break;
            }
        }
        if device.pre_notifier == Some(party) {
            relation.push("pre-notifier");
        }
        if self.inventory.nominated(id, party, on)? {
            relation.push("nominated");
        }
        Ok(relation)
    }

    /// The date that responsibility is asked for: when it is carried out, if that is yet to come.
    fn effective(&self) -> Date {
        let execution = self.message.execution.filter(|date| *date > self.at && *date != CANCELLATION);
        execution.unwrap_or(self.at)
    }

    fn timing(&self) -> &'static str {
        let future = |date| date >= self.at || date == CANCELLATION;
        if self.message.execution.is_some_and(future) { "FutureDated" } else { "Immediate" }
    }

    fn other(&self) -> Lookup<Other> {
        Ok(match (self.message.service.other, self.message.other_device) {
            (None, _) => Other::Nothing,
            (Some(_), None) => Other::Hidden,
            (Some(_), Some(id)) => match self.inventory.device(id)? {
                None => Other::Absent,
                Some(device) => Other::Held(device.into_owned()),
            },
        })
    }

    fn state_details(&self, request: Request, value: Option<&str>) -> Request {
        let kinds: [(&str, &[Detail]); 3] = [
            ("schedules", &[Detail::Schedules]),
            ("credential", &[Detail::Credential, Detail::Credentials]),
            ("log-change", &[Detail::LogChange]),
        ];
        kinds.into_iter().fold(request, |request, (attribute, details)| {
            let applies = self.message.service.detail.is_some_and(|detail| details.contains(&detail));
            match (applies, value) {
                (false, _) => request.value(attribute, NOT_APPLICABLE),
                (true, Some(value)) => request.value(attribute, value),
                (true, None) => request,
            }
        })
    }
}

/// The second device that the body of some services names.
enum Other {
    /// This service has none.
    Nothing,
    /// It has one, in a body that cannot be read.
    Hidden,
    Absent,
    Held(Device),
}

impl Other {
    fn state(&self, request: Request) -> Request {
        match self {
            Self::Nothing => {
                request.value("other-device", NOT_APPLICABLE).value("other-status", NOT_APPLICABLE)
            }
            Self::Hidden => request,
            Self::Absent => request.value("other-status", "Absent"),
            Self::Held(device) => {
                request.value("other-device", &device.device_type).value("other-status", status(device))
            }
        }
    }
}

fn status(device: &Device) -> &str {
    device.status.as_deref().unwrap_or("NoStatus")
}
