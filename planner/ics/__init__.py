"""Calendars in the iCalendar format (RFC 5545), as the world sends them, read into the planner's own events. Pure.

Bytes become groups, one a UID: a series with those of its occurrences that differ. A group that has not changed since
it was last read is not read again. One bad event costs no other: it is named, and left out.
"""
