//! The numeric limits of this crate, each with the reason for its value.

/// The most rounds of fixes. A fix can bring about another finding that has a fix; no real policy needs more than a few
/// rounds, and the limit ends a circle of fixes.
pub(crate) const MAX_FIX_ROUNDS: usize = 100;

/// The most cases of one `each`. More than this is a mistake of the author, not an intention.
pub(crate) const MAX_EACH_CASES: usize = 100_000;

/// The most first obligations from which a suggested scenario is grown. More of them would take longer and find no
/// better scenario.
pub(crate) const MAX_SUGGESTION_SEEDS: usize = 50;

/// The most value classes that one comparison of answers enters, so that a large policy is checked in bounded time.
/// After them the result is unknown, and nothing is reported.
pub(crate) const MAX_COMPARISON_STEPS: usize = 50_000;

/// The most values of a set attribute for which every subset is tried: 2^6 = 64 subsets. For more values, only one
/// subset for each combination of test results is tried.
pub(crate) const MAX_ENUMERATED_SET_VALUES: usize = 6;

/// The fewest rules for which findings are computed on several threads. Fewer rules are checked in the time that the
/// threads need to start.
pub(crate) const MIN_RULES_FOR_THREADS: usize = 200;

/// The fewest services whose rules are tried on several threads. Fewer are tried in the time that a thread needs to
/// start.
pub(crate) const MIN_SERVICES_FOR_THREADS: usize = 64;

/// The number of rules in one unit of work for a thread: small enough that the last unit does not keep the other
/// threads waiting, large enough that handing out units costs nothing.
pub(crate) const RULES_PER_UNIT: usize = 256;

/// The most names in a sentence of a finding. Longer lists end with `and N more`.
pub(crate) const MAX_LISTED_NAMES: usize = 4;

/// The fewest letters of a name in which one different letter is probably a typing mistake. In shorter names, such as
/// `IS` and `ES`, another letter usually makes another name.
pub(crate) const MIN_LETTERS_FOR_TYPO: usize = 6;

/// The most characters of a clause in the description of a mutant, so that it fits on a line.
pub(crate) const MAX_CLAUSE_CHARACTERS: usize = 60;
