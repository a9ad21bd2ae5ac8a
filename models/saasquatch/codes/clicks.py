"""Following a share link: where it leads, what the page learns of it, and the click that is counted."""

import base64
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import orjson
from sqlalchemy import update

from models.kernel.clock import DAY_MS, SECOND_MS
from models.kernel.problems import NotFound
from models.links import find_link
from models.saasquatch.codes.codes import SHARE_KIND, owner
from models.saasquatch.codes.media import MEDIA
from models.saasquatch.programs import get_program
from models.saasquatch.tables import Code
from models.uow import UnitOfWork

COOKIE_DOMAIN = "app.referralsaasquatch.com"
"""The member of a site's cookie that holds the codes of the tenants."""
MEDIUM_CHARACTERS = 2
REMEMBERED_MS = 30 * DAY_MS
"""How long a site may credit the code to its visitor."""
_URL_CHARACTERS = ":/?#[]@!$&'()*+,;=%~"


def split_link(code: str) -> tuple[str, str]:
    """The medium's code and the token of a short link."""
    return code[:MEDIUM_CHARACTERS], code[MEDIUM_CHARACTERS:]


def follow(uow: UnitOfWork, link_code: str) -> str:
    """The program's landing page with the code to credit in its query, and a click counted. Raises NotFound.

    The link of somebody who is blocked or gone leads to the bare page, and counts nothing.
    """
    medium, token = split_link(link_code)
    link = find_link(uow.session, token)
    if link is None or link.tenant_id != uow.tenant_id or link.kind != SHARE_KIND or medium not in MEDIA:
        raise NotFound("There is no such share link.")
    landing_url = get_program(uow, link.target).landing_url
    code: Code | None = uow.session.get(Code, (uow.tenant_id, link.subject)) if link.subject is not None else None
    if code is None or owner(uow, code).blocked_ms is not None:
        return _ascii(landing_url)
    uow.session.execute(
        update(Code)
        .where(Code.tenant_id == uow.tenant_id, Code.folded == code.folded)
        .values(clicks=Code.clicks + 1)
        .execution_options(synchronize_session=False)
    )
    return _ascii(with_query(landing_url, tracking(uow, code, *MEDIA[medium])))


def tracking(uow: UnitOfWork, code: Code, engagement: str, share: str) -> dict[str, str]:
    """What the landing page learns of the link that led to it."""
    return {
        "rsCode": code.code,
        "rsShareMedium": share,
        "rsEngagementMedium": engagement,
        "utm_source": "referral",
        "utm_medium": share.lower(),
        "utm_campaign": code.program_id,
        "_saasquatch": cookie(uow, code),
    }


def cookie(uow: UnitOfWork, code: Code) -> str:
    """The code as the `cookies` of a user upsert carry it: base64url of JSON, the expiry in seconds."""
    expires_s = (uow.now_ms + REMEMBERED_MS) // SECOND_MS
    remembered = {"codes": {code.program_id: code.code}, "codesExp": {code.code: expires_s}}
    value = orjson.dumps({COOKIE_DOMAIN: {f"{uow.tenant.alias}_CODE": remembered}})
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def with_query(url: str, more: dict[str, str]) -> str:
    """The address with more in its query. What is there stays as it is written, and wins over what has its name."""
    parts = urlsplit(url)
    there = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    added = urlencode({name: value for name, value in more.items() if name not in there}, quote_via=quote)
    return urlunsplit(parts._replace(query="&".join(part for part in (parts.query, added) if part)))


def _ascii(url: str) -> str:
    """The address as a header can carry it."""
    return quote(url, safe=_URL_CHARACTERS)
