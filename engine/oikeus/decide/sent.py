"""What was sent with a question, as the matcher reads it."""

from __future__ import annotations

from ..attributes import Attributes
from ..errors import RequestError
from ..policy.model import Model


def values_of(model: Model, attributes: Attributes) -> tuple[str, ...]:
    """The value of each attribute of a model, in its order; blank where none was sent.

    Args:
        model: says which attributes there are.
        attributes: what was sent, checked.

    Raises:
        RequestError: an attribute that the model does not declare.
    """
    sent = dict(attributes)
    values = tuple(sent.pop(name, "") for name in model.attributes)
    for name in sent:
        known = ", ".join(model.attributes) or "none, because the model declares none"
        message = f"unknown attribute `{name}`, expected {known}"
        raise RequestError(message)
    return values
