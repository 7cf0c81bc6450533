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
# Before spark: botocore wants an older python-dateutil than pandas would take, and one environment holds both.
compile requirements-s3.lock --extra s3 -c requirements.lock
compile requirements-spark.lock --extra spark -c requirements.lock -c requirements-s3.lock
compile requirements-scip.lock --extra scip -c requirements.lock
compile requirements-dev.lock --group build --group dev --extra web --extra spark --extra scip --extra s3 -c requirements.lock -c requirements-spark.lock -c requirements-scip.lock -c requirements-s3.lock
