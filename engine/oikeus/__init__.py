"""Policy-as-code for access rights in organisation trees, on Casbin."""

from .administration.blocks import (
    block,
    unblock,
)
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
from .decide.reverse import (
    Permission,
)
from .decide.snapshot import (
    Snapshot,
)
from .errors import (
    DelegationError,
    InstallationError,
    ModelError,
    OikeusError,
    PolicyError,
    PolicySyntaxError,
    Problem,
    RegisterError,
    RequestError,
    SignatureError,
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
    connect,
    snapshot_of,
)
from .signatures import (
    SigningKey,
    VerifyingKey,
    key_id,
    make_key,
)
from .store import (
    Change,
    Contents,
    Progress,
    Store,
    Version,
)
from .store.actor import operating_system_user
from .store.adapter import (
    Adapter,
)
from .store.checkpoints import Checkpoint, checkpoint
from .store.findings import Finding
from .store.verification import Verification, verify
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
    "Cause",
    "Change",
    "Checkpoint",
    "Contents",
    "Decision",
    "DecisionPoint",
    "DelegationError",
    "Effect",
    "Enforcer",
    "Finding",
    "Grant",
    "ImportedGrants",
    "ImportedOrganisations",
    "InertRow",
    "InstallationError",
    "Line",
    "LivePoint",
    "Miss",
    "Model",
    "ModelChange",
    "ModelError",
    "Names",
    "OikeusError",
    "Permission",
    "Policies",
    "PolicyError",
    "PolicySyntaxError",
    "PowerRequest",
    "Problem",
    "Progress",
    "RegisterError",
    "Request",
    "RequestError",
    "SignatureError",
    "SigningKey",
    "Snapshot",
    "Source",
    "Span",
    "StaleVersionError",
    "Store",
    "StoreError",
    "TamperedError",
    "Tree",
    "Verification",
    "VerifyingKey",
    "Version",
    "Words",
    "apply_policies",
    "block",
    "check_installation",
    "check_policies",
    "checkpoint",
    "connect",
    "import_grants",
    "import_organisations",
    "installed",
    "key_id",
    "load_model",
    "load_policies",
    "load_snapshot",
    "make_key",
    "operating_system_user",
    "parse_day",
    "prepare",
    "snapshot_of",
    "unblock",
    "verify",
]
