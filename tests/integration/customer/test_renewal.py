"""Search terms that an older version made are made anew."""

from services.customer.repositories import customers
from shared.renewal import renew
from tests.support import vectors


def test_a_customer_has_the_terms_that_a_new_one_gets(service):
    customer = service("customer")
    for case in vectors.of("search")["found"][:5]:
        body = {"kind": "company", "company_name": case["in"], "phones": [{"number": "13800138000"}]}
        assert customer.post("/v1/customers", body, as_="rep.li").status_code == 201
    customer.database["customers"].update_many({}, {"$set": {"lookup.terms": []}})

    looked_at, changed = renew(customer.database, "customers", customers.derived)

    assert looked_at == changed >= 5
    assert renew(customer.database, "customers", customers.derived) == (looked_at, 0)
    assert customer.database["customers"].count_documents({"lookup.terms": "kind:company"}) == looked_at
