"""What the event log says of effects."""

from typing import Any


def show_effect(
    effect_id: str, source: str, source_id: int, data: dict[str, Any], *, action_id: int | None = None
) -> dict[str, Any]:
    """An effect as answers and the event log show it; `source` is campaign, mission or referral-program."""
    return {"effectId": effect_id, "source": source, "sourceId": source_id, "actionId": action_id, "data": data}
