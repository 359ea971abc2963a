"""Telegram, as a server on loopback that misbehaves on demand."""
