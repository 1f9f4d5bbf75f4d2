"""The adapter to the one function of DBOS that this project needs and that has no public name.

DBOS gives begun workflows back to its queue when the process that began them starts again. There is no public
way to do the same for other processes that died: `DBOS.resume_workflows` does not check whose a workflow is
by then, so two processes that take over at once would both begin it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from dbos import DBOS


async def give_back(executor_ids: Sequence[str]) -> int:
    """Put what these executors have begun and not ended back into the queue; returns how many workflows.

    One statement for each workflow, which finds it only while it still belongs to one of them: of two
    processes that do this at once, the second gives back nothing. Raises what the database does.
    """
    handles = await asyncio.to_thread(DBOS._recover_pending_workflows, list(executor_ids))  # noqa: SLF001
    return len(handles)
