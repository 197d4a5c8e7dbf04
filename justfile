# What there is to run; `just` lists it.
default:
    @just --list

# All that a change must pass: format, dependencies, lints, docs, tests.
check:
    .ci/run

# The tests alone; arguments go on to cargo test.
test *args:
    scripts/test {{args}}

# Typesets the sample documents again after a change to samples/src.
samples:
    samples/build

# Compares extraction with pdftotext on every PDF of a folder.
fidelity docs="samples/docs":
    cargo build --release
    python3 benches/fidelity.py {{docs}}

# Time and memory against other tools on the PDFs of a folder.
speed docs="samples/docs":
    cargo build --release
    python3 benches/speed.py {{docs}}

# Builds the release archive and checks it.
release *args:
    scripts/release {{args}}

# Checks the archive, the unit, the image and the manifests as far as this machine can.
check-deploy *args:
    scripts/check-deploy {{args}}
