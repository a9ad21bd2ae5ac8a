"""Quests: creating and finding them, and writing down which advocate has done which task."""

from typing import Any

from sqlalchemy import func, select

from models.advocacy.advocates import lock_advocate
from models.advocacy.ids import new_id
from models.advocacy.points import move_points
from models.advocacy.problems import Conflict, NotFound
from models.advocacy.tables import Completion, Quest, Task
from models.advocacy.webhooks import emit
from models.uow import UnitOfWork

ACTIVE = "active"


def find_quest(uow: UnitOfWork, quest_id: str) -> Quest:
    """A quest by id, whatever its status. Raises NotFound."""
    row: Quest | None = uow.session.get(Quest, (uow.tenant_id, quest_id))
    if row is None:
        raise NotFound("There is no such quest.")
    return row


def list_quests(uow: UnitOfWork, *, status: str | None) -> list[Quest]:
    """All quests, newest first, or those of one status."""
    matching = uow.scoped(Quest)
    if status is not None:
        matching = matching.where(Quest.status == status)
    return list(uow.session.scalars(matching.order_by(Quest.created_ms.desc(), Quest.id.desc())))


def tasks_of(uow: UnitOfWork, quest: Quest) -> list[Task]:
    """The tasks of a quest in their order."""
    return list(uow.session.scalars(uow.scoped(Task).where(Task.quest_id == quest.id).order_by(Task.place)))


def create_quest(uow: UnitOfWork, body: dict[str, Any]) -> Quest:
    """Add an active quest with its tasks."""
    quest = Quest(
        tenant_id=uow.tenant_id,
        id=new_id(uow, "qst"),
        title=body["title"],
        description=body.get("description"),
        status=ACTIVE,
        reward_points=_bonus(body.get("reward")),
        task_count=len(body["tasks"]),
        created_ms=uow.now_ms,
        updated_ms=uow.now_ms,
    )
    uow.session.add(quest)
    uow.session.add_all(_task(uow, quest, given, place) for place, given in enumerate(body["tasks"], 1))
    return quest


def complete(uow: UnitOfWork, quest_id: str, advocate_id: str, task_id: str) -> tuple[Completion, int]:
    """Write down that an advocate has done a task, and pay for it; the last open task pays the quest's bonus too.

    Returns the completion and what this call has paid: 0 when the task was done before, whatever the quest's status.
    Raises NotFound for the quest, the advocate, the task, and then Conflict when the quest is not active.
    """
    quest = find_quest(uow, quest_id)
    # All completions of an advocate wait for this lock, so that each sees those before it: of two calls for one task
    # one pays, and of the last two tasks at once one is the last. The quest is read only, and need not be locked.
    lock_advocate(uow, advocate_id, field="advocateId")
    task = uow.session.get(Task, (uow.tenant_id, task_id))
    if task is None or task.quest_id != quest.id:
        raise NotFound("The quest has no such task.", field="taskId")
    done = uow.session.scalars(
        uow.scoped(Completion).where(Completion.advocate_id == advocate_id, Completion.task_id == task_id)
    ).first()
    if done is not None:
        return done, 0
    if quest.status != ACTIVE:
        raise Conflict(f"The quest is {quest.status}.")
    completion = _complete(uow, quest, task, advocate_id)
    return completion, completion.points_awarded


def _complete(uow: UnitOfWork, quest: Quest, task: Task, advocate_id: str) -> Completion:
    """The first completion of a task by an advocate, who is locked."""
    finishes = _done_count(uow, quest, advocate_id) + 1 == quest.task_count
    row = Completion(
        tenant_id=uow.tenant_id,
        id=new_id(uow, "cmp"),
        quest_id=quest.id,
        task_id=task.id,
        advocate_id=advocate_id,
        points_awarded=task.points + (quest.reward_points if finishes else 0),
        quest_completed=finishes,
        completed_ms=uow.now_ms,
    )
    uow.session.add(row)
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


def _done_count(uow: UnitOfWork, quest: Quest, advocate_id: str) -> int:
    """How many of the quest's tasks the advocate has done."""
    counted = select(func.count()).where(
        Completion.tenant_id == uow.tenant_id, Completion.advocate_id == advocate_id, Completion.quest_id == quest.id
    )
    return uow.session.scalar(counted) or 0


def _bonus(given: dict[str, Any] | int | None) -> int:
    """The points for finishing a quest: given as an object, as a bare number, or not at all."""
    points: int = given["points"] if isinstance(given, dict) else given or 0
    return points


def _task(uow: UnitOfWork, quest: Quest, given: dict[str, Any], place: int) -> Task:
    return Task(
        tenant_id=uow.tenant_id,
        id=new_id(uow, "tsk"),
        quest_id=quest.id,
        title=given["title"],
        description=given.get("description"),
        type=given.get("type", "custom"),
        points=given.get("points", 0),
        url=given.get("url"),
        place=place,
    )
