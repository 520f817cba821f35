"""Easy words of Indonesian and Minangkabau. Two of them let a family know that it is really us who call.

They are no secret key: they are short to say, hard to mishear, and none of them hurts in a house of mourning.
"""

import secrets

WORDS = (
    "padi", "sawah", "gonjong", "rumah", "kebun", "sungai", "gunung", "bukit", "lembah", "danau",
    "pantai", "hutan", "awan", "hujan", "pelangi", "bintang", "bulan", "matahari", "embun", "angin",
    "batu", "pasir", "tanah", "jalan", "jembatan", "perahu", "pedati", "sepeda", "kereta", "lentera",
    "lampu", "jendela", "pintu", "tangga", "lumbung", "surau", "pasar", "warung", "kursi", "meja",
    "tikar", "bantal", "selimut", "payung", "topi", "sepatu", "sarung", "songket", "tenun", "benang",
    "kain", "kancing", "cincin", "gelang", "saluang", "talempong", "rabab", "gendang", "serunai", "randang",
    "lemang", "ketan", "santan", "kelapa", "pisang", "mangga", "manggis", "durian", "rambutan",
    "jeruk", "pepaya", "nanas", "jambu", "salak", "markisa", "alpukat", "semangka", "jagung", "kacang",
    "ubi", "talas", "bayam", "kangkung", "terung", "timun", "labu", "cabai", "jahe", "kunyit",
    "serai", "pandan", "kopi", "teh", "gula", "garam", "madu", "roti", "bubur", "telur",
    "ikan", "bilih", "lele", "gurami", "udang", "ayam", "itik", "merpati", "murai", "kutilang",
    "elang", "kerbau", "sapi", "kambing", "kuda", "kelinci", "kucing", "rusa", "gajah", "penyu",
    "kupu", "lebah", "capung", "melati", "mawar", "kenanga", "anggrek", "teratai", "cempaka", "bambu",
    "rotan", "surian", "damar", "cemara", "beringin", "pinang", "sirih", "daun", "akar", "bunga",
    "cangkul", "sabit", "lesung", "alu", "tampah", "keranjang", "kendi", "periuk", "sendok", "piring",
)  # fmt: skip


def phrase() -> str:
    """Return two different words, e.g. ``gonjong padi``."""
    return " ".join(secrets.SystemRandom().sample(WORDS, 2))
