"""Calendars from and for other programs. Nothing of this is imported before it is used: icalendar takes memory."""
