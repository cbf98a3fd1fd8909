"""The stand-in for the provider: its page, its API, and the commands."""

from __future__ import annotations

import json
import re
from importlib import resources

import aiohttp
import pytest
from click.testing import CliRunner

from bot.channels.sms import settings
from bot.channels.sms.settings import API, NEEDED, PUBLIC
from bot.commands.sms import sms, variables
from bot.settings import SettingsError
from bot.sms_sandbox.app import sandbox_settings
from tests.sms.harness import Running

PAGE = resources.files("bot.sms_sandbox").joinpath("static").joinpath("phone.html").read_text()


async def _get(running: Running, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
    url = f"http://127.0.0.1:{running.sandbox_port}{path}"
    async with aiohttp.ClientSession() as client, client.get(url, headers=headers) as answer:
        return answer.status, dict(answer.headers), await answer.text()


async def test_the_page_runs_nothing_of_strangers(running: Running) -> None:
    status, headers, page = await _get(running, "/")
    assert status == 200
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?! src=)|\son\w+=|style=", page), "nothing inline"
    for asset in re.findall(r'(?:src|href)="(/[^"]+)"', page):
        assert (await _get(running, asset))[0] == 200
    assert (await _get(running, "/static/../app.py"))[0] == 404


async def test_other_websites_cannot_use_it(running: Running) -> None:
    assert (await _get(running, "/phone/texts", Host="evil.example"))[0] == 403
    assert (await _get(running, "/phone/texts", Origin="https://evil.example"))[0] == 403


async def test_its_api_needs_the_token(running: Running) -> None:
    account = running.settings.account_sid
    status, _, said = await _get(running, f"/2010-04-01/Accounts/{account}/Messages.json")
    assert (status, json.loads(said)["code"]) == (401, 20003)


def test_the_page_can_be_used_without_eyes_or_mouse() -> None:
    assert '<html lang="en">' in PAGE
    assert 'role="log"' in PAGE
    assert 'aria-live="polite"' in PAGE
    fields = re.findall(r'<(?:input|textarea) id="(\w+)"', PAGE)
    labelled = set(re.findall(r'<label for="(\w+)"', PAGE))
    wrapped = set(re.findall(r'<label class="tick"><input id="(\w+)"', PAGE))
    assert set(fields) == labelled | wrapped


@pytest.mark.usefixtures("store")
def test_status_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    said = CliRunner().invoke(sms, ["status"])
    assert said.exit_code == 0
    assert "off" in said.output
    monkeypatch.setenv(NEEDED[0], "AC" + "0" * 32)
    assert NEEDED[1] in CliRunner().invoke(sms, ["status"]).output


@pytest.mark.usefixtures("running")
async def test_status_explains_what_did_not_arrive(running: Running) -> None:
    await running.text("hello", "+15005530007")
    await running.sandbox.reported()
    await running.settled()
    await running.sandbox.reported()
    told = json.loads(CliRunner().invoke(sms, ["status", "--json"]).output)
    assert told["sms"] == "on"
    assert "A2P 10DLC" in told["troubles"][0]["what"]


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        (PUBLIC, "http://clinic.example"), (PUBLIC, "clinic.example"),
        (PUBLIC, "https://clinic.example/?x=1"), (API, "http://evil.example"),
        (API, "https://127.0.0.1:1"), (NEEDED[0], "AC123"), (NEEDED[2], "MGx"), (NEEDED[1], ""),
    ],
)  # fmt: skip
def test_wrong_settings_switch_the_channel_off(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    right = variables(sandbox_settings("https://clinic.example", "http://127.0.0.1:1"))
    for known, given in {**right, name: value}.items():
        monkeypatch.setenv(known, given)
    with pytest.raises(SettingsError, match="SMS is off"):
        settings.read()


@pytest.mark.usefixtures("store")
def test_production_refuses_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    for known, given in variables(
        sandbox_settings("https://c.example", "http://127.0.0.1:1")
    ).items():
        monkeypatch.setenv(known, given)
    read = settings.read()
    assert read
    assert read.auth_token not in repr(read)
    monkeypatch.setenv("BACKCOACH_ENV", "production")
    with pytest.raises(SettingsError, match="never in production"):
        settings.read()
