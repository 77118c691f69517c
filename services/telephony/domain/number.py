"""Phone numbers in E.164, the form in which they are compared and stored."""

import phonenumbers

DEFAULT_REGION = "CN"


def e164(raw: str | None) -> str | None:
    """`13812345678` becomes `+8613812345678`; None when the number is withheld or cannot be a phone number."""
    if not raw:
        return None
    try:
        number = phonenumbers.parse(raw, DEFAULT_REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
