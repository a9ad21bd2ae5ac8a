"""Members that reads of a resource show and its writes do not take: where bodies are closed, they are taken and
ignored.

So what a read answers can be sent back, although no other member that is not known is taken. The read of a write is the
GET of its path, of a new resource that of the path with its id, and of a part of a resource (`/permissions`) that of
the path above. Calls that do something and keep no resource (a mint, a transfer) have none.
"""

import re
from typing import Any

from troth.spec.operations import operations
from troth.spec.references import resolver

Schema = dict[str, Any]
DESCRIPTION = "Kept by the server; what is sent is ignored."


def take_shown_members(document: dict[str, Any]) -> None:
    """List such members in the schemas of requests, as `readOnly`."""
    merge = _Merge(document)
    for path, method, operation in operations(document):
        if "requestBody" in operation:
            for content in merge.resolve(operation["requestBody"]).get("content", {}).values():
                shown = merge.resource(path, method, content["schema"])
                if shown is not None:
                    merge.add(content["schema"], shown, ())


class _Merge:
    def __init__(self, document: dict[str, Any]) -> None:
        self.resolve = resolver(document)
        self.reads = {path: operation for path, method, operation in operations(document) if method == "get"}

    def resource(self, path: str, method: str, request: Schema) -> Schema | None:
        """What the read of a write answers, without what is wrapped around it; None where there is no read."""
        if method == "post":
            reads = [read for other, read in self.reads.items() if re.fullmatch(re.escape(path) + r"/{\w+}", other)]
            return self._answered(reads[0]) if reads else None
        if path in self.reads:
            return self._answered(self.reads[path])
        above = self.reads.get(path.rpartition("/")[0])
        shown = None if above is None else self._answered(above)
        is_part = shown is not None and self.resolve(request)["properties"].keys() <= shown.get("properties", {}).keys()
        return shown if is_part else None

    def _answered(self, read: dict[str, Any]) -> Schema:
        schemas = [
            self.resolve(answer)["content"]["application/json"]["schema"]
            for status, answer in read["responses"].items()
            if str(status).startswith("2")
        ]
        return self._unwrapped(schemas[0])

    def _unwrapped(self, schema: Schema) -> Schema:
        """The one object that an answer consists of, or one of its list;
        the answer itself where it has more members.
        """
        whole = self.resolve(schema)
        members = [self.resolve(part) for part in whole.get("properties", {}).values()]
        lists = [part for part in members if part.get("type") == "array"]
        found: Schema = whole
        if len(lists) == 1:
            found = self.resolve(lists[0]["items"])
        elif len(members) == 1 and "properties" in members[0]:
            found = members[0]
        return found

    def add(self, request: Schema, shown: Schema, above: tuple[int, ...]) -> None:
        """Add what is shown, and not listed, to an object of a request and to the objects in it.

        One whose schema says itself what it takes (`additionalProperties`) stays as it is.
        """
        request, shown = self.resolve(request), self.resolve(shown)
        if request is shown or id(request) in above or "additionalProperties" in request or "properties" not in request:
            return
        own = request["properties"]
        for name, part in shown.get("properties", {}).items():
            if name in own:
                self.add(own[name], part, (*above, id(request)))
            else:
                own[name] = {"readOnly": True, "description": DESCRIPTION}
