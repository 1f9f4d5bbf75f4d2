"""The threat model names tests that exist; the audit says what it found, or that it could not."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
TESTS = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))


def test_every_test_of_the_threat_model_exists() -> None:
    """Each threat has a defence and at least one test, and each test named is in the suite."""
    rows = [row.strip("|").split("|") for row in PAGE.splitlines() if row.startswith("| ")]
    threats = [row for row in rows if row[0].strip() not in {"threat", "---"}]
    assert len(threats) > 15
    for threat, defence, tests in threats:
        names = re.findall(r"`(test_\w+)`", tests)
        assert threat.strip()
        assert defence.strip()
        assert names, threat
        assert [name for name in names if f"def {name}(" not in TESTS] == []


def test_the_readme_links_the_threat_model() -> None:
    """Who reads about security finds it."""
    assert "(docs/security.md)" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        ("echo 'No known vulnerabilities found'; exit 0", 0, "no known vulnerabilities"),
        ("echo 'Found 1 known vulnerability in 1 package'; exit 1", 1, "Found 1 known"),
        ("echo 'Found 2 known vulnerabilities in 1 package'; exit 1", 1, "Found 2 known"),
        ("echo 'connection refused by some-host' >&2; exit 1", 0, "not checked"),
        ("exit 127", 0, "not checked"),
        ("sleep 5", 0, "not checked"),
    ],
)
def test_dependencies_are_audited_also_offline(tmp_path: Path, answer: str, code: int, words: str) -> None:
    """Vulnerabilities fail the run; no network or no tool is said in a sentence, without naming a host."""
    tool = tmp_path / "uv"
    tool.write_text(f"#!/bin/sh\n{answer}\n")
    tool.chmod(0o755)
    done = subprocess.run(  # noqa: S603 - our own script
        [str(ROOT / ".ci" / "audit")],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "AUDIT_SECS": "0.5"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert words in done.stdout
    assert "host" not in done.stdout
