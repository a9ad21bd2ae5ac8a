"""The advocacy API: advocates, rewards, quests, referrals, testimonials, feedback, sign-on."""

from tests.recording.callers import STARTER, bearer, caller
from tests.recording.control import advance
from tests.recording.recorder import Caller, Recorder

ANA = "adv_demo0000000000000001"
REWARD, QUEST, TASK = "rwd_demo0000000000000001", "qst_demo0000000000000001", "tsk_demo0000000000000001"
STARTER_CALLS = 31
"""One more than a business of this plan may make in a minute."""


def play(recorder: Recorder) -> None:
    call = caller(recorder, "advocacy")
    _sign_on(call)
    _advocates(call)
    _rewards_and_quests(call)
    _referrals(call)
    _feedback(call)
    _held_to_its_plan(call)
    advance(recorder, by="PT6M")
    call("getAdvocate", id=ANA)
    call("listRewards")
    call("listReferralCodes")


def _sign_on(call: Caller) -> None:
    """A signature works once, within five minutes of the example's time, which is the start of the clock."""
    call("recognizeCustomer")
    call.refused(401, "recognizeCustomer")
    call.refused(401, "recognizeCustomer", body=call.example("recognizeCustomer", timestamp=1_768_400_000))
    call.refused(409, "createCustomerMapping")
    call("createCustomerMapping", body={"advocateId": ANA, "externalCustomerId": "c-1"})
    call.refused(
        404, "createCustomerMapping", body={"advocateId": "adv_nobody00000000000001", "externalCustomerId": "c-2"}
    )
    call("listCustomerMappings")


def _advocates(call: Caller) -> None:
    for page in (1, 2, 99):
        call("listAdvocates", query={"limit": 100, "page": page})
    call("listAdvocates", query={"search": "an", "tier": "gold"})
    call("createAdvocate")
    call.refused(409, "createAdvocate")
    call.refused(400, "createAdvocate", body={"email": "no address"})
    call("getAdvocate", id=ANA)
    call("updateAdvocate", id=ANA)
    call.refused(400, "updateAdvocate", id=ANA, body={"tier": 5})
    call("changeAdvocatePoints", id=ANA, body=call.example("changeAdvocatePoints", "award"))
    call("changeAdvocatePoints", id=ANA, body=call.example("changeAdvocatePoints", "correction"))
    call.refused(400, "changeAdvocatePoints", id=ANA, body={"amount": -(10**6)})


def _rewards_and_quests(call: Caller) -> None:
    for query in ({}, {"status": "active"}, {"type": "experience"}):
        call("listRewards", query=query)
    call("createReward")
    call("getReward", id=REWARD)
    call("redeemReward", id=REWARD)
    mug = call("createReward", body={"name": "Mug", "pointsCost": 5, "type": "product", "stock": 1})["reward"]["id"]
    call("redeemReward", id=mug)
    call.refused(400, "redeemReward", id=mug)
    dear = call("createReward", body={"name": "Trip", "pointsCost": 10**6})["reward"]["id"]
    call.refused(400, "redeemReward", id=dear)
    call("listQuests")
    call("getQuest", id=QUEST)
    call("createQuest", body=call.example("createQuest", "short"))
    made = call("createQuest", body=call.example("createQuest", "full"))["quest"]
    call("completeQuestTask", id=QUEST, body={"advocateId": ANA, "taskId": TASK})
    for task in call("getQuest", id=made["id"])["tasks"]:
        call("completeQuestTask", id=made["id"], body={"advocateId": ANA, "taskId": task["id"]})
    call.refused(404, "completeQuestTask", id=made["id"], body={"advocateId": ANA, "taskId": TASK})


def _referrals(call: Caller) -> None:
    call("listReferralCodes")
    call("getReferralStats", code="ANAST2NE")
    for visitor in ("v1", "v1", "v2"):
        call("trackReferralClick", body={"code": "ANAST2NE", "visitorId": visitor})
    call.refused(404, "trackReferralClick", body={"code": "NOBODY22", "visitorId": "v1"})
    order = {"code": "ANAST2NE", "orderId": "o-1", "orderValue": 49.9}
    call("convertReferral", body=order)
    call("convertReferral", body=order)
    call.refused(409, "convertReferral", body={**order, "orderValue": 50})
    call("getReferralStats", code="ANAST2NE")


def _feedback(call: Caller) -> None:
    call("listTestimonials", query={"rating": 5, "limit": 5})
    pending = call("listTestimonials", query={"status": "pending"})["testimonials"]
    call("updateTestimonialStatus", id=pending[0]["id"])
    call("updateTestimonialStatus", id=pending[1]["id"], body={"status": "rejected"})
    call.refused(400, "updateTestimonialStatus", id=pending[0]["id"], body={"status": "odd"})
    board = call("listFeedbackBoards")["boards"][0]["id"]
    ideas = call("listBoardIdeas", id=board)["ideas"]
    call("listBoardIdeas", id=board, query={"status": "planned", "limit": 2})
    call("updateIdeaStatus", id=ideas[0]["id"])
    call.refused(400, "updateIdeaStatus", id=ideas[0]["id"], body={"status": "odd"})


def _held_to_its_plan(call: Caller) -> None:
    """Calls beyond the budget are refused until the next minute."""
    starter = call.as_other(headers=bearer(STARTER))
    for _ in range(STARTER_CALLS - 1):
        starter("listFeedbackBoards")
    starter.refused(429, "listFeedbackBoards")
    call.as_other(headers=bearer("sk_live_" + "0" * 24)).refused(401, "listFeedbackBoards")
