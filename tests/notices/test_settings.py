"""What may leave and whereto is decided by settings alone; a mistake stops the start with a sentence (trust H24)."""

import pytest

from caseflow.config import SettingsRefused, load_settings

_NEEDED = {
    "MODE": "training",
    "DATABASE_URL": "postgresql://x",
    "STORAGE_URL": "folder:///nowhere",
    "SECRET_KEY": "k" * 40,
    "PEPPER": "p" * 40,
    "DATA_KEYS": "d" * 40,
}
_MAIL = {"MAIL_URL": "smtp://kc@surat.example:587", "MAIL_FROM": "kc@surat.example"}
_GATEWAY = {
    "MESSAGES_SMS": "gateway",
    "GATEWAY_URL": "https://pesan.example/kirim",
    "GATEWAY_TOKEN": "rahasia-gateway",
}


def given(monkeypatch: pytest.MonkeyPatch, **settings: str) -> None:
    for name, value in {**_NEEDED, **settings}.items():
        monkeypatch.setenv(f"CASEFLOW_{name}", value)


def test_out_of_the_box_nothing_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch)
    found = load_settings().messages
    assert (found.whatsapp, found.sms, found.outgoing_hosts) == ("hand", "hand", ())


def test_a_gateway_and_a_mail_server_are_the_only_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    to = {"ALARM_TO": "kc@surat.example", "REPORT_TO": "bupati@surat.example, dprd@surat.example"}
    given(monkeypatch, **_GATEWAY, **_MAIL, **to)
    found = load_settings().messages
    assert (found.whatsapp, found.sms) == ("hand", "gateway")
    assert found.outgoing_hosts == ("pesan.example", "surat.example")
    assert found.report_to == ("bupati@surat.example", "dprd@surat.example")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"MESSAGES_SMS": "merpati"}, "MESSAGES_SMS"),
        ({"MESSAGES_SMS": "log", "MODE": "production"}, "MESSAGES_SMS"),
        ({"MESSAGES_SMS": "gateway"}, "GATEWAY_URL"),
        ({**_GATEWAY, "GATEWAY_TOKEN": ""}, "GATEWAY_TOKEN"),
        ({**_GATEWAY, "GATEWAY_URL": "http://pesan.example/kirim"}, "GATEWAY_URL"),
        ({**_GATEWAY, "GATEWAY_URL": "file:///etc/passwd"}, "GATEWAY_URL"),
        ({**_GATEWAY, "GATEWAY_URL": "https:///kirim"}, "GATEWAY_URL"),
        ({**_GATEWAY, "GATEWAY_URL": "https://a:b@pesan.example"}, "GATEWAY_URL"),
        ({**_GATEWAY, "GATEWAY_URL": "https://169.254.169.254/latest"}, "GATEWAY_URL"),
        ({**_GATEWAY, "GATEWAY_URL": "https://[fe80::1]/"}, "GATEWAY_URL"),
        ({**_GATEWAY, "GATEWAY_URL": "https://0.0.0.0/"}, "GATEWAY_URL"),
        ({"MAIL_URL": "http://surat.example"}, "MAIL_URL"),
        ({"ALARM_TO": "kc@surat.example"}, "ALARM_TO"),
        ({"REPORT_TO": "bupati@surat.example"}, "REPORT_TO"),
        ({**_MAIL, "REPORT_TO": "bupati@surat.example, dprd"}, "REPORT_TO"),
        ({"GATEWAY_REPORT_SECRET": "pendek"}, "GATEWAY_REPORT_SECRET"),
        ({"BRANCH_SENDER": "BPJS Ketenagakerjaan Solok"}, "BRANCH_SENDER"),
        ({"BRANCH_SENDER": "BPJS “Solok”"}, "BRANCH_SENDER"),
        ({"BRANCH_PHONE": "0755-20455 atau 0755-20456"}, "BRANCH_PHONE"),
    ],
)
def test_a_mistake_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, wrong: dict[str, str], named: str
) -> None:
    """The sentence names the setting; no secret stands in it."""
    given(monkeypatch, **wrong)
    with pytest.raises(SettingsRefused) as refusal:
        load_settings()
    assert named in str(refusal.value)
    assert "rahasia-gateway" not in str(refusal.value)
