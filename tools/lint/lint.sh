#!/usr/bin/env bash
# Format, layers, forbidden patterns, file lengths. With --quick only of what changed; the layers always of everything.
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ "${1:-}" = --quick ]; then files=$(tools/lint/changed.sh); else files=$(git ls-files '*.cc' '*.h'); fi

status=0
if [ -n "$files" ]; then
  # shellcheck disable=SC2086
  clang-format-19 --dry-run -Werror $files 2>&1 | grep -E 'error:' | sed 's/: code should be.*/: not formatted (.\/dev fmt)/' |
    sort -u -t: -k1,1 && status=1
  # shellcheck disable=SC2086
  /usr/bin/python3 tools/lint/patterns.py $files || status=1
fi
/usr/bin/python3 tools/lint/layers.py || status=1
/usr/bin/python3 tools/lint/shape_names.py || status=1
if command -v shellcheck >/dev/null; then shellcheck -x run test dev tools/*.sh tools/lint/*.sh || status=1; fi
[ $status = 0 ] && echo "lint: nothing found"
exit $status
