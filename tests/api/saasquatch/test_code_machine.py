"""Referral codes and vanity links of users in two programs against a plain model: whatever is asked for at once and in
whatever order, answers, reads and look-ups agree, and a refusal changes nothing.
"""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.api.saasquatch.conftest import PROGRAM, SaasquatchTenant, make_tenant
from tests.api.saasquatch.test_referral_code import SECOND
from tests.support.client import Client
from tests.support.machines import run_machine
from troth.app import Server

USERS, PROGRAMS = ("ana", "bo"), (PROGRAM["id"], SECOND["id"])
SITE = "https://go.example.org/"
WHO = st.sampled_from(USERS)
ASKED_CODES = st.dictionaries(st.sampled_from(PROGRAMS), st.sampled_from(["ONE", "one", "TWO", "THREE"]), max_size=2)
ASKED_LINKS = st.dictionaries(st.sampled_from(PROGRAMS), st.sampled_from([SITE + name for name in "xyz"]), max_size=2)
"""Few of everything, so that what is asked for is often somebody's already."""
EXAMPLES_SQLITE, EXAMPLES_POSTGRES, STEPS = 30, 4, 20


@dataclass
class Kept:
    """A code as the model knows it."""

    code: str
    who: str
    program: str
    link: str | None = None


@dataclass
class Model:
    """All codes, and which of them are the primary ones by user and program."""

    codes: list[Kept] = field(default_factory=list)
    primary: dict[tuple[str, str], Kept] = field(default_factory=dict)

    def named(self, code: str) -> Kept | None:
        return next((one for one in self.codes if one.code.upper() == code.upper()), None)

    def with_link(self, link: str) -> Kept | None:
        return next((one for one in self.codes if one.link == link), None)

    def refuses(self, who: str, codes: dict[str, str], links: dict[str, str]) -> bool:
        """Whether something is another's, or is asked for twice."""
        if len({code.upper() for code in codes.values()}) < len(codes) or len(set(links.values())) < len(links):
            return True
        known = [(self.named(code), program) for program, code in codes.items()]
        linked = [self.with_link(link) for link in links.values()]
        return any(one is not None and (one.who, one.program) != (who, program) for one, program in known) or any(
            one is not None and one.who != who for one in linked
        )

    def upsert(self, who: str, codes: dict[str, str], links: dict[str, str], answered: dict[str, str]) -> None:
        """Do what was asked for; a code that was generated is known from the answer."""
        for program, link in links.items():
            owner = self.with_link(link)
            if owner is not None and owner is not self.primary.get((who, program)):
                owner.link = None
        for program in PROGRAMS:
            before, link = self.primary.get((who, program)), links.get(program)
            if before is not None and program not in codes and (link is None or link == before.link):
                continue
            asked = codes.get(program)
            after = None if asked is None else self.named(asked)
            if after is None:
                after = Kept(answered[program], who, program)
                self.codes.append(after)
            if link is not None:
                if before is not None and before.link == link:
                    before.link = None
                after.link = link
            self.primary[who, program] = after

    def forget(self, who: str) -> None:
        self.codes = [one for one in self.codes if one.who != who]
        self.primary = {key: one for key, one in self.primary.items() if key[0] != who}


class CodeMachine(RuleBasedStateMachine):
    server: Server
    client: Client

    @initialize()
    def begin(self):
        self.tenant: SaasquatchTenant = make_tenant(
            self.server,
            self.client,
            programs=[PROGRAM, SECOND],
            settings={"allowReferralCodeEditOnUserUpsert": True, "primaryLinkDomain": "go.example.org"},
        )
        self.model, self.shown = Model(), dict[str, Any]()

    @rule(who=WHO, codes=ASKED_CODES, links=ASKED_LINKS)
    def upsert(self, who, codes, links):
        body = {"id": who, "accountId": who, "referralCodes": codes, "shareLinks": links}
        refused = self.model.refuses(who, codes, links)
        answer = self.tenant.put(self.tenant.user_path(who), json=body)
        assert answer.status_code == (400 if refused else 200), answer.text
        if not refused:
            self.model.upsert(who, codes, links, answer.json()["referralCodes"])
            self.shown[who] = answer.json()

    @rule(who=WHO)
    def delete(self, who):
        answer = self.tenant.delete(self.tenant.user_path(who))
        assert answer.status_code == (204 if who in self.shown else 404), answer.text
        self.model.forget(who)
        self.shown.pop(who, None)

    @invariant()
    def users_agree(self):
        for who, shown in self.shown.items():
            found = self.tenant.get(self.tenant.user_path(who)).json()
            assert found == shown
            for program in PROGRAMS:
                kept = self.model.primary[who, program]
                link = found["programShareLinks"][program]["cleanShareLink"]
                assert found["referralCodes"][program].upper() == kept.code.upper()
                assert (link if link.startswith(SITE) else None) == kept.link

    def teardown(self):
        """Each code, primary or not, is its user's in its program; those of the deleted are nobody's."""
        if not hasattr(self, "model"):
            return
        for kept in self.model.codes:
            found = self.tenant.get(f"/open/code/{kept.code}").json()
            owner = self.tenant.get(f"/open/user?referralCode={kept.code}").json()
            assert (found["programId"], owner["id"]) == (kept.program, kept.who)


def test_everything_agrees_with_a_plain_model(server: Server, client: Client) -> None:
    CodeMachine.server, CodeMachine.client = server, client
    examples = EXAMPLES_SQLITE if server.runtime.storage.inline else EXAMPLES_POSTGRES
    run_machine(CodeMachine, examples=examples, steps=STEPS)
