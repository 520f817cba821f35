"""What officers read of a message on its way: state, way and moment in words. Pure."""

from dataclasses import dataclass
from urllib.parse import quote

from caseflow.formats import instant_wib, phone
from caseflow.notices.messages import HOW, Way

_BY = {"log": " (latihan, tidak keluar)"}
ROLES = {"family": "keluarga", "helper": "pembantu"}
# state: words, sentiment
STATES = {
    "waiting": ("menunggu saat kirim", "waiting"),
    "sending": ("sedang dikirim", "waiting"),
    "sent": ("terkirim", "positive"),
    "delivered": ("sampai", "positive"),
    "failed": ("gagal terkirim, sampaikan sendiri", "danger"),
    "unknown": ("tidak pasti terkirim", "danger"),
    "by_hand": ("perlu disampaikan petugas", "waiting"),
    "skipped": ("tidak perlu lagi", "neutral"),
}
_UNKNOWN = "Mungkin sudah sampai. Tanyakan dulu kepada keluarga sebelum mengirim lagi."


@dataclass(frozen=True)
class ShownWay:
    """One recipient of a message.

    :ivar link: opens WhatsApp, SMS or the telephone with everything prepared; ``None``: nobody has to.
    """

    way: Way
    to: str
    through: str
    state: str
    sentiment: str
    note: str
    link: str | None
    link_label: str
    link_icon: str


def shown_way(way: Way) -> ShownWay:
    """Put one recipient of a message into words."""
    state, sentiment = STATES[way.state]
    if way.told_how is not None:
        state = f"disampaikan lewat {HOW[way.told_how]}"
    link, label, icon = _link(way) if way.for_a_person else (None, "", "")
    return ShownWay(
        way=way,
        to=f"{way.recipient} ({ROLES[way.role]})",
        through=f"{HOW[way.channel]}, {phone(way.address)}" if way.address else "belum ada nomor keluarga",
        state=state + _BY.get(way.adapter, ""),
        sentiment=sentiment,
        note=_note(way),
        link=link,
        link_label=label,
        link_icon=icon,
    )


def _note(way: Way) -> str:
    parts = [way.error] if way.error else []
    if way.state == "waiting" and way.next_try_at is not None:
        parts.append(f"Dikirim {instant_wib(way.next_try_at)}.")
    elif way.state == "unknown":
        parts.append(_UNKNOWN)
    elif way.at is not None:
        parts.append(f"{instant_wib(way.at)}.")
    return " ".join(parts)


def _link(way: Way) -> tuple[str | None, str, str]:
    if not way.address:
        return None, "", ""
    if way.channel == "call" or way.state == "unknown":
        return f"tel:{way.address}", "Telepon sekarang", "phone"
    if way.channel == "sms":
        return f"sms:{way.address}?body={quote(way.text)}", "Tulis SMS", "chat"
    return f"https://wa.me/{way.address.lstrip('+')}?text={quote(way.text)}", "Buka di WhatsApp", "chat"
