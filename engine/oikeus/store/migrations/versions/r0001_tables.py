"""The first schema: lines, versions, changes, names and the head."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_VALUES = ("v0", "v1", "v2", "v3", "v4", "v5")

_GRANT = (
    "ptype = 'g' AND v0 <> '' AND v1 <> '' AND v2 <> '' "
    "AND v3 IS NULL AND v4 IS NULL AND v5 IS NULL"
)
# SQLite keeps bytes anywhere, and sorts them after every text
_TEXT = "v0 < x'' AND v1 < x'' AND v2 < x''"


def upgrade() -> None:
    """Make the tables, and the head at version 0."""
    _make_lines()
    _make_versions()
    _make_changes()
    _make_names()
    _make_head()


def _values() -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(255)) for name in _VALUES]


def _version() -> sa.Column[int]:
    number = sa.ForeignKey("oikeus_version.number")
    return sa.Column("version", sa.Integer, number, primary_key=True)


def _make_lines() -> None:
    op.create_table(
        "casbin_rule",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("ptype", sa.String(255)),
        *_values(),
    )
    width = " ".join(
        f"WHEN {name} IS NOT NULL THEN {number}"
        for number, name in sorted(enumerate(_VALUES, start=1), reverse=True)
    )
    op.create_index(
        "uq_casbin_rule_line",
        "casbin_rule",
        [
            *(sa.text(f"coalesce({name}, '')") for name in (*_VALUES, "ptype")),
            # PostgreSQL wants its own brackets around an expression, SQLite minds not
            sa.text(f"(CASE {width} ELSE 0 END)"),
        ],
        unique=True,
    )
    op.create_index("ix_casbin_rule_v0", "casbin_rule", ["v0", "ptype"])
    op.create_index("ix_casbin_rule_v1", "casbin_rule", ["v1", "ptype"])
    # what a load reads besides a million grants; in the words of `store.streaming`
    op.create_index(
        "ix_casbin_rule_other",
        "casbin_rule",
        ["id"],
        sqlite_where=sa.text(f"({_GRANT} AND {_TEXT}) IS NOT TRUE"),
        postgresql_where=sa.text(f"({_GRANT}) IS NOT TRUE"),
    )


def _make_versions() -> None:
    op.create_table(
        "oikeus_version",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("time", sa.String(27), nullable=False),
        sa.Column("actor", sa.String(255), nullable=False),
        sa.Column("origin", sa.String(255), nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("model", sa.Text),
        sa.Column("catalogue", sa.Text),
    )
    for name in ("model", "catalogue"):
        brought = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            f"ix_oikeus_version_{name}",
            "oikeus_version",
            ["number"],
            sqlite_where=brought,
            postgresql_where=brought,
        )


def _make_changes() -> None:
    op.create_table(
        "oikeus_change",
        _version(),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("op", sa.String(1), nullable=False),
        sa.Column("rule", sa.Integer, nullable=False),
        sa.Column("ptype", sa.String(255), nullable=False),
        *_values(),
        sa.Column("source_file", sa.Text),
        sa.Column("source_line", sa.Integer),
        sa.Column("source_comment", sa.Text),
        sa.CheckConstraint("op IN ('+', '-', '~')", name="ck_oikeus_change_op"),
    )
    op.create_index("ix_oikeus_change_rule", "oikeus_change", ["rule", "version"])


def _make_names() -> None:
    op.create_table(
        "oikeus_names",
        sa.Column("organisation", sa.String(255), primary_key=True),
        _version(),
        sa.Column("fi", sa.Text, nullable=False),
        sa.Column("sv", sa.Text, nullable=False),
        sa.Column("en", sa.Text, nullable=False),
    )
    op.create_index("ix_oikeus_names_version", "oikeus_names", ["version"])


def _make_head() -> None:
    head = op.create_table(
        "oikeus_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("id = 1", name="ck_oikeus_head_one_row"),
    )
    op.bulk_insert(head, [{"id": 1, "version": 0}])
