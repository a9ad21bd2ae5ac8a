"""Quests and the completion of their tasks."""

from handlers.http import Answer, created, long_read, ok
from models.advocacy import quest_views, quests
from models.advocacy.input import CompletionBody, QuestBody, read_quest
from models.uow import UnitOfWork


@long_read()
def list_quests(uow: UnitOfWork, *, status: str | None) -> Answer:
    return ok({"quests": [quest_views.show_quest(row) for row in quests.list_quests(uow, status=status)]})


def create_quest(uow: UnitOfWork, *, body: QuestBody) -> Answer:
    return created({"quest": quest_views.show_quest(quests.create_quest(uow, read_quest(body)))})


def get_quest(uow: UnitOfWork, *, id: str) -> Answer:
    quest = quests.find_quest(uow, id)
    tasks = quests.tasks_of(uow, quest)
    return ok({"quest": quest_views.show_quest(quest), "tasks": [quest_views.show_task(task) for task in tasks]})


def complete_quest_task(uow: UnitOfWork, *, id: str, body: CompletionBody) -> Answer:
    completion, paid = quests.complete(uow, id, body["advocateId"], body["taskId"])
    return ok({"completion": quest_views.show_completion(completion), "pointsAwarded": paid})
