"""Steps are found by their names after a restart, so a name must mean one thing."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from bot.answers import answer as steps
from bot.store.durable import Step

STEPS = [value for value in vars(steps).values() if isinstance(value, Step)]


def test_no_two_steps_share_a_name() -> None:
    """Neither with each other nor with a name that an earlier version used for something else."""
    names = Counter(step.name for step in STEPS)
    former = {step.formerly for step in STEPS}
    assert [name for name, number in names.items() if number > 1] == []
    assert {step.name for step in STEPS if step.name in former} == {steps.GLANCE.name}
    assert steps.EMPTY.formerly == steps.CALL_GLANCE.formerly == steps.GLANCE.name


def test_steps_are_declared_in_one_place() -> None:
    """Nothing else makes one up, so that resuming and metrics know them all."""
    root = Path(steps.__file__).parents[1]
    made = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if " = Step(" in path.read_text(encoding="utf-8")
    }
    assert made == {"answers/answer.py"}
