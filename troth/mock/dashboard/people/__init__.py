"""People of all APIs: found by a text, and one of them with what happened to them, what they hold and whom they
brought.
"""

from troth.mock.dashboard.people.drawing import StepLine, Tree, step_line, tree_of
from troth.mock.dashboard.people.reading import person, search

__all__ = ["StepLine", "Tree", "person", "search", "step_line", "tree_of"]
