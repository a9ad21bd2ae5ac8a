"""What the Loyalty Core API refuses beyond what every API does."""

from models.problems import Forbidden


class OtherOrganization(Forbidden):
    """The path names an organization that is not the credential's."""

    default_message = "The organization is not the credential's."


class RoleMissing(Forbidden):
    """The credential has no role that the operation needs."""

    default_message = "The credential lacks the role for this."
