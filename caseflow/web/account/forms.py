"""Forms of the account pages. They say only what is missing; what is wrong is said by the verbs."""

from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from caseflow.people.passphrases import LONGEST
from caseflow.web.forms import BaseForm

_NAME = 100
_CODE = 20


class SignInForm(BaseForm):
    """User name and passphrase."""

    username = StringField("Nama pengguna", [InputRequired("Tulis nama pengguna."), Length(max=_NAME)])
    passphrase = PasswordField("Frasa sandi", [InputRequired("Tulis frasa sandi."), Length(max=LONGEST)])


class CodeForm(BaseForm):
    """Six digits from the phone."""

    code = StringField("Kode dari HP", [InputRequired("Tulis 6 angka dari HP."), Length(max=_CODE)])


class PassphraseForm(BaseForm):
    """The old passphrase and the new one. Twice typing is not asked: the field can be shown."""

    passphrase = PasswordField(
        "Frasa sandi sekarang", [InputRequired("Tulis frasa sandi yang sekarang."), Length(max=LONGEST)]
    )
    new_passphrase = PasswordField("Frasa sandi baru", [InputRequired("Tulis frasa sandi baru.")])


class OwnPassphraseForm(BaseForm):
    """The owner's own passphrase in the place of the one on paper."""

    new_passphrase = PasswordField("Frasa sandi Anda sendiri", [InputRequired("Tulis frasa sandi baru.")])


class ShortIdForm(BaseForm):
    """Names one of the own sessions."""

    session_id = StringField(validators=[InputRequired(), Length(max=16)])
