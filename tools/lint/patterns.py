"""Forbidden patterns in C++, and files that have grown long. A line may excuse itself: // lint: allow NAME, and why."""

import re
import sys

FORBIDDEN = [
    ("sleep", re.compile(r"\b(sleep|usleep|nanosleep|sleep_for|sleep_until)\s*\("), "await the event instead"),
    ("catch-all", re.compile(r"catch\s*\(\s*\.\.\.\s*\)"), "name what is caught"),
    ("todo", re.compile(r"\b(TODO|FIXME|XXX)\b"), "do it, or list it under \"Not done\" in the README beside it"),
    ("using-std", re.compile(r"^\s*using namespace std\b"), "name what is used"),
    ("printf-log", re.compile(r"\bstd::cout\b"), "log:: or the command's own output"),
]
LONG_LINES = 600  # of a file: a warning, not an error


def strip_strings(line):
    return re.sub(r'"(\\.|[^"\\])*"', '""', line)


def problems_of(path, text):
    for number, line in enumerate(text.splitlines(), 1):
        allowed = re.search(r"lint: allow (\S+)", line)
        for name, pattern, advice in FORBIDDEN:
            if pattern.search(strip_strings(line)) and not (allowed and allowed.group(1).startswith(name)):
                yield f"{path}:{number}: {name}: {advice}"


def main():
    found = False
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for problem in problems_of(path, text):
            found = True
            print(problem)
        lines = text.count("\n")
        if lines > LONG_LINES:
            print(f"{path}: warning: {lines} lines; one concept a file")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
