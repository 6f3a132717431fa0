//! `meterwarden compile`

use std::io::Write;

use crate::args::Compile;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::replace::replace;
use crate::{policy, terminal};

/// Checks a policy and writes its plan. A file that was there is replaced whole, or kept.
pub(crate) fn run(arguments: &Compile) -> Result<Exit, Failure> {
    let (name, plan) = policy::version(&arguments.rules)?;
    let bytes = plan.to_bytes();
    let path = &arguments.output;
    replace(path, &bytes).map_err(|source| Failure::Write { path: path.clone(), source })?;
    let policy = plan.policy();
    let counted = format!("{} rules for {} services", policy.rules().len(), policy.services().len());
    let written = terminal::one_line(&path.display().to_string());
    let mut out = terminal::stdout();
    writeln!(out, "{written}: the plan of {name}, {counted}, {} bytes", bytes.len())?;
    writeln!(out, "policy {}", policy.fingerprint())?;
    out.flush()?;
    Ok(Exit::Fine)
}
