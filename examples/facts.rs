//! Requests from facts, without DUIS: which User Role may read the import profile (4.8.1) of which Device Type. The
//! names are looked up once. The loop then decides by numbers and allocates no memory for a decision.
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

    // The facts that all requests have in common: the sender is registered for a commissioned device and asks for
    // immediate execution.
    let mut common = plan.start(service, Date::constant(2026, 1, 1));
    common = common.with(plan.set_id(service, relation, ["registered"])?);
    for (attribute, value) in
        [("status", "Commissioned"), ("generation", "SMETS2"), ("variant", "1"), ("timing", "Immediate")]
    {
        let attribute = plan.attribute_id(attribute).ok_or(attribute)?;
        common = common.with(plan.value_id(attribute, value)?);
    }

    println!("{:<14}{}", "", roles.iter().map(|(role, _)| format!("{role:>5}")).collect::<String>());
    for (device, device_id) in &devices {
        print!("{device:<14}");
        for (_, role_id) in &roles {
            let verdict = plan.verdict(&common.with(*device_id).with(*role_id));
            let cell = match (verdict.is_permit(), verdict.is_undetermined()) {
                (true, _) => "may",
                // The outcome depends on a fact that is not stated; a gateway must refuse the request.
                (_, true) => "?",
                (false, false) => verdict.code().unwrap_or("-"),
            };
            print!("{cell:>5}");
        }
        println!();
    }
    Ok(())
}

/// The values of an attribute: their names and their numbers.
fn values<'p>(plan: &'p Plan, attribute: &str) -> Result<Vec<(&'p str, ValueId)>, Box<dyn Error>> {
    let id = plan.attribute_id(attribute).ok_or("the policy has no such attribute")?;
    let values = plan.policy().attribute(attribute).into_iter().flat_map(|attribute| &attribute.values);
    values.map(|value| Ok((value.name.as_str(), plan.value_id(id, &value.name)?))).collect()
}
