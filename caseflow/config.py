"""Settings, from the environment alone. A wrong or missing value stops the start with one sentence."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, cast
from urllib.parse import urlsplit

from environs import Env, EnvError

ROOT = Path(__file__).resolve().parent.parent
SAMPLE_SECRETS = frozenset({"", "dev", "secret", "change-me", "changeme", "sample", "contoh", "ganti-saya"})
_SHORTEST_SECRET = 32
_LONGEST_SENDER = 20
_LONGEST_PHONE = 15
_MAIL_PORTS = {"smtps": 465, "smtp": 587}
_MAILBOX = re.compile(r"[^@\s,<>]+@[^@\s,<>]+\.[^@\s,<>]+")

Way = Literal["hand", "gateway", "log"]


class SettingsRefused(ValueError):
    """A setting is missing or unusable; the message names it and the cure."""


@dataclass(frozen=True)
class MessageSettings:
    """How messages to families leave, and what is sent outside at all: to these addresses, and to no others.

    :ivar whatsapp: ``hand``: an officer passes them on; ``gateway``; ``log``: practice only, nothing leaves.
    :ivar gateway_url: where a message is posted to; :ivar gateway_token: bearer secret of ours.
    :ivar report_secret: signs what the gateway reports back to ``/api/kabar-pesan``.
    :ivar mail_url: ``smtps://user@host:465`` or ``smtp://user@host:587`` (STARTTLS); :ivar alarm_to: of the branch.
    :ivar report_to: of the leaders who get every issued monthly report.
    """

    whatsapp: Way = "hand"
    sms: Way = "hand"
    gateway_url: str = ""
    gateway_token: str = ""
    report_secret: str = ""
    gateway_seconds: int = 20
    mail_url: str = ""
    mail_password: str = ""
    mail_from: str = ""
    alarm_to: str = ""
    report_to: tuple[str, ...] = ()

    @property
    def outgoing_hosts(self) -> tuple[str, ...]:
        """Every host that the service may speak to on behalf of messages."""
        urls = (self.gateway_url, self.mail_url)
        return tuple(urlsplit(url).hostname or "" for url in urls if url)


@dataclass(frozen=True)
class Settings:
    """Everything the installation decides.

    :ivar mode: ``training`` (invented people, striped banner, second factor optional) or ``production``.
    :ivar database_url: application role; it cannot rewrite history.
    :ivar owner_url: role that owns the tables, for migrations only; ``None`` at run time.
    :ivar storage_url: ``folder:///path`` or ``s3://…`` (see ``documents.storage``).
    :ivar data_keys: name → secret of the keys that seal numbers of people; the first one seals, all of them open.
    :ivar regency_code: of the regency whose figures are told in the monthly report.
    :ivar branch_sender: the branch in an SMS, where its whole name would take a third of the room.
    :ivar programme_name: the office of the regency that reminds nagari of their dues; :ivar programme_sign: the same in
        the number of a letter.
    """

    mode: str
    database_url: str
    storage_url: str
    secret_key: str
    pepper: str
    data_keys: Mapping[str, str]
    owner_url: str | None = None
    base_url: str = "http://127.0.0.1:8000"
    trusted_hosts: tuple[str, ...] = ()
    proxy_hops: int = 0
    secure_cookies: bool = False
    totp_required: bool = False
    clamd_address: str | None = None
    clock_start: datetime | None = None
    regency_prefix: str = "SJJ"
    regency_code: str = "13.03"
    branch_code: str = "solok"
    branch_name: str = "BPJS Ketenagakerjaan Kantor Cabang Solok"
    branch_phone: str = "175"
    branch_whatsapp: str | None = None
    branch_address: str = ""
    branch_hours: str = "hari kerja, jam kantor"
    branch_sender: str = "BPJamsostek Solok"
    programme_name: str = "Dinas Pemberdayaan Masyarakat dan Nagari Kabupaten Sijunjung"
    programme_sign: str = "DPMN"
    programme_address: str = ""
    programme_phone: str = "175"
    programme_place: str = "Muaro Sijunjung"
    messages: MessageSettings = field(default_factory=MessageSettings)
    templates_dir: Path = ROOT / "templates"

    @property
    def training(self) -> bool:
        """Whether people and cases here are invented."""
        return self.mode == "training"


def _secret(env: Env, name: str) -> str:
    """Read a secret from ``NAME_FILE`` or ``NAME``."""
    path = env.str(f"{name}_FILE", None)
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingsRefused(
                f"CASEFLOW_{name}_FILE menunjuk ke {path}, tetapi berkas itu tidak bisa dibaca ({error.strerror})."
            ) from error
    return env.str(name, "") or ""


def _checked_secret(env: Env, name: str) -> str:
    value = _secret(env, name)
    if value.lower() in SAMPLE_SECRETS or value.lower().startswith(("change", "ganti", "contoh", "sample")):
        raise SettingsRefused(
            f"CASEFLOW_{name} masih kosong atau masih contoh. "
            f"Isi CASEFLOW_{name}_FILE dengan berkas berisi rahasia acak, lalu mulai lagi."
        )
    if len(value) < _SHORTEST_SECRET:
        raise SettingsRefused(
            f"CASEFLOW_{name} terlalu pendek ({len(value)} huruf); perlu {_SHORTEST_SECRET} atau lebih."
        )
    return value


def _data_keys(env: Env) -> dict[str, str]:
    """Read the keys that seal numbers: one line each, ``name:secret``, the one in use first; no name means ``1``."""
    keys: dict[str, str] = {}
    for line in _secret(env, "DATA_KEYS").split():
        name, secret = line.split(":", 1) if ":" in line else ("1", line)
        if not name or name in keys or len(secret) < _SHORTEST_SECRET:
            raise SettingsRefused(
                "CASEFLOW_DATA_KEYS: tiap baris berisi nama:rahasia, nama tidak berulang, "
                f"rahasia {_SHORTEST_SECRET} huruf atau lebih. Perbaiki berkasnya, lalu mulai lagi."
            )
        keys[name] = secret
    if not keys:
        raise SettingsRefused(
            "CASEFLOW_DATA_KEYS masih kosong: NIK dan nomor KK tidak dapat disegel. "
            "Isi CASEFLOW_DATA_KEYS_FILE dengan berkas berisi rahasia acak, lalu mulai lagi."
        )
    return keys


def load_settings() -> Settings:
    """Read the settings.

    :raises SettingsRefused: naming the variable and the cure.
    """
    env = Env(expand_vars=False)
    with env.prefixed("CASEFLOW_"):
        try:
            return _read(env)
        except EnvError as error:
            raise SettingsRefused(f"Pengaturan CASEFLOW_ tidak bisa dipakai: {error}") from error


def _read(env: Env) -> Settings:
    mode = env.str("MODE", "production")
    if mode not in {"training", "production"}:
        raise SettingsRefused(f"CASEFLOW_MODE harus 'training' atau 'production', bukan '{mode}'.")
    production = mode == "production"
    database_url = _url(env, "DATABASE_URL")
    clock = env.str("CLOCK", None)
    if clock and production:
        raise SettingsRefused(
            "CASEFLOW_CLOCK hanya untuk latihan; hapus pengaturan itu di layanan sungguhan."
        )
    base_url = env.str("BASE_URL", "http://127.0.0.1:8000").rstrip("/")
    return Settings(
        mode=mode,
        database_url=database_url,
        owner_url=_optional_url(env, "DATABASE_OWNER_URL"),
        storage_url=env.str("STORAGE_URL", "") or _missing("STORAGE_URL"),
        secret_key=_checked_secret(env, "SECRET_KEY"),
        pepper=_checked_secret(env, "PEPPER"),
        data_keys=_data_keys(env),
        base_url=base_url,
        trusted_hosts=tuple(env.list("TRUSTED_HOSTS", [])),
        proxy_hops=env.int("PROXY_HOPS", 0),
        secure_cookies=env.bool("SECURE_COOKIES", base_url.startswith("https://")),
        totp_required=env.bool("TOTP_REQUIRED", production),
        clamd_address=env.str("CLAMD_ADDRESS", None),
        clock_start=datetime.fromisoformat(clock) if clock else None,
        regency_prefix=env.str("REGENCY_PREFIX", "SJJ"),
        regency_code=env.str("REGENCY_CODE", Settings.regency_code),
        branch_code=env.str("BRANCH_CODE", "solok"),
        branch_name=env.str("BRANCH_NAME", Settings.branch_name),
        branch_phone=_short(env, "BRANCH_PHONE", Settings.branch_phone, _LONGEST_PHONE),
        branch_whatsapp=env.str("BRANCH_WHATSAPP", None),
        branch_address=env.str("BRANCH_ADDRESS", ""),
        branch_hours=env.str("BRANCH_HOURS", "") or Settings.branch_hours,
        branch_sender=_short(env, "BRANCH_SENDER", Settings.branch_sender, _LONGEST_SENDER),
        programme_name=env.str("PROGRAMME_NAME", Settings.programme_name),
        programme_sign=_short(env, "PROGRAMME_SIGN", Settings.programme_sign, _LONGEST_SENDER),
        programme_address=env.str("PROGRAMME_ADDRESS", ""),
        programme_phone=_short(env, "PROGRAMME_PHONE", Settings.programme_phone, _LONGEST_PHONE),
        programme_place=env.str("PROGRAMME_PLACE", Settings.programme_place),
        messages=_messages(env, production=production),
        templates_dir=Path(env.str("TEMPLATES_DIR", str(ROOT / "templates"))),
    )


def _messages(env: Env, *, production: bool) -> MessageSettings:
    found = MessageSettings(
        whatsapp=_way(env, "MESSAGES_WHATSAPP", production=production),
        sms=_way(env, "MESSAGES_SMS", production=production),
        gateway_url=_outgoing(env, "GATEWAY_URL", "https", "http"),
        gateway_token=_secret(env, "GATEWAY_TOKEN"),
        report_secret=_secret(env, "GATEWAY_REPORT_SECRET"),
        gateway_seconds=env.int("GATEWAY_SECONDS", MessageSettings.gateway_seconds),
        mail_url=_outgoing(env, "MAIL_URL", *_MAIL_PORTS),
        mail_password=_secret(env, "MAIL_PASSWORD"),
        mail_from=env.str("MAIL_FROM", ""),
        alarm_to=env.str("ALARM_TO", ""),
        report_to=tuple(one.strip() for one in env.str("REPORT_TO", "").split(",") if one.strip()),
    )
    if "gateway" in {found.whatsapp, found.sms}:
        for name, value in (("GATEWAY_URL", found.gateway_url), ("GATEWAY_TOKEN", found.gateway_token)):
            if not value:
                raise SettingsRefused(f"Pesan lewat gateway perlu CASEFLOW_{name}. Isi, atau pilih 'hand'.")
    if found.report_secret and len(found.report_secret) < _SHORTEST_SECRET:
        raise SettingsRefused(
            f"CASEFLOW_GATEWAY_REPORT_SECRET terlalu pendek; perlu {_SHORTEST_SECRET} huruf atau lebih."
        )
    if found.alarm_to and not (found.mail_url and found.mail_from):
        raise SettingsRefused("CASEFLOW_ALARM_TO perlu CASEFLOW_MAIL_URL dan CASEFLOW_MAIL_FROM.")
    if found.report_to and not (found.mail_url and found.mail_from):
        raise SettingsRefused("CASEFLOW_REPORT_TO perlu CASEFLOW_MAIL_URL dan CASEFLOW_MAIL_FROM.")
    if not all(_MAILBOX.fullmatch(one) for one in found.report_to):
        raise SettingsRefused("CASEFLOW_REPORT_TO berisi alamat surel, dipisah koma. Periksa penulisannya.")
    return found


def _way(env: Env, name: str, *, production: bool) -> Way:
    way = env.str(name, "hand")
    allowed = ("hand", "gateway") if production else ("hand", "gateway", "log")
    if way not in allowed:
        raise SettingsRefused(f"CASEFLOW_{name} harus salah satu dari {', '.join(allowed)}, bukan '{way}'.")
    return cast(Way, way)


def _outgoing(env: Env, name: str, encrypted: str, plain: str) -> str:
    """Read an address that we send to: encrypted, unless it is this machine; never an address of the network itself."""
    url = env.str(name, "")
    if not url:
        return ""
    parts = urlsplit(url)
    host = parts.hostname or ""
    here = host in {"127.0.0.1", "::1", "localhost"}
    starts_tls = name == "MAIL_URL" and parts.scheme == plain
    if (
        not host
        or parts.password
        or not (parts.scheme == encrypted or starts_tls or (parts.scheme == plain and here))
    ):
        raise SettingsRefused(
            f"CASEFLOW_{name} harus berbentuk {encrypted}://nama-server/… tanpa kata sandi di dalamnya."
        )
    if _is_of_the_network(host):
        raise SettingsRefused(f"CASEFLOW_{name} menunjuk ke alamat jaringan yang tidak boleh dituju.")
    return url


def _is_of_the_network(host: str) -> bool:
    """Whether a host is an address that answers for the machine or the cloud it stands in."""
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_link_local or address.is_multicast or address.is_unspecified


def _short(env: Env, name: str, default: str, longest: int) -> str:
    """Read what an SMS holds: short, and in plain letters."""
    value = env.str(name, default)
    if not (value.isascii() and value.isprintable() and 0 < len(value) <= longest):
        raise SettingsRefused(
            f"CASEFLOW_{name} paling panjang {longest} huruf biasa, karena ikut dalam setiap SMS."
        )
    return value


def _missing(name: str) -> str:
    raise SettingsRefused(
        f"CASEFLOW_{name} belum diisi. 'make run' mengisinya sendiri; lihat docs/operations.md."
    )


def _url(env: Env, name: str) -> str:
    return _psycopg(_secret(env, name) or _missing(name))


def _optional_url(env: Env, name: str) -> str | None:
    value = _secret(env, name)
    return _psycopg(value) if value else None


def _psycopg(url: str) -> str:
    """Name the driver, so that every tool reads the address the same way."""
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url
