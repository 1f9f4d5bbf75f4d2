"""Logging: structlog over the standard library, one line per event on stderr, for people or as JSON.

Every line of every library passes one handler, which redacts (see `bot/redaction.py`) and adds the id of the
question being answered. Libraries that print requests in full at DEBUG are held at a quieter level whatever
`LOG_LEVEL` says.
"""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
from collections.abc import Iterable, MutableMapping
from types import TracebackType
from typing import Any, Final, TextIO

import structlog

from bot.redaction import Redactor

FLOORS: Final[dict[str, int]] = {
    "httpx": logging.WARNING,  # INFO shows whole URLs: questions, people's ids
    "httpcore": logging.WARNING,  # DEBUG shows request headers: the key
    "slack_sdk": logging.INFO,  # DEBUG shows messages and Socket Mode payloads
    "slack_bolt": logging.INFO,  # likewise; bolt copies the root's level into its loggers
    "aiohttp": logging.INFO,
    "asyncio": logging.INFO,
    "dbos": logging.INFO,
    "sqlalchemy": logging.WARNING,  # INFO shows statements with their values
    "uvicorn.access": logging.WARNING,  # a line for each health check
    "websockets": logging.INFO,  # DEBUG shows frames
}
"""The lowest level shown of each library, by the logger's name or its first parts."""

Event = MutableMapping[str, Any]


def configure(
    level: str = "INFO", style: str = "console", *, secrets: Iterable[str] = (), stream: TextIO | None = None
) -> None:
    """Set logging up for this process, replacing whatever was there. `style` is `console` or `json`.

    Uncaught exceptions go through the same handler; so do uvicorn's lines with `log_config=None`.
    """
    out = sys.stderr if stream is None else stream
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    redactor = Redactor(secrets)
    handler = _Handler(out)
    handler.addFilter(_loud_enough)
    handler.setFormatter(
        _Formatter(
            redactor,
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _redaction(redactor),
                *_renderers(style, colors=out.isatty()),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in ("dbos", "uvicorn", "uvicorn.error", "uvicorn.access"):
        _take_over(logging.getLogger(name), handler)
    logging.getLogger("audit").setLevel(logging.INFO)  # who took what is written whatever LOG_LEVEL says
    for name, floor in FLOORS.items():
        logging.getLogger(name).setLevel(max(floor, logging.getLevelNamesMapping()[level]))
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


class _Handler(logging.StreamHandler[TextIO]):
    """Writes lines. A record that cannot be formatted is named without its arguments."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the base class's name
        """Replace the standard report, which shows the message and its arguments as they are."""
        with contextlib.suppress(OSError, ValueError):
            self.stream.write(
                f"a line of {record.name} ({record.pathname}:{record.lineno}) could not be logged\n"
            )


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Redacts the finished line once more, for what rendering may have joined."""

    def __init__(self, redactor: Redactor, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        return self._redactor.line(super().format(record))


def _redaction(redactor: Redactor) -> structlog.typing.Processor:
    def redact(_logger: Any, _name: str, event: Event) -> Event:
        redacted = redactor.value(event)
        assert isinstance(redacted, dict)  # noqa: S101 - a mapping gives a dict
        return redacted

    return redact


def _renderers(style: str, *, colors: bool) -> list[structlog.typing.Processor]:
    if style == "json":
        return [
            structlog.processors.EventRenamer("message"),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    return [structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=structlog.dev.plain_traceback)]


def _loud_enough(record: logging.LogRecord) -> bool:
    parts = record.name.split(".")
    prefixes = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return record.levelno >= next((FLOORS[name] for name in prefixes if name in FLOORS), 0)


def _take_over(logger: logging.Logger, handler: logging.Handler) -> None:
    """Route a logger that may bring its own handlers through ours, so that it adds none later."""
    logger.handlers[:] = [handler]
    logger.propagate = False
    logger.setLevel(logging.NOTSET)


def _uncaught(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("bot").critical("stopped by an unexpected error", exc_info=(kind, error, traceback))


def _uncaught_in_thread(hooked: threading.ExceptHookArgs) -> None:
    if hooked.exc_value is not None:
        _uncaught(hooked.exc_type, hooked.exc_value, hooked.exc_traceback)
