"""Which resources the advocacy API has in which tables."""

from models.advocacy.feedback import show_board, show_idea
from models.advocacy.quest_views import show_completion, show_quest
from models.advocacy.referral_views import show_conversion
from models.advocacy.reward_views import show_redemption, show_reward
from models.advocacy.testimonials import show_testimonial
from models.advocacy.views import account_of, show_advocate
from models.resources import Resource, Resources, plainly

RESOURCES: Resources = {
    "advocacy_advocates": Resource("advocate", show_advocate, (account_of(""),)),
    "advocacy_rewards": Resource("reward", plainly(show_reward)),
    "advocacy_redemptions": Resource("redemption", plainly(show_redemption)),
    "advocacy_quests": Resource("quest", plainly(show_quest)),
    "advocacy_completions": Resource("completion", plainly(show_completion)),
    "advocacy_conversions": Resource("conversion", plainly(show_conversion)),
    "advocacy_testimonials": Resource("testimonial", plainly(show_testimonial)),
    "advocacy_boards": Resource("board", plainly(show_board)),
    "advocacy_ideas": Resource("idea", plainly(show_idea)),
}
