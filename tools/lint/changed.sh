#!/usr/bin/env bash
# The C++ files that differ from main (or, on main, from the last commit), also uncommitted and new ones.
set -euo pipefail
cd "$(dirname "$0")/../.."
base=$(git merge-base HEAD main 2>/dev/null || git rev-parse HEAD)
[ "$base" = "$(git rev-parse HEAD)" ] && base=$(git rev-parse --verify -q HEAD~1 || git rev-parse HEAD)
{ git diff --name-only --diff-filter=d "$base" -- '*.cc' '*.h'; git ls-files -o --exclude-standard -- '*.cc' '*.h'; } | sort -u
