"""Single sign-on of the business's customers, and their mappings."""

from handlers.http import Answer, created, long_read, ok
from models.advocacy import sso
from models.advocacy.input import MappingBody, RecognitionBody, read_mapping
from models.uow import UnitOfWork


def recognize_customer(uow: UnitOfWork, *, body: RecognitionBody) -> Answer:
    advocate_id, token = sso.recognize(
        uow,
        business=body["businessId"],
        customer=body["externalCustomerId"],
        timestamp_s=body["timestamp"],
        signature=body["signature"],
    )
    return ok({"advocateId": advocate_id, "sessionToken": token})


@long_read()
def list_customer_mappings(uow: UnitOfWork) -> Answer:
    return ok({"mappings": [sso.show_mapping(row) for row in sso.list_mappings(uow)]})


def create_customer_mapping(uow: UnitOfWork, *, body: MappingBody) -> Answer:
    return created({"mapping": sso.show_mapping(sso.create_mapping(uow, read_mapping(body)))})
