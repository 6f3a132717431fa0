//! From a message and an inventory to requests. A request states every fact that is known, and leaves
//! out every fact that is not.

use jiff::civil::Date;
use meterwarden::Request;

use crate::error::{ErrorKind, MessageError, quote};
use crate::eui::Eui64;
use crate::inventory::{Device, Inventory, Lookup};
use crate::message::Message;
use crate::metering_points::metering_points;
use crate::service::Detail;

/// The execution date that withdraws a request which has not been carried out.
const CANCELLATION: Date = Date::constant(3000, 12, 31);

/// The value of an attribute that does not apply to the service or the device.
const NOT_APPLICABLE: &str = "NotApplicable";

/// The status of a device that the inventory does not hold.
const ABSENT: &str = "Absent";

/// The requests of a message for one device, one for each User Role of the originator.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SubjectRequests {
    /// The device; `None` if the message is about no device
    pub device: Option<Eui64>,
    /// One request for each User Role of the originator, in the order of the inventory; never empty
    pub requests: Vec<Request>,
}

/// The requests of a message: one entry for each device that it is about, in the order of the message.
///
/// A message about no device has one entry. A 6.24.1 that asks for the credentials of several parties
/// has an entry for each of them. `at` is the date of receipt; it, not a date in the message, selects
/// the rules in force.
///
/// # Errors
///
/// An originator that is not a party of the inventory or has no role, and an inventory that does not
/// answer. The place is that of the message's `RequestID`.
pub fn requests(
    message: &Message,
    inventory: &dyn Inventory,
    at: Date,
) -> Result<Vec<SubjectRequests>, MessageError> {
    let error = |kind| MessageError { place: message.request_id_place, kind };
    let lookup_error = |cause: Box<dyn std::error::Error + Send + Sync>| {
        error(ErrorKind::Inventory(quote(&cause.to_string())))
    };
    let originator = message.originator;
    let roles = inventory.roles(originator).map_err(lookup_error)?;
    let roles = roles.ok_or_else(|| error(ErrorKind::UnknownOriginator(originator)))?;
    if roles.is_empty() {
        return Err(error(ErrorKind::NoRole(originator)));
    }
    let builder = RequestBuilder { message, inventory, roles: &roles, at };
    builder.all_subjects().map_err(lookup_error)
}

/// Makes the requests of one message.
struct RequestBuilder<'a> {
    message: &'a Message,
    inventory: &'a dyn Inventory,
    roles: &'a [String],
    at: Date,
}

/// The inventory's facts about a device. Its metering points are looked up once for all roles.
enum DeviceFacts {
    /// The message is about no device.
    NoDevice,
    /// The inventory does not hold the device.
    Absent,
    Present {
        id: Eui64,
        device: Device,
        mpxns: Vec<String>,
    },
}

impl RequestBuilder<'_> {
    fn all_subjects(&self) -> Lookup<Vec<SubjectRequests>> {
        let other_device = self.look_up_other_device()?;
        let mut subjects = Vec::new();
        if self.message.subjects.is_empty() {
            self.add_subject(None, &other_device, &mut subjects)?;
        }
        for device in &self.message.subjects {
            self.add_subject(Some(*device), &other_device, &mut subjects)?;
        }
        Ok(subjects)
    }

    /// Adds an entry for a device, or one for each value of the detail.
    fn add_subject(
        &self,
        device: Option<Eui64>,
        other_device: &OtherDevice,
        subjects: &mut Vec<SubjectRequests>,
    ) -> Lookup<()> {
        let facts = self.look_up_device(device)?;
        for detail in self.details() {
            let requests = self.roles.iter().map(|role| self.request(role, &facts, other_device, detail));
            let requests = requests.collect::<Lookup<_>>()?;
            subjects.push(SubjectRequests { device, requests });
        }
        Ok(())
    }

    /// The values of the message's detail; a single `None` if it has none.
    fn details(&self) -> Vec<Option<&str>> {
        match self.message.details.as_slice() {
            [] => vec![None],
            values => values.iter().map(|value| Some(value.as_str())).collect(),
        }
    }

    fn look_up_device(&self, id: Option<Eui64>) -> Lookup<DeviceFacts> {
        let Some(id) = id else {
            return Ok(DeviceFacts::NoDevice);
        };
        let Some(device) = self.inventory.device(id)? else {
            return Ok(DeviceFacts::Absent);
        };
        let mpxns = metering_points(self.inventory, id, &device)?;
        Ok(DeviceFacts::Present { id, device: device.into_owned(), mpxns })
    }

    fn look_up_other_device(&self) -> Lookup<OtherDevice> {
        Ok(match (self.message.service.other, self.message.other_device) {
            (None, _) => OtherDevice::NotApplicable,
            (Some(_), None) => OtherDevice::NotStated,
            (Some(_), Some(id)) => match self.inventory.device(id)? {
                None => OtherDevice::Absent,
                Some(device) => OtherDevice::Present(device.into_owned()),
            },
        })
    }

    /// The request in one role.
    fn request(
        &self,
        role: &str,
        device: &DeviceFacts,
        other_device: &OtherDevice,
        detail: Option<&str>,
    ) -> Lookup<Request> {
        let message = self.message;
        let mut request = Request::new(message.service.variant, self.at).value("role", role);
        if let Some(fields) = &message.fields {
            request = request.set("fields", fields);
        }
        request = match device {
            DeviceFacts::NoDevice => request
                .set("relation", [""; 0])
                .value("status", NOT_APPLICABLE)
                .value("device", NOT_APPLICABLE)
                .value("generation", NOT_APPLICABLE),
            DeviceFacts::Absent => request.value("status", ABSENT),
            DeviceFacts::Present { id, device, mpxns } => request
                .set("relation", self.relation(role, *id, device, mpxns)?)
                .value("status", status(device))
                .value("device", &device.device_type)
                .value("generation", device.generation.as_deref().unwrap_or("Unknown")),
        };
        request =
            request.value("variant", message.command_variant.to_string()).value("timing", self.timing());
        request = other_device.state(request);
        Ok(self.state_details(request, detail))
    }

    /// The relation of the originator to the device on the date on which the request takes effect.
    fn relation(
        &self,
        role: &str,
        id: Eui64,
        device: &Device,
        mpxns: &[String],
    ) -> Lookup<Vec<&'static str>> {
        let (party, on) = (self.message.originator, self.effective_date());
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

    /// The date for which responsibility is tested: the execution date if it is in the future, otherwise
    /// the date of receipt. The schema has an execution date in every Signed Pre-Command, whatever its
    /// service; where the service cannot be future dated, it chooses nothing.
    fn effective_date(&self) -> Date {
        let is_effective =
            |date: &Date| self.message.service.future_dated && *date > self.at && *date != CANCELLATION;
        self.message.execution.filter(is_effective).unwrap_or(self.at)
    }

    fn timing(&self) -> &'static str {
        let is_future = |date| date >= self.at || date == CANCELLATION;
        if self.message.execution.is_some_and(is_future) { "FutureDated" } else { "Immediate" }
    }

    /// States the attributes of details. A detail that the service has but the message hides is left
    /// out.
    fn state_details(&self, request: Request, value: Option<&str>) -> Request {
        let attributes: [(&str, &[Detail]); 3] = [
            ("schedules", &[Detail::Schedules]),
            ("credential", &[Detail::Credential, Detail::Credentials]),
            ("log-change", &[Detail::LogChange]),
        ];
        attributes.into_iter().fold(request, |request, (attribute, details)| {
            let applies = self.message.service.detail.is_some_and(|detail| details.contains(&detail));
            match (applies, value) {
                (false, _) => request.value(attribute, NOT_APPLICABLE),
                (true, Some(value)) => request.value(attribute, value),
                (true, None) => request,
            }
        })
    }
}

/// The second device that the body of some services names
enum OtherDevice {
    /// The service has no second device.
    NotApplicable,
    /// The service has one, but a `SignedPreCommand` hides it.
    NotStated,
    /// The inventory does not hold the device.
    Absent,
    Present(Device),
}

impl OtherDevice {
    fn state(&self, request: Request) -> Request {
        match self {
            Self::NotApplicable => {
                request.value("other-device", NOT_APPLICABLE).value("other-status", NOT_APPLICABLE)
            }
            Self::NotStated => request,
            Self::Absent => request.value("other-status", ABSENT),
            Self::Present(device) => {
                request.value("other-device", &device.device_type).value("other-status", status(device))
            }
        }
    }
}

fn status(device: &Device) -> &str {
    device.status.as_deref().unwrap_or("NoStatus")
}
