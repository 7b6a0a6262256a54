#!/usr/bin/env bash
# Builds a release and measures it beside nginx; see run.py. --write puts the figures into docs/performance.md.
set -euo pipefail
cd "$(dirname "$0")/.."
cmake -G Ninja -B build -DCMAKE_BUILD_TYPE=Release . >/dev/null
ninja -C build landfall myapp_bundle
as_root=(); [ "$(id -u)" = 0 ] || as_root=(sudo)
exec "${as_root[@]}" /usr/bin/python3 bench/run.py "$@"
