"""Quests, tasks and completions as the advocacy API shows them."""

from models.advocacy.tables import Completion, Quest, Task
from models.kernel.json_values import Shown
from models.kernel.times import iso


def show_quest(row: Quest) -> Shown:
    """A quest without its tasks, but with their number."""
    return {
        "id": row.id,
        "title": row.title,
        "description": row.description,
        "status": row.status,
        "reward": {"points": row.reward_points},
        "taskCount": row.task_count,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }


def show_task(row: Task) -> Shown:
    """A task as a member of its quest."""
    return {
        "id": row.id,
        "questId": row.quest_id,
        "title": row.title,
        "description": row.description,
        "type": row.type,
        "points": row.points,
        "url": row.url,
        "order": row.place,
    }


def show_completion(row: Completion) -> Shown:
    """A completion with what it paid when it was made."""
    return {
        "id": row.id,
        "questId": row.quest_id,
        "taskId": row.task_id,
        "advocateId": row.advocate_id,
        "status": "completed",
        "pointsAwarded": row.points_awarded,
        "questCompleted": row.quest_completed,
        "completedAt": iso(row.completed_ms),
    }
