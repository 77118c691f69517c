"""Made-up people and companies, half Chinese and half English-speaking, the same ones for the same seed."""

import random
from collections.abc import Callable
from dataclasses import dataclass

import phonenumbers
from faker import Faker

CHINESE_MOBILE = ("130", "135", "138", "139", "150", "158", "159", "177", "186", "188")
CITIES = {
    "zh": [("上海", "上海"), ("杭州", "浙江"), ("南京", "江苏"), ("深圳", "广东"), ("成都", "四川"), ("北京", "北京")],
    "en": [("London", "England"), ("Leeds", "England"), ("Glasgow", "Scotland"), ("Cardiff", "Wales")],
}
COUNTRIES = {"zh": "CN", "en": "GB"}


@dataclass(frozen=True)
class Person:
    language: str
    given_name: str
    family_name: str
    company: str
    email: str
    phone: str
    street: str
    city: str
    region: str
    postal_code: str

    @property
    def full_name(self) -> str:
        if self.language == "zh":
            return self.family_name + self.given_name
        return f"{self.given_name} {self.family_name}"

    @property
    def address(self) -> dict[str, str]:
        return {
            "label": "work", "street": self.street, "city": self.city, "region": self.region,
            "postal_code": self.postal_code, "country": COUNTRIES[self.language],
        }  # fmt: skip


def people(seed: int, count: int) -> list[Person]:
    """Everybody has another e-mail address and another phone."""
    chance = random.Random(seed)
    fakers = {"zh": Faker("zh_CN"), "en": Faker("en_GB")}
    for faker in fakers.values():
        faker.seed_instance(seed)
    phones: set[str] = set()
    return [_person(number, fakers, chance, phones) for number in range(count)]


def _person(number: int, fakers: dict[str, Faker], chance: random.Random, phones: set[str]) -> Person:
    language = "zh" if chance.random() < 0.55 else "en"
    faker = fakers[language]
    city, region = chance.choice(CITIES[language])
    return Person(
        language=language,
        given_name=faker.first_name(),
        family_name=faker.last_name(),
        company=faker.company(),
        email=f"{faker.user_name()}.{number}@mail.example",
        phone=_new(phones, lambda: _phone(language, chance)),
        street=faker.street_address(),
        city=city,
        region=region,
        postal_code=faker.postcode(),
    )


def _new(known: set[str], make: Callable[[], str]) -> str:
    while (made := make()) in known or not phonenumbers.is_valid_number(phonenumbers.parse(made)):
        pass
    known.add(made)
    return made


def _phone(language: str, chance: random.Random) -> str:
    if language == "zh":
        return f"+86{chance.choice(CHINESE_MOBILE)}{chance.randrange(10**8):08}"
    # London numbers that Ofcom keeps for drama: nobody has them.
    return f"+4420794{60000 + chance.randrange(1000)}"
