"""The Loyalty Core API for the fuzzer: what exists, points that there are enough of, and rules between values."""

import re
from datetime import timedelta
from typing import Any

from schemathesis import Case
from schemathesis.core.parameters import ParameterLocation

from tests.fuzz import api
from tests.fuzz.api import Name
from tests.fuzz.loyalty_core_engagement import ENGAGEMENT_CALLS, KEPT, EngagementReach
from tests.fuzz.loyalty_core_known import CODES, NOW, PENDING_POINTS, TEXTS, Account, Known, learn

__all__ = ["BASE", "BOOK", "OWNER", "USER", "Known", "Reach", "blames_body", "learn", "refused_by_contract"]

USER = "loyalty-core-live"
ORGANIZATION = "1"
BASE = f"/loyalty-core/api/v1/organizations/{ORGANIZATION}"
OWNER = {"organizationId": ORGANIZATION}
DAYS_MAX = 3_000
MOVED_AT_ONCE_MAX = 1_000
"""Most that a valid transaction moves, so that rich people stay rich."""
MADE_AT_ONCE_MAX = 1_000_000
MINTS = {"mintWalletPoints", "mintWalletPointsDefaultAccount", "mintLoyaltyMemberPoints"}
MOVES = MINTS | {"transferPoints", "burnWalletPoints", "burnWalletPointsDefaultAccount", "burnLoyaltyMemberPoints"}
"""Operations whose body asks for one movement of points."""
LISTS = {"createLedgerTransactionSet": "create", "processLedgerTransactionBatch": "items"}
"""Movements that come as lists, and where they stand in the body."""
TIER_CALLS = {"setMemberTier", "setLoyaltyMemberTier"}
PROGRAM_CALLS = {"createLoyaltyProgram", "updateLoyaltyProgram"}
SPENDS = {
    "updateMember",
    "updateLedger",
    "createLedgerAccount",
    "updateLedgerAccount",
    "updateLedgerAccountSupply",
    "updateLoyaltyProgram",
    "updateLoyaltyTier",
    "deleteOrganizationUser",
    "updatePortal",
    "deleteContentSchema",
    *KEPT,
}
"""Operations that take away what others live on."""
TAKEN_AWAY = {"isDefaultAccount", "defaultAccountId", "maxSupply", "loyaltyMemberId"}
"""What makes something kept useless when it is sent."""
SEPARATED = {"locationCodes", "orderLocationCodes", "categoryCodes", "productCategoryCodes"}
EXAMPLE_NAMES = {
    "loyaltyMemberId": "HC-000042",
    "publicLoyaltyMemberId": "CARD-7731",
    "userName": "mara",
    "email": "mara@example.org",
    "locationCode": "pier-3",
    "orderLocationCode": "webshop",
    "categoryCode": "tastings",
    "productCategoryCode": "coffee-beans",
    "publicId": "harbour-club",
}
"""Of the contract, in the bodies of most cases, and taken."""
NAME_CHARACTERS_MAX = 255
EXAMPLE_KEYS = re.compile(r"(till-3|night-run|supply-2026)-[0-9]+")
EXAMPLE_WALLETS = {142, 143}
OWN_KEYS = "fuzz-"
"""How keys begin that the fuzzer has made up: a step of a chain is about one."""
GIVEN_MAX = 10_000
"""Numbers up to this one may come from the step before."""
NAMED = re.compile(
    r" no (?:active )?(?:loyalty )?(account|ledger|wallet|program|tier|portal|member|transaction|audience|content schema|matcher|"
    r"coupon book|coupon with the code|partnership|type|badge) (.*)\.$",
    re.DOTALL,
)
"""What does not exist, at the end of a 404's message."""
NOTHING_MADE = "The account has no transaction with that systemUniqueKey or externalId."
IN_PATHS = {
    "account": "ledgerAccountId",
    "ledger": "ledgerId",
    "wallet": "walletId",
    "program": "loyaltyProgramId",
    "tier": "loyaltyTierId",
    "portal": "portalId",
    "member": "memberId",
    "audience": "audienceId",
    "matcher": "matcherId",
    "coupon book": "couponBookId",
}


class Reach(EngagementReach):
    """What exists in paths, filters and bodies; rich wallets; changes and deletions of what nobody needs."""

    known: Known

    def ids(self) -> None:
        self._aim(spare=self.operation in SPENDS)
        if ParameterLocation.QUERY in self.generated:
            self._filter()

    def _aim(self, *, spare: bool) -> None:
        """Point the path at something that exists."""
        if ParameterLocation.PATH not in self.generated:
            return
        known = self.known
        person = self.pick(known.spare_people if spare else known.people, "person")
        account = self.pick(known.spare_accounts if spare else known.accounts, "account")
        program, tier = self.pick(known.spare_tiers if spare else known.tiers, "tier")
        portal, public_id = self.pick(known.spare_portals if spare else known.portals, "portal")
        schema, version = self.pick(known.spare_schemas if spare else known.schemas, "schema")
        code = self.pick(CODES, "code")
        found = {
            "memberId": person.id,
            "loyaltyMemberId": person.own_id,
            "walletId": person.wallet,
            "ledgerId": account.ledger,
            "ledgerAccountId": account.id,
            "loyaltyProgramId": program,
            "loyaltyTierId": tier,
            "portalId": portal,
            "publicId": public_id,
            "id": str(schema),
            "versionId": str(version),
            "userId": self.pick(known.spare_users if spare else known.users, "user"),
            "locationCode": code,
            "orderLocationCode": code,
            "categoryCode": code,
            "productCategoryCode": code,
            **self.engagement_path(spare=spare),
        }
        path = self.case.path_parameters
        path.update({name: found[name] for name in path.keys() & found.keys()})

    def _filter(self) -> None:
        """Names that exist in some of the query's parameters."""
        query, person = self.case.query, self.pick(self.known.people, "filtered")
        program, tier = self.pick(self.known.tiers, "filtered")
        found = {
            "walletId": person.wallet,
            "loyaltyMemberId": person.own_id,
            "email": f"{person.own_id}@example.org",
            "query": "fuzz example",
            "loyaltyProgramId": program,
            "loyaltyTierId": tier,
            "ledgerKey": "fuzzed",
            "ledgerAccountKey": "fuzzed",
            "loyaltyProgramKey": "fuzzed",
            "loyaltyTierKey": "fuzzed-0",
            "userName": "fuzz-0",
            "search": "FUZZ",
            **{name: list(CODES) for name in SEPARATED},
            **self.engagement_filters(),
        }
        if self.drawn("filter") % 2:
            query.update({name: found[name] for name in query.keys() & found.keys()})

    def bodies(self) -> None:
        body = self.new_body
        if not body:
            return
        if self.operation in ENGAGEMENT_CALLS:
            self.engagement_bodies()
            return
        for place, move in enumerate(self._moves(body)):
            self._make_possible(move)
            if "systemUniqueKey" in move:
                move["systemUniqueKey"] = self._own_key(place)
        if self.operation == "captureLedgerTransactions":
            self._capture()
        elif self.operation == "revertLedgerTransaction":
            self._revert()
        elif self.operation in TIER_CALLS:
            self._set_tier()
        elif self.operation in PROGRAM_CALLS:
            self._set_program()
        elif self.operation == "updateOrganization":
            body["defaultLoyaltyProgramId"] = self.pick(self.known.tiers, "program")[0]
            body["locales"] = [*body.get("locales", [])[:99], body["defaultLocale"]]
        elif self.operation == "getMembersBatch":
            body["memberIds"] = [*body["memberIds"][:500], self.pick(self.known.people, "member").id]
        elif self.operation == "updateOrganizationUser":
            body["organizations"] = [*body["organizations"][:99], ORGANIZATION]
        else:
            self._name_what_exists()

    def _moves(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        """The movements of points that a body asks for."""
        if self.operation in MOVES:
            return [body] if body else []
        moves: list[dict[str, Any]] = body.get(LISTS[self.operation], []) if self.operation in LISTS else []
        return moves

    def _own_key(self, place: int) -> str:
        """A key for one movement; the same input has it again."""
        return f"{OWN_KEYS}{self.draw:08x}-{place}"

    def _make_possible(self, move: dict[str, Any]) -> None:
        """Wallets that exist and have enough, and an account that goes with the ledger."""
        people = self.known.people
        place = self.drawn(f"wallet {move}")
        giver, taker = people[place % len(people)], people[(place + 1) % len(people)]
        account = self.pick(self.known.accounts, "account")
        values = {"fromWalletId": giver.wallet, "toWalletId": taker.wallet}
        if self.operation == "createLedgerTransactionSet":
            values["ledgerAccountId"] = self._account_of_path().id
        elif move.keys() & {"ledgerId", "ledgerAccountId"}:
            move["ledgerId"], move["ledgerAccountId"] = account.ledger, account.id
        move.update({name: value for name, value in values.items() if name in move})
        most = MADE_AT_ONCE_MAX if self.operation in MINTS else MOVED_AT_ONCE_MAX
        move["amount"] = min(move["amount"], 1 + move["amount"] % most)

    def _account_of_path(self) -> Account:
        """A kept account of the ledger in the path; any, where it has none."""
        ledger = str(self.case.path_parameters["ledgerId"])
        of_ledger = [account for account in self.known.accounts if str(account.ledger) == ledger]
        return self.pick(of_ledger or self.known.accounts, "of path")

    def _of_path(self, by_account: dict[int, list[str]]) -> list[str]:
        return {str(number): found for number, found in by_account.items()}.get(
            str(self.case.path_parameters["ledgerAccountId"]), []
        )

    def _capture(self) -> None:
        """Different pending transactions of the account, and no more than they have."""
        pending = self._of_path(self.known.pending)
        first = self.drawn("pending")
        self.new_body["transactions"] = self.new_body["transactions"][: len(pending) or None]
        for place, item in enumerate(self.new_body["transactions"]):
            if pending:
                item["ledgerTransactionId"] = pending[(first + place) % len(pending)]
            if "captureAmount" in item:
                item["captureAmount"] = 1 + item["captureAmount"] % PENDING_POINTS

    def _revert(self) -> None:
        """What can be taken back, by its key or reference, unless the step before said what."""
        known = self._of_path(self.known.reverted)
        body = self.new_body
        if known and not str(body.get("systemUniqueKey", "")).startswith(OWN_KEYS):
            key = self.pick(known, "key")
            body.update({name: key for name in ("systemUniqueKey", "externalId") if name in body})

    def _set_tier(self) -> None:
        """A tier of the program, and a time that has not passed."""
        body, path = self.new_body, self.case.path_parameters
        program, tier = self.pick(self.known.tiers, "set")
        if "loyaltyProgramId" in body:
            body["loyaltyProgramId"] = program
        elif str(path["loyaltyProgramId"]) != str(program):
            tiers = [of for of_program, of in self.known.tiers if str(of_program) == str(path["loyaltyProgramId"])]
            tier = self.pick(tiers, "of path") if tiers else 0
        is_given = ParameterLocation.PATH not in self.generated and body.get("loyaltyTierId", GIVEN_MAX) < GIVEN_MAX
        if "loyaltyTierId" in body and tier and not is_given:
            body["loyaltyTierId"] = tier
        if "expiresAt" in body:
            body["expiresAt"] = (NOW + timedelta(days=1 + self.drawn("days") % DAYS_MAX)).isoformat() + "Z"

    def _set_program(self) -> None:
        """A ledger with accounts of it, a portal and a tier that exist.

        The accounts that are left out stay, so all are named.
        """
        account = self.known.accounts[-1]
        self.new_body.update(
            ledgerId=account.ledger, mainLedgerAccountId=account.id, tierPointsLedgerAccountId=account.id
        )
        values = {
            "mainPortalId": self.pick(self.known.portals, "main")[0],
            "defaultTierId": self.pick(self.known.tiers, "default")[1],
        }
        self.new_body.update({name: value for name, value in values.items() if name in self.new_body})

    def _name_what_exists(self) -> None:
        """What others have to have, and names that nobody has."""
        body = self.new_body
        for name in body.keys() & EXAMPLE_NAMES.keys():
            body[name] = f"{self.draw:08x}-{body[name]}"[:NAME_CHARACTERS_MAX]
        if "schema" in body:
            body["schema"] = self.pick(TEXTS, "text")
        if "loyaltyProgramId" in body:
            body["loyaltyProgramId"] = self.pick(self.known.tiers, "program")[0]
        if "defaultAccountId" in body:
            ledger = str(self.case.path_parameters["ledgerId"])
            accounts = [
                account
                for account in (*self.known.spare_accounts, *self.known.accounts)
                if str(account.ledger) == ledger
            ]
            if accounts:
                body["defaultAccountId"] = self.pick(accounts, "default").id

    def spare(self) -> None:
        """What takes away from other cases what they live on goes to what is spare, or takes less."""
        if self.operation not in SPENDS or not self._hits_kept():
            return
        if ParameterLocation.PATH in self.generated:
            self._aim(spare=True)
            return
        if self.operation in KEPT:
            self.keep_engagement()
            return
        for name in TAKEN_AWAY & self.new_body.keys():
            del self.new_body[name]
        if "active" in self.new_body:
            self.new_body["active"] = True

    def _hits_kept(self) -> bool:
        known = self.known
        kept = {
            "memberId": [person.id for person in known.people],
            "ledgerId": [account.ledger for account in known.accounts],
            "loyaltyProgramId": [program for program, _ in known.tiers],
            "portalId": [portal for portal, _ in known.portals],
            "userId": known.users,
            "id": [schema for schema, _ in known.schemas],
        }
        path = self.case.path_parameters
        if self.operation in KEPT:
            return self.hits_kept_engagement()
        return any(str(path[name]) in map(str, kept[name]) for name in path.keys() & kept.keys())

    def agree(self) -> None:
        """Names and keys of the contract's examples are taken: most cases would be a 409.

        And its wallets have few points.

        A comma separates codes in a query, wherever it stands; between two of them there would be none.
        """
        self.engagement_agree()
        for name in self.case.query.keys() & SEPARATED:
            self.case.query[name] = [code.replace(",", "_") for code in self.case.query[name]]
        for name in self.body.keys() & EXAMPLE_NAMES.keys():
            if self.body[name] == EXAMPLE_NAMES[name]:
                self.body[name] = f"{self.draw:08x}-{self.body[name]}"
        giver, taker = self.known.people[:2]
        for place, move in enumerate(self._moves(self.body)):
            if EXAMPLE_KEYS.fullmatch(str(move.get("systemUniqueKey"))):
                move["systemUniqueKey"] = self._own_key(place)
            for name, wallet in (("fromWalletId", giver.wallet), ("toWalletId", taker.wallet)):
                if move.get(name) in EXAMPLE_WALLETS:
                    move[name] = wallet


class Book(api.Book):
    """What is said of a member in a program outlives their leaving it."""

    def names(self, case: Case) -> set[Name]:
        path = case.path_parameters
        if "memberId" in path and "loyaltyProgramId" in path:
            return {("membership", str(path["memberId"]), str(path["loyaltyProgramId"]))}
        return set()

    def keep(self, case: Case) -> None:
        if case.operation.definition.raw["operationId"] == "removeMemberFromLoyaltyProgram":
            self.made_again.update(self.names(case))


BOOK = Book()


def blames_body(body: Any, case: Case) -> bool:
    """Whether a 404 is about something that the body names: it says where, or it is not what the path names."""
    messages = _messages(body)
    if NOTHING_MADE in messages or any(message.startswith("/") for message in messages):
        return True
    named = NAMED.search(messages[0])
    return named is not None and str(case.path_parameters.get(IN_PATHS.get(named[1], ""))) != named[2]


def refused_by_contract(body: Any) -> bool:
    """Whether a 400 comes from validation against the contract rather than from a rule of the domain.

    An instant that its pattern allows and no clock shows has the code of validation, too.
    """
    return body["code"] == "VALIDATION_FAILED" and "cannot be read" not in _messages(body)[0]


def _messages(body: Any) -> list[str]:
    """What a refusal says: one message, or all that was found."""
    message = body["message"]
    return message if isinstance(message, list) else [message]
