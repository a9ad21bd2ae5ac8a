"""Modules that a dependency imports and nothing of Troth's uses: they are loaded on first use.

Connexion imports httpx (to ask other servers about tokens) and requests (to read contracts from addresses), which
together are a third of its own import. The standard library's LazyLoader does not help: its modules are loaded by the
next `import` of them.
"""

import sys
from importlib.util import find_spec, module_from_spec
from threading import RLock
from types import ModuleType
from typing import Any

_LOADING = RLock()


class _Deferred(ModuleType):
    """A module that is loaded when one of its members is first read."""

    def __getattr__(self, name: str) -> Any:
        with _LOADING:
            spec = self.__spec__
            if type(self) is _Deferred and spec is not None and spec.loader is not None:
                self.__class__ = ModuleType  # type: ignore[assignment]  # an ordinary module from now on
                self.__path__ = spec.submodule_search_locations or []
                spec.loader.exec_module(self)
        return getattr(self, name)


def defer(*names: str) -> None:
    """Defer the loading of installed packages to the first use of one of their members."""
    for name in names:
        spec = None if name in sys.modules else find_spec(name)
        if spec is None:
            continue
        module = module_from_spec(spec)
        module.__class__ = _Deferred
        vars(module).pop("__path__", None)  # an import of a submodule asks for this, and so loads the package first
        sys.modules[name] = module
