"""`make angrep`: a portal of its own, attacked and broken in bounded time, and the figures of what gave way."""
