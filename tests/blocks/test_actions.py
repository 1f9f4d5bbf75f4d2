from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks import actions as act
from bot.blocks.actions import BUTTON_VALUE_CHARS, BadValueError, Pointer
from tests.blocks.hostile import texts
from tests.laws import law

plain = st.text(alphabet=st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=60)
pointers = st.builds(Pointer, plain, pick=st.none() | st.text(max_size=60))


@law(30)
@given(pointers.filter(lambda pointer: not any("\ud800" <= c <= "\udfff" for c in pointer.pick or "")))
def test_round_trip(pointer: Pointer) -> None:
    """What a button carries comes back the same, within Slack's limit."""
    value = act.encode(pointer)
    assert act.decode(value) == pointer
    assert len(value) <= BUTTON_VALUE_CHARS


@law(30)
@given(st.text() | st.none() | st.integers() | st.builds(json.dumps, st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)))  # fmt: skip
def test_garbage_is_refused(value: object) -> None:
    """Anything else is refused by one error, whose text repeats nothing of the value."""
    try:
        pointer = act.decode(value)
    except BadValueError as error:
        assert str(error) == "not a button's value"  # noqa: PT017 - most of the drawn values raise, a few are pointers
    else:
        assert act.decode(act.encode(pointer)) == pointer


@pytest.mark.parametrize(
    "value", ['["q\\n"]', '["q",null,null,1]', "[" * 3000, '["' + "q" * 201 + '"]', "{}"]
)
def test_foreign_values(value: str) -> None:
    """Ids with line breaks, extra fields and deep nesting are refused."""
    with pytest.raises(BadValueError):
        act.decode(value)


@law(30)
@given(texts)
def test_foreign_ids_are_not_sent(question_id: str) -> None:
    """An id that could not be read back is refused when it is written."""
    try:
        value = act.encode(Pointer(question_id))
    except BadValueError:
        return
    assert act.decode(value).question_id == question_id


def test_names_of_like_buttons() -> None:
    """Like buttons differ by number, and listeners find what they do."""
    assert act.numbered(act.RUN_EXAMPLE, 3) == "run_example.3"
    assert act.base("run_example.3") == act.base("run_example") == act.RUN_EXAMPLE


def test_buttons_of_before_are_still_read() -> None:
    """A button of earlier versions says which page it turns: it is read, and the page passed over."""
    for value in ('["q_1",[1795000000,"conv_1"],null]', '["q_1",[1795000000,"conv_1",10],"refresh"]'):
        pointer = act.decode(value)
        assert (pointer.question_id, pointer.pick) in {("q_1", None), ("q_1", "refresh")}
