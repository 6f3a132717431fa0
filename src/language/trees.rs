//! The syntax trees that a policy keeps, so that no rule file is parsed twice.

use std::sync::Arc;

use crate::base::parallel;
use crate::language::ast::File;
use crate::language::parse::{parse, threads};
use crate::policy::Policy;

impl Policy {
    /// The syntax trees of the rule files, in path order. A policy from a plan file parses its sources at the first
    /// use.
    pub fn files(&self) -> &[File] {
        self.trees()
    }

    pub(crate) fn trees(&self) -> &Arc<[File]> {
        self.files.get_or_init(|| {
            let sources: Vec<_> = self.sources.iter().zip(0..).collect();
            let threads = threads(self.sources.iter());
            parallel::map(sources, threads, |(source, file)| parse(source, file).file).into()
        })
    }
}
