"""Telling people: notifications, the alarm, feeds, calendars."""
