"""Policy-as-code for access rights in organisation trees, on Casbin."""

from .administration.accepting import accept_history
from .administration.administration import Administration, Granted, Revoked
from .administration.applications import Approved, Requested
from .administration.applying import (
    Applied,
    apply_plan,
    definitions_of,
    preview_plan,
)
from .administration.approvals import (
    Approval,
    approved,
    read_approval,
    sign_plan,
)
from .administration.blocks import (
    block,
    unblock,
)
from .administration.checking import lint_policies
from .administration.comparisons import (
    Comparison,
    compare,
)
from .administration.ending import revoke
from .administration.export import Exported, export_version
from .administration.exported import load_export
from .administration.files import (
    PolicyFiles,
    check_committed,
    read_files,
    read_revision,
)
from .administration.grants import (
    ImportedGrants,
    import_grants,
)
from .administration.invariants import Kept, judge_change, judge_invariants
from .administration.listing import (
    ListedGrant,
    ListedOrganisation,
    list_grants,
    list_organisations,
)
from .administration.organisations import (
    ImportedOrganisations,
    Words,
    import_organisations,
)
from .administration.outside.entries import Note
from .administration.outside.importing import (
    ImportedRights,
    RightsImport,
    RightsSource,
    import_rights,
    preview_rights,
)
from .administration.outside.planning import RightsPlan
from .administration.plan_files import (
    parse_plan,
    plan_digest,
    plan_text,
    read_plan,
)
from .administration.plans import (
    Plan,
    Preview,
    make_plan,
    preview,
)
from .administration.policies import (
    apply_policies,
    check_policies,
)
from .administration.replay import Differing, Replayed, replay
from .administration.restoring import Astray, find_astray, restore
from .administration.review.deciding import AppliedReview, apply_review
from .administration.review.looking import review
from .administration.review.sheets import (
    review_sheet,
)
from .administration.review.values import (
    Matter,
    Remark,
    Review,
    ReviewedGrant,
)
from .administration.rollback import (
    check_inert,
    made_inert,
    preview_rollback,
    roll_back,
)
from .administration.sources import (
    Origins,
    load_states,
)
from .administration.states import State
from .administration.stranded import Stranded
from .administration.tokens import NewToken, create_token, revoke_token, tokens
from .analysis.changes import (
    AccessChange,
    InertChange,
    PowerChange,
)
from .analysis.checks.registry import CHECKS
from .analysis.difference import (
    Difference,
    difference,
)
from .analysis.lines import (
    Draft,
    LineDifference,
    MovedLine,
    line_difference,
)
from .analysis.linting.check import Check
from .analysis.linting.values import Linted, LintFinding, Severity, Suppressed
from .analysis.matrix import (
    Cell,
    Deed,
    Matrix,
    matrix,
)
from .analysis.places import (
    Place,
    fold_places,
)
from .analysis.reach.chains import Chain, Link
from .analysis.reach.judging import Broken, broken_in, broken_invariants
from .analysis.reach.paths import Paths, find_paths
from .analysis.reach.reachable import Reachable
from .analysis.reach.slots import Slot, Verb
from .analysis.reach.telling import tell_chain
from .analysis.summary import (
    AccessGroup,
    Concerned,
    PowerGroup,
    Summary,
    summarise,
)
from .analysis.testing.cases import Expectation, PolicyCase
from .analysis.testing.coverage import Coverage, LineCoverage, measure_coverage
from .analysis.testing.missing import MissingCase
from .analysis.testing.mutants import Mutant, Slip
from .analysis.testing.running import CaseFailure, CaseResult, SuiteResult, run_suite
from .analysis.testing.suite import CaseSuite, load_suite
from .analysis.testing.surviving import MutantResult, try_mutants
from .analysis.testing.writing import case_text
from .attributes import Attributes
from .bearers import Bearer, TokenBook
from .connecting import connect
from .decide.allowing import Allows, today_in_finland
from .decide.decides import Decides
from .decide.decision import (
    Cause,
    Decision,
    Miss,
)
from .decide.decision_point import (
    DecisionPoint,
)
from .decide.dropped import Dropped
from .decide.enforcer import (
    Enforcer,
)
from .decide.files import load_snapshot
from .decide.inert import (
    InertRow,
)
from .decide.interop import prepare
from .decide.pseudonyms import Pseudonyms
from .decide.record import DecisionRecord
from .decide.reverse import (
    Permission,
)
from .decide.snapshot import (
    Snapshot,
)
from .errors import (
    Allowance,
    ConflictError,
    DelegationError,
    ExportError,
    InstallationError,
    LockedError,
    ModelError,
    OikeusError,
    OtherHistoryError,
    OutdatedError,
    PlanError,
    PolicyError,
    PolicySyntaxError,
    Problem,
    ProblemsError,
    ReadOnlyError,
    RecordError,
    RefusedError,
    RefusedReviewError,
    RegisterError,
    RequestError,
    ReviewError,
    ServiceError,
    SettingsError,
    SignatureError,
    StaleVersionError,
    StoreError,
    TamperedError,
    UnfitSignatureError,
)
from .loading import snapshot_of
from .moments import Moment, instant_of, parse_moment
from .parts import (
    PARTS,
    check_installation,
    installed,
)
from .periods import (
    Act,
    Interval,
    what_could,
    who_could,
)
from .policy.circumstances import Case, Consequence
from .policy.folder import (
    Policies,
    load_policies,
)
from .policy.invariant_changes import InvariantChanges, invariants_of
from .policy.invariants import Invariant
from .policy.model import (
    Model,
    load_model,
)
from .policy.model_changes import ModelChange
from .policy.tree import (
    Tree,
)
from .privacy import Others, others_by
from .recalling import (
    RecalledPoint,
    recall,
)
from .remote.administration import RemoteAdministration
from .remote.decisions import RemoteDecision
from .remote.exchange import Patience
from .remote.log import LogFilter
from .remote.point import RemotePoint
from .runtime import (
    Freshness,
    LivePoint,
    Standing,
)
from .signatures import (
    Signature,
    SigningKey,
    VerifyingKey,
    key_id,
    make_key,
)
from .store import (
    Application,
    ApplicationFilter,
    ApplicationState,
    ApplicationStep,
    Blamed,
    Change,
    Contents,
    Details,
    LineFilter,
    Logged,
    Mark,
    Op,
    Progress,
    Recorded,
    Renamed,
    Scope,
    Store,
    Token,
    TokenState,
    TokenStep,
    Version,
    VersionFilter,
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
    RevocationRequest,
    Source,
    Span,
    parse_day,
)

__all__ = [
    "CHECKS",
    "PARTS",
    "AccessChange",
    "AccessGroup",
    "Act",
    "Adapter",
    "Administration",
    "Allowance",
    "Allows",
    "Application",
    "ApplicationFilter",
    "ApplicationState",
    "ApplicationStep",
    "Applied",
    "AppliedReview",
    "Approval",
    "Approved",
    "Astray",
    "Attributes",
    "Bearer",
    "Blamed",
    "Broken",
    "Case",
    "CaseFailure",
    "CaseResult",
    "CaseSuite",
    "Cause",
    "Cell",
    "Chain",
    "Change",
    "Check",
    "Checkpoint",
    "Comparison",
    "Concerned",
    "ConflictError",
    "Consequence",
    "Contents",
    "Coverage",
    "Decides",
    "Decision",
    "DecisionPoint",
    "DecisionRecord",
    "Deed",
    "DelegationError",
    "Details",
    "Difference",
    "Differing",
    "Draft",
    "Dropped",
    "Effect",
    "Enforcer",
    "Expectation",
    "ExportError",
    "Exported",
    "Finding",
    "Freshness",
    "Grant",
    "Granted",
    "ImportedGrants",
    "ImportedOrganisations",
    "ImportedRights",
    "InertChange",
    "InertRow",
    "InstallationError",
    "Interval",
    "Invariant",
    "InvariantChanges",
    "Kept",
    "Line",
    "LineCoverage",
    "LineDifference",
    "LineFilter",
    "Link",
    "LintFinding",
    "Linted",
    "ListedGrant",
    "ListedOrganisation",
    "LivePoint",
    "LockedError",
    "LogFilter",
    "Logged",
    "Mark",
    "Matrix",
    "Matter",
    "Miss",
    "MissingCase",
    "Model",
    "ModelChange",
    "ModelError",
    "Moment",
    "MovedLine",
    "Mutant",
    "MutantResult",
    "Names",
    "NewToken",
    "Note",
    "OikeusError",
    "Op",
    "Origins",
    "OtherHistoryError",
    "Others",
    "OutdatedError",
    "Paths",
    "Patience",
    "Permission",
    "Place",
    "Plan",
    "PlanError",
    "Policies",
    "PolicyCase",
    "PolicyError",
    "PolicyFiles",
    "PolicySyntaxError",
    "PowerChange",
    "PowerGroup",
    "PowerRequest",
    "Preview",
    "Problem",
    "ProblemsError",
    "Progress",
    "Pseudonyms",
    "Reachable",
    "ReadOnlyError",
    "RecalledPoint",
    "RecordError",
    "Recorded",
    "RefusedError",
    "RefusedReviewError",
    "RegisterError",
    "Remark",
    "RemoteAdministration",
    "RemoteDecision",
    "RemotePoint",
    "Renamed",
    "Replayed",
    "Request",
    "RequestError",
    "Requested",
    "Review",
    "ReviewError",
    "ReviewedGrant",
    "RevocationRequest",
    "Revoked",
    "RightsImport",
    "RightsPlan",
    "RightsSource",
    "Scope",
    "ServiceError",
    "SettingsError",
    "Severity",
    "Signature",
    "SignatureError",
    "SigningKey",
    "Slip",
    "Slot",
    "Snapshot",
    "Source",
    "Span",
    "StaleVersionError",
    "Standing",
    "State",
    "Store",
    "StoreError",
    "Stranded",
    "SuiteResult",
    "Summary",
    "Suppressed",
    "TamperedError",
    "Token",
    "TokenBook",
    "TokenState",
    "TokenStep",
    "Tree",
    "UnfitSignatureError",
    "Verb",
    "Verification",
    "VerifyingKey",
    "Version",
    "VersionFilter",
    "Words",
    "accept_history",
    "apply_plan",
    "apply_policies",
    "apply_review",
    "approved",
    "block",
    "broken_in",
    "broken_invariants",
    "case_text",
    "check_committed",
    "check_inert",
    "check_installation",
    "check_policies",
    "checkpoint",
    "compare",
    "connect",
    "create_token",
    "definitions_of",
    "difference",
    "export_version",
    "find_astray",
    "find_paths",
    "fold_places",
    "import_grants",
    "import_organisations",
    "import_rights",
    "installed",
    "instant_of",
    "invariants_of",
    "judge_change",
    "judge_invariants",
    "key_id",
    "line_difference",
    "lint_policies",
    "list_grants",
    "list_organisations",
    "load_export",
    "load_model",
    "load_policies",
    "load_snapshot",
    "load_states",
    "load_suite",
    "made_inert",
    "make_key",
    "make_plan",
    "matrix",
    "measure_coverage",
    "operating_system_user",
    "others_by",
    "parse_day",
    "parse_moment",
    "parse_plan",
    "plan_digest",
    "plan_text",
    "prepare",
    "preview",
    "preview_plan",
    "preview_rights",
    "preview_rollback",
    "read_approval",
    "read_files",
    "read_plan",
    "read_revision",
    "recall",
    "replay",
    "restore",
    "review",
    "review_sheet",
    "revoke",
    "revoke_token",
    "roll_back",
    "run_suite",
    "sign_plan",
    "snapshot_of",
    "summarise",
    "tell_chain",
    "today_in_finland",
    "tokens",
    "try_mutants",
    "unblock",
    "verify",
    "what_could",
    "who_could",
]
