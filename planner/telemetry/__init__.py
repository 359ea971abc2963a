"""Logs, metrics and traces: the one place that owns them. Nothing here raises, blocks or shows a secret."""
