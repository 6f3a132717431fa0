# Short names for the commands of this repository. Each recipe also works without `just`.

# Lists the recipes.
default:
    @just --list

# Runs the tests that need seconds: for use while editing. They leave out the comparisons with every request of a space.
quick:
    cargo test --test suite -- --skip reference:: --skip assurance:: --skip brute_force:: --skip diff:: --skip random

# Runs all tests.
test *ARGS:
    cargo test --workspace {{ARGS}}

# Runs everything that CI runs, in two stages; `just ci 1` runs the first.
ci *STAGE:
    .ci/run {{STAGE}}

# Writes the results of failed snapshot tests into the snapshots. Read the difference before you commit it.
accept *ARGS:
    INSTA_UPDATE=always cargo test --workspace {{ARGS}}

# Formats the code and the rules.
fmt:
    cargo fmt --all && cargo run -q -p meterwarden-cli -- fmt rules

# Runs the lints that CI runs.
lint:
    cargo clippy --workspace --all-targets -- -D warnings

# Builds the documentation of all packages.
docs:
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

# Runs one benchmark, such as `just bench decide`.
bench NAME *ARGS:
    cargo bench --bench {{NAME}} {{ARGS}}

# Tests the matrix page with clicks in Chromium.
browser:
    .ci/browser
