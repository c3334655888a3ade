"""Tokens: each step of one is a row of its version, and is revoked once."""

import sqlalchemy as sa
from alembic import op

from oikeus.store.guards import postgresql_log_statements, sqlite_log_guards

revision = "0004"
down_revision = "0003"

_TABLE = "oikeus_token"
_NEW = "state = 'active'"
_REVOKED = sa.text("state <> 'active'")


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
            "token", sa.Integer, sa.ForeignKey(f"{_TABLE}.version"), nullable=False
        ),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("scopes", sa.String(64), nullable=False),
        sa.Column("organisations", sa.Text, nullable=False),
        sa.Column("last_day", sa.String(10), nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("secret_digest", sa.String(64)),
        sa.Column("digest", sa.String(64)),
        sa.CheckConstraint(
            "state IN ('active', 'revoked')", name="ck_oikeus_token_state"
        ),
        # a token has the number of the version in which it was created
        sa.CheckConstraint(
            f"({_NEW}) = (token = version)", name="ck_oikeus_token_number"
        ),
        sa.CheckConstraint(
            f"({_NEW}) = (secret_digest IS NOT NULL)", name="ck_oikeus_token_secret"
        ),
    )
    op.create_index(
        "uq_oikeus_token_revoked",
        _TABLE,
        ["token"],
        unique=True,
        sqlite_where=_REVOKED,
        postgresql_where=_REVOKED,
    )
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        guards = sqlite_log_guards(_TABLE).values()
        statements = [str(guard.form[0]) for guard in guards]
    else:
        statements = [*postgresql_log_statements(_TABLE)]
    for statement in statements:
        connection.exec_driver_sql(statement)
