"""Answers that the contract gives, on demand: a status, an example by name, or generated data, without running the
operation.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from handlers.control.problems import PreferenceNotMet
from handlers.http import Answer
from models.kernel.json_text import dump_bytes
from models.kernel.problems import Problem
from troth.request.answers import BrokenAnswer
from troth.request.generated import Generator

if TYPE_CHECKING:
    from troth.request.middleware import CompiledMiddleware
    from troth.request.operation import CompiledOperation

JSON = "application/json"
CONTENT_TYPE = "content-type"
REFUSALS = 400
BODILESS = frozenset({204, 304})
"""Answers that end with their headers (RFC 9110, section 6.4.1)."""
Raw = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ForcedAnswer:
    """What an answer must be, as a rule or the `Prefer` header asks for it.

    Without a code it is the operation's success.
    """

    code: int | None = None
    example: str | None = None
    is_dynamic: bool = False
    seed: int | None = None
    body: Any = None
    has_body: bool = False
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said about the answer."""
        return self.code is None and self.example is None and not self.is_dynamic and not self.has_body


class ForcedProblem(Problem):
    """A refusal that was asked for."""

    code = "FORCED"
    default_message = "This answer was asked for."


class ContractAnswers:
    """Makes answers from the contracts of a server."""

    def __init__(self, compiled: CompiledMiddleware, seed: int) -> None:
        self._compiled = compiled
        self._seed = seed

    def answer(self, operation: CompiledOperation, forced: ForcedAnswer) -> Answer:
        """The forced answer of an operation.

        Raises PreferenceNotMet, which lists the answers that the operation has.
        """
        return _with_headers(self._answer(operation, forced), forced.headers)

    def _answer(self, operation: CompiledOperation, forced: ForcedAnswer) -> Answer:
        """The answer without the forced headers."""
        api = self._compiled.apis[operation.info.api]
        responses: Raw = api.raw["paths"][operation.info.path][operation.info.method.lower()]["responses"]
        code = forced.code or self._code_of(operation, responses, api.resolve, forced)
        declared = _declared(responses, code)
        if forced.has_body:
            return Answer(code, empty=True) if code in BODILESS else Answer(code, forced.body)
        if declared is None:
            raise PreferenceNotMet(
                f"{operation.info.operation_id} has no answer {code}; it has {', '.join(sorted(responses))}."
            )
        response = api.resolve(responses[declared])
        headers = _example_headers(response, api.resolve)
        content = response.get("content", {}).get(JSON)
        if content is None:
            return Answer(code, empty=True, headers=headers)
        if declared == "default" and code >= REFUSALS and forced.example is None and not forced.is_dynamic:
            answer = self._refusal(operation, code, headers)
            if _is_allowed(operation, answer):
                return answer
        answer = Answer(code, self._body(operation, content, forced, api.resolve), headers=headers)
        if forced.is_dynamic and not _is_allowed(operation, answer):  # a schema that the generator cannot fill
            answer.body = self._body(operation, content, replace(forced, is_dynamic=False), api.resolve)
        return answer

    def check(self, operation_id: str, forced: ForcedAnswer) -> None:
        """Raises PreferenceNotMet where none of the operations of an id has the answer that is asked for."""
        refusals: list[PreferenceNotMet] = []
        for operation in self._operations_of(operation_id):
            try:
                self.answer(operation, forced)
            except PreferenceNotMet as refusal:
                refusals.append(refusal)
            else:
                return
        if refusals:
            raise refusals[0]

    def _operations_of(self, operation_id: str) -> list[CompiledOperation]:
        return [
            operation
            for api in self._compiled.apis.values()
            for operation in api.compiled
            if operation.info.operation_id == operation_id
        ]

    def _code_of(self, operation: CompiledOperation, responses: Raw, resolve: Any, forced: ForcedAnswer) -> int:
        """The smallest success, or the first answer that has the named example."""
        successes = sorted(int(code) for code in responses if code.startswith(("2", "3")))
        if forced.example is None:
            return successes[0]
        named = {
            code: content["examples"]
            for code, response in responses.items()
            if code != "default" and "examples" in (content := resolve(response).get("content", {}).get(JSON, {}))
        }
        for code, examples in sorted(named.items()):
            if forced.example in examples:
                return int(code)
        known = sorted({name for examples in named.values() for name in examples})
        raise PreferenceNotMet(_no_example(operation, forced.example, known))

    def _body(self, operation: CompiledOperation, content: Raw, forced: ForcedAnswer, resolve: Any) -> Any:
        """The body: the named example, generated data, or the first example that there is."""
        examples: Raw = content.get("examples", {})
        if forced.example is not None:
            if forced.example not in examples:
                raise PreferenceNotMet(_no_example(operation, forced.example, sorted(examples)))
            return resolve(examples[forced.example])["value"]
        if not forced.is_dynamic:
            if "example" in content:
                return content["example"]
            if examples:
                return resolve(next(iter(examples.values())))["value"]
        seed = self._seed if forced.seed is None else forced.seed
        generator = Generator(resolve, seed, operation.info.operation_id, uses_examples=not forced.is_dynamic)
        return generator.value(content.get("schema", {}), "")

    @staticmethod
    def _refusal(operation: CompiledOperation, code: int, headers: dict[str, str]) -> Answer:
        """A refusal that the contract does not describe by itself, in the API's own shape."""
        problem = ForcedProblem()
        problem.status = code  # type: ignore[misc]  # of this one only
        answer = operation.edge.render(problem, None)
        answer.status = code
        answer.headers = {**(answer.headers or {}), **headers}
        return answer


def _with_headers(answer: Answer, given: dict[str, str]) -> Answer:
    """An answer with headers in the place of its own of the same names.

    A text is sent as it is under a type that is not JSON.
    """
    if not given:
        return answer
    names = {name.lower() for name in given}
    own = {name: value for name, value in (answer.headers or {}).items() if name.lower() not in names}
    others = {name: value for name, value in given.items() if name.lower() != CONTENT_TYPE}
    content_type = next((value for name, value in given.items() if name.lower() == CONTENT_TYPE), None)
    if content_type is not None and not answer.empty:
        is_text = isinstance(answer.body, str) and "json" not in content_type.lower()
        body = answer.body.encode() if is_text else dump_bytes(answer.body)
        answer = replace(answer, body=body, content_type=content_type)
    return replace(answer, headers={**own, **others})


def _is_allowed(operation: CompiledOperation, answer: Answer) -> bool:
    """Whether the contract allows an answer."""
    try:
        operation.answers.check(answer)
    except BrokenAnswer:
        return False
    return True


def _declared(responses: Raw, code: int) -> str | None:
    """The key of the contract's answers that a status falls under."""
    for key in (str(code), f"{code // 100}XX", "default"):
        if key in responses and not (key == "default" and code < REFUSALS):
            return key
    return None


def _example_headers(response: Raw, resolve: Any) -> dict[str, str]:
    """The headers that the contract gives an example of, such as Retry-After."""
    found = {name: resolve(header) for name, header in response.get("headers", {}).items()}
    return {name: str(header["example"]) for name, header in found.items() if "example" in header}


def _no_example(operation: CompiledOperation, name: str, known: list[str]) -> str:
    has = f"it has {', '.join(known)}" if known else "it has none by name"
    return f"{operation.info.operation_id} has no example {name!r}; {has}."
