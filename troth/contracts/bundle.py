"""One document out of an API's folder of hand-written files.

`openapi.yaml` names every path and refers to `paths/<tag>.yaml`; these refer to `schemas/<tag>.yaml`. The bundle keeps
schema references (as `#/components/schemas/Name`), so that recursive schemas stay finite, and writes path items in
place.
"""

import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from models.kernel.pointers import escape, unescape
from troth.spec.errors import ContractError

Json = Any
LOCAL = "http://localhost:8080"
"""Where a bundle's servers are, so that a client which is generated from the file calls a mock; a server puts its own
address there.
"""


class _Loader(yaml.SafeLoader):
    """YAML as JSON: string keys only, no key twice, no dates."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    seen: set[str] = set()
    for key, _ in node.value:
        name = str(key.value)
        if name in seen and key.tag != "tag:yaml.org,2002:merge":
            raise ContractError(
                key.start_mark.name, f"line {key.start_mark.line + 1}", f"the key {name!r} is there twice"
            )
        seen.add(name)
    loader.flatten_mapping(node)
    return {str(loader.construct_object(key)): loader.construct_object(value, deep=True) for key, value in node.value}


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", yaml.SafeLoader.construct_yaml_str)  # type: ignore[type-var]


@dataclass
class Bundle:
    """A bundled document, and for each part where it came from."""

    document: dict[str, Any]
    origins: dict[str, tuple[Path, str]] = field(default_factory=dict)

    def error(self, pointer: str, message: str) -> ContractError:
        """An error about a place in the bundle, reported as the place in the hand-written file."""
        best = max((p for p in self.origins if pointer == p or pointer.startswith(p + "/") or p == ""), key=len)
        file, base = self.origins[best]
        return ContractError(file, base + pointer[len(best) :], message)


def load_yaml(file: Path) -> dict[str, Any]:
    """One hand-written file as plain JSON values."""
    try:
        with file.open(encoding="utf-8") as stream:
            loaded = yaml.load(stream, _Loader)  # noqa: S506  a SafeLoader of our own
    except OSError as error:
        raise ContractError(file, "", f"cannot be read: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise ContractError(file, "", f"is not YAML: {error}") from error
    if not isinstance(loaded, dict):
        raise ContractError(file, "", "is not a mapping")
    # Anchors make one object appear in several places; each place gets its own, since Connexion resolves in place.
    return copy.deepcopy(loaded)


class _Bundler:
    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.root = self.folder / "openapi.yaml"
        self.files: dict[Path, dict[str, Any]] = {}
        self.schemas: dict[str, Any] = {}
        self.schema_homes: dict[str, Path] = {}
        self.bundle = Bundle({}, {"": (self.root, "")})

    def load(self, file: Path) -> dict[str, Any]:
        """The content of a YAML file, read once."""
        if file not in self.files:
            self.files[file] = load_yaml(file)
        return self.files[file]

    def run(self) -> Bundle:
        """Bundle the files. Raises ContractError for the first fault."""
        document = dict(self.load(self.root))
        paths = document.pop("paths", {})
        document = self.walk(document, self.root, "")
        document["servers"] = [
            {**server, "url": LOCAL + server["url"]} if server["url"].startswith("/") else server
            for server in document.get("servers", ())
        ]
        document["paths"] = {path: self.path_item(path, item) for path, item in paths.items()}
        for file in sorted((self.folder / "schemas").glob("*.yaml")):
            for name in self.load(file):
                self.add_schema(file, name, file, f"/{name}")
        components = document.setdefault("components", {})
        components["schemas"] = dict(sorted(self.schemas.items()))
        self.bundle.document = document
        return self.bundle

    def path_item(self, path: str, item: Any) -> Any:
        """A path with its references resolved."""
        pointer = f"/paths/{escape(path)}"
        if not (isinstance(item, dict) and set(item) == {"$ref"}):
            self.bundle.origins[pointer] = (self.root, pointer)
            return self.walk(item, self.root, pointer)
        file, target = self.locate(item["$ref"], self.root, pointer)
        self.bundle.origins[pointer] = (file, target)
        return self.walk(self.lookup(file, target, self.root, pointer), file, target)

    def walk(self, node: Any, file: Path, pointer: str) -> Any:
        """A copy of a node whose references lead into the bundle. Raises ContractError."""
        if isinstance(node, list):
            return [self.walk(part, file, f"{pointer}/{n}") for n, part in enumerate(node)]
        if not isinstance(node, dict):
            return node
        if "$ref" in node and isinstance(node["$ref"], str):
            if len(node) > 1:
                raise ContractError(file, pointer, "members beside $ref are ignored by OpenAPI 3.0; move them")
            return {"$ref": self.reference(node["$ref"], file, pointer)}
        return {key: self.walk(value, file, f"{pointer}/{escape(key)}") for key, value in node.items()}

    def locate(self, reference: str, file: Path, pointer: str) -> tuple[Path, str]:
        """The file and the pointer that a reference leads to. Raises ContractError."""
        path, mark, target = reference.partition("#")
        if not mark:
            raise ContractError(file, pointer, f"$ref {reference!r} has no pointer")
        target = target if target.startswith("/") else f"/{target}"
        return (((file.parent / path).resolve() if path else file), target)

    def lookup(self, file: Path, target: str, source: Path, pointer: str) -> Any:
        """The node at a pointer in a file. Raises ContractError where there is none."""
        node: Any = self.load(file)
        for token in target.removeprefix("/").split("/"):
            name = unescape(token)
            if isinstance(node, dict) and name in node:
                node = node[name]
            elif isinstance(node, list) and name.isdigit() and int(name) < len(node):
                node = node[int(name)]
            else:
                raise ContractError(source, pointer, f"$ref to {file.name}#{target} leads nowhere")
        return node

    def reference(self, reference: str, file: Path, pointer: str) -> str:
        """A reference as the bundle has it; adds the schema that it leads to. Raises ContractError."""
        target_file, target = self.locate(reference, file, pointer)
        if target_file == self.root:
            if not target.startswith("/components/schemas/"):
                self.lookup(target_file, target, file, pointer)
            return f"#{target}"
        if target_file.parent.name != "schemas":
            raise ContractError(file, pointer, f"$ref {reference!r}: only schemas and components can be referred to")
        name = unescape(target.split("/")[1])
        self.lookup(target_file, target, file, pointer)
        self.add_schema(target_file, name, file, pointer)
        return f"#/components/schemas{target}"

    def add_schema(self, home: Path, name: str, file: Path, pointer: str) -> None:
        """Add a schema of a file to the bundle, once. Raises ContractError where another file has one of this name."""
        if name in self.schema_homes:
            if self.schema_homes[name] != home:
                raise ContractError(
                    file, pointer, f"schema {name} is in {home.name} and {self.schema_homes[name].name}"
                )
            return
        self.schema_homes[name] = home
        self.bundle.origins[f"/components/schemas/{escape(name)}"] = (home, f"/{escape(name)}")
        self.schemas[name] = self.walk(self.load(home)[name], home, f"/{escape(name)}")


def bundle(folder: Path) -> Bundle:
    """Bundle the contract in a folder. Raises ContractError with file and pointer."""
    return _Bundler(folder).run()
