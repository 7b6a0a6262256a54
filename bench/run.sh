#!/usr/bin/env bash
# Builds a release, installs the peers, and measures; see run.py. BENCH_BUILD: a build directory that is to be used as it is.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/lib/packages.sh
install_missing_packages
install_missing_from bench/packages.txt
build=${BENCH_BUILD:-build}
if [ -z "${BENCH_BUILD:-}" ]; then
  cmake -G Ninja -B "$build" -DCMAKE_BUILD_TYPE=Release . >/dev/null
  ninja -C "$build" landfall bench_connections
fi
as_root=(); [ "$(id -u)" = 0 ] || as_root=(sudo)
exec "${as_root[@]}" /usr/bin/python3 bench/run.py --build "$build" "$@"
