"""A wrong setting stops the start with one line: variable, fault, example; a secret is never shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from planner.config import TABLE, Address, SettingError, read_settings, unused

TOKEN = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"

WRONG = {
    "BOT_TOKEN": ["x", "123", "123:", ":abc", "123456 AAE", "１２３:abcd"],
    "PLANNER_DB": ["/", ".", "~nobody-of-that-name/planner.db"],
    "PLANNER_USERS": ["alice", "1,b", "1;2", "**", "1.5"],
    "PLANNER_ADMINS": ["bob", "*"],
    "PLANNER_BOT_API": [
        "localhost:8081",
        "ftp://x",
        "http://",
        "//x",
        "http://[::1",
        "http://x:port",
        "http://x:99999",
    ],
    "PLANNER_HTTP": ["8085", ":8085", "localhost", "localhost:", "localhost:x", "localhost:99999", "x:²", "x:-1"],
    "PLANNER_SEND_RATE": ["", "x", "0", "-1", "1e9", "nan", "inf", "1,5"],
    "PLANNER_CHAT_BURST": ["", "0", "x", "1.5", "1001", "²", "-3"],
    "PLANNER_KEEP_DAYS": ["", "7", "x", "99999", "-1"],
    "PLANNER_LOCALCHAT_ANY": ["yes", "true", "2", "on"],
    "PLANNER_PRIVATE_FEEDS": ["yes", "2"],
    "PLANNER_FEED_MAX_MB": ["", "0", "x", "1.5", "201"],
    "PLANNER_FEED_MAX_EVENTS": ["", "0", "x", "1000000"],
    "PLANNER_PUBLIC_URL": ["planner.example.org", "ftp://x", "http://"],
    "PLANNER_FEED_HTTP": ["8086", "localhost:x", "localhost:99999"],
    "PLANNER_METRICS": ["yes", "2"],
    "PLANNER_HEARTBEAT_URL": ["hc-ping.com/some-uuid", "ftp://x", "http://", "http://x:port"],
    "PLANNER_TICKETS": ["ftp://x", "http://", "http://x:port", "file:///etc", __file__],
    "PLANNER_PRICE_PER_HOUR": ["", "x", "-1", "nan", "inf", "1,5"],
    "PLANNER_PAID_BROADCAST": ["yes", "2"],
    "PLANNER_ALERTS": ["", "both", "PROCESS"],
    "PLANNER_SMTP_URL": ["mail.example.org:587", "http://x", "smtp://", "smtp://u:5ecret@x:port"],
    "PLANNER_MAIL_FROM": ["planner", "a@b@c", "a b@example.org", "Ann <ann@example.org>"],
    "PLANNER_PRICE_PER_BROKEN_MINUTE": ["", "x", "-1", "nan"],
    "PLANNER_LOG_LEVEL": ["LOUD", "1", ""],
}
CASES = [(name, value) for name, values in WRONG.items() for value in values]


def test_every_setting_has_wrong_values_here() -> None:
    assert set(WRONG) == {setting.name for setting in TABLE.values()}


@pytest.mark.parametrize(("name", "value"), CASES)
def test_a_wrong_value_is_named_with_its_fault_and_an_example(name: str, value: str) -> None:
    with pytest.raises(SettingError) as refused:
        read_settings({name: value})
    line = str(refused.value)
    setting = next(one for one in TABLE.values() if one.name == name)
    assert "\n" not in line
    assert line.startswith(f"{name}: ")
    assert f"an example: {name}={setting.example}" in line
    assert re.search(r" (is|are|names|has) ", line), "the fault in words"
    assert "int()" not in line


def test_every_wrong_value_is_named_at_once_each_in_a_line_of_its_own() -> None:
    with pytest.raises(SettingError) as refused:
        read_settings({name: values[-1] for name, values in WRONG.items()})
    assert [line.partition(":")[0] for line in refused.value.lines] == [setting.name for setting in TABLE.values()]
    assert str(refused.value).splitlines() == list(refused.value.lines)


def test_a_port_that_there_cannot_be_is_called_one() -> None:
    with pytest.raises(SettingError) as refused:
        read_settings({"PLANNER_HTTP": "127.0.0.1:70000"})
    fault = "PLANNER_HTTP: '127.0.0.1:70000' has a port above 65535; an example: PLANNER_HTTP=127.0.0.1:8085"
    assert str(refused.value) == fault


@pytest.mark.parametrize("setting", TABLE.values(), ids=lambda setting: setting.name)
def test_every_example_and_every_default_can_be_used(setting: object) -> None:
    example = TOKEN if setting.name == "BOT_TOKEN" else setting.example
    read_settings({setting.name: example})
    read_settings({setting.name: setting.default})


def test_without_any_settings_it_is_the_local_chat_with_every_default() -> None:
    settings = read_settings({})
    assert settings.token is None
    assert settings.db == Path("planner.db")
    assert settings.users == frozenset()
    assert settings.http == Address("127.0.0.1", 8085)
    assert settings.send_rate == 30
    assert settings.keep_days == 400


def test_a_wrong_secret_is_not_shown() -> None:
    for secret in ("1234567-AAEhBOweik6ad9r", f"{TOKEN} {TOKEN}", "hunter2"):
        with pytest.raises(SettingError) as refused:
            read_settings({"BOT_TOKEN": secret})
        assert secret not in str(refused.value)
        assert refused.value.__cause__ is None


def test_a_wrong_address_of_the_heartbeat_is_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "heartbeat"
    file.write_text("ping.example.org/5ecret-uuid\n")
    for name, value, shown in (
        ("PLANNER_HEARTBEAT_URL", file.read_text(), "its value"),
        ("PLANNER_HEARTBEAT_URL_FILE", str(file), f"what {file} holds"),
    ):
        with pytest.raises(SettingError) as refused:
            read_settings({name: value})
        assert "5ecret" not in str(refused.value)
        assert str(refused.value).startswith(f"{name}: {shown} is no http or https address")


def test_the_secrets_that_are_set_are_known_to_whoever_keeps_them_out_of_the_log() -> None:
    settings = read_settings({"BOT_TOKEN": TOKEN, "PLANNER_HEARTBEAT_URL": "https://ping.example.org/5ecret"})
    assert settings.secrets == (TOKEN, "https://ping.example.org/5ecret", "/5ecret")
    assert read_settings({}).secrets == ()
    hook = {"PLANNER_TICKETS": "https://hooks.example.org/5ecret?key=other"}
    assert read_settings(hook).secrets == ("https://hooks.example.org/5ecret?key=other", "/5ecret", "key=other")
    assert read_settings({"PLANNER_TICKETS": "tickets"}).secrets == (), "a folder is none"


def test_the_password_of_the_mail_server_is_a_secret_as_it_is_written_and_as_it_is_meant() -> None:
    settings = read_settings({"PLANNER_SMTP_URL": "smtp://alice:p%40ss@mail.example.org"})
    assert {"p%40ss", "p@ss", "smtp://alice:p%40ss@mail.example.org"} <= set(settings.secrets)


def test_a_long_value_is_cut_and_a_line_break_in_it_stays_in_the_line() -> None:
    with pytest.raises(SettingError) as refused:
        read_settings({"PLANNER_SEND_RATE": "9\n" * 5_000 + "x"})
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 300


def test_the_token_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    assert read_settings({"BOT_TOKEN_FILE": str(file)}).token == TOKEN
    assert read_settings({"BOT_TOKEN_FILE": str(file), "BOT_TOKEN": "1:abcdef"}).token == "1:abcdef"


@pytest.mark.parametrize("content", [None, b"", b"  \n", b"\xff\xfe", b"no token at all"])
def test_a_file_that_holds_no_token_stops_the_start(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingError) as refused:
        read_settings({"BOT_TOKEN_FILE": str(file)})
    line = str(refused.value)
    assert line.startswith("BOT_TOKEN")
    assert "an example: BOT_TOKEN" in line
    assert "no token at all" not in line
    assert "\n" not in line


def test_users_are_a_list_a_star_or_nobody_yet() -> None:
    assert read_settings({"PLANNER_USERS": "1, 2\t3"}).users == {1, 2, 3}
    assert read_settings({"PLANNER_USERS": " * "}).users is None
    assert read_settings({"PLANNER_USERS": ""}).users == frozenset()


def test_an_address_may_be_ipv6() -> None:
    assert read_settings({"PLANNER_HTTP": "[::1]:80"}).http == Address("::1", 80)


def test_the_environment_goes_before_the_file_env(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# ours\n\nexport PLANNER_SEND_RATE=10\nPLANNER_KEEP_DAYS = \"30\"\nPLANNER_USERS='1,2'\n")
    settings = read_settings({"PLANNER_SEND_RATE": "20"}, file)
    assert settings.send_rate == 20
    assert settings.keep_days == 30
    assert settings.users == {1, 2}


def test_a_line_of_the_file_env_that_is_none_is_named_by_its_number(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(f"PLANNER_SEND_RATE=10\n{TOKEN}\n")
    with pytest.raises(SettingError, match=r"\.env, line 2: no KEY=value; an example: PLANNER_SEND_RATE=30") as refused:
        read_settings({}, file)
    assert TOKEN not in str(refused.value)


def test_a_file_env_that_is_not_there_is_no_fault(tmp_path: Path) -> None:
    assert read_settings({}, tmp_path / ".env").send_rate == 30


def test_a_file_env_that_is_no_text_is_said_so(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingError, match="cannot be read"):
        read_settings({}, file)


def test_settings_that_there_are_not_are_named_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("PLANNER_USER=7\nPLANNER_USERS=7\n")
    line = unused({"PLANNER_ALARM": "https://example.org/secret", "PLANNER_DB": "x.db", "PATH": "/bin"}, file)
    assert line is not None
    assert "PLANNER_USER is no setting" in line
    assert "PLANNER_ALARM is no setting" in line
    assert "secret" not in line, "values may be"
    assert "PLANNER_USERS" not in line
    assert "\n" not in line
    assert unused({"PLANNER_DB": "x.db"}) is None


@pytest.mark.parametrize("name", ["BOT_TOKEN", "PLANNER_HEARTBEAT_URL"])
def test_a_file_that_is_not_read_is_said_for_what_it_is(name: str) -> None:
    """It is a setting, and nobody reads it where what it would hold is set as well."""
    file = f"{name}_FILE"
    assert unused({file: "/run/secrets/it"}) is None
    assert unused({file: "/run/secrets/it", name: " "}) is None
    assert unused({file: "", name: "secret"}) is None
    line = unused({file: "/run/secrets/it", name: "secret"})
    assert line is not None
    assert f"{file} is not used, because {name} is set" in line
    assert "secret" not in line
