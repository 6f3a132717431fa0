//! `meterwarden compile`

use std::io::Write;

use crate::args::Compile;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::replace::replace;
use crate::terminal;
use crate::versions::loaded::load_any;
use crate::wording::count;

/// Checks a policy and writes its plan. An existing file is replaced as a whole, or stays as it is.
pub(crate) fn run(arguments: &Compile) -> Result<Exit, Failure> {
    let (name, plan) = load_any(&arguments.rules)?;
    let bytes = plan.to_bytes();
    let path = &arguments.output;
    replace(path, &bytes).map_err(|source| Failure::Write { path: path.clone(), source })?;
    let policy = plan.policy();
    let counts =
        format!("{} for {}", count(policy.rules().len(), "rule"), count(policy.services().len(), "service"));
    let file = terminal::one_line(&path.display().to_string());
    let mut out = terminal::stdout();
    writeln!(out, "{file}: the plan of {name}, {counts}, {} bytes", bytes.len())?;
    writeln!(out, "policy {}", policy.fingerprint())?;
    out.flush()?;
    Ok(Exit::Fine)
}
