"""SQLite's planner has statistics after the start: without them it reads all of a tenant for one of its members."""

import asyncio
from pathlib import Path

from sqlalchemy import text

from troth.database.storage import Storage
from troth.mock.run import build_mock
from troth.settings import Settings


def test_a_mock_has_them_after_its_start() -> None:
    server = build_mock(Settings(mock=True, database_url="sqlite://", seed=1), "demo")
    try:
        with server.runtime.storage.engine.connect() as connection:
            analysed = set(connection.scalars(text("SELECT DISTINCT tbl FROM sqlite_stat1")))
            plan = connection.execute(
                text("EXPLAIN QUERY PLAN SELECT 1 FROM sq_rewards WHERE tenant_id = 1 AND account_id = 'a'")
            ).all()
    finally:
        server.close()
    assert {"sq_users", "sq_rewards", "lc_members"} <= analysed
    assert "account_id=?" in plan[0][3]


def test_they_are_left_out_while_another_process_writes(tmp_path: Path) -> None:
    async def on_the_loop(storage: Storage) -> None:
        storage.analyze()  # does not wait there

    def analysed(storage: Storage) -> int:
        with storage.engine.connect() as connection:
            return connection.scalar(text("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'")) or 0

    with Storage(f"sqlite:///{tmp_path}/troth.db") as storage, Storage(f"sqlite:///{tmp_path}/troth.db") as other:
        storage.create_tables()
        with other.session() as session, session.begin():
            session.connection()
            asyncio.run(on_the_loop(storage))
        assert analysed(other) == 0
        asyncio.run(on_the_loop(storage))
        assert analysed(other) == 1
