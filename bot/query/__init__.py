"""A question: text -> Query -> sentence, selection. Pure: no input or output happens here."""

from bot.query.agent_names import AgentChoice, NoSuchAgent, choose, resolve, say_agent_problem
from bot.query.call_ids import CallRef, find_ids
from bot.query.filters import filter_help
from bot.query.follow_ups import follow_up, looks_like_follow_up
from bot.query.parser import Parsed, parse
from bot.query.query import Query
from bot.query.reader import Unknown
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
    "filter_help",
    "find_ids",
    "follow_up",
    "looks_like_follow_up",
    "parse",
    "resolve",
    "say_agent_problem",
]
