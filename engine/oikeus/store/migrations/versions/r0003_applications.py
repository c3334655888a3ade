"""Applications: each step of one is a row of its version, and is decided once."""

import sqlalchemy as sa
from alembic import op

from oikeus.store.guards import postgresql_log_statements, sqlite_log_guards

revision = "0003"
down_revision = "0002"

_TABLE = "oikeus_application"
_REQUESTED = "state = 'requested'"


def upgrade() -> None:
    """Make the table, and guard it as the rest of the log."""
    op.create_table(
        _TABLE,
        sa.Column(
            "version",
            sa.Integer,
            sa.ForeignKey("oikeus_version.number"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column(
            "application",
            sa.Integer,
            sa.ForeignKey(f"{_TABLE}.version"),
            nullable=False,
        ),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("role", sa.String(255), nullable=False),
        sa.Column("organisation", sa.String(255), nullable=False),
        sa.Column("last_day", sa.String(10), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64)),
        sa.CheckConstraint(
            "state IN ('requested', 'granted', 'rejected', 'withdrawn')",
            name="ck_oikeus_application_state",
        ),
        # an application has the number of the version in which it was requested
        sa.CheckConstraint(
            f"({_REQUESTED}) = (application = version)",
            name="ck_oikeus_application_number",
        ),
    )
    _index("uq_oikeus_application_decided", "application", "state <> 'requested'")
    # those that are open on a day are among the last that were requested
    _index("ix_oikeus_application_open", "last_day", _REQUESTED)
    _index("ix_oikeus_application_subject", "subject", _REQUESTED)
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        guards = sqlite_log_guards(_TABLE).values()
        statements = [str(guard.form[0]) for guard in guards]
    else:
        statements = [*postgresql_log_statements(_TABLE)]
    for statement in statements:
        connection.exec_driver_sql(statement)


def _index(name: str, column: str, condition: str) -> None:
    """Index rows of which a condition holds; what begins with `uq` only once."""
    op.create_index(
        name,
        _TABLE,
        [column],
        unique=name.startswith("uq"),
        sqlite_where=sa.text(condition),
        postgresql_where=sa.text(condition),
    )
