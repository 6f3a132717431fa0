//! From a message and an inventory to requests. A request states every fact that is known, and leaves
//! out every fact that is not.

use jiff::civil::Date;
use meterwarden::Request;

use crate::error::{ErrorKind, MessageError, quote};
use crate::eui::Eui64;
use crate::home::{MeteringPoints, SAME_DEVICE, link_of, metering_points};
use crate::inventory::{Device, Inventory, Lookup, Part};
use crate::message::Message;
use crate::service::{Detail, Subject};

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
    /// What else the message names for this entry: a Remote Party Role of 6.24.1, which asks for the
    /// credentials of several. `None` for messages that name one thing or nothing
    pub detail: Option<String>,
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
/// An originator that is not a party of the inventory or has no role, a request for the DCC that is
/// addressed to another, and an inventory that does not answer. The place is that of the message's
/// `RequestID`.
pub fn requests(
    message: &Message,
    inventory: &dyn Inventory,
    at: Date,
) -> Result<Vec<SubjectRequests>, MessageError> {
    let error = |kind| MessageError { place: message.request_id_place, kind };
    let lookup_error = |cause: Box<dyn std::error::Error + Send + Sync>| {
        error(ErrorKind::Inventory(quote(&cause.to_string())))
    };
    if message.service.subject != Subject::Target {
        let dcc = inventory.dcc().map_err(lookup_error)?;
        if dcc.is_empty() {
            return Err(error(ErrorKind::NoDcc(message.service.variant)));
        }
        if !dcc.contains(&message.target) {
            let (target, variant) = (message.target, message.service.variant);
            return Err(error(ErrorKind::NotDcc { target, variant }));
        }
    }
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
    /// The device does not exist.
    Absent,
    /// The inventory does not hold the device, and does not claim to hold all devices.
    Unknown,
    Present {
        id: Eui64,
        device: Device,
        points: MeteringPoints,
    },
}

/// Whether something holds, as far as the inventory knows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    Yes,
    No,
    Unknown,
}

impl Known {
    /// `Yes` for what the inventory lists. What it does not list is `No` if that part of the inventory is complete, and
    /// otherwise `Unknown`.
    fn listed(is_listed: bool, is_complete: bool) -> Self {
        match (is_listed, is_complete) {
            (true, _) => Self::Yes,
            (false, true) => Self::No,
            (false, false) => Self::Unknown,
        }
    }
}

impl RequestBuilder<'_> {
    fn all_subjects(&self) -> Lookup<Vec<SubjectRequests>> {
        let mut subjects = Vec::new();
        if self.message.subjects.is_empty() {
            self.add_subject(None, &mut subjects)?;
        }
        for device in &self.message.subjects {
            self.add_subject(Some(*device), &mut subjects)?;
        }
        Ok(subjects)
    }

    /// Adds an entry for a device, or one for each value of the detail.
    fn add_subject(&self, device: Option<Eui64>, subjects: &mut Vec<SubjectRequests>) -> Lookup<()> {
        let facts = self.look_up_device(device)?;
        let other_device = self.look_up_other_device(device, &facts)?;
        for detail in self.details() {
            let requests = self.roles.iter().map(|role| self.request(role, &facts, &other_device, detail));
            let requests = requests.collect::<Lookup<_>>()?;
            let detail = detail.filter(|_| self.message.service.detail == Some(Detail::Credentials));
            subjects.push(SubjectRequests { device, detail: detail.map(str::to_owned), requests });
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
            let has_all = self.inventory.is_complete(Part::Devices);
            return Ok(if has_all { DeviceFacts::Absent } else { DeviceFacts::Unknown });
        };
        let points = metering_points(self.inventory, id, &device)?;
        Ok(DeviceFacts::Present { id, device: device.into_owned(), points })
    }

    fn look_up_other_device(&self, id: Option<Eui64>, facts: &DeviceFacts) -> Lookup<OtherDevice> {
        let other_id = match (self.message.service.other, self.message.other_device) {
            (None, _) => return Ok(OtherDevice::NotApplicable),
            (Some(_), None) => return Ok(OtherDevice::NotStated),
            (Some(_), Some(other_id)) => other_id,
        };
        let Some(other) = self.inventory.device(other_id)? else {
            let has_all = self.inventory.is_complete(Part::Devices);
            return Ok(if has_all { OtherDevice::Absent } else { OtherDevice::NotStated });
        };
        let link = match facts {
            _ if id == Some(other_id) => Some(SAME_DEVICE),
            DeviceFacts::Present { id, device, .. } => {
                link_of(self.inventory, (*id, device), (other_id, &other))?
            }
            _ => None,
        };
        Ok(OtherDevice::Present { device: other.into_owned(), link })
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
            DeviceFacts::Unknown => request,
            DeviceFacts::Present { id, device, points } => {
                let relation = self.relation(role, *id, device, points)?;
                state_status(state_relation(request, &relation), "status", device)
                    .value("device", &device.device_type)
                    .value("generation", device.generation.as_deref().unwrap_or("Unknown"))
            }
        };
        request =
            request.value("variant", message.command_variant.to_string()).value("timing", self.timing());
        request = other_device.state(request);
        request = self.state_named_point(request, device);
        Ok(self.state_details(request, detail))
    }

    /// The relation of the originator to the device on the date on which the request takes effect.
    fn relation(
        &self,
        role: &str,
        id: Eui64,
        device: &Device,
        points: &MeteringPoints,
    ) -> Lookup<[(&'static str, Known); 3]> {
        let (party, on) = (self.message.originator, self.effective_date());
        let is_pre_notifier = match device.pre_notifier {
            Some(pre_notifier) => Known::listed(pre_notifier == party, true),
            None => Known::listed(false, self.inventory.is_complete(Part::PreNotifiers)),
        };
        let is_nominated = self.inventory.nominated(id, party, on)?;
        Ok([
            ("registered", self.is_registered(role, points, on)?),
            ("pre-notifier", is_pre_notifier),
            ("nominated", Known::listed(is_nominated, self.inventory.is_complete(Part::Nominations))),
        ])
    }

    /// Whether the originator held one of the metering points in a role on a date. It is known not to if
    /// another party did, for each of the points, or if the inventory has all registrations.
    fn is_registered(&self, role: &str, points: &MeteringPoints, on: Date) -> Lookup<Known> {
        let has_all = self.inventory.is_complete(Part::Registrations);
        let mut known = if points.are_all { Known::No } else { Known::Unknown };
        for mpxn in &points.mpxns {
            match self.inventory.registrant(mpxn, role, on)? {
                Some(registrant) if registrant == self.message.originator => return Ok(Known::Yes),
                None if !has_all => known = Known::Unknown,
                _ => {}
            }
        }
        Ok(known)
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

    /// States whether the metering point that the body names is one of the device itself. It is left out
    /// if the message hides it or the inventory has no metering point of the device.
    fn state_named_point(&self, request: Request, device: &DeviceFacts) -> Request {
        let own = match device {
            DeviceFacts::Present { device, .. } => device.mpxns.as_slice(),
            _ => &[],
        };
        match (self.message.service.point, &self.message.named_point) {
            (None, _) => request.value("named-point", NOT_APPLICABLE),
            (Some(_), Some(point)) if own.contains(point) => request.value("named-point", "Own"),
            (Some(_), Some(_)) if !own.is_empty() => request.value("named-point", "Other"),
            _ => request,
        }
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
    /// The service has one, but a `SignedPreCommand` hides it, or the inventory does not know it.
    NotStated,
    /// The device does not exist.
    Absent,
    Present {
        device: Device,
        link: Option<&'static str>,
    },
}

impl OtherDevice {
    fn state(&self, request: Request) -> Request {
        match self {
            Self::NotApplicable => request
                .value("other-device", NOT_APPLICABLE)
                .value("other-status", NOT_APPLICABLE)
                .value("other-link", NOT_APPLICABLE),
            Self::NotStated => request,
            Self::Absent => request.value("other-status", ABSENT),
            Self::Present { device, link } => {
                let request = request.value("other-device", &device.device_type);
                let request = state_status(request, "other-status", device);
                match link {
                    Some(link) => request.value("other-link", *link),
                    None => request,
                }
            }
        }
    }
}

/// States the relation: as a whole if all of it is known, otherwise what is known of it.
fn state_relation(request: Request, relation: &[(&'static str, Known)]) -> Request {
    let with = |known: Known| {
        relation.iter().filter(move |(_, candidate)| *candidate == known).map(|(name, _)| *name)
    };
    if with(Known::Unknown).next().is_none() {
        return request.set("relation", with(Known::Yes));
    }
    request.members("relation", with(Known::Yes), with(Known::No))
}

/// States the status of a device. *Assumed:* the Type 2 Devices, which have no status, are these two.
fn state_status(request: Request, attribute: &str, device: &Device) -> Request {
    match (&device.status, device.device_type.as_str()) {
        (Some(status), _) => request.value(attribute, status),
        (None, "IHD" | "CAD") => request.value(attribute, "NoStatus"),
        (None, _) => request,
    }
}
