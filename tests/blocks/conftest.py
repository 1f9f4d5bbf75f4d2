"""Property tests here measure no time: how long an example takes says only how busy the machine is."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("unhurried", deadline=None, max_examples=50)
settings.load_profile("unhurried")
