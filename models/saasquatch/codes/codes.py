"""Referral codes: generated or chosen, one primary for each user and program; each carries a share link."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from models.kernel.ids import BASE62, text
from models.kernel.json_values import Shown
from models.kernel.pointers import pointer_of, shortened_pointer
from models.kernel.problems import InvalidInput, joined
from models.kernel.statements import replaced, row_of
from models.links import INSERT_LINK
from models.saasquatch.codes import vanity
from models.saasquatch.codes.queries import CODE, CODE_WITH_LINK, CODES_OF_USER, INSERT_CODE, SET_PRIMARY, USED_CODES
from models.saasquatch.problems import BadLink, CodeNotFound, CodeTaken
from models.saasquatch.programs import RewardRule, get_program, list_programs, parse_rule
from models.saasquatch.queries import PRIMARY_CODES, USER, Key, ListedCode, ListedUser
from models.saasquatch.settings import Settings
from models.saasquatch.tables import Code, Program, User
from models.saasquatch.webhooks import emit
from models.uow import UnitOfWork

GENERATED_MAX = 15
"""Characters of a code, its number included: as many as a caller may choose."""
TOKEN_CHARACTERS = 8
BAD_CODE = "RS034"
"""The vendor's code for a code that one may not choose, as `x-troth-rs-code` has it in the contract."""
CLASHES_MAX = 100
LINK_CHARACTERS_MAX = 2_048
SHARE_KIND = "share"
_NOT_ALPHANUMERIC = re.compile(r"[^0-9A-Za-z]")


def fold(code: str) -> str:
    """Codes are kept as written and found whatever their case.

    Only ASCII letters have one here: a long s in capitals would be an S.
    """
    return code.upper() if code.isascii() else code


def codes_of(uow: UnitOfWork, user: User) -> list[Code]:
    """All codes of a user, primary and secondary, oldest first."""
    return uow.rows(CODES_OF_USER, account_id=user.account_id, user_id=user.id)


def primary_codes(uow: UnitOfWork, user: User) -> dict[str, Code]:
    """The user's primary code of each program, in the order of the programs."""
    return by_program(uow, [code for code in codes_of(uow, user) if code.is_primary])


def by_program(uow: UnitOfWork, codes: Iterable[Code]) -> dict[str, Code]:
    """Primary codes of a user by program, in the order of the programs."""
    found = {code.program_id: code for code in codes}
    return {program.id: found[program.id] for program in list_programs(uow) if program.id in found}


def primary_codes_of(uow: UnitOfWork, users: Sequence[ListedUser]) -> list[dict[str, ListedCode]]:
    """The primary codes of each of some users by program, in the order of the programs, read together."""
    found = listed_codes(uow, [(user.account_id, user.id) for user in users])
    program_ids = [program.id for program in list_programs(uow)] if found else []
    return [
        {
            program_id: found[key]
            for program_id in program_ids
            if (key := (user.account_id, user.id, program_id)) in found
        }
        for user in users
    ]


def listed_codes(uow: UnitOfWork, keys: Collection[Key]) -> dict[tuple[str, str, str], ListedCode]:
    """Primary codes by account, user and program, with what links are made of."""
    found = uow.rows(PRIMARY_CODES, keys=sorted(set(keys))) if keys else []
    return {(code.account_id, code.user_id, code.program_id): code for code in found}


def primary_code(uow: UnitOfWork, user: User, program_id: str | None) -> Code:
    """The user's primary code of a program (of the default program when None). Raises ProgramNotFound, CodeNotFound."""
    program = get_program(uow, program_id)
    code = primary_codes(uow, user).get(program.id)
    if code is None:
        raise CodeNotFound("The user has no referral code in this program.")
    return code


def find_code(uow: UnitOfWork, code: str) -> Code | None:
    """A code, primary or secondary, in any case."""
    return uow.first(CODE, folded=fold(code))


def owner(uow: UnitOfWork, code: Code) -> User:
    """The user whose code it is."""
    return uow.one(USER, account_id=code.account_id, user_id=code.user_id)


def resolve(uow: UnitOfWork, text_code: str) -> tuple[Code, User]:
    """A code and its owner. Raises CodeNotFound when it is unknown or the owner is blocked."""
    code = find_code(uow, text_code)
    if code is None:
        raise CodeNotFound
    user = owner(uow, code)
    if user.blocked_ms is not None:
        raise CodeNotFound
    return code, user


def get_code(uow: UnitOfWork, text_code: str) -> Code:
    """A code of any owner. Raises CodeNotFound."""
    code = find_code(uow, text_code)
    if code is None:
        raise CodeNotFound
    return code


def show(uow: UnitOfWork, code: Code, user: User) -> Shown:
    """A code look-up: whose it is, and what its program gives to who is referred."""
    rule = parse_rule(get_program(uow, code.program_id).referred_reward)
    name = " ".join(part for part in (user.first_name, user.last_name[:1] if user.last_name else None) if part)
    return {
        "code": code.code,
        "dateCreated": code.created_ms,
        "programId": code.program_id,
        "referrerName": name,
        "reward": _template(rule) if rule else None,
    }


def _template(rule: RewardRule) -> Shown:
    members: dict[str, Shown] = {
        "CREDIT": {"unit": rule.unit, "credit": rule.amount},
        "PCT_DISCOUNT": {"discountPercent": rule.amount},
        "FUELTANK": {"unit": rule.unit},
        "INTEGRATION": {"valueInCents": rule.amount, "rewardDetails": "{}"},
    }
    return {"type": rule.type, **members[rule.type]}


def give_codes(
    uow: UnitOfWork,
    user: User,
    settings: Settings,
    *,
    existing: Mapping[str, Code],
    vanity_codes: Mapping[str, str],
    links: Mapping[str, str],
) -> dict[str, Code]:
    """Give the user a primary code in every program that they have none in, and return all of them by program.

    `existing` are the primary codes that the user has, `links` vanity links; all are by program. They replace a
    primary code only where the tenant's setting allows edits; the old one stays as a secondary code.
    """
    programs = list_programs(uow)
    known = {program.id for program in programs}
    for member, by_program in (("referralCodes", vanity_codes), ("shareLinks", links)):
        for program_id in by_program:
            if program_id not in known:
                raise CodeNotFound(
                    f"{shortened_pointer((member, program_id))}: there is no such program to have a code in"
                )
    _check_lengths(existing, vanity_codes)
    may_edit = settings.allowReferralCodeEditOnUserUpsert
    changing = [
        program
        for program in programs
        if program.id not in existing or (may_edit and (program.id in vanity_codes or program.id in links))
    ]
    primaries = dict(existing)
    given = _take_links(uow, user, changing, primaries, links, settings)
    for program in changing:
        primaries[program.id] = _set_primary(
            uow, user, program, primaries.get(program.id), vanity_codes.get(program.id), given.get(program.id)
        )
    return {program.id: primaries[program.id] for program in programs}


def _check_lengths(existing: Mapping[str, Code], vanity_codes: Mapping[str, str]) -> None:
    """Raises InvalidInput for codes that are longer than one may choose, but for those that the user has."""
    found = []
    for program_id, code in vanity_codes.items():
        known = existing.get(program_id)
        if len(code) > GENERATED_MAX and (known is None or known.folded != fold(code)):
            pointer = pointer_of(("referralCodes", program_id))
            message = f"{pointer}: must be 1 to {GENERATED_MAX} letters or digits"
            found.append(InvalidInput(message, pointer=pointer, vendor_code=BAD_CODE))
    if found:
        raise joined(found)


def _set_primary(
    uow: UnitOfWork, user: User, program: Program, primary: Code | None, vanity_code: str | None, link: str | None
) -> Code:
    """Make the vanity code, or a new one with the link, the user's primary code in a program, and return it."""
    if vanity_code is not None:
        taken = find_code(uow, vanity_code)
        if taken is not None:
            if (taken.account_id, taken.user_id, taken.program_id) != (user.account_id, user.id, program.id):
                raise CodeTaken(_taken(program))
            if primary is not None and primary.folded != taken.folded:
                _demote(uow, primary, link)
            taken = replaced(taken, is_primary=True, vanity_url=link or taken.vanity_url)
            uow.execute(SET_PRIMARY, code=taken.folded, primary=True, link=taken.vanity_url)
            return taken
    elif primary is not None and primary.vanity_url == link:
        return primary
    if primary is not None:
        _demote(uow, primary, link)
    return new_code(uow, user, program, vanity_code, vanity_url=link)


def _demote(uow: UnitOfWork, primary: Code, link: str | None) -> None:
    """Make a primary code another one of the user's; it keeps its link, unless the new primary code gets that."""
    kept = None if primary.vanity_url == link else primary.vanity_url
    uow.execute(SET_PRIMARY, code=primary.folded, primary=False, link=kept)


def _taken(program: Program) -> str:
    return f"{pointer_of(('referralCodes', program.id))}: {CodeTaken.default_message}"


def _take_links(
    uow: UnitOfWork,
    user: User,
    programs: Sequence[Program],
    primaries: dict[str, Code],
    links: Mapping[str, str],
    settings: Settings,
) -> dict[str, str]:
    """The vanity links that are given for the programs, in their one spelling, each taken from the user's other code
    that has it.

    All are taken before any is given: links may be exchanged between programs. `primaries` are the primary codes by
    program; one that loses its link is replaced there. Raises BadLink.
    """
    given: dict[str, str] = {}
    for program in programs:
        if program.id not in links:
            continue
        link = _check_link(program, links[program.id], settings)
        if link in given.values():
            raise BadLink(f"{pointer_of(('shareLinks', program.id))}: the link is given for two programs")
        given[program.id] = link
        taken = uow.first(CODE_WITH_LINK, vanity_url=link)
        if taken is None:
            continue
        if (taken.account_id, taken.user_id) != (user.account_id, user.id):
            raise BadLink(f"{pointer_of(('shareLinks', program.id))}: the link belongs to another user")
        primary = primaries.get(program.id)
        if primary is not None and primary.folded == taken.folded:
            continue
        uow.execute(SET_PRIMARY, code=taken.folded, primary=taken.is_primary, link=None)
        if taken.is_primary:
            primaries[taken.program_id] = replaced(taken, vanity_url=None)
    return given


def _check_link(program: Program, link: str, settings: Settings) -> str:
    """The one spelling of a vanity link, which is on the tenant's own short domain. Raises BadLink."""
    pointer = pointer_of(("shareLinks", program.id))
    if settings.primaryLinkDomain is None:
        raise BadLink(f"{pointer}: the tenant has no short domain of its own")
    try:
        link = vanity.normal(link)
        host = urlsplit(link).hostname
    except ValueError as error:
        raise BadLink(f"{pointer}: must be an http or https URL without user, query and fragment") from error
    if len(link) > LINK_CHARACTERS_MAX:
        raise BadLink(f"{pointer}: must have at most {LINK_CHARACTERS_MAX:,} characters, written with its escapes")
    if host != settings.primaryLinkDomain.lower():
        raise BadLink(f"{pointer}: must be on {settings.primaryLinkDomain}")
    return link


def new_code(
    uow: UnitOfWork, user: User, program: Program, vanity_code: str | None, *, vanity_url: str | None = None
) -> Code:
    """Add a primary code, generated unless there is a vanity code, with its share link, and emit its event.

    Raises CodeTaken.
    """
    token = text(uow.random, "link", TOKEN_CHARACTERS, BASE62)
    code = _insert_free(uow, user, program, vanity_code, token, vanity_url)
    uow.insert_at_end(INSERT_LINK, token=token, kind=SHARE_KIND, target=program.id, subject=code.folded)
    emit(uow, "coupon.created", {"code": code.code, "dateCreated": uow.now_ms, "programId": program.id})
    return code


def _insert_free(
    uow: UnitOfWork, user: User, program: Program, vanity_code: str | None, token: str, vanity_url: str | None
) -> Code:
    """Insert a code that nobody else has, and return it.

    Namesakes who sign up at once all find the same code free. The second insert waits for the first unit to commit and
    is then ignored, since the key exists: the next number is tried.
    """
    for _ in range(CLASHES_MAX):
        code = vanity_code if vanity_code is not None else generate(uow, user)
        values = {
            "folded": fold(code),
            "code": code,
            "account_id": user.account_id,
            "user_id": user.id,
            "program_id": program.id,
            "is_primary": True,
            "link_token": token,
            "vanity_url": vanity_url,
            "created_ms": uow.now_ms,
        }
        if uow.insert(INSERT_CODE, **values):
            return row_of(Code, tenant_id=uow.tenant_id, **values)
        if vanity_code is not None:
            raise CodeTaken(_taken(program))
    raise CodeTaken(f"No code was free after {CLASHES_MAX} tries.")


def generate(uow: UnitOfWork, user: User) -> str:
    """A free code: up to 15 letters and digits of the name in capitals, numbered on a clash; CODE and digits else."""
    name = _NOT_ALPHANUMERIC.sub("", f"{user.first_name or ''}{user.last_name or ''}").upper()[:GENERATED_MAX]
    return _free(uow, name) if name else _free(uow, _without_name(uow))


def _without_name(uow: UnitOfWork) -> str:
    return "CODE" + text(uow.random, "code", 8, "0123456789")


def _free(uow: UnitOfWork, base: str) -> str:
    """The base itself, or the base with the smallest number from 2 that is larger than any in use.

    Where the two have more than GENERATED_MAX characters, which a caller could not send back, the base is cut until
    they do not.
    """
    used = _beginning_with(uow, base)
    if base not in used:
        return base
    for length in range(min(len(base), GENERATED_MAX - 1), 0, -1):
        if length < len(base):
            used = _beginning_with(uow, base[:length])
        code = f"{base[:length]}{_next_number(used, length)}"
        if len(code) <= GENERATED_MAX:
            return code
    return _without_name(uow)


def _beginning_with(uow: UnitOfWork, stem: str) -> Sequence[str]:
    """The stem, and what follows it with a character up to "9" (":" is the character after "9"), in use as codes: the
    longest first, so that the largest number comes early and the stem last.
    """
    return uow.rows(USED_CODES, first=stem, end=stem + ":")


def _next_number(used: Sequence[str], length: int) -> int:
    """One more than the largest number that follows a stem of some length, at least 2.

    Codes that users chose may have other characters there, or zeros before a number, which no number of ours has.
    """
    numbers = (folded[length:] for folded in used)
    largest = next(
        (
            int(one)
            for one in numbers
            if one.isascii() and one.isdigit() and one[0] != "0" and length + len(one) <= GENERATED_MAX
        ),
        1,
    )
    return max(largest, 1) + 1
