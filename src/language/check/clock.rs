//! The clock: the zone of a policy's days, and what it states about the dates of messages.

use super::names::Names;
use super::{Items, dates};
use crate::language::ast;
use crate::language::diagnostic::{Code, Diagnostic};
use crate::limits::MOST_CLOCK_SECONDS;
use crate::policy::{Clock, Zone};

pub(super) fn resolve<'a>(items: &Items<'a>, names: &mut Names<'a>) -> Clock {
    let Some(written) = names.once("`clock`", &items.clocks, |clock| clock.span) else {
        return Clock::default();
    };
    let zone = names.once("`zone`", &written.zone, |zone| zone.name.span.to(zone.rule.span));
    let tolerance = names.once("`tolerance`", &written.tolerance, |line| line.count.span.to(line.unit.span));
    let horizon = names.once("`horizon`", &written.horizon, |line| line.count.span.to(line.unit.span));
    let cancellation = names.once("`cancellation`", &written.cancellation, |date| date.span);
    Clock {
        zone: zone.and_then(|zone| self::zone(zone, names)),
        tolerance: tolerance.and_then(|duration| seconds(duration, names)),
        horizon: horizon.and_then(|duration| seconds(duration, names)),
        cancellation: cancellation.and_then(|date| dates::date(names, date)),
        span: written.span,
    }
}

fn zone(written: &ast::Zone, names: &mut Names<'_>) -> Option<Zone> {
    let zone = Zone { name: written.name.text.to_string(), rule: written.rule.text.to_string() };
    if zone.has_rule() {
        return Some(zone);
    }
    let message = format!("`{}` is no rule of a time zone", zone.rule);
    let finding = Diagnostic::new(Code::BadClock, written.rule.span, message);
    names.report(finding.help("write the rule as POSIX does: `GMT0BST,M3.5.0/1,M10.5.0`"));
    None
}

fn seconds(written: &ast::Duration, names: &mut Names<'_>) -> Option<u64> {
    let unit = match written.unit.text.as_str() {
        "seconds" => 1,
        "minutes" => 60,
        "hours" => 60 * 60,
        _ => 24 * 60 * 60,
    };
    let count = written.count.text.parse::<u64>().ok();
    let seconds =
        count.and_then(|count| count.checked_mul(unit)).filter(|seconds| *seconds <= MOST_CLOCK_SECONDS);
    if seconds.is_none() {
        let span = written.count.span.to(written.unit.span);
        let message = "a clock states at most 36,525 days, which are 100 years";
        names.report(Diagnostic::new(Code::BadClock, span, message).help("write fewer, or drop the line"));
    }
    seconds
}
