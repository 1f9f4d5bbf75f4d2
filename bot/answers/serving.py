"""Serving a modal: only to those who may ask, and whatever goes wrong is said in it, with a reference."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from bot.answers.error_messages import cause, reference, words_for
from bot.answers.ports import Address, Asker, ReplyError
from bot.answers.services import Services
from bot.blocks.actions import BadValueError
from bot.blocks.modal_views import notice_modal
from bot.blocks.text import code, escape
from bot.elevenlabs import ElevenLabsError

log = structlog.get_logger(__name__)

View = dict[str, object]
Show = Callable[[View], Awaitable[None]]
"""Puts another view in the modal's place. Raises ReplyError; `not_found` once it was closed."""


class ModalServing:
    """Serves modals of one title."""

    def __init__(self, services: Services, title: str) -> None:
        self._services = services
        self._title = title

    async def serve(
        self, address: Address, press_id: str, show: Show, work: Callable[[Asker], Awaitable[None]]
    ) -> None:
        """Let only those in who may ask; what goes wrong is said in the modal, with a reference."""
        ref = reference(press_id)
        with structlog.contextvars.bound_contextvars(press=press_id, reference=ref):
            try:
                asker = await self._services.people.asker(address)
                if asker.refused is not None:
                    await show(notice_modal(self._title, escape(asker.refused)))
                    return
                await work(asker)
            except Exception as error:  # noqa: BLE001 - every error becomes words
                await self._say(error, ref, show)

    async def _say(self, error: Exception, ref: str, show: Show) -> None:
        root = cause(error)
        if isinstance(root, ReplyError) and root.method.startswith("views."):
            log.info("modal not shown", code=root.code)  # closed by its reader
            return
        expected = isinstance(root, ElevenLabsError | ReplyError | BadValueError)
        log.warning(
            "failed",
            kind="modal",
            error=type(root).__name__,
            why=str(root) if expected else None,
            exc_info=None if expected else root,
        )
        words = words_for(error)
        try:
            await show(
                notice_modal(
                    self._title, escape(words.headline), f"{escape(words.next_step)}\nReference {code(ref)}"
                )
            )
        except ReplyError as refused:
            log.info("modal not shown", code=refused.code)
