"""Notifications, the alarm of failing syncs, feeds and calendars."""
