"""Search: what is typed and what is kept must meet."""

import pytest

from services.customer.domain import search


def found(query: str, *, name: str = "", emails: tuple[str, ...] = (), phones: tuple[str, ...] = ()) -> bool:
    """What the repository asks the database, asked of one customer."""
    wanted = search.parse(query)
    terms = search.terms(name, emails)
    tails = [search.phone_tail(number) for number in phones]
    by_words = bool(wanted.words.terms) and all(term in terms for term in wanted.words.terms)
    by_words = by_words and all(any(term.startswith(word) for term in terms) for word in wanted.words.starts)
    by_email = wanted.email_start is not None and any(email.startswith(wanted.email_start) for email in emails)
    return by_words or by_email or any(tail.startswith(ending) for tail in tails for ending in wanted.phone_tails)


@pytest.mark.parametrize("query", ["l", "luc", "GARCÍA", "garcia lucia", "gar luc", "Lucia Garcia"])
def test_a_name_is_found_by_the_beginning_of_any_word(query):
    assert found(query, name="Lucia García")


@pytest.mark.parametrize("query", ["christoph", "christophersonburg", "instrumentati"])
def test_a_long_word_is_found_by_more_than_its_first_letters(query):
    assert found(query, name="Christophersonburg Instrumentation")
    assert not found(query + "x", name="Christophersonburg Instrumentation")


@pytest.mark.parametrize("query", ["明", "小明", "王小明", "王"])
def test_a_chinese_name_is_found_by_any_part(query):
    assert found(query, name="王小明")


@pytest.mark.parametrize("query", ["东发展", "浦东发展银行", "银行 浦东", "ABB"])
def test_a_chinese_company_is_found_by_any_part(query):
    assert found(query, name="上海浦东发展银行ABB股份有限公司")
    assert not found(query, name="上海银行")


@pytest.mark.parametrize(
    "query", ["lucia.garcia@example.com", "Lucia.Garcia@ex", "lucia.garcia@", "lucia.garcia", "garcia"]
)
def test_an_e_mail_address_is_found_whole_and_by_its_beginning(query):
    assert found(query, emails=("lucia.garcia@example.com",))
    assert not found(query, emails=("luis.moreno@example.com",))


@pytest.mark.parametrize(
    "query",
    [
        "13800138000",
        "138 0013 8000",
        "+86 138 0013 8000",
        "008613800138000",
        "8613800138000",
        "0138-0013-8000",
        "8000",
        "00138000",
    ],
)
def test_a_phone_is_found_in_any_notation_and_by_its_last_digits(query):
    assert found(query, phones=("+862150501234", "+8613800138000"))
    assert not found(query, phones=("+862150501234",))


@pytest.mark.parametrize(
    "query", ["020 7946 0018", "+44 20 7946 0018", "+44 (0)20 7946 0018", "(020) 79460018", "0018"]
)
def test_a_foreign_phone_is_found_without_its_country_code(query):
    assert found(query, phones=("+442079460018",))


def test_a_number_with_another_country_code_is_another_number():
    assert not found("+49 20 7946 0018", phones=("+442079460018",))


@pytest.mark.parametrize("query", ["", "  ", "!!", "\x00"])
def test_a_query_without_anything_to_look_for_finds_nobody(query):
    assert not found(query, name="Lucia Garcia", phones=("+442079460018",))


def test_the_terms_of_a_customer_are_bounded():
    name = " ".join(f"{number}abcdefgh" for number in range(100)) + "".join(chr(0x4E00 + n) for n in range(200))

    terms = search.terms(name, [f"person{number}@example.com" for number in range(20)])

    assert len(terms) == search.MAX_TERMS
