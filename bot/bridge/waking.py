"""The bot notices that another process, such as `steward bridge`, has put something into its inbox."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable

from storage.database import Database

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
"""Between two looks; without them a row would wait up to half a minute."""


async def wake_on_others(database: Database, wake: Callable[[], None], is_wanted: Callable[[], bool]) -> None:
    """Call `wake` when another process has changed the database, until cancelled. Looking reads one number of the file."""
    seen = None
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        if not is_wanted():
            continue
        try:
            mark = database.mark_of_others()
        except sqlite3.Error as error:
            logger.debug("the database cannot be read: %s", error)
            continue
        if mark != seen:
            seen = mark
            wake()
