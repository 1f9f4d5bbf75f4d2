"""The stand-in as an ASGI app, or as routes of a bigger one."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.routing import BaseRoute, Route, WebSocketRoute

from bot.demo.slack.deliveries import Deliveries
from bot.demo.slack.page_api import Handler, Live, PageApi
from bot.demo.slack.web_api import Doors, WebApi
from bot.demo.slack.workspace import Workspace


class StandIn:
    """The parts of one running stand-in. `routes` go into any Starlette app; call `aclose` at its end.

    `page_posts`: what the page may post besides.
    `hosts`: the names under which a browser may ask the page's API (any, if None). Naming them keeps a web
    page out that had its own name pointed at this machine.
    """

    def __init__(
        self,
        workspace: Workspace,
        deliveries: Deliveries | None = None,
        *,
        hosts: frozenset[str] | None = None,
        page_posts: Mapping[str, Handler] | None = None,
    ) -> None:
        self._hosts = hosts
        self._page_posts = page_posts or {}
        self.workspace = workspace
        self.deliveries = deliveries or Deliveries(workspace)
        self.api = WebApi(workspace, self.deliveries.tasks)
        self.live = Live(workspace)
        self._doors = Doors(workspace)

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/slack-api/{method}", self.api.endpoint, methods=["GET", "POST"]),
            Route("/slack-upload/{token}", self._doors.upload, methods=["POST", "PUT"]),
            Route("/slack-hooks/{token}", self._doors.respond, methods=["POST"]),
            WebSocketRoute("/slack-socket/", self.deliveries.sockets.endpoint),
            *PageApi(self.deliveries, self.live, self._hosts, self._page_posts).routes(),
        ]

    async def aclose(self) -> None:
        self.live.close()
        await self.deliveries.aclose()
