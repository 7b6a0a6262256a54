"""A row is a function of a Bench that yields report.Lines; a family's ROWS names its rows."""

from rows import api, cdn, dns, idle, lb, s3, start

FAMILIES = (lb, cdn, dns, s3, api, idle, start)
