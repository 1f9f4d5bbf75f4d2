from __future__ import annotations

import pytest

from bot.elevenlabs.errors import UnreliableList
from bot.elevenlabs.windows import PAGES_WITHOUT_NEWS, Board, Window, WindowState
from bot.model import Conversation

INF = float("inf")


def rows(*positions: int) -> list[tuple[int, Conversation]]:
    """Return rows at positions, each with its own id."""
    return [
        (position, Conversation(conversation_id=f"{position}/{number}", start_time_unix_secs=position))
        for number, position in enumerate(positions)
    ]


def span(top: int, step: int, count: int = 100) -> list[tuple[int, Conversation]]:
    """Return a page of rows that fall evenly."""
    return rows(*(top - step * number for number in range(count)))


def paged(
    board: Board, window: Window, page: list[tuple[int, Conversation]], cursor: str | None = "c"
) -> None:
    """Record a page that promises more."""
    board.record(window, page, has_more=True, cursor=cursor)


def opened(low: int | None, top: int, step: int = 1) -> tuple[Board, Window]:
    """Return a board whose one window has had its first page."""
    board = Board(guess=0)
    board.may_divide = True
    board.windows.append(Window(low, None))
    window = board.take(INF)
    assert window is not None
    paged(board, window, span(top, step))
    return board, window


def test_idle_workers_take_the_far_half_of_the_fullest_window() -> None:
    """Dividing goes by estimated rows left, and leaves the page in flight to its worker."""
    board, window = opened(0, 10_000)
    far = board.take(INF)
    assert far is not None
    left, right = far.high, window.low
    assert left == right
    assert left is not None
    assert abs(left - (9_900 - 100) / 2) < 60
    assert all(board.take(INF) for _ in range(6))
    windows = list(board.windows)
    assert len(windows) == 8
    assert [w.low for w in windows[:-1]] == [w.high for w in windows[1:]]  # neither gaps nor overlaps
    sizes = [(w.high or 0) - (w.low or 0) for w in windows]
    assert max(sizes) < 3 * min(sizes)


def test_nothing_is_divided_before_the_hint_or_for_little() -> None:
    """Idle workers wait while it is unknown how far the rows go, and when too little is left."""
    board, _ = opened(0, 10_000)
    board.may_divide = False
    assert board.take(INF) is None
    board, _ = opened(9_800, 10_000)
    assert board.take(INF) is None


def test_a_single_second_is_paged_on() -> None:
    """A window of one second cannot be divided, however full it is."""
    board = Board(guess=0)
    board.may_divide = True
    board.windows.append(Window(500, 501))
    window = board.take(INF)
    assert window is not None
    paged(board, window, span(500, 0))
    assert board.take(INF) is None


def test_budget_bounds_the_work() -> None:
    """Windows that lie beyond the rows wanted, by estimate, are neither cut off nor worked on."""
    board, window = opened(0, 100_000)
    far = board.take(1_000)
    assert far is not None
    assert far.high is not None
    assert far.high > 99_000
    assert board.take(120) is None
    far.state = WindowState.WAITING
    assert board.take(120) is None
    assert board.take(149) is None
    assert board.take(1_000) is far
    far.state = window.state = WindowState.WAITING
    assert board.take(150) is window


def test_the_upper_bound_is_frozen_by_the_first_page() -> None:
    """After the first page the window ends at its newest row, and the next question is bounded by that."""
    _, window = opened(None, 10_000)
    assert window.high == 10_001
    chain = window.question()
    assert (chain.low, chain.high, chain.cursor) == (None, 9_902, None)


def test_hands_out_in_order_only() -> None:
    """Rows of a later window wait until everything before them is there."""
    board, window = opened(0, 10_000)
    far = board.take(INF)
    assert far is not None
    assert far.high is not None
    paged(board, far, rows(far.high - 1, far.high - 2))
    (first,) = board.hand_out()
    assert first[0].start_time_unix_secs == 10_000
    assert not list(board.hand_out())
    board.record(window, rows(9_900), has_more=False, cursor=None)
    assert list(map(len, board.hand_out())) == [1, 2]
    assert not board.finished


def test_a_page_corrects_the_estimates_below() -> None:
    """A thin page below a dense one keeps idle workers from cutting the rest into slivers."""
    board, window = opened(0, 1_000_000)
    far = board.take(50_000)
    assert far is not None
    dense = far.density
    board.record(window, rows(999_000, 400_000), has_more=True, cursor="c2")
    assert dense is not None
    assert far.density is not None
    assert far.density < dense / 100


@pytest.mark.parametrize("cursor", [None, "again"])
def test_without_a_new_cursor_time_leads_on(cursor: str | None) -> None:
    """More promised without a cursor, or with an old one: on from the last row, as long as that helps."""
    board, window = opened(0, 10_000)
    paged(board, window, rows(9_800), "again")
    paged(board, window, rows(9_700), cursor)
    chain = window.question()
    assert (chain.high, chain.cursor) == (9_701, None)
    with pytest.raises(UnreliableList):
        paged(board, window, rows(9_700), None)


def test_a_last_page_with_a_cursor_is_not_believed() -> None:
    """The cursor is followed until nothing new comes; what comes is taken."""
    board, window = opened(0, 10_000)
    for page, state in (
        (rows(9_800), WindowState.TAKEN),
        (rows(9_700), WindowState.TAKEN),
        (rows(9_700), WindowState.DONE),
    ):
        board.record(window, page, has_more=False, cursor=f"after {page[-1][0]} {state}")
        assert window.state is state
    assert sum(map(len, window.out)) == 102


def test_rows_must_fall() -> None:
    """A page that is not in order, or does not follow its predecessor, is refused."""
    board, window = opened(0, 10_000)
    with pytest.raises(UnreliableList):
        paged(board, window, rows(9_800, 9_801), "d")
    board, window = opened(0, 10_000)
    paged(board, window, rows(9_800), "d")
    with pytest.raises(UnreliableList):
        paged(board, window, rows(9_850), "e")


def test_duplicates_and_neighbours_are_cut() -> None:
    """Rows seen before and rows of neighbouring windows are not counted again."""
    board = Board(guess=0)
    board.windows.append(Window(100, 200))
    window = board.take(INF)
    assert window is not None
    first = rows(200, 199, 150)
    assert len(board.record(window, first, has_more=True, cursor="a")) == 2
    again = [first[2], *rows(120, 99)]
    assert len(board.record(window, again, has_more=True, cursor="b")) == 1
    assert window.state is WindowState.DONE


@pytest.mark.parametrize("page", [[], rows(9_901)])
def test_pages_without_news_end_sometime(page: list[tuple[int, Conversation]]) -> None:
    """Empty or repeated pages that promise more are followed for a while, not for ever."""
    board, window = opened(0, 10_000)
    paged(board, window, rows(9_901), "first")
    for number in range(PAGES_WITHOUT_NEWS):
        paged(board, window, page, f"cursor{number}")
    with pytest.raises(UnreliableList):
        paged(board, window, page, "the last one")


def test_estimates_the_total() -> None:
    """The estimate comes once windows have been looked into, and ends exact."""
    board, window = opened(0, 10_000)
    expected = board.expected()
    assert expected is not None
    assert 9_500 < expected < 10_500
    board.record(window, rows(9_800), has_more=False, cursor=None)
    assert board.expected() == 101
