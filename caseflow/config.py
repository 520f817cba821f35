"""Settings, from the environment alone. A wrong or missing value stops the start with one sentence."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from environs import Env, EnvError

ROOT = Path(__file__).resolve().parent.parent
SAMPLE_SECRETS = frozenset({"", "dev", "secret", "change-me", "changeme", "sample", "contoh", "ganti-saya"})
_SHORTEST_SECRET = 32


class SettingsRefused(ValueError):
    """A setting is missing or unusable; the message names it and the cure."""


@dataclass(frozen=True)
class Settings:
    """Everything the installation decides.

    :ivar mode: ``training`` (invented people, striped banner, second factor optional) or ``production``.
    :ivar database_url: application role; it cannot rewrite history.
    :ivar owner_url: role that owns the tables, for migrations only; ``None`` at run time.
    :ivar storage_url: ``folder:///path`` or ``s3://…`` (see ``documents.storage``).
    """

    mode: str
    database_url: str
    storage_url: str
    secret_key: str
    pepper: str
    owner_url: str | None = None
    base_url: str = "http://127.0.0.1:8000"
    trusted_hosts: tuple[str, ...] = ()
    proxy_hops: int = 0
    secure_cookies: bool = False
    totp_required: bool = False
    clamd_address: str | None = None
    clock_start: datetime | None = None
    regency_prefix: str = "SJJ"
    branch_code: str = "solok"
    branch_name: str = "BPJS Ketenagakerjaan Kantor Cabang Solok"
    branch_phone: str = "175"
    branch_whatsapp: str | None = None
    branch_address: str = ""
    branch_hours: str = "hari kerja, jam kantor"
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
        base_url=base_url,
        trusted_hosts=tuple(env.list("TRUSTED_HOSTS", [])),
        proxy_hops=env.int("PROXY_HOPS", 0),
        secure_cookies=env.bool("SECURE_COOKIES", base_url.startswith("https://")),
        totp_required=env.bool("TOTP_REQUIRED", production),
        clamd_address=env.str("CLAMD_ADDRESS", None),
        clock_start=datetime.fromisoformat(clock) if clock else None,
        regency_prefix=env.str("REGENCY_PREFIX", "SJJ"),
        branch_code=env.str("BRANCH_CODE", "solok"),
        branch_name=env.str("BRANCH_NAME", Settings.branch_name),
        branch_phone=env.str("BRANCH_PHONE", Settings.branch_phone),
        branch_whatsapp=env.str("BRANCH_WHATSAPP", None),
        branch_address=env.str("BRANCH_ADDRESS", ""),
        branch_hours=env.str("BRANCH_HOURS", "") or Settings.branch_hours,
        templates_dir=Path(env.str("TEMPLATES_DIR", str(ROOT / "templates"))),
    )


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
