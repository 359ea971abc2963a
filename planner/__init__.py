"""A self-hosted Telegram planner that proves it reminded you on time."""

__version__ = "0.1.0"
