"""Policy-as-code for access rights in organisation trees, on Casbin."""

from .administration.blocks import (
    block,
    unblock,
)
from .administration.export import Exported, export_version
from .administration.exported import load_export
from .administration.grants import (
    ImportedGrants,
    import_grants,
)
from .administration.organisations import (
    ImportedOrganisations,
    Words,
    import_organisations,
)
from .administration.policies import (
    Applied,
    apply_policies,
    check_policies,
)
from .administration.replay import Differing, Replayed, replay
from .decide.allowing import Allows
from .decide.decision import (
    Cause,
    Decision,
    Miss,
)
from .decide.decision_point import (
    DecisionPoint,
)
from .decide.enforcer import (
    Enforcer,
)
from .decide.files import load_snapshot
from .decide.inert import (
    InertRow,
)
from .decide.interop import prepare
from .decide.record import DecisionRecord
from .decide.reverse import (
    Permission,
)
from .decide.snapshot import (
    Snapshot,
)
from .errors import (
    DelegationError,
    ExportError,
    InstallationError,
    ModelError,
    OikeusError,
    PolicyError,
    PolicySyntaxError,
    Problem,
    ProblemsError,
    RecordError,
    RegisterError,
    RequestError,
    StaleVersionError,
    StoreError,
    TamperedError,
)
from .parts import (
    PARTS,
    check_installation,
    installed,
)
from .policy.folder import (
    Policies,
    load_policies,
)
from .policy.model import (
    Model,
    load_model,
)
from .policy.model_changes import ModelChange
from .policy.tree import (
    Tree,
)
from .runtime import (
    LivePoint,
    Progress,
    connect,
    snapshot_of,
)
from .store import (
    Blamed,
    Change,
    Contents,
    Details,
    LineFilter,
    Logged,
    Op,
    Recorded,
    Renamed,
    Store,
    Version,
    VersionFilter,
)
from .store.actor import operating_system_user
from .store.adapter import (
    Adapter,
)
from .terms import (
    Effect,
    Grant,
    Line,
    Names,
    PowerRequest,
    Request,
    Source,
    Span,
    parse_day,
)

__all__ = [
    "PARTS",
    "Adapter",
    "Allows",
    "Applied",
    "Blamed",
    "Cause",
    "Change",
    "Contents",
    "Decision",
    "DecisionPoint",
    "DecisionRecord",
    "DelegationError",
    "Details",
    "Differing",
    "Effect",
    "Enforcer",
    "ExportError",
    "Exported",
    "Grant",
    "ImportedGrants",
    "ImportedOrganisations",
    "InertRow",
    "InstallationError",
    "Line",
    "LineFilter",
    "LivePoint",
    "Logged",
    "Miss",
    "Model",
    "ModelChange",
    "ModelError",
    "Names",
    "OikeusError",
    "Op",
    "Permission",
    "Policies",
    "PolicyError",
    "PolicySyntaxError",
    "PowerRequest",
    "Problem",
    "ProblemsError",
    "Progress",
    "RecordError",
    "Recorded",
    "RegisterError",
    "Renamed",
    "Replayed",
    "Request",
    "RequestError",
    "Snapshot",
    "Source",
    "Span",
    "StaleVersionError",
    "Store",
    "StoreError",
    "TamperedError",
    "Tree",
    "Version",
    "VersionFilter",
    "Words",
    "apply_policies",
    "block",
    "check_installation",
    "check_policies",
    "connect",
    "export_version",
    "import_grants",
    "import_organisations",
    "installed",
    "load_export",
    "load_model",
    "load_policies",
    "load_snapshot",
    "operating_system_user",
    "parse_day",
    "prepare",
    "replay",
    "snapshot_of",
    "unblock",
]
