"""Rules of the house that no linter knows, held by reading the syntax tree.

An exception is visible: `# house-rule: NAME, because ...` on the line.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from models.kernel.base import UNSCOPED_TABLES, Base
from troth.database.storage import import_tables

ROOT = Path(__file__).parents[2]
COMMITTERS = {"troth/request/operation.py", "models/kernel/connection.py", "troth/database/sources.py"}
"""Where `commit(` may stand: the edge, and what it calls. The command line, the dispatcher and the start use
`session.begin()`.
"""
BEGINNERS = {
    "troth/cli/servers.py",
    "troth/mock/copies.py",
    "troth/mock/seeding.py",
    "troth/serve.py",
    "troth/administration.py",
    "troth/persons.py",
    "troth/rotation.py",
    "troth/runtime.py",
    "troth/outbox/dispatcher.py",
    "troth/outbox/units.py",
    "troth/database/migrate.py",
    "troth/request/units.py",
}
LOCKERS = {"models/uow.py", "models/kernel/statements.py", "models/outbox/attempts.py", "models/outbox/outbox.py"}
"""Where rows may be locked: what waits for a lock reads the present again (`UnitOfWork.refresh_now`). The outbox skips
locked rows.
"""
CLOCK, DRAWS = {"models/kernel/clock.py"}, {"models/kernel/ids.py", "models/kernel/vault.py"}
API_FOLDERS = sorted(folder.parent.name for folder in (ROOT / "models").glob("*/provision.py"))
CLOCKS = {"wall_ms", "monotonic_s", "WallClock", "FixedClock"}
SOURCES = {"SystemRandom", "SeededRandom", "python_random", "request_prefix"}
SOURCES_IN = {
    **{f"models/{api}/provision.py": {"SystemRandom"} for api in API_FOLDERS},
    "models/advocacy/content.py": {"SeededRandom"},
}
"""Which source a module of an API may name, beside that of its unit of work: keys are new at every start, whatever the
seed; invented content is the same each time it is shown.
"""
LINES_MAX = 500


def sources(*folders: str) -> list[Path]:
    return [
        file for folder in folders for file in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in file.parts
    ]


@pytest.fixture(autouse=True, scope="module")
def trees() -> Iterator[None]:
    """The rules read the same files: each is parsed once, and forgotten after the last rule."""
    yield
    for kept in (nodes, called):
        kept.cache_clear()


@cache
def nodes(file: Path) -> list[ast.AST]:
    """The nodes of a file's syntax tree, the module first."""
    return list(ast.walk(ast.parse(file.read_text())))


@cache
def called(file: Path) -> list[tuple[ast.Call, str]]:
    """Every call in a file with its dotted name, but exceptions that say so."""
    lines = file.read_text().splitlines()
    return [
        (node, ast.unparse(node.func))
        for node in nodes(file)
        if isinstance(node, ast.Call) and "# house-rule:" not in lines[node.lineno - 1]
    ]


def relative(file: Path) -> str:
    return str(file.relative_to(ROOT))


def test_handlers_hold_no_sql() -> None:
    for file in sources("handlers"):
        for node, name in called(file):
            last = name.rpartition(".")[2]
            assert last not in {
                "select",
                "insert",
                "update",
                "delete",
                "text",
                "scoped",
                "execute",
                "scalars",
                "scalar",
            }, f"{relative(file)}:{node.lineno}: {name}() belongs in models/"


def test_handlers_do_not_try() -> None:
    for file in sources("handlers"):
        if file.name.startswith("_"):
            continue
        assert not any(isinstance(node, ast.Try) for node in nodes(file)), relative(file)


def test_nobody_commits_but_the_edge() -> None:
    for file in sources("models", "handlers", "troth", "fixtures"):
        for node, name in called(file):
            if name.endswith((".commit", ".rollback")):
                assert relative(file) in COMMITTERS, f"{relative(file)}:{node.lineno}: {name}()"
            if name.endswith("session.begin"):
                assert relative(file) in BEGINNERS, f"{relative(file)}:{node.lineno}: {name}()"


@pytest.mark.parametrize(
    ("forbidden", "home"),
    [
        (
            {
                "datetime.now",
                "datetime.utcnow",
                "datetime.today",
                "date.today",
                "time.time",
                "time.time_ns",
                "time.monotonic",
                "time.perf_counter",
                "time.process_time",
                "func.now",
                "func.current_timestamp",
            },
            CLOCK,
        ),
        (
            {
                "uuid.uuid4",
                "uuid.uuid1",
                "secrets.token_hex",
                "secrets.token_bytes",
                "secrets.choice",
                "os.urandom",
                "random.random",
                "random.choice",
                "random.randint",
                "func.random",
            },
            DRAWS,
        ),
    ],
)
def test_time_ids_and_draws_come_from_their_source(forbidden: set[str], home: set[str]) -> None:
    for file in sources("models", "handlers", "troth", "fixtures"):
        for node, name in called(file):
            if name in forbidden:
                assert relative(file) in home, f"{relative(file)}:{node.lineno}: {name}()"


def test_an_api_has_no_clock_and_no_source_of_draws_but_its_unit_of_work() -> None:
    """`uow.now_ms` is the sandbox's time and `uow.random` its seed: code with another source is not repeatable, and its
    time cannot be moved.
    """
    used: dict[str, set[str]] = {}
    for file in sources(*(f"models/{name}" for name in API_FOLDERS), "handlers", "fixtures"):
        names = {alias.name for node in nodes(file) if isinstance(node, ast.ImportFrom) for alias in node.names}
        names |= {node.attr for node in nodes(file) if isinstance(node, ast.Attribute)}
        if found := names & (CLOCKS | SOURCES):
            used[relative(file)] = found
    assert used == SOURCES_IN


@pytest.mark.parametrize("module", ["time", "datetime", "random", "secrets", "uuid"])
def test_no_function_is_taken_out_of_its_module_where_a_call_would_not_name_it(module: str) -> None:
    """`from time import time_ns` would hide from the test above what `time_ns()` is."""
    types = {"datetime", "date", "time", "timedelta", "timezone", "UTC", "Random", "UUID", "tzinfo"}
    for file in sources("models", "handlers", "troth", "fixtures"):
        for node in nodes(file):
            if isinstance(node, ast.ImportFrom) and node.module == module:
                taken = {alias.name for alias in node.names} - (types if module != "time" else set())
                assert not taken, f"{relative(file)}:{node.lineno}: {module}.{taken}"
                assert not any(alias.asname for alias in node.names), f"{relative(file)}:{node.lineno}"


def test_a_tenant_is_compared_by_equality_only() -> None:
    """`!=` or `>=` on `tenant_id` in a statement is the data of all others.

    A row may be refused because it is of another tenant.
    """
    for file in sources("models", "handlers", "troth", "fixtures"):
        lines = file.read_text().splitlines()
        for node in nodes(file):
            if "# house-rule:" in lines[getattr(node, "lineno", 1) - 1]:
                continue
            if isinstance(node, ast.Compare) and _tenants(node.left, *node.comparators) and not _of_rows(node):
                assert all(isinstance(op, ast.Eq) for op in node.ops), f"{relative(file)}:{node.lineno}"
            if isinstance(node, ast.Attribute) and _tenants(node.value):
                assert node.attr in {"label", "desc", "asc"}, f"{relative(file)}:{node.lineno}: tenant_id.{node.attr}"
            if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert | ast.Not):
                assert not _tenants(*ast.walk(node.operand)), f"{relative(file)}:{node.lineno}: a tenant that is not"
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"not_", "or_", "among", "among_keys"}:
                assert not _tenants(*(inner for argument in node.args for inner in ast.walk(argument))), (
                    f"{relative(file)}:{node.lineno}: {ast.unparse(node.func)} of a tenant"
                )


def _tenants(*nodes: ast.AST) -> bool:
    """Whether one of these is a tenant's number: `X.tenant_id`."""
    return any(isinstance(node, ast.Attribute) and node.attr == "tenant_id" for node in nodes)


def _of_rows(comparison: ast.Compare) -> bool:
    """Whether a comparison is one of values: `row.tenant_id` with the number of a unit's tenant."""
    sides = {ast.unparse(side) for side in (comparison.left, *comparison.comparators)}
    return sides <= {"link.tenant_id", "credential.tenant_id", "uow.tenant_id", "tenant.id"}


def test_rows_are_locked_where_the_present_is_read_again() -> None:
    for file in sources("models", "handlers", "troth", "fixtures"):
        for node, name in called(file):
            if name.rpartition(".")[2] == "with_for_update":
                assert relative(file) in LOCKERS, f"{relative(file)}:{node.lineno}: use UnitOfWork.lock or lock_all"


def test_every_table_of_a_tenant_is_led_by_its_tenant() -> None:
    import_tables()
    for table in Base.metadata.tables.values():
        if table.name in UNSCOPED_TABLES:
            assert UNSCOPED_TABLES[table.name], table.name
            continue
        led = [next(iter(table.primary_key.columns)).name]
        led += [
            next(iter(constraint.columns)).name
            for constraint in table.constraints
            if hasattr(constraint, "columns")
            and len(constraint.columns)
            and type(constraint).__name__ == "UniqueConstraint"
        ]
        led += [next(iter(index.columns)).name for index in table.indexes]
        assert set(led) == {"tenant_id"}, f"{table.name}: {led}"


def test_tables_of_an_api_are_in_tables_py() -> None:
    apis = [folder for folder in (ROOT / "models").iterdir() if (folder / "provision.py").exists()]
    assert len(apis) == 4
    for file in sources(*(relative(folder) for folder in apis)):
        named = [
            node.name
            for node in ast.parse(file.read_text()).body
            if isinstance(node, ast.ClassDef) and "__tablename__" in ast.unparse(node)
        ]
        assert not named or file.name == "tables.py", f"{relative(file)}: {named}"


def test_the_list_of_unscoped_tables_only_shrinks() -> None:
    import_tables()
    assert set(UNSCOPED_TABLES) <= set(Base.metadata.tables), "an exception that is not needed any more"


def test_statements_on_a_tenants_table_name_the_tenant() -> None:
    """`select(Model)`, `update(Model)` and `delete(Model)` of a tenant's table filter by tenant_id in the same
    statement.

    What `queries.py` declares is checked when it is made (`check_tenant` in models/kernel/statements.py).
    """
    import_tables()
    owned = {
        mapper.class_.__name__ for mapper in Base.registry.mappers if mapper.local_table.name not in UNSCOPED_TABLES
    }
    for file in sources("models"):
        if file.name == "queries.py":
            continue
        lines = file.read_text().splitlines()
        for statement in nodes(file):
            if not isinstance(statement, ast.Expr | ast.Assign | ast.Return | ast.AnnAssign | ast.For | ast.AugAssign):
                continue
            scope = statement.iter if isinstance(statement, ast.For) else statement
            checked = {
                inner
                for call in ast.walk(scope)
                if isinstance(call, ast.Call) and ast.unparse(call.func) in {"Query", "Change"}
                for inner in ast.walk(call)
            }
            for node in ast.walk(scope):
                if (
                    isinstance(node, ast.Call)
                    and node not in checked
                    and ast.unparse(node.func) in {"select", "update", "delete"}
                    and node.args
                ):
                    target = ast.unparse(node.args[0]).partition(".")[0]
                    text = ast.unparse(scope)
                    if target in owned and "# house-rule:" not in lines[node.lineno - 1]:
                        assert "tenant_id" in text, (
                            f"{relative(file)}:{node.lineno}: a statement on {target} without its tenant"
                        )


def test_modules_stay_small() -> None:
    for file in sources("models", "handlers", "troth", "fixtures"):
        length = len(file.read_text().splitlines())
        assert length <= LINES_MAX, f"{relative(file)} has {length} lines"


def test_every_problem_says_what_it_is() -> None:
    from models.kernel.problems import catalogue

    import_tables()
    for problem in catalogue():
        assert problem.__doc__, problem.__name__
        assert problem.code.isupper(), problem.__name__
        assert 400 <= problem.status <= 599, problem.__name__


BODY_TAKERS: set[str] = set()
"""Functions of the domain that still take a request's body. The list only shrinks."""


def test_a_request_body_ends_where_it_is_read() -> None:
    """Only `read_*` functions take the JSON of a request; all others take values."""
    found = set()
    for file in sources("models"):
        for node in nodes(file):
            if not isinstance(node, ast.FunctionDef) or node.name.lstrip("_").startswith("read_"):
                continue
            for argument in (*node.args.args, *node.args.kwonlyargs):
                kind = ast.unparse(argument.annotation) if argument.annotation is not None else "Any"
                if argument.arg == "body" and any(name in kind for name in ("dict", "Mapping", "Any", "Body")):
                    found.add(f"{relative(file)}: {node.name}")
    assert found <= BODY_TAKERS, found - BODY_TAKERS
    assert found == BODY_TAKERS, f"these do not any longer: {BODY_TAKERS - found}"


ANY_MAX = 141
"""How often `Any` stands in models/. It only shrinks."""


def test_any_does_not_spread() -> None:
    count = sum(isinstance(node, ast.Name) and node.id == "Any" for file in sources("models") for node in nodes(file))
    assert count <= ANY_MAX, count
