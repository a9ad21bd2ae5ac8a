"""Quests: creating and finding them, and recording which advocate has done which task."""

from models.advocacy.advocates import lock_advocate
from models.advocacy.ids import new_id
from models.advocacy.input import QuestInput
from models.advocacy.pages import whole
from models.advocacy.points import move_points
from models.advocacy.problems import Conflict, NotFound
from models.advocacy.queries import (
    COMPLETION,
    COUNT_COMPLETIONS,
    INSERT_COMPLETION,
    INSERT_QUEST,
    INSERT_TASK,
    QUEST,
    TASK,
    TASKS_OF_QUEST,
)
from models.advocacy.tables import Completion, Quest, Task
from models.advocacy.webhooks import emit
from models.kernel.statements import row_of
from models.uow import UnitOfWork

ACTIVE = "active"


def find_quest(uow: UnitOfWork, quest_id: str) -> Quest:
    """A quest by id, whatever its status. Raises NotFound."""
    row = uow.first(QUEST, id=quest_id)
    if row is None:
        raise NotFound("There is no such quest.")
    return row


def list_quests(uow: UnitOfWork, *, status: str | None) -> list[Quest]:
    """All quests, newest first, or those of one status."""
    return whole(uow, Quest, status=status)


def tasks_of(uow: UnitOfWork, quest: Quest) -> list[Task]:
    """The tasks of a quest in their order."""
    return uow.rows(TASKS_OF_QUEST, quest_id=quest.id)


def create_quest(uow: UnitOfWork, given: QuestInput) -> Quest:
    """Add an active quest with its tasks."""
    values = {
        "id": new_id(uow, "qst"),
        "title": given.title,
        "description": given.description,
        "status": ACTIVE,
        "reward_points": given.reward_points,
        "task_count": len(given.tasks),
        "created_ms": uow.now_ms,
        "updated_ms": uow.now_ms,
    }
    uow.insert(INSERT_QUEST, **values)
    uow.insert_many(
        INSERT_TASK,
        [
            {
                "id": new_id(uow, "tsk"),
                "quest_id": values["id"],
                "title": task.title,
                "description": task.description,
                "type": task.type,
                "points": task.points,
                "url": task.url,
                "place": place,
            }
            for place, task in enumerate(given.tasks, 1)
        ],
    )
    return row_of(Quest, tenant_id=uow.tenant_id, **values)


def complete(uow: UnitOfWork, quest_id: str, advocate_id: str, task_id: str) -> tuple[Completion, int]:
    """Record that an advocate has done a task, and pay for it; the last open task pays the quest's bonus too.

    Returns the completion and what this call has paid: 0 when the task was done before, whatever the quest's status.
    Raises NotFound for the quest, the advocate, the task, and then Conflict when the quest is not active.
    """
    quest = find_quest(uow, quest_id)
    # All completions of an advocate wait for this lock, so that each sees those before it: of two calls for one task
    # one pays, and of the last two tasks at once one is the last. The quest is read only, and need not be locked.
    lock_advocate(uow, advocate_id, field="advocateId")
    task = uow.first(TASK, id=task_id)
    if task is None or task.quest_id != quest.id:
        raise NotFound("The quest has no such task.", field="taskId")
    done = uow.first(COMPLETION, advocate_id=advocate_id, task_id=task_id)
    if done is not None:
        return done, 0
    if quest.status != ACTIVE:
        raise Conflict(f"The quest is {quest.status}.")
    completion = _complete(uow, quest, task, advocate_id)
    return completion, completion.points_awarded


def _complete(uow: UnitOfWork, quest: Quest, task: Task, advocate_id: str) -> Completion:
    """The first completion of a task by an advocate, who is locked."""
    done = uow.one(COUNT_COMPLETIONS, advocate_id=advocate_id, quest_id=quest.id)
    finishes = done + 1 == quest.task_count
    values = {
        "id": new_id(uow, "cmp"),
        "quest_id": quest.id,
        "task_id": task.id,
        "advocate_id": advocate_id,
        "points_awarded": task.points + (quest.reward_points if finishes else 0),
        "quest_completed": finishes,
        "completed_ms": uow.now_ms,
    }
    uow.insert(INSERT_COMPLETION, **values)
    row = row_of(Completion, tenant_id=uow.tenant_id, **values)
    if row.points_awarded:
        move_points(
            uow,
            advocate_id,
            row.points_awarded,
            kind="quest_completion",
            description=task.title,
            reference=("completion", row.id),
        )
    emit(
        uow,
        "quest.task_completed",
        {
            "completion_id": row.id,
            "quest_id": quest.id,
            "task_id": task.id,
            "advocate_id": advocate_id,
            "points_awarded": row.points_awarded,
        },
    )
    if finishes:
        emit(
            uow,
            "quest.completed",
            {
                "quest_id": quest.id,
                "title": quest.title,
                "advocate_id": advocate_id,
                "points_awarded": quest.reward_points,
            },
        )
    return row
