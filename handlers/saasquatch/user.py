"""Users: upsert, look-up, list, personal data, block, delete."""

from collections.abc import Mapping

from handlers.http import Answer, created, long_read, no_content, ok
from handlers.saasquatch._lists import is_long_page
from models.kernel.json_values import Shown
from models.saasquatch import user_views
from models.saasquatch.codes import codes
from models.saasquatch.problems import BadFields
from models.saasquatch.tables import Code, User
from models.saasquatch.users import pii, users
from models.saasquatch.users.input import UserBody, UserInput, read_user
from models.uow import UnitOfWork

Names = list[str] | None


def _show(uow: UnitOfWork, user: User, primary_codes: Mapping[str, Code], fields: Names, extra_fields: Names) -> Shown:
    return user_views.select_members(user_views.open_user(uow, user, primary_codes), fields, extra_fields)


def _read(uow: UnitOfWork, body: UserBody) -> UserInput:
    """The user of a body; a user token writes only what it carries."""
    return read_user(body, None if uow.subject is None else uow.subject.members)


def _check_fields(fields: Names, extra_fields: Names) -> None:
    if fields is not None and extra_fields is not None:
        raise BadFields


def open_user_upsert(
    uow: UnitOfWork, *, account_id: str, user_id: str, fields: Names, extra_fields: Names, body: UserBody
) -> Answer:
    _check_fields(fields, extra_fields)
    user, primary_codes = users.upsert_user(uow, account_id, user_id, _read(uow, body))
    return ok(_show(uow, user, primary_codes, fields, extra_fields))


def open_create_user(
    uow: UnitOfWork, *, account_id: str, user_id: str, fields: Names, extra_fields: Names, body: UserBody
) -> Answer:
    _check_fields(fields, extra_fields)
    user, primary_codes = users.upsert_user(uow, account_id, user_id, _read(uow, body))
    return created(_show(uow, user, primary_codes, fields, extra_fields))


def open_get_user(uow: UnitOfWork, *, account_id: str, user_id: str, fields: Names, extra_fields: Names) -> Answer:
    _check_fields(fields, extra_fields)
    user, primary_codes = users.get_user_and_codes(uow, account_id, user_id)
    return ok(_show(uow, user, primary_codes, fields, extra_fields))


def open_delete_user(
    uow: UnitOfWork, *, account_id: str, user_id: str, do_not_track: bool, preserve_empty_account: bool
) -> Answer:
    users.delete_user(
        uow, account_id, user_id, do_not_track=do_not_track, preserve_empty_account=preserve_empty_account
    )
    return no_content()


def open_get_user_by_code(uow: UnitOfWork, *, referral_code: str) -> Answer:
    code, user = codes.resolve(uow, referral_code)
    primary = codes.primary_codes(uow, user).get(code.program_id, code)
    return ok(
        {
            "id": user.id,
            "accountId": user.account_id,
            "firstName": user.first_name,
            "lastInitial": user_views.last_initial(user),
            "referralCode": primary.code,
            "imageUrl": user.image_url,
        }
    )


@long_read(lambda arguments: is_long_page(arguments) or bool(arguments["query"]))
def list_users(uow: UnitOfWork, *, query: str | None, limit: int, offset: int) -> Answer:
    rows, total = users.list_users(uow, query=query, limit=limit, offset=offset)
    return ok({"count": len(rows), "totalCount": total, "users": user_views.user_rows(uow, rows)})


@long_read()
def get_user_pii(uow: UnitOfWork, *, account_id: str, user_id: str) -> Answer:
    return ok(pii.personal_data(uow, users.get_user(uow, account_id, user_id)))


def block_user(uow: UnitOfWork, *, account_id: str, user_id: str) -> Answer:
    users.block_user(uow, account_id, user_id)
    return ok({})


def unblock_user(uow: UnitOfWork, *, account_id: str, user_id: str) -> Answer:
    users.unblock_user(uow, account_id, user_id)
    return ok({})
