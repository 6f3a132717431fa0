//! From a message and an inventory to requests. A request states every fact that is known, and leaves
//! out every fact that is not.

use std::collections::BTreeSet;

use jiff::civil::Date;
use meterwarden::policy::{Edge, Moment, Service};
use meterwarden::{Policy, Request};

use crate::error::{ErrorKind, MessageError, quote};
use crate::eui::Eui64;
use crate::home::{MeteringPoints, SAME_DEVICE, link_of, metering_points};
use crate::inventory::{Device, Facts, Inventory, Listed, Part, Question};
use crate::limits::MAX_VALUES;
use crate::message::Message;
use crate::service::{Detail, Subject};
use crate::times::Times;

/// The attribute whose values are the elements of the body.
pub(crate) const FIELDS: &str = "fields";

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
/// The policy states with `from` which of its attributes are texts of elements. A 6.24.1 may state several
/// Remote Party Roles, and has an entry for each; any other element that the policy reads occurs once. In a body
/// without the element, and in the services for which the policy has no such line, the attribute is
/// `NotApplicable`. If a `SignedPreCommand` hides the body, it is not stated.
///
/// A message about no device has one entry. `at` is the receipt, an instant or a day of the rules; it, not a time
/// in the message, selects the rules in force. The clock of the policy says on which day an instant is.
///
/// # Errors
///
/// An originator that is not a party of the inventory or has no role, a request for the DCC that is
/// addressed to another, and an inventory that does not answer. The place is that of the message's
/// `RequestID`. Also the errors of [`Message::texts`], for an element that the policy reads, and a time of
/// execution that the clock of the policy does not allow.
pub fn requests(
    message: &Message,
    policy: &Policy,
    inventory: &dyn Inventory,
    at: impl Into<Moment>,
) -> Result<Vec<SubjectRequests>, MessageError> {
    Ok(each_subject(message, policy, inventory, at.into())?.collect())
}

/// The entries of [`requests`], each made when it is asked for: together, those of 50,000 devices are large.
pub(crate) fn each_subject<'a>(
    message: &'a Message,
    policy: &'a Policy,
    inventory: &'a dyn Inventory,
    at: Moment,
) -> Result<impl Iterator<Item = SubjectRequests> + use<'a>, MessageError> {
    let error = |kind| MessageError { place: message.request_id_place, kind };
    let times = Times::of(message, policy.clock(), at)?;
    let mut devices: Vec<Eui64> = message.subjects.iter().copied().chain(message.other_device).collect();
    devices.sort_unstable();
    devices.dedup();
    let question = Question { originator: message.originator, devices: &devices, on: times.effective };
    let facts = inventory.facts(&question);
    let facts = facts.map_err(|cause| error(ErrorKind::Inventory(quote(&cause.to_string()))))?;
    if message.service.subject != Subject::Target {
        if facts.dcc.is_empty() {
            return Err(error(ErrorKind::NoDcc(message.service.variant)));
        }
        if !facts.dcc.contains(&message.target) {
            let (target, variant) = (message.target, message.service.variant);
            return Err(error(ErrorKind::NotDcc { target, variant }));
        }
    }
    match &facts.roles {
        None => return Err(error(ErrorKind::UnknownOriginator(message.originator))),
        Some(roles) if roles.is_empty() => return Err(error(ErrorKind::NoRole(message.originator))),
        Some(_) => {}
    }
    let builder = RequestBuilder { message, policy, facts, texts: texts(message, policy)?, times };
    let no_device = message.subjects.is_empty().then_some(None);
    let devices = message.subjects.iter().map(|device| Some(*device)).chain(no_device);
    Ok(devices.flat_map(move |device| builder.subject(device)))
}

/// Makes the requests of one message.
struct RequestBuilder<'a> {
    message: &'a Message,
    policy: &'a Policy,
    facts: Facts<'a>,
    /// The texts of elements that each entry of a device states; at least one entry
    texts: Vec<Texts<'a>>,
    times: Times,
}

/// The attributes that are texts of elements, in check order; `None` for one that is not stated
type Texts<'a> = Vec<(&'a str, Option<&'a str>)>;

/// The texts that a policy reads: one list for each combination of them.
fn texts<'a>(message: &'a Message, policy: &'a Policy) -> Result<Vec<Texts<'a>>, MessageError> {
    let mut lists: Vec<Texts<'a>> = vec![Vec::new()];
    let Some(service) = policy.service(message.service.variant) else { return Ok(lists) };
    let read = policy.services().iter().flat_map(Service::element_values).map(|(attribute, _)| attribute);
    for index in read.collect::<BTreeSet<usize>>() {
        let Some(attribute) = policy.attributes().get(index) else { continue };
        let path = service.element_values().find(|(attribute, _)| *attribute == index).map(|(_, path)| path);
        let values: Vec<Option<&str>> = match path {
            None => vec![Some(NOT_APPLICABLE)],
            Some(_) if message.signed => vec![None],
            Some(path) => match message.texts(path)? {
                [] => vec![Some(NOT_APPLICABLE)],
                texts if texts.iter().any(|text| text == NOT_APPLICABLE) => {
                    let kind = ErrorKind::NotAText { text: NOT_APPLICABLE, path: path.to_owned() };
                    return Err(MessageError { place: message.request_id_place, kind });
                }
                texts => texts.iter().map(|text| Some(text.as_str())).collect(),
            },
        };
        if lists.len() * values.len() > MAX_VALUES {
            let kind = ErrorKind::TooMany("combinations of values that the policy reads", MAX_VALUES);
            return Err(MessageError { place: message.request_id_place, kind });
        }
        let name = attribute.name.as_str();
        let with = |list: &Texts<'a>, value: &Option<&'a str>| [list.as_slice(), &[(name, *value)]].concat();
        lists = lists.iter().flat_map(|list| values.iter().map(|value| with(list, value))).collect();
    }
    Ok(lists)
}

/// What is known about a device. Its metering points are looked up once for all roles.
enum DeviceFacts<'f> {
    /// The message is about no device.
    NoDevice,
    /// The device does not exist.
    Absent,
    /// The inventory does not list the device, and does not claim to list all devices.
    Unknown,
    Present {
        id: Eui64,
        listed: &'f Listed<'f>,
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
    /// The entries for a device: one for each combination of texts that the policy reads.
    fn subject(&self, device: Option<Eui64>) -> Vec<SubjectRequests> {
        let facts = self.device_facts(device);
        let other_device = self.other_device(device, &facts);
        let entry = |texts: &Texts<'_>| {
            let roles = self.facts.roles.iter().flat_map(|roles| roles.iter());
            let requests = roles.map(|role| self.request(role, &facts, &other_device, texts)).collect();
            SubjectRequests { device, detail: self.detail(texts), requests }
        };
        self.texts.iter().map(entry).collect()
    }

    /// What distinguishes the entries of one device: a 6.24.1 asks for the credentials of several parties.
    fn detail(&self, texts: &Texts<'_>) -> Option<String> {
        self.message.service.detail.filter(|detail| *detail == Detail::Credentials)?;
        let values = texts.iter().filter_map(|(_, value)| *value).filter(|value| *value != NOT_APPLICABLE);
        let values: Vec<&str> = values.collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    fn device_facts(&self, id: Option<Eui64>) -> DeviceFacts<'_> {
        let Some(id) = id else {
            return DeviceFacts::NoDevice;
        };
        match self.facts.devices.get(&id) {
            Some(listed) => DeviceFacts::Present { id, listed, points: metering_points(&self.facts, listed) },
            None if self.facts.is_complete(Part::Devices) => DeviceFacts::Absent,
            None => DeviceFacts::Unknown,
        }
    }

    fn other_device(&self, id: Option<Eui64>, device: &DeviceFacts<'_>) -> OtherDevice<'_> {
        let other_id = match (self.message.service.other, self.message.other_device) {
            (None, _) => return OtherDevice::NotApplicable,
            (Some(_), None) => return OtherDevice::NotStated,
            (Some(_), Some(other_id)) => other_id,
        };
        let Some(other) = self.facts.devices.get(&other_id) else {
            let has_all = self.facts.is_complete(Part::Devices);
            return if has_all { OtherDevice::Absent } else { OtherDevice::NotStated };
        };
        let link = match device {
            _ if id == Some(other_id) => Some(SAME_DEVICE),
            DeviceFacts::Present { id, listed, .. } => link_of(&self.facts, (*id, listed), (other_id, other)),
            _ => None,
        };
        OtherDevice::Present { device: &other.device, link }
    }

    /// The request in one role.
    fn request(
        &self,
        role: &str,
        device: &DeviceFacts<'_>,
        other_device: &OtherDevice<'_>,
        texts: &Texts<'_>,
    ) -> Request {
        let message = self.message;
        let mut request = Request::new(message.service.variant, self.times.received).value("role", role);
        if let Some(fields) = &message.fields {
            request = request.set(FIELDS, fields.iter().map(|path| format!("/{path}")));
        }
        request = match device {
            DeviceFacts::NoDevice => request
                .set("relation", [""; 0])
                .value("status", NOT_APPLICABLE)
                .value("device", NOT_APPLICABLE)
                .value("generation", NOT_APPLICABLE),
            DeviceFacts::Absent => request.value("status", ABSENT),
            DeviceFacts::Unknown => request,
            DeviceFacts::Present { id, listed, points } => {
                let device = &*listed.device;
                let relation = self.relation(role, *id, device, points);
                self.state_status(state_relation(request, &relation), "status", device)
                    .value("device", &*device.device_type)
                    .value("generation", device.generation.as_deref().unwrap_or("Unknown"))
            }
        };
        request =
            request.value("variant", message.command_variant.to_string()).value("timing", self.times.timing);
        request = self.state_other_device(request, other_device);
        request = self.state_named_point(request, device);
        let state = |request: Request, (attribute, value): &(&str, Option<&str>)| match value {
            Some(value) => request.value(*attribute, *value),
            None => request,
        };
        texts.iter().fold(request, state)
    }

    /// The relation of the originator to the device on the date on which the request takes effect.
    fn relation(
        &self,
        role: &str,
        id: Eui64,
        device: &Device,
        points: &MeteringPoints,
    ) -> [(&'static str, Known); 3] {
        let is_pre_notifier = match device.pre_notifier {
            Some(pre_notifier) => Known::listed(pre_notifier == self.message.originator, true),
            None => Known::listed(false, self.facts.is_complete(Part::PreNotifiers)),
        };
        let is_nominated = self.facts.nominated.contains(&id);
        [
            ("registered", self.is_registered(role, points)),
            ("pre-notifier", is_pre_notifier),
            ("nominated", Known::listed(is_nominated, self.facts.is_complete(Part::Nominations))),
        ]
    }

    /// Whether the originator holds one of the metering points in a role. It is known not to if another party does, for
    /// each of the points, or if the inventory has all registrations.
    fn is_registered(&self, role: &str, points: &MeteringPoints) -> Known {
        let has_all = self.facts.is_complete(Part::Registrations);
        let mut known = if points.are_all { Known::No } else { Known::Unknown };
        for (mpxn, supply) in &points.points {
            let Some(registered_role) = supply.registered_role(role) else { continue };
            match self.facts.registrant(*mpxn, registered_role) {
                Some(registrant) if registrant == self.message.originator => return Known::Yes,
                None if !has_all => known = Known::Unknown,
                _ => {}
            }
        }
        known
    }

    fn state_other_device(&self, request: Request, other_device: &OtherDevice<'_>) -> Request {
        match other_device {
            OtherDevice::NotApplicable => request
                .value("other-device", NOT_APPLICABLE)
                .value("other-status", NOT_APPLICABLE)
                .value("other-link", NOT_APPLICABLE),
            OtherDevice::NotStated => request,
            OtherDevice::Absent => request.value("other-status", ABSENT),
            OtherDevice::Present { device, link } => {
                let request = request.value("other-device", &*device.device_type);
                let request = self.state_status(request, "other-status", device);
                match link {
                    Some(link) => request.value("other-link", *link),
                    None => request,
                }
            }
        }
    }

    /// States the status of a device, if it is known.
    fn state_status(&self, request: Request, attribute: &str, device: &Device) -> Request {
        match &device.status {
            Some(status) => request.value(attribute, &**status),
            None if lacks_status(self.policy, &device.device_type, self.times.received) => {
                request.value(attribute, "NoStatus")
            }
            None => request,
        }
    }

    /// States whether the metering point that the body names is one of the device itself. It is left out
    /// if the message hides it or the inventory has no metering point of the device.
    fn state_named_point(&self, request: Request, device: &DeviceFacts<'_>) -> Request {
        let own = match device {
            DeviceFacts::Present { listed, .. } => listed.device.points.as_slice(),
            _ => &[],
        };
        match (self.message.service.point, &self.message.named_point) {
            (None, _) => request.value("named-point", NOT_APPLICABLE),
            (Some(_), Some(named)) if own.iter().any(|point| point.mpxn.as_str() == named) => {
                request.value("named-point", "Own")
            }
            (Some(_), Some(_)) if !own.is_empty() => request.value("named-point", "Other"),
            _ => request,
        }
    }
}

/// The second device that the body of some services names
enum OtherDevice<'f> {
    /// The service has no second device.
    NotApplicable,
    /// The service has one, but a `SignedPreCommand` hides it, or the inventory does not know it.
    NotStated,
    /// The device does not exist.
    Absent,
    Present {
        device: &'f Device,
        link: Option<&'static str>,
    },
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

/// The Device Types of a policy, in its group of this name, whose devices have no status
const WITHOUT_STATUS: &str = "without-status";

/// Whether the policy says that the devices of a type have no status.
fn lacks_status(policy: &Policy, device_type: &str, on: Date) -> bool {
    let index = policy.attributes().iter().position(|attribute| attribute.name == "device");
    let Some((index, attribute)) = index.and_then(|index| Some((index, policy.attributes().get(index)?)))
    else {
        return false;
    };
    let groups = policy.groups_of(index).filter(|group| group.name == WITHOUT_STATUS);
    let mut items = groups.flat_map(|group| &group.items).filter(|item| item.window().contains(Edge::On(on)));
    items.any(|item| attribute.values.get(item.value as usize).is_some_and(|value| value.name == device_type))
}
