"""`troth referral`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from troth.cli.common import AsJson, Database, TenantAlias, opened, print_rows

app = typer.Typer(no_args_is_help=True, help="Decide on SaaSquatch's referrals that are pending.")
ReferralId = Annotated[str, typer.Argument(help="Id of the referral.")]
Side = Annotated[
    Literal["referrer", "referred", "both"], typer.Option(help="On which side; of both, those that are pending.")
]


@app.command("approve")
def referral_approve(
    alias: TenantAlias, referral_id: ReferralId, side: Side = "both", db: Database = None, as_json: AsJson = False
) -> None:
    """Approve the pending sides of a referral, and pay those that have converted.

    Example: troth referral approve acme 5f00…
    """
    _decide(alias, referral_id, "approve", side, db, as_json=as_json)


@app.command("deny")
def referral_deny(
    alias: TenantAlias, referral_id: ReferralId, side: Side = "both", db: Database = None, as_json: AsJson = False
) -> None:
    """Deny the pending sides of a referral. Example: troth referral deny acme 5f00… --side referrer"""
    _decide(alias, referral_id, "deny", side, db, as_json=as_json)


def _decide(alias: str, referral_id: str, decision: str, side: str, db: str | None, *, as_json: bool) -> None:
    from troth.administration import moderate_referral

    with opened(db) as runtime:
        shown = moderate_referral(runtime, alias, referral_id, decision, side)
    print_rows([shown], as_json)
