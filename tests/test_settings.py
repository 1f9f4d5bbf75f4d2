from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli import main
from bot.redaction import Secret
from bot.settings import VARIABLES, Mode, Settings, SettingsError, environment

BOT = "xoxb-1234567890-abcdefghij"
APP = "xapp-1-A012-3456789-abcdef"
KEY = "sk_0123456789abcdef"
SOCKET = {"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP, "ELEVENLABS_API_KEY": KEY}
HTTP = {"SLACK_BOT_TOKEN": BOT, "SLACK_SIGNING_SECRET": "8f742231b10e", "ELEVENLABS_API_KEY": KEY}


def problems(mode: Mode, values: dict[str, str]) -> tuple[str, ...]:
    """Return what loading reports."""
    with pytest.raises(SettingsError) as raised:
        Settings.load(mode, values)
    return raised.value.problems


def test_defaults_are_the_designs() -> None:
    """Without any variable every field has the documented default."""
    settings, found = Settings.read({})
    assert found == ()
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.elevenlabs_base_url == "https://api.elevenlabs.io"
    assert settings.elevenlabs_concurrency == 8
    assert settings.database_url.reveal() == "sqlite:///bot.db"
    assert (settings.cache_rows, settings.export_rows, settings.retention_days) == (50000, 10000, 30)
    assert (settings.allowed_users, settings.allowed_channels) == (frozenset(), frozenset())
    assert settings.mask_phone_numbers is True
    assert (settings.week_start, settings.port) == ("monday", 3000)
    assert (settings.log_level, settings.log_format) == ("INFO", "console")


def test_every_field_is_a_variable() -> None:
    """The table of variables and the fields of Settings are the same list, in the same order."""
    assert [variable.name.lower() for variable in VARIABLES] == list(Settings.__dataclass_fields__)


def test_everything_set_is_read() -> None:
    """Each variable reaches its field, with spaces, case and slashes put right."""
    settings = Settings.load(
        Mode.RUN,
        {
            **SOCKET,
            "SLACK_SIGNING_SECRET": " 8f742231b10e ",
            "SLACK_API_URL": "http://127.0.0.1:3000/slack-api",
            "ELEVENLABS_BASE_URL": "https://api.eu.residency.elevenlabs.io/",
            "ELEVENLABS_CONCURRENCY": "2",
            "DATABASE_URL": "postgres://bot:pw@db:5432/bot",
            "CACHE_ROWS": "100_000",
            "EXPORT_ROWS": "5",
            "ALLOWED_USERS": "U012AB, W345,S0GROUP1",
            "ALLOWED_CHANNELS": "C012AB",
            "MASK_PHONE_NUMBERS": "No",
            "WEEK_START": "Sunday",
            "RETENTION_DAYS": "7",
            "PORT": "8080",
            "LOG_LEVEL": "debug",
            "LOG_FORMAT": "JSON",
        },
    )
    assert settings.slack_signing_secret == Secret("8f742231b10e")
    assert settings.slack_api_url == "http://127.0.0.1:3000/slack-api/"
    assert settings.elevenlabs_base_url == "https://api.eu.residency.elevenlabs.io"
    assert settings.elevenlabs_concurrency == 2
    assert settings.database_url.reveal() == "postgresql://bot:pw@db:5432/bot"
    assert settings.shared_database
    assert settings.allowed_users == {"U012AB", "W345", "S0GROUP1"}
    assert settings.allowed_channels == {"C012AB"}
    assert settings.mask_phone_numbers is False
    assert (settings.cache_rows, settings.export_rows, settings.retention_days) == (100000, 5, 7)
    assert (settings.week_start, settings.port) == ("sunday", 8080)
    assert (settings.log_level, settings.log_format) == ("DEBUG", "json")


WRONG = [
    ("SLACK_BOT_TOKEN", "xoxp-1-2", "must begin with xoxb- (this is a user token)"),
    ("SLACK_BOT_TOKEN", "xapp-1-2", "must begin with xoxb- (this is an app-level token)"),
    ("SLACK_BOT_TOKEN", "xoxb-", "must begin with xoxb-"),
    ("SLACK_BOT_TOKEN", "xoxe.xoxb-1-2", "switch token rotation off"),
    ("SLACK_APP_TOKEN", BOT, "must begin with xapp- (this is a bot token)"),
    ("SLACK_SIGNING_SECRET", "two words", "copy it again"),
    ("ELEVENLABS_API_KEY", "sk_\u200babc", "copy it again"),
    ("SLACK_API_URL", "slack.com/api", "is not a URL"),
    ("SLACK_API_URL", "http://slack.com/api", "must be https"),
    ("SLACK_API_URL", "https://me:pw@slack.com/api", "leave off user names"),
    ("SLACK_API_URL", "https://slack.com:port/api", "is not a URL"),
    ("ELEVENLABS_BASE_URL", "http://127.0.0.1.example.com", "must be https"),
    ("ELEVENLABS_BASE_URL", "https://api.elevenlabs.io/v1/", "must not end with /v1"),
    ("ELEVENLABS_BASE_URL", "https://api.elevenlabs.io/v1/convai", "must not end with /v1/convai"),
    ("ELEVENLABS_BASE_URL", "https://api.elevenlabs.io/v1/convai/conversations/", "leave that part off"),
    ("ELEVENLABS_BASE_URL", "https://elevenlabs.io", "the API is at https://api.elevenlabs.io"),
    ("ELEVENLABS_BASE_URL", "https://api.elevenlabs.io?key=1", "leave off"),
    ("ELEVENLABS_BASE_URL", "ftp://api.elevenlabs.io", "is not a URL"),
    ("ELEVENLABS_BASE_URL", "https://[::1", "is not a URL"),
    ("ELEVENLABS_CONCURRENCY", "0", "whole number from 1 to 64"),
    ("CACHE_ROWS", "-1", "whole number"),
    ("EXPORT_ROWS", "1e4", "whole number"),
    ("RETENTION_DAYS", "٣٠", "whole number"),
    ("PORT", "70000", "from 0 to 65535"),
    ("PORT", "9" * 5000, "from 0 to 65535"),
    ("DATABASE_URL", "mysql://u:hunter2@h/db", "must begin with sqlite:/// or postgresql://"),
    ("DATABASE_URL", "postgresql://u:hunter2@h", "names no database"),
    ("DATABASE_URL", "postgresql://u:hunter2@h:port/db", "host or port"),
    ("DATABASE_URL", "sqlite://bot.db", "names no file"),
    ("DATABASE_URL", "sqlite:///:memory:", "names no file"),
    ("ALLOWED_USERS", "alice", "Slack ids"),
    ("ALLOWED_CHANNELS", "#general,C012", "Slack ids"),
    ("MASK_PHONE_NUMBERS", "maybe", "true or false"),
    ("WEEK_START", "funday", "monday"),
    ("LOG_LEVEL", "LOUD", "DEBUG"),
    ("LOG_FORMAT", "xml", "console or json"),
]


@pytest.mark.parametrize(("variable", "text", "words"), WRONG)
def test_a_wrong_value_names_variable_and_next_step(variable: str, text: str, words: str) -> None:
    """Each unusable value is one sentence that begins with its variable and says what to do."""
    found = problems(Mode.RUN, {**SOCKET, variable: text})
    assert len(found) == 1
    assert found[0].startswith(f"{variable} ")
    assert words in found[0]
    assert found[0].endswith(".")
    assert "hunter2" not in found[0]


@pytest.mark.parametrize("option", ["demo --port", "run --health-port", "demo --rows", "sync --days"])
def test_an_option_takes_numbers_as_a_variable_does(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What is out of range is bad input, said before anything starts."""
    with pytest.raises(SystemExit) as ended:
        main([*option.split(), "99999999"])
    assert ended.value.code == 2
    assert f"{option.split()[1]}: must be a whole number from " in capsys.readouterr().err


def test_all_problems_come_at_once() -> None:
    """Malformed and missing variables are reported together, each once."""
    found = problems(Mode.RUN, {"SLACK_BOT_TOKEN": "token", "PORT": "x", "LOG_FORMAT": "y"})
    assert [sentence.split()[0] for sentence in found] == [
        "SLACK_BOT_TOKEN",
        "PORT",
        "LOG_FORMAT",
        "Neither",
        "ELEVENLABS_API_KEY",
    ]
    malformed = problems(Mode.RUN, {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "a b"})
    assert [sentence.split()[0] for sentence in malformed] == ["SLACK_SIGNING_SECRET", "ELEVENLABS_API_KEY"]


def test_what_each_mode_needs() -> None:
    """Each command asks for its own variables only, and says where to get them."""
    names = {
        mode: [problem.split()[0] for problem in problems(mode, {})] for mode in (Mode.HTTP, Mode.WORKER)
    }
    assert names[Mode.HTTP] == ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "ELEVENLABS_API_KEY"]
    assert names[Mode.WORKER] == ["SLACK_BOT_TOKEN", "ELEVENLABS_API_KEY", "DATABASE_URL"]
    assert "convai_read" in problems(Mode.EXPORT, {})[0]
    assert "ELEVENLABS_API_KEY" in problems(Mode.LIVE, {})[0]
    for mode in (Mode.DEMO, Mode.EXPLAIN):
        assert Settings.load(mode, {}).elevenlabs_api_key is None


def test_transport_follows_the_tokens() -> None:
    """An app token means Socket Mode; `--http` and workers do without it."""
    assert Settings.load(Mode.RUN, SOCKET).socket_mode
    assert not Settings.load(Mode.RUN, HTTP).socket_mode
    assert not Settings.load(Mode.HTTP, {**HTTP, "SLACK_APP_TOKEN": "broken"}).socket_mode
    assert not Settings.load(
        Mode.WORKER, {**SOCKET, "DATABASE_URL": "postgresql+psycopg://localhost/bot"}
    ).socket_mode


def test_a_mode_ignores_what_it_does_not_use() -> None:
    """A broken Slack token is no reason to refuse an export; a broken key is."""
    assert Settings.load(Mode.EXPORT, {"ELEVENLABS_API_KEY": KEY, "SLACK_BOT_TOKEN": "x", "PORT": "x"})
    assert Settings.load(Mode.EXPLAIN, {"SLACK_BOT_TOKEN": "x", "ELEVENLABS_API_KEY": "a b"})
    assert Settings.load(Mode.DEMO, {"DATABASE_URL": "mysql://x", "ALLOWED_USERS": "?"})
    assert problems(Mode.EXPORT, {"ELEVENLABS_API_KEY": "a b"})


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.0.1", "[::1]"])
def test_http_is_fine_on_this_machine(host: str) -> None:
    """Servers of tests and of the demo may be plain http on loopback."""
    settings, found = Settings.read({"ELEVENLABS_BASE_URL": f"http://{host}:4010/elevenlabs/"})
    assert (settings.elevenlabs_base_url, found) == (f"http://{host}:4010/elevenlabs", ())


def test_secrets_hide_themselves() -> None:
    """No way of printing, formatting, copying or pickling settings shows a secret."""
    settings = Settings.load(Mode.RUN, {**SOCKET, "DATABASE_URL": "postgresql://bot:hunter2@db/bot"})
    shown = f"{settings} {settings!r} {settings.slack_bot_token} {settings.elevenlabs_api_key!r:>40}"
    for secret in (BOT, APP, KEY, "hunter2"):
        assert secret not in shown
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(settings.slack_bot_token)
    with pytest.raises(TypeError, match="not pickled"):
        copy.deepcopy(settings)


def test_secrets_are_listed_for_redaction() -> None:
    """The list for log redaction holds every token, key and database password, longest first."""
    settings = Settings.load(
        Mode.RUN,
        {**SOCKET, "SLACK_SIGNING_SECRET": "5167n", "DATABASE_URL": "postgresql://bot:p%40ss:w@db/bot"},
    )
    assert set(settings.secrets) >= {BOT, APP, KEY, "5167n", "p%40ss:w", "p@ss:w"}
    assert list(settings.secrets) == sorted(settings.secrets, key=len, reverse=True)
    assert Settings.read({})[0].secrets == ()


def test_secrets_compare_by_content() -> None:
    """Two secrets with one text are one dictionary key, and no secret equals a plain text."""
    assert {Secret("a"), Secret("a")} == {Secret("a")}
    assert Secret("a") != "a"


def test_environment_wins_over_the_file(tmp_path: Path) -> None:
    """`.env` fills in what the environment does not set; dollar signs and a byte-order mark are harmless."""
    file = tmp_path / ".env"
    file.write_text("\ufeffPORT=4000\nELEVENLABS_API_KEY='pa$HOME${x}'\nEMPTY\n# comment\n", encoding="utf-8")
    values = environment(file, {"PORT": "5000", "LOG_LEVEL": ""})
    assert values == {"PORT": "5000", "ELEVENLABS_API_KEY": "pa$HOME${x}", "LOG_LEVEL": ""}
    assert environment(tmp_path / "absent", {"A": "b"}) == {"A": "b"}


def test_an_unreadable_file_is_a_problem(tmp_path: Path) -> None:
    """A `.env` in another encoding gives a sentence, not a traceback with its content."""
    file = tmp_path / ".env"
    file.write_bytes("PORT=4000 # für".encode("utf-16"))
    with pytest.raises(SettingsError, match="UTF-8") as raised:
        environment(file, {})
    assert raised.value.__cause__ is None


@given(st.dictionaries(st.sampled_from([variable.name for variable in VARIABLES]), st.text(max_size=40)))
def test_any_text_is_read_or_explained(values: dict[str, str]) -> None:
    """Whatever the variables hold, reading gives settings and whole sentences, never another exception."""
    settings, found = Settings.read(values)
    assert isinstance(settings, Settings)
    assert all(problem.sentence.startswith(problem.variable) for problem in found)
    assert {problem.variable for problem in found} <= values.keys()
