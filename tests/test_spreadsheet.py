"""The CSV in a real spreadsheet: LibreOffice opens it with each separator, and runs nothing in it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.csv_export import CsvWriter
from bot.model import CallIds, Conversation, IdState, PhoneCall

BERLIN = ZoneInfo("Europe/Berlin")

SEPARATORS = {"comma": "44", "semicolon-or-tab": "59/9"}
"""As LibreOffice wants them: characters' numbers, with a slash where each of two separates."""
FORMULAS = [
    lead + formula
    for lead in (
        "", " ", "\ufeff", "x;", "x; ", "x\t", "x\n", "x\r\n\t",
        'x;"', 'x";', ';""', 'x\n"', "x,", "x;y\t;", "a\n;",
    )
    for formula in ("=1+1", "+A1+1", "-A1+1", "@SUM(A1)", '=HYPERLINK("http://x.example";"y")')
]  # fmt: skip


@pytest.fixture
def spreadsheet() -> str:
    """Return LibreOffice's command."""
    command = shutil.which("soffice") or shutil.which("libreoffice")
    if command is None:
        if os.environ.get("CI"):
            pytest.fail("LibreOffice is missing: install libreoffice-calc")
        pytest.skip("LibreOffice is not installed")
    return command


def test_a_spreadsheet_runs_nothing(spreadsheet: str, tmp_path: Path) -> None:
    """LibreOffice finds no formula in any column, whichever separator its locale has."""
    source = tmp_path / "conversations.csv"
    with source.open("wb") as out:
        writer = CsvWriter(out, BERLIN)
        for text in FORMULAS:
            row = Conversation(
                conversation_id=text, agent_id=text, agent_name=text, status=text, call_successful=text,
                main_language=text, termination_reason=text, call_summary_title=text, transcript_summary=text,
                conversation_initiation_source=text, tool_names=("a", text, text), cost=-5.0,
                start_time_unix_secs=1_795_882_689,
            )  # fmt: skip
            phone = PhoneCall(
                phone_provider=text, call_id=text, call_sid=text, direction=text, agent_number=text,
                external_number=text,
            )  # fmt: skip
            writer.write([row], {text: CallIds(IdState.FOUND, phone)})
    for name, separator in SEPARATORS.items():
        subprocess.run(  # noqa: S603 - the command is LibreOffice's
            [
                spreadsheet,
                f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
                "--headless",
                f"--infilter=CSV:{separator},34,76",
                "--convert-to",
                "fods",
                "--outdir",
                tmp_path / name,
                source,
            ],
            check=True,
            capture_output=True,
            timeout=60,
        )
        cells = (tmp_path / name / "conversations.fods").read_text(encoding="utf-8")
        assert "table:formula" not in cells, name
    # Read with its own separator, every text is whole, numbers are numbers and start_time is a date.
    cells = (tmp_path / "comma" / "conversations.fods").read_text(encoding="utf-8")
    assert cells.count('office:date-value="2026-11-28T17:18:09"') == len(FORMULAS)
    assert cells.count('office:value="-5"') == len(FORMULAS)
    assert cells.count("<table:table-row") == len(FORMULAS) + 1
