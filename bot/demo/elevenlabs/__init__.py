"""A stand-in for the ElevenLabs Agents API: the same routes, limits and refusals over samples.

`python -m bot.demo.elevenlabs --rows 100000 --latency 0.15 --port 8123` serves one on its own.
"""

from bot.demo.elevenlabs.api_faults import KINDS, TRANSIENT, ApiFaults
from bot.demo.elevenlabs.dataset import Dataset
from bot.demo.elevenlabs.elevenlabs_server import RequestLog, Seen, elevenlabs_app
from bot.demo.elevenlabs.records import AgentRow, Phone, Record, Summary
from bot.demo.elevenlabs.refusals import SAMPLE_KEYS, Key

__all__ = [
    "KINDS",
    "SAMPLE_KEYS",
    "TRANSIENT",
    "AgentRow",
    "ApiFaults",
    "Dataset",
    "Key",
    "Phone",
    "Record",
    "RequestLog",
    "Seen",
    "Summary",
    "elevenlabs_app",
]
