"""The cache (Redis protocol). Pages must work while it is away: a miss, never an error.

Nothing here decides who is in or what they may: sessions and all limits that protect live in the
database, and a job asked for without Redis waits in its row. So the cache swallows connection errors,
and /helse/ asks Redis itself.
"""

import logging
from typing import Any

import redis
from django.conf import settings
from django.core.cache.backends.redis import RedisCache

logger = logging.getLogger(__name__)


def klient() -> redis.Redis:
    """Redis itself, with its errors; for the heartbeat and the health page."""
    return redis.Redis.from_url(
        str(settings.CACHES["default"]["LOCATION"]), socket_timeout=2, socket_connect_timeout=2
    )


class TaalmodigRedisCache(RedisCache):
    """RedisCache that answers «not there» when Redis is."""

    def _proev(self, metode: str, ellers: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(super(), metode)(*args, **kwargs)
        except redis.RedisError as feil:
            logger.warning("Mellomlageret svarer ikke (%s)", type(feil).__name__)
            return ellers

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return self._proev("add", True, *args, **kwargs)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._proev("get", default, key, default, version)

    def set(self, *args: Any, **kwargs: Any) -> None:
        return self._proev("set", None, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return self._proev("touch", False, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return self._proev("delete", False, *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> dict:
        return self._proev("get_many", {}, *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return self._proev("has_key", False, *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> int:
        return self._proev("incr", 1, *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> list:
        return self._proev("set_many", [], *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        return self._proev("delete_many", None, *args, **kwargs)
