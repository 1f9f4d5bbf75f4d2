"""Result: whether a call was judged successful."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence

from bot.model import Conversation
from bot.query.filters.base import ChoiceFilter, Params, Words, pick
from bot.query.phrases import Phrase
from bot.query.tokens import Item, item_text
from bot.query.values import Choice, Misread

FAILURE = ("failure",)
SUCCESS = ("success",)
UNKNOWN = ("unknown",)
_ERROR = "error"
_ALONE = "only ElevenLabs can find such calls, one result at a time, so ask for result:error by itself"
_TABLE = {
    **dict.fromkeys(("failure", "failures", "failed", "fail", "failing", "unsuccessful"), FAILURE),
    **dict.fromkeys(("success", "successes", "successful", "succeeded", "passed", "ok"), SUCCESS),
    **dict.fromkeys(("unknown", "undecided", "inconclusive"), UNKNOWN),
    "error": (_ERROR,),
}
_YES_NO = {**dict.fromkeys(("yes", "true"), SUCCESS), **dict.fromkeys(("no", "false"), FAILURE)}
_ASKS_YES_NO = frozenset({"success", "successful", "call-successful"})
_SAID = {"failure": "failed", "success": "successful", "unknown": "unknown", _ERROR: "error"}


def _always(value: Choice, _slots: Mapping[str, object]) -> Choice:
    """Return what a phrase means whatever its slots."""
    return value


class Result(ChoiceFilter):
    """`call_successful`: success, failure or unknown; the API's filter also knows error."""

    key = "result"
    aliases = ("outcome", "success", "call-successful", "successful")
    about = "whether the call was judged successful"
    examples = ("failed", "successful", "failed or unknown", "result:failure", "-result:success")
    noun = "result"

    def phrases(self) -> Iterable[Phrase]:
        """Return "failed", "went wrong", "with unknown result"."""
        noun = "result|outcome|results|outcomes"
        table = (
            (FAILURE, "failed|failing|failure|failures|fail|fails|unsuccessful|unsuccessfully"),
            (FAILURE, "went wrong|badly"),
            (FAILURE, "did not|n't succeed"),
            (FAILURE, "didn't|didnt succeed"),
            (SUCCESS, "successful|successfully|success|successes|succeeded|succeeding"),
            (SUCCESS, "went well|fine|ok|right"),
            (UNKNOWN, f"[with] [an] unknown [{noun}]"),
            (UNKNOWN, "undecided|inconclusive"),
            (FAILURE, f"[with] [a|an] failed|failure|unsuccessful|bad|negative {noun}"),
            (SUCCESS, f"[with] [a] successful|success|good|positive {noun}"),
            (FAILURE, f"[with|whose] [a|the] {noun} [is|was|of|=] failed|failure|unsuccessful"),
            (SUCCESS, f"[with|whose] [a|the] {noun} [is|was|of|=] successful|success"),
            (UNKNOWN, f"[with|whose] [an|the] {noun} [is|was|of|=] unknown"),
        )
        for values, pattern in table:
            yield Phrase(pattern, functools.partial(_always, self.one(*values)))

    def vocabulary(self) -> Iterable[str]:
        """Return the words for results."""
        return _TABLE

    def value(self, text: str) -> tuple[str, ...]:
        """Return the API's result for a word."""
        return pick(text, _TABLE, self.key)

    def read(self, items: Sequence[Item]) -> Choice:
        """Return any of the results given."""
        return self.checked(super().read(items))

    def checked(self, value: Choice) -> Choice:
        """Refuse `error` beside another result.

        The API's list can be asked for it, but no conversation says that this is its result: what is tested
        here would leave those calls out.
        """
        if any(_ERROR in group and len(group) > 1 for group in value.groups):
            raise Misread(f"“error” cannot be asked for together with other results: {_ALONE}.")
        return super().checked(value)

    def negate(self, value: Choice) -> Choice:
        """Refuse to exclude `error`, for the same reason."""
        if any(_ERROR in group for group in value.groups):
            raise Misread(f"The result “error” cannot be excluded: {_ALONE}.")
        return super().negate(value)

    def read_as(self, key: str, items: Sequence[Item]) -> Choice:
        """Read yes and no after "successful:"."""
        word = "".join(item_text(item) for item in items).casefold()
        return self.one(*_YES_NO[word]) if key in _ASKS_YES_NO and word in _YES_NO else self.read(items)

    def say(self, value: str) -> str:
        """Say failed rather than failure."""
        return _SAID.get(value, value)

    def params(self, value: Choice, *, text_search: bool) -> Params:
        """Send one result; the API takes no list."""
        del text_search
        return (("call_successful", value.single),) if value.single else ()

    def local(self, value: Choice, *, text_search: bool) -> bool:
        """Several results, or excluded ones, are tested here."""
        del text_search
        return value.single is None

    def keeps(self, value: Choice, row: Conversation) -> bool:
        """Compare the row's result."""
        return self.matches(value, [row.call_successful or "unknown"])

    def words(self, value: Choice) -> Words:
        """Say "failed or unknown" before the noun, "not failed" after it."""
        if value.groups:
            return Words(before=self.said(value.groups[0]))
        return Words(after=f"not {listed_not(self, value.exclude)}")


def listed_not(which: ChoiceFilter, values: tuple[str, ...]) -> str:
    """Return excluded values: "failed and not unknown" reads as "failed or unknown"."""
    return which.said(values)
