from __future__ import annotations

from bot.elevenlabs import Conversations
from bot.model import Selection
from tests.elevenlabs.fake import Fake, row
from tests.serving import serve


async def test_walks() -> None:
    """Lists, details and agents come over real HTTP."""
    fake = Fake([row(n, 1_700_000_000 + n) for n in range(350)], latency=0.01)
    async with serve(fake) as url, Conversations(api_key="k", base_url=url) as client:
        page = await client.first(Selection())
        assert [r.conversation_id for r in page.rows[:2]] == ["conv_000349", "conv_000348"]
        rows = [r async for batch in client.retrieve(Selection()) for r in batch]
        assert len(rows) == 350
        assert len(await client.agents()) == 3
