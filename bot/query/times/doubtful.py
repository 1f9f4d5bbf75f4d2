"""Words that are a month or a day only beside other words of time: may, mar, sun, now."""

from __future__ import annotations

from bot.query.phrases import Text
from bot.query.times.when import DAYS, MONTHS
from bot.query.tokens import Kind, word_set

DOUBTFUL = frozenset({"may", "mar", "sun"})
"""“May I …”, “calls that may have failed”, and names such as Del Mar and The Sun."""
_NOUNS = word_set("calls conversations convos chats sessions dialogs dialogues logs records phonecalls")
_LINKS = word_set("and or to - & until till through")
_ASKED = word_set("about and for or failed successful unsuccessful inbound outbound")
_CALENDAR = MONTHS.keys() | DAYS.keys()


def is_time(text: Text, at: int) -> bool:
    """Whether a doubtful word is a time: a number, a noun or another month beside it, or nothing after it."""
    before, after = text.word(at - 1), text.word(at + 1)
    if after[:1].isdecimal() or after in _NOUNS:
        return True
    if before in _LINKS and text.word(at - 2) in _CALENDAR:
        return True
    if after in _LINKS and text.word(at + 2) in _CALENDAR:
        return True
    capital = text.word(at) == "may" and text.tokens[at].text == "May" and at > 0
    named = at > 0 and text.tokens[at - 1].text[:1].isupper()
    if capital and not named and text.tokens[at - 1].kind is Kind.WORD and after not in {"i", "we", "you"}:
        return True
    last = not any(text.words[at + 1 :]) and all(t.kind is Kind.MARK for t in text.tokens[at + 1 :])
    return last and (at == 0 or before in _NOUNS | _ASKED)
