//! Edits made by hand, as by somebody who has never programmed.

use meterwarden::Code;
use meterwarden::Code::*;

use super::book::Book;
use super::draw::Mistake;

/// An edit: a text that occurs once in the shipped rules, and its replacement.
pub(crate) struct Edit {
    path: &'static str,
    old: &'static str,
    new: &'static str,
    code: Code,
    /// A part of the line that the finding must point at. If empty, the first line that changed.
    on: &'static str,
    meant: &'static str,
}

const fn edit(path: &'static str, old: &'static str, new: &'static str, code: Code) -> Edit {
    Edit { path, old, new, code, on: "", meant: "" }
}

impl Edit {
    const fn on(self, on: &'static str) -> Self {
        Self { on, ..self }
    }

    const fn means(self, meant: &'static str) -> Self {
        Self { meant, ..self }
    }
}

const FIRMWARE: &str = "11-firmware/firmware.rules";
const UPDATE: &str = "08-inventory-and-joining/update-inventory.rules";
const EVERY: &str = "every-service.rules";
const WORDS: &str = "vocabulary.rules";
const REGISTER: &str = "modifications.rules";
const CLOCK: &str = "clock.rules";
const CREDENTIALS: &str = "06-configuration/credentials.rules";

const LIVE: &str = "generation    SMETS2\n        status        live\n";
const SINCE: &str = "since         MP125\n";
const ONLY: &str = "fields        only ESMEVariant\n";
const EXPORT: &str = "    permit export-mpan \"the Export Supplier corrects the export MPAN of a meter\" {\n        when     export-supplier\n";
const FROM: &str = "esme-variant from UpdateDeviceDetails/ESMEVariant\n";
const SOURCE: &str = "source        \"MP125 Modification Report v1.0, section 3\"";
const HEAD: &str = "service 8.4 \"Update Inventory\" non-device {";
const RETIRED: &str = "services  all except 5.2, 5.3, 8.2, 8.14.3, 8.14.4\n";
const CASE: &str = "case  role ES  relation registered  device ESME\n";
const GROUP: &str = "group status live = Whitelisted, InstalledNotCommissioned, Commissioned\n";
const SIGNED: &str = "variant  5, 6, 7\n        source   \"DUIS service request matrix, row 6.15.1 (eligible roles)\"\n        assumed  \"whose certificates they are was tested at Command Variant 4\"\n    }\n\n    permit network-operator \"";

pub(crate) const EDITS: &[Edit] = &[
    edit(UPDATE, SINCE, "since         29 June 2023\n", Syntax),
    edit(UPDATE, SINCE, "since         MP 125\n", Syntax).means("MP125"),
    edit(UPDATE, SINCE, "since         the 29th of June 2023\n", Syntax),
    edit(UPDATE, SINCE, "since         MP125 until MP120\n", DatesOutOfOrder),
    edit(UPDATE, LIVE, "generation    SMETS2\n        status        live only\n", Syntax).on("live only"),
    edit(UPDATE, LIVE, "generation    SMETS2\n        status        must be live\n", UnknownValue).on("must be"),
    edit(UPDATE, LIVE, "generation    SMETS2\n        status        live or Pending\n", Syntax).on("live or"),
    edit(UPDATE, LIVE, "generation    SMETS2\n        status        anything but Absent\n", UnknownValue).on("status        anything"),
    edit(UPDATE, LIVE, "generation    SMETS2\n        status        live (as MP125 says)\n", Syntax).on("as MP125"),
    edit(UPDATE, LIVE, "generation    SMETS2\n        status        Installed-Not-Commissioned\n", UnknownValue)
        .on("Installed-Not")
        .means("InstalledNotCommissioned"),
    edit(UPDATE, LIVE, "generation    SMETS 2\n        status        live\n", Syntax).on("SMETS 2").means("SMETS2"),
    edit(UPDATE, LIVE, "smets         2\n        status        live\n", UnknownAttribute).on("smets "),
    edit(UPDATE, ONLY, "fields        ESMEVariant only\n", Syntax),
    edit(UPDATE, ONLY, "fields        only the ESMEVariant\n", Syntax),
    edit(UPDATE, ONLY, "fields        ESMEVariant\n", WrongTest).means("fields only ESMEVariant"),
    edit(UPDATE, ONLY, "fields        only ESMEVariant, AnythingElse\n", UnknownField),
    edit(UPDATE, FROM, "esme-variant form UpdateDeviceDetails/ESMEVariant\n", Syntax),
    edit(UPDATE, FROM, "esme-variant from UpdateDeviceDetails.ESMEVariant\n", Syntax),
    edit(UPDATE, FROM, "esme-variant from ESMEVariant\n", UnknownField).means("UpdateDeviceDetails/ESMEVariant"),
    edit(UPDATE, FROM, "esme-variant is UpdateDeviceDetails/ESMEVariant\n", Syntax),
    edit(UPDATE, "UpdateDeviceDetails { DeviceManufacturer", "UpdateDeviceDetails: { DeviceManufacturer", Syntax),
    edit(UPDATE, "UpdateDeviceDetails { DeviceManufacturer", "UpdateDeviceDetails, DeviceManufacturer", Syntax),
    edit(CLOCK, "60 seconds", "60s", Syntax),
    edit(CLOCK, "60 seconds", "1 minute", Syntax),
    edit(CLOCK, "zone          Europe/London \"GMT0BST,M3.5.0/1,M10.5.0\"", "zone          Europe/London", Syntax),
    edit(CLOCK, "clock {", "clock London {", Syntax),
    edit(UPDATE, SOURCE, "source:       MP125 Modification Report v1.0, section 3", Syntax),
    edit(UPDATE, SOURCE, "source        MP125 Modification Report v1.0, section 3", Syntax),
    edit(UPDATE, SOURCE, "source        \"the \"MP125 Modification Report\", section 3\"", Syntax),
    edit(UPDATE, SOURCE, "source        \"MP125 Modification Report v1.0\", \"section 3\"", Syntax),
    edit(UPDATE, SOURCE, "comment       \"MP125 Modification Report v1.0, section 3\"", UnknownAttribute),
    edit(UPDATE, "        assumed       \"in force from", "        assumed       in force from", Syntax),
    edit(UPDATE, EXPORT, "    permit Export MPAN \"the Export Supplier\" {\n        when     export-supplier\n", Syntax),
    edit(UPDATE, EXPORT, "    permit export-mpan the Export Supplier corrects it {\n        when     export-supplier\n", Syntax),
    edit(UPDATE, EXPORT, "    permit export-mpan: \"the Export Supplier\" {\n        when     export-supplier\n", Syntax),
    edit(UPDATE, EXPORT, "    permit export-mpan \"the Export Supplier\"\n    {\n        when     export supplier\n", Syntax)
        .on("when     export supplier")
        .means("export-supplier"),
    edit(UPDATE, EXPORT, "    permit export-mpan \"the Export Supplier\" {\n        when     the sender is the export supplier\n", Syntax)
        .on("the sender"),
    edit(UPDATE, EXPORT, "    permit export-mpan \"the Export Supplier\" {\n        when     not export-supplier\n", Syntax)
        .on("not export"),
    edit(UPDATE, EXPORT, "    permit export-mpan \"the Export Supplier\" {\n        when     export-supplier, responsible-supplier\n", Syntax)
        .on("export-supplier, "),
    edit(UPDATE, EXPORT, "    permit export-mpan \"the Export Supplier\" {\n        when     export-supplier or responsible-supplier\n", Syntax)
        .on("export-supplier or"),
    edit(UPDATE, EXPORT, "    permit export-mpan \"the Export Supplier\" {\n        when     role ES\n", Syntax).on("role ES"),
    edit(UPDATE, EXPORT, "    permit export-mpan \"the Export Supplier\" {\n        if        export-supplier then\n", Syntax)
        .on("if  ")
        .means("when"),
    edit(UPDATE, HEAD, "service 8.4 Update Inventory non-device {", Syntax),
    edit(UPDATE, HEAD, "Service 8.4: \"Update Inventory\" non-device {", Syntax).means("service"),
    edit(UPDATE, HEAD, "service 8.4 non-device \"Update Inventory\" {", Syntax),
    edit(UPDATE, HEAD, "service 8.4 \"Update Inventory\" \"non-device\" {", Syntax),
    edit(UPDATE, HEAD, "service 8.4 \"Update Inventory\" (non-device) {", Syntax),
    edit(UPDATE, HEAD, "service 8.4 \"Update Inventory\" tag non-device {", Syntax),
    edit(UPDATE, HEAD, "service \"8.4 Update Inventory\" non-device {", Syntax),
    edit(EVERY, RETIRED, "services  all except 5.2, 5.3, 8.2, 8.14.3 and 8.14.4\n", Syntax),
    edit(EVERY, RETIRED, "services  all except 5.2 - 5.3, 8.2\n", Syntax),
    edit(EVERY, RETIRED, "services  all services except 5.2, 5.3\n", Syntax),
    edit(EVERY, RETIRED, "services  every service\n", Syntax),
    edit(EVERY, RETIRED, "services  all except 5.x, 8.2\n", Syntax),
    edit(EVERY, RETIRED, "services  all, except 5.2, 8.2\n", Syntax),
    edit(EVERY, RETIRED, "services  all except Read Inventory\n", Syntax),
    edit(EVERY, "variant   not 4, 5, 6, 7\n", "variant   not 4 to 7\n", Syntax),
    edit(EVERY, "variant   not 4, 5, 6, 7\n", "variant   not 4-7\n", Syntax),
    edit(EVERY, "timing    FutureDated\n", "timing    future dated\n", Syntax).on("timing    future").means("FutureDated"),
    edit(EVERY, "    status    retired\n    assumed", "    status    retired\n    since     today\n    assumed", UnknownModification)
        .on("today"),
    edit(CREDENTIALS, SIGNED, "variant     5 6 7\n        source      \"x\"\n    }\n\n    permit network-operator \"", Syntax),
    edit(CREDENTIALS, SIGNED, "variant     5 / 6 / 7\n        source      \"x\"\n    }\n\n    permit network-operator \"", Syntax),
    edit(REGISTER, "effective  2023-06-29\n", "effective June 2023\n", Syntax),
    edit(REGISTER, "effective  2023-06-29\n", "effective 2023-06\n", Syntax),
    edit(REGISTER, "effective  2023-06-29\n", "effective TBC\n", Syntax).means("proposed"),
    edit(REGISTER, "effective  2023-06-29\n", "effective 2023-06-29 (first of two dates)\n", Syntax),
    edit(REGISTER, "effective  2023-06-29\n", "effective since 2023-06-29\n", Syntax),
    edit(REGISTER, "modification MP125 \"", "modification MP125: \"", Syntax),
    edit(WORDS, GROUP, "group status live = Whitelisted InstalledNotCommissioned Commissioned\n", Syntax),
    edit(WORDS, GROUP, "group status live = Whitelisted, InstalledNotCommissioned & Commissioned\n", Syntax),
    edit(WORDS, GROUP, "group live = Whitelisted, InstalledNotCommissioned, Commissioned\n", Syntax),
    edit(WORDS, GROUP, "group status live = installed, Whitelisted\n", UnknownValue),
    edit(WORDS, GROUP, "group status = live: Whitelisted, InstalledNotCommissioned, Commissioned\n", Syntax),
    edit(WORDS, CASE, "case  role ES and relation registered and device ESME\n", Syntax),
    edit(WORDS, CASE, "case  role = ES, relation = registered, device = ESME\n", Syntax),
    edit(WORDS, CASE, "case  role ES, relation registered, device ESME\n", Syntax),
    edit(WORDS, "    IS   \"Import Supplier\"\n", "    IS   \"Import Supplier\",\n", Syntax),
    edit(WORDS, "    IS   \"Import Supplier\"\n", "    IS = \"Import Supplier\"\n", Syntax),
    edit(WORDS, "    IS   \"Import Supplier\"\n", "    IS - Import Supplier\n", Syntax),
    edit(WORDS, "    refuse E2 \"this", "    refuse \"E2\" \"this", Syntax),
    edit(WORDS, "tag on-demand \"", "tag on demand \"", Syntax),
    edit(FIRMWARE, "        device   ESME, GSME, PPMID\n        status   installed, Suspended\n        source   \"DUIS service request matrix, row 11.2 (eligible roles); MP105 (Suspended)\"\n        assumed  \"target devices as in the request templates; a version may be read once installed\"\n    }\n\n    permit export-supplier",
        "        device    all meters\n        status    installed, Suspended\n        source    \"x\"\n    }\n\n    permit export-supplier", Syntax),
];

impl Edit {
    pub(crate) fn made(&self, book: &Book) -> Mistake {
        let file = book.files.iter().position(|file| file.path == self.path).unwrap();
        let text = &book.files[file].text;
        assert_eq!(text.matches(self.old).count(), 1, "{:?} once in {}", self.old, self.path);
        let at = text.find(self.old).unwrap();
        let edited = text.replacen(self.old, self.new, 1);
        let same = self.old.bytes().zip(self.new.bytes()).take_while(|(old, new)| old == new).count();
        let changed = edited[..at + same].matches('\n').count() + 1;
        let line = match self.on {
            "" => changed,
            on => edited[..edited.find(on).unwrap()].matches('\n').count() + 1,
        };
        let made = Mistake::text(file, edited, self.description()).on(&[line]).code(self.code);
        let made = Mistake { kind: "by hand", ..made };
        if self.meant.is_empty() { made } else { made.means(self.meant) }
    }

    /// The line that changed, before and after.
    fn description(&self) -> String {
        let differs = self.old.lines().zip(self.new.lines()).find(|(old, new)| old != new);
        let (old, new) = differs.unwrap_or((self.old, self.new));
        format!("{}: `{}` for `{}`", self.path, new.trim(), old.trim())
    }
}
