"""Contact points of a customer: phones, e-mail addresses and postal addresses with their labels."""

from dataclasses import dataclass

PHONE_LABELS = ("mobile", "work", "home", "fax", "other")
EMAIL_LABELS = ("work", "home", "other")
ADDRESS_LABELS = ("work", "home", "billing", "shipping", "other")


@dataclass(frozen=True)
class Phone:
    """`number` is E.164; `extension` is what is dialled after it, digits only."""

    number: str
    label: str = "other"
    extension: str | None = None

    @property
    def line(self) -> str:
        return line(self.number, self.extension)


@dataclass(frozen=True)
class Email:
    """`address` is trimmed and in lower case."""

    address: str
    label: str = "other"


@dataclass(frozen=True)
class Address:
    """`country` is an ISO 3166-1 alpha-2 code."""

    country: str
    label: str = "other"
    street: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None


def line(number: str, extension: str | None) -> str:
    """What identifies a telephone: behind each extension of a switchboard sits somebody else."""
    return f"{number};ext={extension}" if extension else number
