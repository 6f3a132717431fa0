//! The 129 Service Reference Variants of the DUIS 5.x schema: the body element of each, and where that
//! body names devices. Who may send them is a matter of policy and is not stated here.

use serde::ser::{Serialize, Serializer};
use strsim::osa_distance;

use crate::limits::{MAX_SIMILAR_BYTES, MAX_SIMILAR_EDITS};

/// One Service Reference Variant: how its messages differ from those of the others.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Service {
    /// `6.15.1`
    pub variant: &'static str,
    /// The body element that belongs to it
    pub body: &'static str,
    /// Whether it is critical: with the Command Variants 5 to 7, the body is a `SignedPreCommand`
    pub critical: bool,
    /// Where the message names the device that it is about
    pub subject: Subject,
    /// Whether its body asks for exactly one of several things, besides a required `DeviceID`
    pub choice: bool,
    /// The child of the body element that names a second device
    pub other: Option<&'static str>,
    /// The child of the body element whose value the schema ties to the rest of the message
    pub detail: Option<Detail>,
    /// The child of the body element that names a metering point of the device
    pub point: Option<&'static str>,
    /// Whether the schema has an `ExecutionDateTime` in its body element, so that it can be future dated
    pub future_dated: bool,
}

/// Where a message names the device that it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subject {
    /// The header's target
    Target,
    /// The body's `DeviceID`; the header's target is the DCC
    DeviceId,
    /// The body's `DeviceID`, which may be absent: `5.2`, `5.3`, `8.2`
    MaybeDeviceId,
    /// Each entry of the body's `DeviceIDList`: `11.1`, `11.4`
    DeviceIdList,
    /// The message is about no device: `8.13`, `12.1`
    Nothing,
}

/// An element that the body must have, and whose value says what the rest of the message is about. What a policy reads of
/// it, it says itself, with `from`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Detail {
    /// The Service Reference Variant that a schedule will carry out: `5.1`
    Schedules,
    /// The party that the credentials belong to: `6.15.1`, `6.21`
    Credential,
    /// The parties that the credentials belong to, up to seven in one message: `6.24.1`
    Credentials,
    /// Add or Remove: `8.11`
    LogChange,
}

impl Service {
    /// The service with this variant, compared as text: `4.1` is not `4.10`.
    pub fn find(variant: &str) -> Option<&'static Service> {
        SERVICES.iter().find(|service| service.variant == variant)
    }

    /// Every service, in the order of the schema.
    pub fn all() -> &'static [Service] {
        &SERVICES
    }

    /// The Service Reference that the variant belongs to: its first two numbers.
    pub fn reference(&self) -> &'static str {
        let second_dot = self.variant.match_indices('.').nth(1);
        second_dot.map_or(self.variant, |(at, _)| self.variant.split_at(at).0)
    }

    /// The service that has this body element.
    pub(crate) fn of_body(body: &str) -> Option<&'static Service> {
        SERVICES.iter().find(|service| service.body == body)
    }

    /// The variant most similar to a text that is not a variant, for a "did you mean". Of equally
    /// similar variants, one with the same first number is preferred.
    pub(crate) fn nearest(text: &str) -> Option<&'static str> {
        if text.len() > MAX_SIMILAR_BYTES {
            return None;
        }
        let first_number = |variant: &str| variant.split('.').next().map(str::to_owned);
        let edits = |service: &Service| osa_distance(text, service.variant);
        let nearest = SERVICES.iter().min_by_key(|service| {
            let has_other_number = first_number(service.variant) != first_number(text);
            (edits(service), has_other_number)
        })?;
        (edits(nearest) <= MAX_SIMILAR_EDITS).then_some(nearest.variant)
    }
}

impl Serialize for Service {
    /// The Service Reference Variant.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.variant)
    }
}

impl Subject {
    /// The body element that names the device.
    pub(crate) fn element(self) -> Option<&'static str> {
        match self {
            Self::DeviceId | Self::MaybeDeviceId => Some("DeviceID"),
            Self::DeviceIdList => Some("DeviceIDList"),
            Self::Target | Self::Nothing => None,
        }
    }
}

impl Detail {
    /// The child of the body element that holds the value.
    pub(crate) fn element(self) -> &'static str {
        match self {
            Self::Schedules => "DSPScheduledServiceReferenceVariant",
            Self::Credential | Self::Credentials => "RemotePartyRole",
            Self::LogChange => "RequestType",
        }
    }

    /// Whether blanks at the ends of this element's text mean nothing: its type is a token of the DUIS XML Schema.
    pub(crate) fn is_token(self) -> bool {
        matches!(self, Self::Credential | Self::Credentials)
    }
}

/// A service that is addressed to a device and is not critical
const fn device(variant: &'static str, body: &'static str) -> Service {
    Service {
        variant,
        body,
        critical: false,
        subject: Target,
        choice: false,
        other: None,
        detail: None,
        point: None,
        future_dated: false,
    }
}

/// A critical service that is addressed to a device
const fn critical(variant: &'static str, body: &'static str) -> Service {
    Service { critical: true, ..device(variant, body) }
}

/// A service that is addressed to the DCC
const fn dcc(variant: &'static str, body: &'static str, subject: Subject) -> Service {
    Service { subject, ..device(variant, body) }
}

impl Service {
    const fn choice(self) -> Service {
        Service { choice: true, ..self }
    }

    const fn point(self, element: &'static str) -> Service {
        Service { point: Some(element), ..self }
    }

    const fn future_dated(self) -> Service {
        Service { future_dated: true, ..self }
    }

    const fn other(self, element: &'static str) -> Service {
        Service { other: Some(element), ..self }
    }

    const fn detail(self, detail: Detail) -> Service {
        Service { detail: Some(detail), ..self }
    }
}

use Detail::{Credential, Credentials, LogChange, Schedules};
use Subject::{DeviceId, DeviceIdList, MaybeDeviceId, Nothing, Target};

static SERVICES: [Service; 129] = [
    critical("1.1.1", "UpdateImportTariffPrimaryElement").future_dated(),
    critical("1.1.2", "UpdateImportTariffSecondaryElement").future_dated(),
    critical("1.2.1", "UpdatePricePrimaryElement").future_dated(),
    critical("1.2.2", "UpdatePriceSecondaryElement").future_dated(),
    critical("1.5", "UpdateMeterBalance"),
    critical("1.6", "UpdatePaymentMode").future_dated(),
    critical("1.7", "ResetTariffBlockCounterMatrix"),
    critical("2.1", "UpdatePrepayConfiguration").future_dated(),
    device("2.2", "TopUpDevice"),
    critical("2.3", "UpdateDebt"),
    critical("2.5", "ActivateEmergencyCredit"),
    device("3.1", "DisplayMessage").future_dated(),
    device("3.2", "RestrictAccessForChangeOfTenancy").future_dated(),
    device("3.3", "ClearEventLog"),
    device("3.4", "UpdateSupplierName").future_dated(),
    device("3.5", "DisablePrivacyPIN"),
    device("4.1.1", "ReadInstantaneousImportRegisters").future_dated(),
    device("4.1.2", "ReadInstantaneousImportTOUMatrices").future_dated(),
    device("4.1.3", "ReadInstantaneousImportTOUWithBlocksMatrices").future_dated(),
    device("4.1.4", "ReadInstantaneousImportBlockCounters").future_dated(),
    device("4.2", "ReadInstantaneousExportRegisters").future_dated(),
    device("4.3", "ReadInstantaneousPrepayValues").future_dated(),
    device("4.4.2", "RetrieveCoMOrTariffTriggeredBillingDataLog").future_dated(),
    device("4.4.3", "RetrieveBillingCalendarTriggeredBillingDataLog").future_dated(),
    device("4.4.4", "RetrieveBillingDataLogDebtPayments").future_dated(),
    device("4.4.5", "RetrieveBillingDataLogPrepaymentCredits").future_dated(),
    device("4.6.1", "RetrieveImportDailyReadLog").future_dated(),
    device("4.6.2", "RetrieveExportDailyReadLog").future_dated(),
    device("4.8.1", "ReadActiveImportProfileData").future_dated(),
    device("4.8.2", "ReadReactiveImportProfileData").future_dated(),
    device("4.8.3", "ReadExportProfileData").future_dated(),
    device("4.10", "ReadNetworkData").future_dated(),
    device("4.11.1", "ReadTariffPrimaryElement"),
    device("4.11.2", "ReadTariffSecondaryElement"),
    device("4.12.1", "ReadMaximumDemandImportRegisters").future_dated(),
    device("4.12.2", "ReadMaximumDemandExportRegisters").future_dated(),
    device("4.13", "ReadPrepaymentConfiguration").future_dated(),
    device("4.14", "ReadPrepaymentDailyReadLog").future_dated(),
    device("4.15", "ReadLoadLimitData").future_dated(),
    device("4.16", "ReadActivePowerImport"),
    device("4.17", "RetrieveDailyConsumptionLog").future_dated(),
    device("4.18", "ReadMeterBalance").future_dated(),
    dcc("5.1", "CreateSchedule", DeviceId).choice().detail(Schedules),
    dcc("5.2", "ReadSchedule", MaybeDeviceId).choice(),
    dcc("5.3", "DeleteSchedule", MaybeDeviceId).choice(),
    device("6.2.1", "ReadDeviceConfigurationVoltage"),
    device("6.2.2", "ReadDeviceConfigurationRandomisation"),
    device("6.2.3", "ReadDeviceConfigurationBillingCalendar"),
    device("6.2.4", "ReadDeviceConfigurationIdentityExcMPxN"),
    device("6.2.5", "ReadDeviceConfigurationInstantaneousPowerThresholds"),
    device("6.2.7", "ReadDeviceConfigurationMPxN"),
    device("6.2.8", "ReadDeviceConfigurationGas"),
    device("6.2.9", "ReadDeviceConfigurationPaymentMode"),
    device("6.2.10", "ReadDeviceConfigurationEventAndAlertBehaviours"),
    critical("6.4.1", "UpdateDeviceConfigurationLoadLimitingGeneralSettings").future_dated(),
    device("6.4.2", "UpdateDeviceConfigurationLoadLimitingCounterReset").future_dated(),
    device("6.5", "UpdateDeviceConfigurationVoltage").future_dated(),
    critical("6.6", "UpdateDeviceConfigurationGasConversion"),
    critical("6.7", "UpdateDeviceConfigurationGasFlow"),
    critical("6.8", "UpdateDeviceConfigurationBillingCalendar"),
    critical("6.11", "SynchroniseClock"),
    device("6.12", "UpdateDeviceConfigurationInstantaneousPowerThreshold").future_dated(),
    device("6.13", "ReadEventOrSecurityLog"),
    critical("6.14.1", "UpdateDeviceConfigurationALCDescriptions"),
    critical("6.14.2", "UpdateDeviceConfigurationALCScheduler").future_dated(),
    critical("6.14.3", "UpdateDeviceConfigurationAuxiliaryControllerScheduler").future_dated(),
    critical("6.15.1", "UpdateSecurityCredentialsKRP").detail(Credential).future_dated(),
    critical("6.15.2", "UpdateSecurityCredentialsDevice"),
    critical("6.17", "IssueSecurityCredentials"),
    device("6.18.1", "SetMaximumDemandConfigurableTimePeriod").future_dated(),
    device("6.18.2", "ResetMaximumDemandRegisters").future_dated(),
    device("6.20.1", "SetDeviceConfigurationImportMPxN").future_dated(),
    device("6.20.2", "SetDeviceConfigurationExportMPAN").future_dated(),
    device("6.21", "RequestHandoverOfDCCControlledDevice").detail(Credential).future_dated(),
    device("6.22", "ConfigureAlertBehaviour"),
    device("6.23", "UpdateSecurityCredentialsCoS").point("ImportMPxN").future_dated(),
    device("6.24.1", "RetrieveDeviceSecurityCredentialsKRP").detail(Credentials),
    critical("6.24.2", "RetrieveDeviceSecurityCredentialsDevice"),
    critical("6.25", "SetElectricitySupplyTamperState"),
    critical("6.26", "UpdateDeviceConfigurationDailyResettingOfTariffBlockCounterMatrix"),
    device("6.27", "UpdateDeviceConfigurationRMSVoltageCounterReset").future_dated(),
    device("6.28", "SetCHFSubGHzConfiguration"),
    device("6.29", "RequestCHFSubGHzChannelScan"),
    device("6.30", "ReadCHFSubGHzConfiguration"),
    device("6.31", "ReadCHFSubGHzChannel"),
    device("6.32", "ReadCHFSubGHzChannelLog"),
    critical("7.1", "EnableSupply"),
    critical("7.2", "DisableSupply"),
    critical("7.3", "ArmSupply"),
    device("7.4", "ReadSupplyStatus"),
    critical("7.5", "ActivateAuxiliaryLoad"),
    critical("7.6", "DeactivateAuxiliaryLoad"),
    device("7.7", "ReadALCSData").future_dated(),
    critical("7.8", "ResetAuxiliaryLoad"),
    device("7.9", "AddAuxiliaryLoadToBoostButton").future_dated(),
    device("7.10", "RemoveAuxiliaryLoadFromBoostButton").future_dated(),
    device("7.11", "ReadBoostButtonDetails").future_dated(),
    critical("7.12", "SetRandomisedOffsetLimit"),
    critical("7.13", "SetAuxiliaryControllerState"),
    device("7.14", "ReadAuxiliaryControllerConfigurationData").future_dated(),
    device("7.15", "ReadAuxiliaryControllerOperationalData").future_dated(),
    critical("7.16", "LimitAPCLevel"),
    critical("8.1.1", "CommissionDeviceSynchroniseClock"),
    dcc("8.2", "ReadInventory", MaybeDeviceId).choice(),
    dcc("8.3", "DecommissionDevice", DeviceId),
    dcc("8.4", "UpdateInventory", DeviceId).choice(),
    device("8.5", "ServiceOptOut").future_dated(),
    dcc("8.6", "ServiceOptIn", DeviceId),
    critical("8.7.1", "JoinServiceCritical").other("OtherDeviceID"),
    device("8.7.2", "JoinServiceNonCritical").other("OtherDeviceID"),
    critical("8.8.1", "UnjoinServiceCritical").other("OtherDeviceID"),
    device("8.8.2", "UnjoinServiceNonCritical").other("OtherDeviceID"),
    device("8.9", "ReadDeviceLog").future_dated(),
    device("8.11", "UpdateHANDeviceLog").other("DeviceID").detail(LogChange).future_dated(),
    device("8.12.1", "RestoreHANDeviceLog").other("OldCHFID"),
    device("8.12.2", "RestoreGPFDeviceLog").other("OldGPFID"),
    dcc("8.13", "ReturnLocalCommandResponse", Nothing),
    dcc("8.14.1", "CHFInstallSuccessSMWAN", DeviceId),
    dcc("8.14.2", "CHFInstallSuccessNoSMWAN", DeviceId),
    dcc("8.14.3", "CHFFaultReturn", DeviceId).other("OtherDeviceID"),
    dcc("8.14.4", "CHFNoFaultReturn", DeviceId),
    device("9.1", "RequestCustomerIdentificationNumber"),
    dcc("11.1", "UpdateFirmware", DeviceIdList),
    device("11.2", "ReadFirmwareVersion").future_dated(),
    critical("11.3", "ActivateFirmware").future_dated(),
    dcc("11.4", "UpdatePPMIDFirmware", DeviceIdList),
    dcc("12.1", "RequestWANMatrix", Nothing).choice(),
    dcc("12.2", "DevicePrenotification", DeviceId),
    device("14.1", "RecordNetworkDataGAS"),
];
