"""Calendars of other programs: fetched, and read in a process of their own. Nothing of it is imported unused."""
