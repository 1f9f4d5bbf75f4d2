"""The house stands as it was drawn: which file may import which, and what no file may hold."""

from __future__ import annotations

import ast
import contextlib
import functools
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.each import holds_for_each

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "bot").rglob("*.py"))

ROOMS: dict[str, set[str]] = {
    # pure
    "model": set(),
    "report": {"model", "tally"},
    "tally": {"model"},
    "query": {"model", "report", "tally"},
    "blocks": {"csv_export", "model", "report", "tally"},
    "csv_export": {"model"},
    "redaction": set(),
    # one outside each
    "settings": {"model", "proxy", "redaction"},
    "logs": {"redaction"},
    "elevenlabs": {"model", "proxy", "tally"},
    "store": {"model"},
    "web": {"answers", "archive", "model"},
    "proxy": set(),
    "archive": {"elevenlabs", "model", "store", "tally"},
    # the use cases, and the edge that carries them
    "answers": {
        "archive",
        "model",
        "query",
        "blocks",
        "csv_export",
        "elevenlabs",
        "redaction",
        "report",
        "store",
        "tally",
    },
    "slack": {"model", "answers", "blocks", "proxy", "query", "redaction"},
    # where parts are put together
    "clients": {"archive", "elevenlabs", "model", "proxy", "redaction", "settings", "store"},
    "app": {
        *(
            "model",
            "answers",
            "archive",
            "blocks",
            "clients",
            "elevenlabs",
            "redaction",
            "settings",
            "slack",
            "store",
        ),
        "web",
    },
    "check": {"archive", "clients", "elevenlabs", "logs", "model", "redaction", "settings", "store"},
    "explaining": {"elevenlabs", "model", "query", "settings"},
    "offline": {
        *("answers", "archive", "blocks", "clients", "elevenlabs", "csv_export", "model"),
        *("query", "report", "settings", "store"),
    },
    "demo": {"app", "logs", "model", "redaction", "settings", "web"},
    "cli": {
        "app",
        "check",
        "clients",
        "demo",
        "explaining",
        "logs",
        "model",
        "offline",
        "settings",
    },
    "__main__": {"cli"},
    "__init__": set(),
}
"""Every room of the house (a file or folder of bot/) and the rooms it may import."""

PURE = {"model", "tally", "query", "report", "blocks", "csv_export", "redaction"}
PURE_LIBRARIES = {"msgspec", "rapidfuzz"}
DOING = {
    "asyncio",
    "concurrent",
    "http",
    "logging",
    "multiprocessing",
    "os",
    "pathlib",
    "random",
    "secrets",
    "selectors",
    "shutil",
    "signal",
    "socket",
    "sqlite3",
    "ssl",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
    "uuid",
}
"""Modules of the standard library that touch the world: clock, chance, files, network, processes."""

OWNERS = {
    "cryptography": {"archive"},
    "httpx": {"elevenlabs"},
    "sqlalchemy": {"archive", "store", "check"},
    "dbos": {"store"},
    "slack_bolt": {"slack", "app"},
    "slack_sdk": {"slack", "app", "check"},
    "dotenv": {"settings"},
    "yaml": {"check", "demo"},
    "pyarrow": {"offline"},
    "rich": {"check", "offline"},
}
"""Libraries that only some rooms may touch."""

LONGEST = 400
"""Lines of a file that can still be read in one sitting; about 300 is the signal to split it by meaning."""

MOST_FILES = 130
"""Of the bot without its demo: who adds a module first looks for the one that should grow or go."""


def room(path: Path) -> str:
    """Return the room a file belongs to."""
    return path.relative_to(ROOT / "bot").with_suffix("").parts[0]


@functools.cache
def tree(path: Path) -> ast.Module:
    """Return a file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


@functools.cache
def imports(path: Path) -> frozenset[str]:
    """Return the full dotted names that a file imports, also inside functions and by relative imports."""
    package = ("bot", *path.relative_to(ROOT / "bot").parts[:-1])
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*base, *([node.module] if node.module else [])))
            found.update(f"{module}.{alias.name}" for alias in node.names)
    return frozenset(found)


def rooms_imported(path: Path) -> set[str]:
    """Return the other rooms that a file imports."""
    names = {name.split(".")[1] for name in imports(path) if name.startswith("bot.")}
    return names - {room(path)}


@functools.cache
def texts() -> tuple[tuple[Path, str], ...]:
    """Return every text file of the project (not what tools leave behind, nor a virtual environment)."""
    left_behind = {"__pycache__", "dist", "build", "screenshots"}
    found: list[tuple[Path, str]] = []
    for top in sorted(ROOT.iterdir()):
        hidden = top.name.startswith(".") and top.name not in {".ci", ".env.example", ".gitignore", ".github"}
        if hidden or top.name == "uv.lock" or (top / "pyvenv.cfg").exists():
            continue
        for path in [top] if top.is_file() else sorted(top.rglob("*")):
            if left_behind & set(path.relative_to(ROOT).parts) or not path.is_file():
                continue
            with contextlib.suppress(UnicodeDecodeError):
                found.append((path, path.read_text(encoding="utf-8")))
    return tuple(found)


def test_imports_point_one_way() -> None:
    """A file imports only the rooms its own room may know."""

    def points_one_way(path: Path) -> None:
        assert room(path) in ROOMS, "a new room: say here which rooms it may import"
        assert rooms_imported(path) <= ROOMS[room(path)]

    holds_for_each([(path,) for path in FILES], points_one_way)


def test_the_plan_has_no_cycles() -> None:
    """The allowed imports themselves point one way, and only cli knows demo and only app knows slack."""
    settled: set[str] = set()
    while ready := {name for name, known in ROOMS.items() if known <= settled} - settled:
        settled |= ready
    assert settled == set(ROOMS)
    assert {name for name, known in ROOMS.items() if "demo" in known} == {"cli"}
    assert {name for name, known in ROOMS.items() if "slack" in known} == {"app"}


def test_pure_rooms_touch_nothing() -> None:
    """Pure rooms import no I/O, open nothing, and read neither clock nor chance."""
    others = {*OWNERS, "aiohttp", "cachetools", "stamina", "starlette", "structlog", "uvicorn"}

    def touches_nothing(path: Path) -> None:
        tops = {name.split(".")[0] for name in imports(path)} - {"bot"}
        assert not tops & DOING
        assert not tops & others
        assert tops - PURE_LIBRARIES <= __import__("sys").stdlib_module_names
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called not in {"open", "print", "input"}
                assert not re.search(r"\b(?:datetime|date)\.(?:now|today|utcnow)$", called), called

    holds_for_each([(path,) for path in FILES if room(path) in PURE], touches_nothing)


@pytest.mark.parametrize("library", OWNERS)
def test_libraries_have_one_owner(library: str) -> None:
    """ElevenLabs is spoken to in one folder, Slack in another, the database in a third."""
    users = {room(path) for path in FILES if library in {name.split(".")[0] for name in imports(path)}}
    assert users <= OWNERS[library]


def test_the_stand_ins_do_not_know_the_bot() -> None:
    """The sample Slack and ElevenLabs of the demo share no code with the bot, nor its mistakes."""
    for part in ("slack", "elevenlabs"):
        for path in (ROOT / "bot" / "demo" / part).rglob("*.py"):
            strangers = {name for name in imports(path) if name.startswith("bot.")}
            assert all(name.startswith("bot.demo") for name in strangers), path


def test_files_can_be_read_in_one_sitting() -> None:
    """No source file is longer than can be read in one sitting."""
    sources = [
        path
        for folder in ("bot", "tests")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".js", ".css"}
    ]
    lengths = {path.relative_to(ROOT): path.read_text(encoding="utf-8").count("\n") for path in sources}
    assert {str(path): lines for path, lines in lengths.items() if lines > LONGEST} == {}
    assert len([path for path in FILES if room(path) != "demo"]) <= MOST_FILES


def test_modules_and_classes_have_names_of_their_own() -> None:
    """Who searches for a name finds one place: no two modules share a name, nor do two classes."""
    modules = [path.stem for path in FILES if not path.stem.startswith("__")]
    classes = [node.name for path in FILES for node in tree(path).body if isinstance(node, ast.ClassDef)]
    assert {name for name, count in Counter(modules).items() if count > 1} == set()
    assert {name for name, count in Counter(classes).items() if count > 1} == set()


def test_every_module_says_what_it_is_for() -> None:
    """Each file that holds code begins with a docstring."""
    silent = [path for path in FILES if not ast.get_docstring(tree(path))]
    assert [str(path.relative_to(ROOT)) for path in silent if path.read_text(encoding="utf-8").strip()] == []


# Written in two halves, so that this file does not hold what it looks for.
FORBIDDEN = {
    "a path of one machine": r"(?<![\w.~-])/(?:ho" + r"me|ro" + r"ot|wo" + r"rk|Us" + r"ers)/\w",
    "a host of a package registry": r"pypi\.o" + r"rg|pythonho" + r"sted|npmjs\.o" + r"rg|deb\.deb" + r"ian",
    "unfinished work": r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX)\b",
    "an unresolved merge": r"^(?:<<<<<" + r"<<|>>>>>" + r">>) ",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str) -> None:
    """No file of the project holds what belongs to one machine or to unfinished work."""
    pattern = re.compile(FORBIDDEN[what], re.MULTILINE)
    found = [
        f"{path.relative_to(ROOT)}: {hit[0]}"
        for path, text in texts()
        for hit in [pattern.search(text)]
        if hit
    ]
    assert found == []


def test_the_lock_file_stays_out() -> None:
    """uv.lock names the registry it was made with, so it is ignored; requirements.txt is the pinned list."""
    assert "uv.lock" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()
