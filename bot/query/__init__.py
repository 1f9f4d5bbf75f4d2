"""A question: text -> Query -> sentence, API parameters, curl. Pure: no input or output happens here."""

from bot.query.agent_names import AgentChoice, NoSuchAgent, choose, resolve
from bot.query.call_ids import CallRef, find_ids
from bot.query.explain import explain, say_agent_problem
from bot.query.filters import filter_help
from bot.query.follow_ups import follow_up, looks_like_follow_up
from bot.query.parsed import Parsed, Unknown
from bot.query.parser import parse
from bot.query.query import Query
from bot.query.snippets import curl, endpoint, python_snippet
from bot.query.values import Misread

__all__ = [
    "AgentChoice",
    "CallRef",
    "Misread",
    "NoSuchAgent",
    "Parsed",
    "Query",
    "Unknown",
    "choose",
    "curl",
    "endpoint",
    "explain",
    "filter_help",
    "find_ids",
    "follow_up",
    "looks_like_follow_up",
    "parse",
    "python_snippet",
    "resolve",
    "say_agent_problem",
]
