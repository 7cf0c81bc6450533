#!/bin/sh
# Renews the copy of Apache ECharts that pages carry with them: its simple build, licence and notice.
# Needs npm and coreutils, and takes only the archive whose SHA-256 is recorded here; raise both together.
set -eu
cd "$(dirname "$0")/.."
version=6.1.0
sha256=681aff88cc1038c3fa941a3a53d1b177a52250b05335efc607d6105ae13be481
assets="$PWD/src/junheng/output/assets"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm pack --silent "echarts@$version" >/dev/null
echo "$sha256  echarts-$version.tgz" | sha256sum --check --quiet
tar -xzf "echarts-$version.tgz"
# A page opened from a disk must not look for a source map beside it.
sed '/^\/\/# sourceMappingURL=/d' package/dist/echarts.simple.min.js >"$assets/echarts.simple.min.js"
cp package/LICENSE "$assets/echarts.LICENSE"
cp package/NOTICE "$assets/echarts.NOTICE"
cp package/licenses/LICENSE-d3 "$assets/echarts.LICENSE-d3"
