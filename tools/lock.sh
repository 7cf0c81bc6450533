#!/bin/sh
# Renews the hash locks. They carry hashes and no addresses, so any mirror can serve them.
# Needs uv (`pip install uv`); an ordinary install needs only pip.
set -eu
cd "$(dirname "$0")/.."
export UV_PYTHON_DOWNLOADS=never
compile() {
    output=$1; shift
    uv pip compile pyproject.toml --quiet --universal --generate-hashes --no-header --no-annotate \
        --no-emit-index-url --no-emit-find-links --python-version 3.11 --output-file "$output" "$@"
}
compile requirements.lock --extra web --group build
compile requirements-spark.lock --extra spark -c requirements.lock
compile requirements-scip.lock --extra scip -c requirements.lock
compile requirements-dev.lock --group build --group dev --extra web --extra spark --extra scip -c requirements.lock -c requirements-spark.lock -c requirements-scip.lock
