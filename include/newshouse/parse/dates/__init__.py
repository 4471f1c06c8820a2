"""When it was published and changed.

publication.py    the most explicit statement that can be true
moments.py        a date, read    patterns.py  what it looks like    months.py  names of the months
calendars.py      Persian, Buddhist, eras    day_order.py  04/07 in July or in April
printed_dates.py  dates that readers see    statements.py  "Posted on …"    earlier.py  an older one below the headline
local_clock.py    the offset of a time stated in UTC    zone_signs.py  EST in Australia
"""
