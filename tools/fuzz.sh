#!/usr/bin/env bash
# Builds the fuzz targets with clang and runs each for SECONDS, two at a time. One line each: "ok NAME" or "FAILED NAME".
#   tools/fuzz.sh SECONDS [NAME]
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-5}
only=${2:-}
cmake -G Ninja -B build-fuzz -DCMAKE_BUILD_TYPE=Release -DLANDFALL_FUZZ=ON -DLANDFALL_SANITIZE=address,undefined \
  -DCMAKE_CXX_COMPILER=clang++-19 . >/dev/null
names=$(find src -name '*_fuzz.cc' -printf '%f\n' | sed 's/\.cc$//' | sort)
[ -n "$only" ] && names=$only
# shellcheck disable=SC2086
ninja -C build-fuzz $names

run_one() {
  local name=$1 seconds=$2 program corpus
  program=$(find build-fuzz -type f -name "$name" -perm -u+x | head -1)
  corpus=build-fuzz/corpus/$name
  mkdir -p "$corpus" "build-fuzz/artifacts"
  local seeds=()
  [ -d "tests/corpus/$name" ] && seeds=("tests/corpus/$name")
  if "$program" -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=2048 -print_final_stats=0 \
    -artifact_prefix="build-fuzz/artifacts/$name-" "$corpus" "${seeds[@]}" >"build-fuzz/$name.log" 2>&1; then
    echo "ok $name"
  else
    echo "FAILED $name"
    tail -25 "build-fuzz/$name.log"
  fi
}
export -f run_one
# shellcheck disable=SC2086
printf '%s\n' $names | xargs -P 2 -I{} bash -c 'run_one {} '"$seconds" | tee build-fuzz/summary.log
! grep -q '^FAILED ' build-fuzz/summary.log
