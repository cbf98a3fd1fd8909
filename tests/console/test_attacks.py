"""Other sites, forged forms, and patients or addresses that try to be more than text."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import inspect

from bot.console import keys, lists, pages
from bot.console.csv_file import csv_file, safe
from bot.store import audit
from bot.store.database import engine, session
from bot.store.erasure import delete_patient
from bot.store.inbox import hand_offs, requests
from bot.store.models import (
    Assessment,
    Conversation,
    HandOff,
    Unanswered,
    UrgencyRecord,
    Utterance,
)
from bot.store.people import search
from bot.store.records import request_booking
from tests.console.conftest import ADDRESS, Browser
from tests.console.made_up import ANA, MARIA, fill

Visit = Callable[..., Browser]
FORMS = [
    "/sign-in", "/sign-out", "/follow-up", "/hand-offs/1/take", "/hand-offs/2/put-back",
    "/requests/B7RQ2M/called-back", "/requests/W9DC3H/open-again", "/questions/1/accept",
    "/questions/1/dismiss", "/patients", "/patients/{link}/delete",
]  # fmt: skip
FIELDS = {"name": "rosa", "password": "x", "sure": "yes", "asked": "Ana", "wording": "hi there",
          "intent": "greet"}  # fmt: skip


@pytest.fixture
def filled(staff: Browser) -> Browser:
    """Somebody signed in, and made-up patients."""
    fill()
    return staff


def _form(address: str) -> str:
    return address.replace("{link}", keys.patient_link(ANA))


# --- other sites ---------------------------------------------------------------------------------


@pytest.mark.parametrize("token", [None, "", "wrong", "0" * 64, "another"])
def test_form_without_its_token_does_nothing(
    visit: Visit, filled: Browser, token: str | None
) -> None:
    if token == "another":
        token = visit().token("/sign-in")
    fields = {**FIELDS} if token is None else {**FIELDS, "form_token": token}
    before = requests(None), hand_offs("waiting"), hand_offs("done")
    for address in FORMS:
        answer = filled.post(_form(address), data=fields)
        assert answer.status_code == 403, address
        assert "Nothing was changed" in answer.text
        assert "Ana Lopez" not in answer.text
    assert (requests(None), hand_offs("waiting"), hand_offs("done")) == before
    assert filled.get("/").status_code == 200, "still signed in"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9999"},
        {"Origin": "https://localhost:5006"},
        {"Origin": "http://localhost:5006.evil.example"},
        {"Referer": "https://evil.example/http://localhost:5006/"},
    ],
)
def test_form_from_another_site_does_nothing(filled: Browser, headers: dict[str, str]) -> None:
    fields = {**FIELDS, "form_token": filled.token()}
    for address in FORMS:
        answer = filled.post(_form(address), data=fields, headers=headers)
        assert answer.status_code == 403, address
        assert "another page" in answer.text
    assert len(hand_offs("waiting")) == len(hand_offs("done")) == 1


def test_form_of_the_page_itself_is_taken(filled: Browser) -> None:
    token = filled.token()
    answer = filled.post(
        "/hand-offs/1/take", data={"form_token": token},
        headers={"Origin": ADDRESS, "Referer": f"{ADDRESS}/hand-offs"},
    )  # fmt: skip
    assert answer.status_code == 303
    assert hand_offs("waiting") == []


@pytest.mark.parametrize(("origin", "status"), [("https", 401), ("http", 403)])
def test_form_behind_a_server_with_tls_comes_over_tls(
    visit: Visit, origin: str, status: int
) -> None:
    visitor = visit("http://console.example.org")
    page = visitor.get("/sign-in")
    token = re.findall(r'name="form_token" value="(\w+)"', page.text)[0]
    cookie = page.headers["set-cookie"].split(";")[0]
    answer = visitor.post(
        "/sign-in", data={"form_token": token, "name": "rosa", "password": "wrong one"},
        headers={"Origin": f"{origin}://console.example.org", "Cookie": cookie},
    )  # fmt: skip
    assert answer.status_code == status


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:5006", "", "10.0.0.1", "a b"]
)
def test_page_under_another_name_is_not_given(filled: Browser, host: str) -> None:
    answer = filled.get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert "Ana Lopez" not in answer.text


def test_of_two_cookies_neither_is_believed(filled: Browser) -> None:
    token = filled.cookies["backcoach-console"]
    filled.cookies.clear()
    both = f"backcoach-console=planted; backcoach-console={token}"
    assert filled.get("/", headers={"Cookie": both}).status_code == 303
    one = f"other=1; backcoach-console={token}"
    assert filled.get("/", headers={"Cookie": one}).status_code == 200


def test_every_answer_carries_the_safety_headers(filled: Browser) -> None:
    for address in (
        "/", "/sign-in", "/console.css", "/icon.svg", "/nowhere", "/patients/abc",
        "/requests.csv", "/hand-offs/x", "/hand-offs/1/take",
    ):  # fmt: skip
        headers = filled.get(address).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "script-src" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


def test_page_to_go_back_to_is_never_one_that_was_sent(filled: Browser) -> None:
    for back in ("https://evil.example", "//evil.example", "/audit"):
        answer = filled.submit("/requests/B7RQ2M/called-back", back=back)
        assert answer.headers["location"].startswith("/requests?done=")
    assert filled.submit("/hand-offs/1/take", back="today").headers["location"] == "/?done=taken"


# --- words that try to be more -------------------------------------------------------------------

TRICK = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><b>{{ 7000*7 }}"


def test_patients_words_are_text_on_every_page(staff: Browser) -> None:
    sender = f"web-{TRICK}"
    request_booking(sender, TRICK, "+15125550111", TRICK, urgent=True)
    with session() as opened:
        opened.add(Conversation(sender_id=sender, state="[]"))
        opened.flush()
        opened.add_all(
            [
                Utterance(sender_id=sender, speaker="patient", text=TRICK),
                HandOff(sender_id=sender),
                Unanswered(sender_id=sender, text=TRICK, nearest=TRICK),
                Assessment(sender_id=sender, level="er_now", pathology=TRICK, summary=TRICK),
                UrgencyRecord(sender_id=sender, event="raised", level="er_now", pathology=TRICK),
            ]
        )
    audit.record("patient", TRICK[:40], sender, TRICK)
    link = keys.patient_link(sender)
    seen = [
        staff.get(address).text
        for address in ("/", "/hand-offs", "/requests", "/questions", "/questions/1", "/audit",
                        "/patients", f"/patients/{link}", f"/patients/{link}/delete")
    ]  # fmt: skip
    seen.append(staff.submit("/patients", asked=TRICK).text)
    for page in seen:
        assert "&lt;script&gt;" in page or "{{ 7000*7 }}" in page
        assert "<script" not in page
        assert "<img src=x" not in page
        assert "<b>" not in page
        assert "49000" not in page


TRICKS = ["' OR 1=1 --", "'; DROP TABLE booking_request; --", "%", "_", "\\", "\x00", "a" * 5000,
              "Ana' UNION SELECT password_hash FROM console_user --", "🙂", "\u202e"]  # fmt: skip


def test_search_takes_tricks_for_text(filled: Browser) -> None:
    for asked in TRICKS:
        answer = filled.submit("/patients", asked=asked)
        assert answer.status_code == 200
        assert "Nobody found" in answer.text
        assert "argon2" not in answer.text
        assert "booking_request" in inspect(engine()).get_table_names()
        assert search("Ana")


NOWHERE = ["/../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/console.css/../../pages.py", "/static/",
     "/patients/..%2f..%2fetc", "/patients/'%20OR%201=1", "/patients/%00", f"/patients/{MARIA}",
     "/questions/99999999999999999999999", "/questions/-1", "/hand-offs/1%27", "/requests/'--",
     "/patients/%F0%28%8C%28", "/audit?patient=x", "//evil.example/", "/questions/1e3"]  # fmt: skip


def test_addresses_that_nobody_was_given_lead_nowhere(filled: Browser) -> None:
    for address in NOWHERE:
        answer = filled.get(f"{ADDRESS}{address}")
        assert answer.status_code == 404, address
        assert "root:" not in answer.text
        assert "Traceback" not in answer.text
        assert "Maria" not in answer.text


@pytest.mark.parametrize(
    "address", ["/requests/' OR '1'='1/called-back", "/requests/%/called-back"]
)
def test_reference_of_a_form_is_no_pattern(filled: Browser, address: str) -> None:
    assert filled.submit(address).headers["location"] == "/requests?done=gone"
    assert len(requests()) == 2


def test_link_to_a_patient_cannot_be_made_or_changed() -> None:
    link = keys.patient_link("sms-+15125550100")
    assert "5125550100" not in link
    assert keys.patient_of(link) == "sms-+15125550100"
    for changed in (link[:-2], link[1:], link[::-1], link + "A", "", "é", "=", "A" * 60):
        assert keys.patient_of(changed) is None


def test_link_to_a_deleted_patient_leads_nowhere(filled: Browser) -> None:
    link = keys.patient_link(ANA)
    assert filled.get(f"/patients/{link}").status_code == 200
    delete_patient(ANA)
    assert filled.get(f"/patients/{link}").status_code == 404
    assert filled.get(f"/patients/{link}/chart.png").status_code == 404
    assert filled.get(f"/patients/{link}/patient.json").status_code == 404


def test_huge_and_broken_bodies_are_refused(filled: Browser) -> None:
    token = filled.token()
    huge = {"form_token": token, "asked": "x" * 100_000}
    assert filled.post("/patients", data=huge).status_code == 413
    many = {"form_token": token, **{f"f{number}": "x" for number in range(100)}}
    assert filled.post("/patients", data=many).status_code == 400
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    assert filled.post("/patients", content=b"--y\r\n", headers=broken).status_code in (400, 403)
    files = {"asked": ("a.txt", b"x")}
    assert filled.post("/patients", data={"form_token": token}, files=files).status_code == 400


def test_error_shows_no_word_of_what_was_stored(
    filled: Browser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_values: object) -> object:
        raise RuntimeError("Ana Lopez, +15125550165")

    monkeypatch.setattr(lists.inbox, "requests", fails)
    with caplog.at_level(logging.DEBUG):
        answer = filled.get("/requests")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "Ana" not in answer.text
    assert "Ana" not in caplog.text
    assert "RuntimeError" in caplog.text


def test_another_key_is_told_with_the_mend(
    filled: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKCOACH_DATA_KEY", "another key, long enough for this")
    answer = filled.get("/requests")
    assert answer.status_code == 500
    assert "BACKCOACH_DATA_KEY" in answer.text


def test_no_template_turns_escaping_off() -> None:
    for template in pages._FOLDER.joinpath("templates").iterdir():
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe\b|autoescape|<script|<style|\sstyle=|\son\w+=", text)


# --- table files -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", ["=1+1", "+15125550100", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n@x", "＝1", "|x"]
)
def test_cell_that_could_be_a_formula_is_text(value: str) -> None:
    assert safe(value) == f"'{value}"


@given(st.text())
def test_no_cell_begins_as_a_formula(value: str) -> None:
    said, kept = safe(value), value.replace("\x00", "")
    assert not said.lstrip().startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert said in (kept, f"'{kept}")


def test_table_file_keeps_quotes_and_accents_apart() -> None:
    written = csv_file(["name"], [['José "Pepe", Ruiz']]).decode("utf-8-sig")
    assert written == '"name"\r\n"José ""Pepe"", Ruiz"\r\n'


def test_exported_names_run_nothing_in_a_spreadsheet(staff: Browser) -> None:
    request_booking("web-1", '=HYPERLINK("https://evil.example","x")', "+15125550100", "@now")
    written = staff.get("/requests.csv").text
    assert "\"'=HYPERLINK(" in written
    assert '"\'@now"' in written
    assert '"(512) 555-0100"' in written
