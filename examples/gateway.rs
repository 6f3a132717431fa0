//! A small gateway that reads commands, one on each line:
//!
//! - `2023-06-29 message.xml` decides a DUIS message that was received on that date;
//! - `rules FOLDER` loads other rules and puts them in force, unless they contain an error.
//!
//! It writes the decisions to the standard output and, as a log, one line of JSON for each to the standard error.
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
    let [rules, inventory] = arguments.as_slice() else {
        return Err("usage: gateway RULES INVENTORY".into());
    };
    let plan = load_plan(rules)?;
    let empty = FileInventory::for_policy(plan.policy());
    let inventory = empty.file(inventory, &fs::read_to_string(inventory)?)?.checked()?;
    let store = PlanStore::new(plan);
    // Each thread that decides needs a reader of its own.
    let mut reader = store.reader();
    for line in io::stdin().lines() {
        let line = line?;
        match line.split_once(' ').ok_or("each line must be `DATE MESSAGE` or `rules FOLDER`")? {
            ("rules", folder) => match store.replace_with(|| load_plan(folder)) {
                Ok(_) => println!("the new rules are in force"),
                Err(error) => println!("the old rules stay in force: {error}"),
            },
            // A message that cannot be decided is refused.
            (date, path) => answer(reader.plan(), &inventory, date.parse()?, path)
                .unwrap_or_else(|error| println!("refuse: {error}")),
        }
    }
    Ok(())
}

fn load_plan(folder: &str) -> Result<Plan, LoadError> {
    Ok(compile(Arc::new(Policy::load(folder)?)))
}

/// Decides a message for each device that it is about, and explains every decision that is not a permit.
fn answer(plan: &Plan, inventory: &dyn Inventory, at: Date, path: &str) -> Result<(), Box<dyn Error>> {
    let message = read(&fs::read(path)?)?;
    for answer in decide(plan, &message, inventory, at)? {
        let device = answer.device.map(|device| device.to_string());
        // A device of which the inventory has a word that the policy does not have is refused.
        let decision = match answer.decision {
            Ok(decision) => decision,
            Err(error) => {
                println!("refuse: {error}");
                continue;
            }
        };
        println!("{decision}");
        if !decision.is_permit() {
            // An explanation is long. Its second and third line state how long the answer holds, and when the
            // request is permitted.
            let explanation = meterwarden_analysis::explain(plan, &answer.request)?.to_string();
            explanation.lines().skip(1).take(2).for_each(|line| println!("{line}"));
        }
        eprintln!("{}", json!({ "message": path, "device": device, "decision": decision }));
    }
    Ok(())
}
