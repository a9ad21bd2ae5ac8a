"""Accounts as scenario files and the command line make them."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy.exc import IntegrityError

from models.kernel.connection import LazyConnection
from models.kernel.settings import BadSettings
from models.leat import provision
from models.leat.settings import shops_of
from models.provisioning import BadAlias
from models.tenancy.sandboxes import MAIN
from models.tenancy.tenants import has_demo_credentials
from tests.api.leat.conftest import HARBOUR, PROGRAM, Account, done, make_account
from tests.api.leat.test_authorization import ask
from tests.support.client import Client
from troth import administration
from troth.app import Server
from troth.mock.scenarios import ScenarioError, load_scenario, unit_of

SUBSCRIPTIONS = "/webhook-subscriptions"


def create(server: Server, alias: str, given: dict[str, Any] | None = None, **settings: Any) -> Any:
    runtime = server.runtime
    with runtime.storage.session() as session, session.begin():
        return provision.create(
            session,
            runtime.directory.vault,
            given=given or {},
            settings=settings,
            alias=alias,
            name=alias,
            live=True,
            project=alias,
            sandbox_id=MAIN,
            now_ms=1,
        )


class TestCreate:
    def test_it_has_every_kind_of_credential(self, server: Server, account: Account) -> None:
        made = create(server, f"{account.tenant.alias}a")
        assert list(made.credentials) == ["personal_access_token", "api_key", "client_id", "client_secret"]
        assert made.credentials["client_id"] == str(1_000 + made.tenant.id)
        assert len(set(made.credentials.values())) == 4
        for kind in ("personal_access_token", "api_key"):
            assert account.get(token=made.credentials[kind]).status_code == 200

    def test_given_credentials_are_the_demos(self, server: Server, client: Client, account: Account) -> None:
        alias = f"{account.tenant.alias}b"
        given = {
            "personal_access_token": f"pat_{alias}",
            "api_key": f"key_{alias}",
            "client_id": 30,
            "client_secret": f"secret_{alias}",
        }
        made = create(server, alias, given)
        assert made.credentials == {**given, "client_id": "30"}
        assert ask(Account(server, client, made.tenant, made.credentials)).status_code == 200
        with server.runtime.storage.session() as session:
            assert has_demo_credentials(session)

    @pytest.mark.parametrize("client_id", ["", "abc", "-1", "1" * 19, "٣"])
    def test_a_client_id_is_digits(self, server: Server, account: Account, client_id: str) -> None:
        with pytest.raises(ValueError, match="is not a client id"):
            create(server, f"{account.tenant.alias}c", {"client_id": client_id})

    def test_what_is_wrong_creates_nothing(self, server: Server, account: Account) -> None:
        with pytest.raises(BadSettings):
            create(server, f"{account.tenant.alias}d", shops=5)
        with pytest.raises(BadAlias):
            create(server, "Not an alias")
        with pytest.raises(IntegrityError):
            create(server, account.tenant.alias)

    def test_the_shop_of_an_account_without_shops_stays_the_same(self, server: Server, client: Client) -> None:
        one, two = (make_account(server, client, shops=[]) for _ in range(2))
        assert shops_of(one.unit()) == shops_of(one.unit()) != shops_of(two.unit())
        assert shops_of(one.unit())[0].name == one.tenant.name


class TestCommands:
    def test_a_project_is_one_account(self, server: Server, account: Account) -> None:
        alias = f"{account.tenant.alias}e"
        [made] = administration.create_project(server.runtime, api="leat", alias=alias, name="Bakery", landing_url=None)
        assert (made["environment"], made["alias"]) == ("live", alias)
        shown = administration.tenant(server.runtime, "leat", alias)
        assert (shown["account_name"], shown["client_ids"]) == ("Bakery", [made["credentials"]["client_id"]])
        assert len(shown["shops"]) == 1
        assert shown["referral_program"] is None

    def test_settings_change_and_bad_ones_do_not(self, server: Server, account: Account) -> None:
        administration.change(
            server.runtime, "leat", account.tenant.alias, {"referral_program": None, "account_name": "New name"}
        )
        server.runtime.directory.forget()
        assert done(account.get("/referrals/settings")) is None
        with pytest.raises(ValueError, match="referral_program"):
            administration.change(server.runtime, "leat", account.tenant.alias, {"referral_program": {}})

    @pytest.mark.parametrize("kind", [None, "personal_access_token", "api_key"])
    def test_keys_can_be_added(self, server: Server, account: Account, kind: str | None) -> None:
        made = administration.create_key(server.runtime, "leat", account.tenant.alias, kind)
        [(name, key)] = made["credentials"].items()
        assert name == (kind or "personal_access_token")
        assert account.get(token=key).status_code == 200

    def test_webhooks_can_be_added_listed_and_removed(self, server: Server, account: Account) -> None:
        runtime, alias = server.runtime, account.tenant.alias
        made = administration.create_webhook(runtime, "leat", alias, "https://hooks.example.org", ["*"])
        assert len(made["secret"]) == 30
        assert len(administration.webhooks(runtime, "leat", alias)) == len(done(account.get(SUBSCRIPTIONS))) == 7
        administration.delete_webhook(runtime, "leat", alias, "https://hooks.example.org")
        assert administration.webhooks(runtime, "leat", alias) == []
        with pytest.raises(ValueError, match="no webhook endpoint"):
            administration.delete_webhook(runtime, "leat", alias, "https://hooks.example.org")


class TestScenario:
    def load(
        self, server: Server, folder: Path, alias: str, *, settings: dict[str, Any] | None = None, **live: Any
    ) -> list[dict[str, Any]]:
        file = folder / "scenario.yaml"
        file.write_text(
            yaml.safe_dump(
                {
                    "projects": [
                        {
                            "api": "leat",
                            "project": alias,
                            "name": "Bakery",
                            "settings": settings or {},
                            "live": {"alias": alias, **live},
                        }
                    ]
                }
            )
        )
        runtime = server.runtime
        with runtime.storage.session() as session, session.begin():
            return load_scenario(runtime, session, file, fixed_keys=True).tenants

    def account(self, server: Server, client: Client, alias: str, token: str) -> Account:
        runtime = server.runtime
        runtime.directory.forget()
        with runtime.storage.session() as session:
            tenant = runtime.directory.tenant(LazyConnection.of(session), "leat", alias)
        assert tenant is not None
        return Account(server, client, tenant, {"personal_access_token": token})

    def test_loading_it_again_brings_it_up_to_date_and_adds_nothing_twice(
        self, server: Server, client: Client, account: Account, tmp_path: Path
    ) -> None:
        alias, token = f"{account.tenant.alias}f", f"pat_{account.tenant.alias}f"
        url = "{public_url}/in"
        shared = {"credentials": {"personal_access_token": token}}
        first = {
            "url": url,
            "types": ["contact_created"],
            "name": "One",
            "id": "3b9d5a70-2c41-4e6f-8b12-7a9c0d1e2f31",
            "secret": "s",
        }
        self.load(server, tmp_path, alias, subscriptions=[first], **shared)
        mine = self.account(server, client, alias, token)
        [shown] = done(mine.get(SUBSCRIPTIONS))
        assert (shown["uuid"], shown["name"], shown["url"]) == (first["id"], "One", f"{server.runtime.public_url}/in")
        settings = {"shops": [HARBOUR], "referral_program": PROGRAM}
        for _ in range(2):
            self.load(
                server,
                tmp_path,
                alias,
                subscriptions=[first, {"url": url, "types": ["*"]}],
                settings=settings,
                **shared,
            )
        mine = self.account(server, client, alias, token)
        assert sorted(row["event_type"] for row in done(mine.get(SUBSCRIPTIONS))) == [
            "contact_created",
            "contact_identifier_created",
            "contact_updated",
            "credit_reception_created",
            "prepaid_transaction_created",
            "referral_completed",
            "voucher_created",
        ]
        assert done(mine.get("/referrals/settings"))["limit_per_contact"] == 3
        for row in done(mine.get(SUBSCRIPTIONS)):
            mine.delete(f"{SUBSCRIPTIONS}/{row['uuid']}")

    @pytest.mark.parametrize(
        ("live", "reason"),
        [
            ({"subscriptions": [{"url": "https://x.example", "types": ["nonsense"]}]}, "no such event type"),
            (
                {"subscriptions": [{"url": "https://x.example", "id": "3b9d5a70-2c41-4e6f-8b12-7a9c0d1e2f31"}]},
                "has one type",
            ),
            ({"populate": {"contacts": 1}}, "contacts are 2 to"),
            ({"populate": {"contacts": 10, "referrals": 6}}, "half of the contacts"),
            ({"populate": {"people": 10}}, "people"),
            ({"settings": {"colour": "red"}}, "colour"),
        ],
    )
    def test_a_bad_one_is_refused_with_its_reason(
        self, server: Server, account: Account, tmp_path: Path, live: dict[str, Any], reason: str
    ) -> None:
        with pytest.raises(ScenarioError, match=reason):
            self.load(server, tmp_path, f"{account.tenant.alias}g", **live)

    def test_it_completes_without_more_to_do(self, server: Server, account: Account) -> None:
        with server.runtime.storage.session() as session:
            provision.complete(unit_of(server.runtime, session, account.tenant, "seed"), {})
        assert account.events() == []
