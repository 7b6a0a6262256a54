"""A row is a function of a Bench that yields report.Lines; a family's ROWS names its rows."""

from rows import api, cdn, dns, idle, lb, s3, start

FAMILIES = (lb, idle, cdn, dns, s3, api, start)  # idle before what fills caches: it looks at the whole process's memory
