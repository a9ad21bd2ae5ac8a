"""Share links of a user, in the three forms that the API shows them."""

from models.saasquatch.codes.media import ENGAGEMENT_MEDIA, MATRIX, SHARE_MEDIA
from models.saasquatch.queries import ListedCode
from models.saasquatch.tables import Code
from models.uow import UnitOfWork

_LEGACY_SHARES = {
    "shareLink": "DIRECT",
    "facebookShareLink": "FACEBOOK",
    "twitterShareLink": "TWITTER",
    "emailShareLink": "EMAIL",
    "linkedinShareLink": "LINKEDIN",
}
_LEGACY_MOBILE = {
    "mobileShareLink": "DIRECT",
    "mobileFacebookShareLink": "FACEBOOK",
    "mobileTwitterShareLink": "TWITTER",
    "mobileEmailShareLink": "EMAIL",
}
_LEGACY_GROUPS = ("EMBED", "POPUP", "HOSTED", "MOBILE", "EMAIL")
LEGACY_NAMES = frozenset({*_LEGACY_SHARES, *_LEGACY_MOBILE, *_LEGACY_GROUPS})
"""Members of the older form."""
# Lists have 34 of these links for each user: which medium's code each has is looked up once.
_LEGACY_LINKS = [
    *((name, MATRIX["UNKNOWN"][share]) for name, share in _LEGACY_SHARES.items()),
    *((name, MATRIX["MOBILE"][share]) for name, share in _LEGACY_MOBILE.items()),
]
_LEGACY_GROUP_LINKS = [
    (group, [(name, MATRIX[group][share]) for name, share in _LEGACY_SHARES.items()]) for group in _LEGACY_GROUPS
]
_PROGRAM_GROUPS = ("MOBILE", "EMAIL", "UNKNOWN")


def link(uow: UnitOfWork, code: Code | ListedCode, engagement: str, share: str) -> str:
    """One tracked link: the vanity link with the medium's code behind it, or a short link that starts with it."""
    before, after = _around(uow, code)
    return before + MATRIX[engagement][share] + after


def _around(uow: UnitOfWork, code: Code | ListedCode) -> tuple[str, str]:
    """What stands before and after the medium's code in all links of a code."""
    if code.vanity_url is not None:
        return f"{code.vanity_url}?", ""
    return f"{uow.public_url}/l/", code.link_token


def clean_link(uow: UnitOfWork, code: Code | ListedCode) -> str:
    """The link without tracking: the bare vanity link, else the short link of unknown media."""
    return code.vanity_url if code.vanity_url is not None else link(uow, code, "UNKNOWN", "UNKNOWN")


def share_urls(
    uow: UnitOfWork, code: Code | ListedCode, engagement: str | None, share: str | None
) -> dict[str, object]:
    """All links by engagement medium and share medium, or those of one medium; the clean link is always there."""
    groups: dict[str, object] = {"cleanShareLink": clean_link(uow, code)}
    for group in ENGAGEMENT_MEDIA:
        if engagement in (None, group):
            groups[group] = {
                medium: link(uow, code, group, medium) for medium in SHARE_MEDIA if share in (None, medium)
            }
    return groups


def legacy_links(uow: UnitOfWork, code: Code | ListedCode) -> dict[str, object]:
    """The flat form of older clients."""
    before, after = _around(uow, code)
    links: dict[str, object] = {name: before + medium + after for name, medium in _LEGACY_LINKS}
    for group, media in _LEGACY_GROUP_LINKS:
        links[group] = {name: before + medium + after for name, medium in media}
    return links


def program_links(uow: UnitOfWork, code: Code | ListedCode) -> dict[str, object]:
    """The form of `programShareLinks`: direct links for three engagement media."""
    return {
        "cleanShareLink": clean_link(uow, code),
        **{group: {"DIRECT": link(uow, code, group, "DIRECT")} for group in _PROGRAM_GROUPS},
    }
