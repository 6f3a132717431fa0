//! A program that knows the facts itself and needs no DUIS: who may read which device's import profile (4.8.1), by User
//! Role and Device Type. Names are looked up once; the loop decides by numbers, and puts nothing on the heap for it.
//!
//! ```console
//! $ cargo run --example facts
//! ```

use std::error::Error;
use std::sync::Arc;

use meterwarden::{Date, Plan, Policy, ValueId, compile};

fn main() -> Result<(), Box<dyn Error>> {
    let plan = compile(Arc::new(Policy::load("rules")?));
    let service = plan.service_id("4.8.1").ok_or("the policy has no service 4.8.1")?;
    let relation = plan.attribute_id("relation").ok_or("the policy has no attribute `relation`")?;
    let (roles, devices) = (values(&plan, "role")?, values(&plan, "device")?);

    // What is the same of all requests: a sender registered for a device in service, who asks for it now.
    let mut common = plan.start(service, Date::constant(2026, 1, 1));
    common = common.with(plan.set_id(service, relation, ["registered"])?);
    for (attribute, value) in
        [("status", "Commissioned"), ("generation", "SMETS2"), ("variant", "1"), ("timing", "Immediate")]
    {
        let attribute = plan.attribute_id(attribute).ok_or(attribute)?;
        common = common.with(plan.value_id(attribute, value)?);
    }

    println!("{:<14}{}", "", roles.iter().map(|(role, _)| format!("{role:>5}")).collect::<String>());
    for (device, is_device) in &devices {
        print!("{device:<14}");
        for (_, has_role) in &roles {
            let verdict = plan.verdict(&common.with(*is_device).with(*has_role));
            let says = match (verdict.is_permit(), verdict.is_undetermined()) {
                (true, _) => "may",
                // Something that was not said may decide it: not let through, either.
                (_, true) => "?",
                (false, false) => verdict.code().unwrap_or("-"),
            };
            print!("{says:>5}");
        }
        println!();
    }
    Ok(())
}

/// The values of an attribute by name, with their numbers.
fn values<'p>(plan: &'p Plan, attribute: &str) -> Result<Vec<(&'p str, ValueId)>, Box<dyn Error>> {
    let id = plan.attribute_id(attribute).ok_or("the policy has no such attribute")?;
    let values = plan.policy().attribute(attribute).into_iter().flat_map(|attribute| &attribute.values);
    values.map(|value| Ok((value.name.as_str(), plan.value_id(id, &value.name)?))).collect()
}
