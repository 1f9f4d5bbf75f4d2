"""Recordings: valid, silent MP3 files of the call's length, each with its conversation's id as title."""

from __future__ import annotations

from collections.abc import Iterator

FRAME = bytes((0xFF, 0xFB, 0x10, 0xC4)) + bytes(100)
"""One frame of MPEG-1 layer III, 32 kbit/s, 44.1 kHz, mono. All zeros after the header is silence."""
FRAME_SECONDS = 1152 / 44_100
FRAMES_AT_ONCE = 600


def id3(title: str) -> bytes:
    """Make an ID3v2.3 tag with a title."""
    text = b"\x00" + title.encode("latin-1", "replace")
    frame = b"TIT2" + len(text).to_bytes(4, "big") + b"\x00\x00" + text
    # a tag's length is written in seven bits a byte
    size = bytes((len(frame) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + size + frame


def recording(title: str, seconds: float, size: int | None = None) -> tuple[int, Iterator[bytes]]:
    """Give the length in bytes and the chunks of a recording.

    `size`: about how many bytes it is to have (whole frames, at least one), instead of what `seconds` need.
    """
    head = id3(title)
    wanted = seconds / FRAME_SECONDS if size is None else (size - len(head)) / len(FRAME)
    frames = max(1, round(wanted))

    def chunks() -> Iterator[bytes]:
        yield head
        left = frames
        while left:
            some = min(left, FRAMES_AT_ONCE)
            yield FRAME * some
            left -= some

    return len(head) + frames * len(FRAME), chunks()
