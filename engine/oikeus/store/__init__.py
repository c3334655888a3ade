"""Versions in SQL: what is in force, and the log of how it came to be."""

from .application import (
    Application,
    ApplicationFilter,
    ApplicationState,
    ApplicationStep,
)
from .details import Details, Renamed
from .filtering import LineFilter, VersionFilter
from .given import Gone
from .past import LAST_NUMBER
from .steps import Step
from .store import Store
from .streaming import Reader
from .token import Scope, Token, TokenKey, TokenState, TokenStep
from .token_keys import token_keys
from .values import (
    Advance,
    Blamed,
    Change,
    Contents,
    GrantValues,
    Logged,
    Mark,
    Op,
    Progress,
    Recorded,
    Since,
    Version,
)
from .writing import Writer

__all__ = [
    "LAST_NUMBER",
    "Advance",
    "Application",
    "ApplicationFilter",
    "ApplicationState",
    "ApplicationStep",
    "Blamed",
    "Change",
    "Contents",
    "Details",
    "Gone",
    "GrantValues",
    "LineFilter",
    "Logged",
    "Mark",
    "Op",
    "Progress",
    "Reader",
    "Recorded",
    "Renamed",
    "Scope",
    "Since",
    "Step",
    "Store",
    "Token",
    "TokenKey",
    "TokenState",
    "TokenStep",
    "Version",
    "VersionFilter",
    "Writer",
    "token_keys",
]
