"""`/llms.txt`: what a language model needs to use the mock, in the shape of llmstxt.org (title, summary, details, lists
of links).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from troth.mock.dashboard.visit import Visit

SUMMARY = (
    "A stateful, deterministic mock of loyalty and referral APIs: what is posted is there on the next read, points add up, "
    "webhooks arrive signed, and time can be moved."
)
DETAILS = """The keys below are this mock's own and work here only. The control plane (`{url}/_troth`) takes no key. For a task of your own make a
sandbox (`POST {url}/_troth/sandboxes`): its answer has addresses and keys of its own. `troth mcp` gives all this as tools of the Model
Context Protocol."""
CONTROL = {
    "info": ("/_troth/info", "GET: version, present, base URLs, credentials and first calls"),
    "sandboxes": ("/_troth/sandboxes", "POST makes an isolated copy, GET lists them"),
    "clock": ("/_troth/clock", 'GET: the time; POST to its `/advance` with {"by": "P30D"} runs what becomes due'),
    "journal": ("/_troth/journal", "GET: the calls and what they caused; POST to its `/verify` checks what was called"),
    "rules": (
        "/_troth/rules",
        'POST: answers, delays and faults at will, e.g. {"operation": "...", "answer": {"code": 503}}',
    ),
    "inboxes": ("/_troth/inbox", "GET: webhooks that the built-in receivers got, with checked signatures"),
}


async def llms_text(visit: Visit) -> str:
    """The file for the sandbox of a visit. Raises RefusedError for a host that the control plane does not answer to."""
    info = await visit.control.get("/info")
    url = visit.runtime.public_url
    parts = [f"# Troth {info['version']}", f"> {SUMMARY}", DETAILS.format(url=url)]
    parts += [_api(visit.titles[name], facts) for name, facts in info["apis"].items()]
    contracts = {visit.titles[name]: facts["openapi_url"] for name, facts in info["apis"].items()}
    contracts["Control plane"] = f"{url}/openapi/control.json"
    docs = {visit.titles[name]: facts["docs_url"] for name, facts in info["apis"].items()}
    parts += [_links("Contracts", {name: (link, "OpenAPI 3.0, JSON") for name, link in contracts.items()})]
    parts += [_links("Documentation", {name: (link, "a page for people") for name, link in docs.items()})]
    parts += [_links("Control plane", {name: (url + path, words) for name, (path, words) in CONTROL.items()})]
    return "\n\n".join(parts) + "\n"


def _api(title: str, facts: dict[str, Any]) -> str:
    """An API's address, keys and first calls."""
    keys = ", ".join(f"{name} `{value}`" for name, value in facts["credentials"].items())
    calls = "\n".join(facts["first_calls"])
    return f"**{title}** answers at {facts['base_url']} with {keys}. First calls:\n\n```sh\n{calls}\n```"


def _links(title: str, links: dict[str, tuple[str, str]]) -> str:
    return f"## {title}\n\n" + "\n".join(f"- [{name}]({link}): {words}" for name, (link, words) in links.items())
