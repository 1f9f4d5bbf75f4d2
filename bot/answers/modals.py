"""One call opened in a modal: from a list's menu, a page turned, an id in any message, an API request.

A modal belongs to a press and lives only as long as its reader looks at it, so nothing here is durable. Which
view is to be seen is decided here; opening it within the trigger's three seconds is the edge's part.
"""

from __future__ import annotations

import asyncio
from zoneinfo import ZoneInfo

import structlog

from bot.answers.api_requests import conversation_request, question_request
from bot.answers.error_messages import cause
from bot.answers.finding import Finding, Looked, Ref, Wanted
from bot.answers.listing import query_of
from bot.answers.opening import GONE, Opening
from bot.answers.ports import Address, Asker, Posted
from bot.answers.redrawing import draw_as_it_was
from bot.answers.services import Services
from bot.answers.serving import ModalServing, Show
from bot.blocks import actions as act
from bot.blocks.actions import BadValueError
from bot.blocks.call_message import call_modal, looking_words, not_found_words
from bot.blocks.modal_views import choose_call_modal, loading_modal, notice_modal
from bot.elevenlabs import NotFound
from bot.query import CallRef, find_ids

log = structlog.get_logger(__name__)

TITLE = "Call"
API_TITLE = "API request"
MOST_CHOICES = 25


class CallModals:
    """Decides what the modal of a call shows."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._serving = ModalServing(services, TITLE)
        self._finding = Finding(services)
        self._opening = Opening(services, self._finding)

    async def open(
        self,
        address: Address,
        press_id: str,
        chosen: str,
        show: Show,
        *,
        listed: tuple[Posted, str] | None = None,
    ) -> None:
        """Open the chosen call: a conversation id, or any other id of a call.

        `listed` is the list that it was chosen in, with what its buttons carry: its menu is emptied again.
        """

        async def open_it(asker: Asker) -> None:
            try:
                await self._open(_ref(chosen), asker, show)
            finally:
                if listed is not None:
                    await self._unpick(address, *listed)

        await self._serving.serve(address, press_id, show, open_it)

    async def _unpick(self, address: Address, posted: Posted, value: str) -> None:
        """Draw a list's page again: Slack shows what was chosen in a menu until then, and takes it only once.

        One whose file is still being made is drawn again all the time.
        """
        try:
            await draw_as_it_was(self._services, address, posted, value)
        except Exception as error:  # noqa: BLE001 - the call that was opened stays shown, whatever this meets
            log.info("menu not emptied", error=type(cause(error)).__name__)

    async def turn(self, address: Address, press_id: str, value: str, show: Show) -> None:
        """Show another page of a call's transcript."""

        async def turn(asker: Asker) -> None:
            page, conversation_id = act.read_page_pick(act.decode(value).pick)
            await self._open(Ref(kind="conversation_id", value=conversation_id), asker, show, page)

        await self._serving.serve(address, press_id, show, turn)

    async def find(self, address: Address, press_id: str, text: str, show: Show) -> None:
        """Open the call that a message names by any id or link; ask which when it names several."""

        async def find(asker: Asker) -> None:
            refs = await self._distinct(find_ids(text))
            if not refs:
                headline = "I find no call id in this message."
                step = (
                    "I look for conversation ids, call SIDs, SIP Call-IDs and links to ElevenLabs' dashboard."
                )
                await show(notice_modal(TITLE, headline, step))
            elif len(refs) == 1:
                await self._open(Ref(kind=refs[0].kind, value=refs[0].value), asker, show)
            else:
                await show(choose_call_modal([ref.value for ref in refs[:MOST_CHOICES]]))

        await self._serving.serve(address, press_id, show, find)

    async def api(self, address: Address, press_id: str, value: str, show: Show) -> None:
        """Show the request for one call, or for a list's question."""

        async def api(_asker: Asker) -> None:
            pointer, base_url = act.decode(value), self._services.base_url
            if pointer.pick != act.SHOW_API:
                await show(conversation_request(pointer.pick or "", base_url))
                return
            question = await self._services.questions.get(pointer.question_id)
            if question is None:
                raise BadValueError("a question that is no longer kept")
            query = query_of(question, week_start=self._services.week_start)
            await show(question_request(query, base_url))

        await ModalServing(self._services, API_TITLE).serve(address, press_id, show, api)

    async def _distinct(self, refs: tuple[CallRef, ...]) -> list[CallRef]:
        """Leave out carrier ids that belong to a conversation which is named as well."""
        named = [ref.value for ref in refs if ref.kind == "conversation_id"]
        others = [ref for ref in refs if ref.kind != "conversation_id"]
        if named and others:
            asked = [self._services.conversations.ids(each) for each in named[:MOST_CHOICES]]
            phones = [ids.phone for ids in await asyncio.gather(*asked) if ids.phone is not None]
            carried = {each for phone in phones for each in (phone.call_id, phone.call_sid)}
            others = [ref for ref in others if ref.value not in carried]
        return [ref for ref in refs if ref.kind == "conversation_id" or ref in others]

    async def _open(self, ref: Ref, asker: Asker, show: Show, page: int = 0) -> None:
        tz = ZoneInfo(asker.tz)
        found = await self._finding.quick(ref)
        if found is None:

            async def tell(looked: Looked) -> None:
                words = looking_words(ref.value, seen=looked.calls, back_to=looked.back_to, tz=tz)
                await show(loading_modal(TITLE, words))

            await tell(Looked())
            found = await self._finding.scan(Wanted(ref=ref), tz, tell)
        if found.conversation_id is None:
            headline, more = not_found_words(ref.value, found.words, next_step=found.next_step)
            await show(notice_modal(TITLE, headline, more))
            return
        try:
            view = await self._opening.view(found, tz)
        except NotFound:
            await self._services.ids.forget(found.conversation_id)
            headline, more = not_found_words(ref.value, GONE, next_step="Check the id.")
            await show(notice_modal(TITLE, headline, more))
            return
        await show(call_modal(view, page))


def _ref(chosen: str) -> Ref:
    found = find_ids(chosen)
    if len(found) == 1 and found[0].value == chosen:
        return Ref(kind=found[0].kind, value=chosen)
    return Ref(kind="conversation_id" if chosen.startswith("conv_") else "sip_call_id", value=chosen)
