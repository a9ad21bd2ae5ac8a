"""Following a share link: its target, the parameters that the landing page gets, and the click that is counted."""

import base64
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import orjson

from models.kernel.clock import DAY_MS, SECOND_MS
from models.kernel.problems import NotFound
from models.links import LINK
from models.saasquatch.codes.codes import SHARE_KIND, owner
from models.saasquatch.codes.media import MEDIA
from models.saasquatch.codes.queries import CODE, COUNT_CLICK
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

    The link of a user who is blocked or deleted leads to the bare page, and no click is counted; nor is a HEAD, which
    mail scanners and previews send.
    """
    medium, token = split_link(link_code)
    link = uow.first(LINK, token=token)
    if link is None or link.tenant_id != uow.tenant_id or link.kind != SHARE_KIND or medium not in MEDIA:
        raise NotFound("There is no such share link.")
    landing_url = get_program(uow, link.target).landing_url
    code = uow.first(CODE, folded=link.subject) if link.subject is not None else None
    if code is None or owner(uow, code).blocked_ms is not None:
        return _ascii(landing_url)
    if not uow.looks_only:
        uow.execute(COUNT_CLICK, code=code.folded)
    return _ascii(with_query(landing_url, tracking(uow, code, *MEDIA[medium])))


def tracking(uow: UnitOfWork, code: Code, engagement: str, share: str) -> dict[str, str]:
    """The query parameters that the landing page gets."""
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
    """The address with parameters added to its query, except those that it has already."""
    parts = urlsplit(url)
    there = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    added = urlencode({name: value for name, value in more.items() if name not in there}, quote_via=quote)
    return urlunsplit(parts._replace(query="&".join(part for part in (parts.query, added) if part)))


def _ascii(url: str) -> str:
    """The address as a header can carry it."""
    return quote(url, safe=_URL_CHARACTERS)
