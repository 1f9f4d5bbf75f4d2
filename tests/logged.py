"""What a process logs, read back by a test."""

from __future__ import annotations

import contextlib
import io
import logging
from collections.abc import Iterator

import structlog

from bot import logs


@contextlib.contextmanager
def logging_restored() -> Iterator[None]:
    """Put the process's logging back as it was. Meanwhile the root has no handlers (pytest's stay open)."""
    names = (None, "audit", "dbos", "uvicorn", "uvicorn.error", "uvicorn.access", *logs.FLOORS)
    loggers = [logging.getLogger(name) for name in names]
    before = [(logger, logger.handlers[:], logger.level, logger.propagate) for logger in loggers]
    logging.root.handlers[:] = []
    try:
        yield
    finally:
        for logger, handlers, level, propagate in before:
            logger.handlers[:] = handlers
            logger.setLevel(level)
            logger.propagate = propagate
        structlog.reset_defaults()


@contextlib.contextmanager
def logged(level: str) -> Iterator[io.StringIO]:
    """Log from `level` on as JSON lines into what is yielded."""
    with logging_restored():
        stream = io.StringIO()
        logs.configure(level, "json", stream=stream)
        yield stream
