//! A gateway in small. Of the lines that come in, `2023-06-29 message.xml` is a DUIS message, received on that date: it is
//! decided. `rules FOLDER` puts other rules in force, unless something is wrong with them. Decisions go to the standard
//! output, and a line of JSON for each to the standard error.
//!
//! ```console
//! $ echo 2023-06-28 examples/8.4/esme-variant.xml | cargo run --example gateway rules examples/8.4/inventory.yaml
//! ```

use std::error::Error;
use std::sync::Arc;
use std::{env, fs, io};

use meterwarden::{Date, LoadError, Plan, PlanStore, Policy, compile};
use meterwarden_duis::{FileInventory, Inventory, decide, read};
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [rules, inventory] = arguments.as_slice() else { return Err("gateway RULES INVENTORY".into()) };
    let inventory = FileInventory::default().file(&fs::read_to_string(inventory)?)?;
    let store = PlanStore::new(plan(rules)?);
    // One for each thread that decides.
    let mut watch = store.reader();
    for line in io::stdin().lines() {
        let line = line?;
        match line.split_once(' ').ok_or("DATE MESSAGE, or rules FOLDER")? {
            ("rules", folder) => match store.replace_with(|| plan(folder)) {
                Ok(_) => println!("other rules are in force"),
                Err(wrong) => println!("the rules in force stay: {wrong}"),
            },
            // What cannot be decided is not let through.
            (date, path) => answer(watch.plan(), &inventory, date.parse()?, path)
                .unwrap_or_else(|wrong| println!("refuse: {wrong}")),
        }
    }
    Ok(())
}

fn plan(folder: &str) -> Result<Plan, LoadError> {
    Ok(compile(Arc::new(Policy::load(folder)?)))
}

/// Decides a message for each device that it is about, and explains what is not permitted.
fn answer(plan: &Plan, inventory: &dyn Inventory, at: Date, path: &str) -> Result<(), Box<dyn Error>> {
    let message = read(&fs::read(path)?)?;
    for answer in decide(plan, &message, inventory, at)? {
        let device = answer.device.map(|device| device.to_string());
        println!("{}", answer.decision);
        if !answer.decision.is_permit() {
            // Where it stands, what is in force when, and the nearest permit: here its beginning.
            let explained = meterwarden_analysis::explain(&plan, &answer.request)?.to_string();
            explained.lines().skip(1).take(2).for_each(|line| println!("{line}"));
        }
        eprintln!("{}", json!({ "message": path, "device": device, "decision": answer.decision }));
    }
    Ok(())
}
