"""What the documents say is true: README, .env.example, requirements and the rest, against the code."""

from __future__ import annotations

import itertools
import re
import shlex
import tomllib
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.cli import main
from bot.csv_export import COLUMNS
from bot.query import parse
from bot.report.measures import CSV_COLUMNS
from bot.settings import VARIABLES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
OPERATING = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
MOST_LINES = 160
"""Of the README: it is for who meets the project first."""
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINNED = (ROOT / "requirements.txt").read_text(encoding="utf-8")
RUNTIME = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
DEVELOPMENT = [Requirement(line) for line in PROJECT["dependency-groups"]["dev"]]
UNBOUNDED = {"tzdata", "types-cachetools", "types-pyyaml"}
"""Data and annotations by date: newer is always right."""


def table(heading: str) -> list[list[str]]:
    """Return the cells of the first table under a heading of either document, without its head."""
    section = f"{README}\n{OPERATING}".partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def spans(text: str) -> list[str]:
    """Return what stands in backquotes, fenced blocks left out."""
    return re.findall(r"`([^`]+)`", re.sub(r"^( *)```.*?^\1```$", "", text, flags=re.MULTILINE | re.DOTALL))


def help_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return what the command line says to --help."""
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


def test_operating_names_every_variable_with_its_default() -> None:
    """The table of settings is the table of the code, in the same order."""
    rows = [(spans(name)[0], "".join(spans(default))) for name, _about, default in table("Settings")]
    assert rows == [(variable.name, variable.default) for variable in VARIABLES]


def test_env_example_names_every_variable_once() -> None:
    """.env.example sets or shows each variable once, with its default, under a comment."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    found = {}
    for above, line in itertools.pairwise(lines):
        if match := re.fullmatch(r"#?([A-Z][A-Z_]+)=(.*)", line):
            assert match[1] not in found
            assert above.startswith("# ")
            found[match[1]] = match[2]
    assert found == {variable.name: variable.default for variable in VARIABLES}


def test_operating_names_every_column_in_order() -> None:
    """The table of the CSV is its header."""
    assert [spans(row[0])[0] for row in table("The CSV")] == list(COLUMNS)


def test_operating_names_every_column_of_a_report_in_order() -> None:
    """The table of the CSV of a report is what stands in its header after the groups."""
    assert [name for row in table("The CSV of a report") for name in spans(row[0])] == list(CSV_COLUMNS)


def test_operating_and_command_line_have_the_same_commands(capsys: pytest.CaptureFixture[str]) -> None:
    """Each command of the page exists and the other way round."""
    documented = {spans(row[0])[0].split()[1] for row in table("Commands")}
    offered = set(re.findall(r"^    ([a-z]+) ", help_of(capsys), re.MULTILINE))
    assert documented == offered


def test_the_command_line_tells_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    """That of the project; `--help` behind it is not looked at."""
    assert re.fullmatch(r"bot \d+\.\d+\.\d+\n", help_of(capsys, "--version"))


def test_documents_use_only_options_that_exist(capsys: pytest.CaptureFixture[str]) -> None:
    """Every `bot command --option` in the documents is known to that command."""
    text = f"{README}\n{OPERATING}"
    used = [shlex.split(span) for span in spans(text) if span.startswith("bot ")]
    used += [shlex.split(line) for line in re.findall(r"(?:^ *|&& )uv run (bot .+)$", text, re.MULTILINE)]
    assert len(used) > 5
    for _bot, *words in used:
        if words == ["…"]:
            continue
        said = help_of(capsys, *words[:1])
        for option in [word for word in words[1:] if word.startswith("-") and word != "-"]:
            assert option in said, words


def test_readmes_questions_are_understood() -> None:
    """Each of the twenty questions is understood."""
    now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    questions = [span for row in table("Twenty questions to try") for span in spans(row[1])]
    questions += re.findall(r"^(?:/conversations|@conversations) (.+)$", README, re.MULTILINE)
    questions += re.findall(r'bot export "([a-z][^"]+)"', OPERATING)
    assert len(questions) > 20
    for question in questions:
        parsed = parse(question.removeprefix("/conversations").strip(), now=now)
        assert (parsed.unknown, parsed.problems) == ((), ()), question


def test_the_two_commands_of_a_newcomer_are_there() -> None:
    """The commands promised to a newcomer stand on lines of their own."""
    lines = README.splitlines()
    assert "pip install uv && uv run bot demo" in lines
    assert "pip install uv && uv run pytest" in lines


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) <= MOST_LINES


@pytest.mark.parametrize("document", ["README.md", "CHANGELOG.md", "docs/operating.md"])
def test_links_to_files_lead_somewhere(document: str) -> None:
    """Every relative link and picture is a file of the project; headings linked to exist."""
    text = (ROOT / document).read_text(encoding="utf-8")
    headings = {
        re.sub(r"[^\w -]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in text.splitlines()
        if line.startswith("#")
    }
    for target in re.findall(r"\]\((?!https?://)([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        assert ((ROOT / document).parent / path).exists() if path else anchor in headings, target


def test_the_house_in_the_readme_is_the_house() -> None:
    """Each file and folder drawn under "How it is built" exists, and none is left out."""
    drawn = re.search(r"^bot/\n((?:  .+\n)+)", README, re.MULTILINE)
    assert drawn is not None
    names = {
        word.rstrip("/")
        for line in drawn[1].splitlines()
        for word in re.findall(r"(?:^|  )([a-z_]+(?:\.py|/))", line)
    }
    real = {
        path.name
        for path in (ROOT / "bot").iterdir()
        if not path.name.startswith("__") and (path.suffix == ".py" or path.is_dir())
    }
    assert names == real


def test_requirements_pin_every_dependency() -> None:
    """Each runtime dependency is pinned within its bounds, with hashes and no address."""
    pins = dict(re.findall(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==([^\s;\\]+)", PINNED, re.MULTILINE))
    for requirement in RUNTIME:
        name = canonicalize_name(requirement.name)
        assert name in pins, f"{name}: run the command in docs/operating.md"
        assert requirement.specifier.contains(pins[name]), name
    blocks = re.split(r"^(?=[a-z0-9-]+(?:\[[a-z,]+\])?==)", PINNED, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(pins)
    assert all("--hash=sha256:" in block for block in blocks)
    assert not re.search(
        r"://|--(?:extra-)?index-url|--find-links| /", re.sub(r"^#.*", "", PINNED, flags=re.MULTILINE)
    )


def test_requirements_are_made_by_the_documented_command() -> None:
    """The command in requirements.txt is the one that docs/operating.md gives, and names no machine."""
    command = PINNED.splitlines()[1].lstrip("# ")
    assert command in OPERATING.splitlines()
    assert "/" not in command


@pytest.mark.parametrize("requirement", [*RUNTIME, *DEVELOPMENT], ids=str)
def test_dependencies_are_bounded_and_tested_within_bounds(requirement: Requirement) -> None:
    """Each dependency has a lower and an upper bound, and the version under test lies between."""
    operators = {specifier.operator for specifier in requirement.specifier}
    if requirement.name not in UNBOUNDED:
        assert operators == {">=", "<"}
    assert requirement.specifier.contains(metadata.version(requirement.name), prereleases=True)


def test_changelog_is_kept() -> None:
    """The changelog has an unreleased part and knows only the usual kinds of change."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## [Unreleased]" in text
    kinds = set(re.findall(r"^### (.+)$", text, re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_the_procfile_starts_commands_that_exist(capsys: pytest.CaptureFixture[str]) -> None:
    """Each process of the Procfile is a known command with known options."""
    for line in (ROOT / "Procfile").read_text(encoding="utf-8").splitlines():
        name, _, command = line.partition(": ")
        assert name in {"web", "worker"}
        *python, subcommand, option = (
            shlex.split(command) if " --" in command else [*shlex.split(command), ""]
        )
        assert python == ["python", "-m", "bot"]
        assert option in help_of(capsys, subcommand)
