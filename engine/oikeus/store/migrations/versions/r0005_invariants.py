"""Invariants: a version brings the text of their file, as it does the catalogue."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column; versions from before say nothing of invariants."""
    op.add_column("oikeus_version", sa.Column("invariants", sa.Text))
    brought = sa.text("invariants IS NOT NULL")
    op.create_index(
        "ix_oikeus_version_invariants",
        "oikeus_version",
        ["number"],
        sqlite_where=brought,
        postgresql_where=brought,
    )
