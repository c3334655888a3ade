"""The tables: the lines in force, and the append-only log that explains them.

INVARIANT: `casbin_rule` is what the log gives when it is replayed; `oikeus_head` holds
the number of the last version. A transaction moves all three together, or none.
Each row of the log has a digest, in which that of the row before is (`chain`).
Indexes, constraints and the triggers that refuse to rewrite the log stand in the
migrations, which alone make these tables.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, Text

from ..ids import MAX_VALUE_LENGTH

DIGEST_LENGTH = 64
"""How many characters a digest has: SHA-256 in small hexadecimal letters."""

DAY_LENGTH = 10
"""How many characters a day has: `2026-03-01`."""

WIDTH = 6
"""How many values a line can have: the columns of `casbin_rule`."""

VALUES = tuple(f"v{position}" for position in range(WIDTH))

LINE = ("ptype", *VALUES)

SOURCE = ("source_file", "source_line", "source_comment")

IDENTITY = (
    *(f"coalesce(casbin_rule.{name}, '')" for name in (*VALUES, "ptype")),
    "CASE "
    + " ".join(
        f"WHEN casbin_rule.v{width - 1} IS NOT NULL THEN {width}"
        for width in range(WIDTH, 0, -1)
    )
    + " ELSE 0 END",
)
"""What makes two rows the same line, as SQL: the expressions of the unique index.

NULL is not equal to itself, so a plain UNIQUE constraint lets duplicates in; and a
blank last value is not a missing one, so the width counts as well. The values go
first: an index that began with `ptype`, of which there are few, would lead nowhere.
"""

metadata = MetaData()

casbin_rule = Table(
    "casbin_rule",
    metadata,
    # exactly as sqlalchemy-adapter has it: any Casbin tool can read the table
    Column("id", Integer, primary_key=True),
    Column("ptype", String(MAX_VALUE_LENGTH)),
    *(Column(name, String(MAX_VALUE_LENGTH)) for name in VALUES),
)

version = Table(
    "oikeus_version",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    # text of one width, so that it sorts and both databases keep the same
    Column("time", String(27), nullable=False),
    Column("actor", String(MAX_VALUE_LENGTH), nullable=False),
    Column("origin", String(MAX_VALUE_LENGTH), nullable=False),
    Column("message", Text, nullable=False),
    # NULL: as in the version before
    Column("model", Text),
    Column("catalogue", Text),
    # NULL: nobody's power was needed, no commit, nobody else approved
    Column("granter", String(MAX_VALUE_LENGTH)),
    Column("power", Text),
    Column("git_commit", String(MAX_VALUE_LENGTH)),
    Column("approval", Text),
    # of the version before, and of this one; never NULL in what this program writes
    Column("previous", String(DIGEST_LENGTH)),
    Column("digest", String(DIGEST_LENGTH)),
    # NULL: as in the version before; empty: there are none any more
    Column("invariants", Text),
)

change = Table(
    "oikeus_change",
    metadata,
    Column("version", ForeignKey(version.c.number), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("op", String(1), nullable=False),
    # the row's id in casbin_rule at that time: leads from a line to its history
    Column("rule", Integer, nullable=False),
    Column("ptype", String(MAX_VALUE_LENGTH), nullable=False),
    *(Column(name, String(MAX_VALUE_LENGTH)) for name in VALUES),
    Column("source_file", Text),
    Column("source_line", Integer),
    Column("source_comment", Text),
    Column("digest", String(DIGEST_LENGTH)),
)

names = Table(
    "oikeus_names",
    metadata,
    # the latest version of an organisation's names is in force
    Column("organisation", String(MAX_VALUE_LENGTH), primary_key=True),
    Column("version", ForeignKey(version.c.number), primary_key=True),
    Column("fi", Text, nullable=False),
    Column("sv", Text, nullable=False),
    Column("en", Text, nullable=False),
    Column("digest", String(DIGEST_LENGTH)),
)

application = Table(
    "oikeus_application",
    metadata,
    # a version takes one step of one application, and an application is decided once
    Column("version", ForeignKey(version.c.number), primary_key=True),
    # the version in which it was requested: that is its id
    Column("application", ForeignKey("oikeus_application.version"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("subject", String(MAX_VALUE_LENGTH), nullable=False),
    Column("role", String(MAX_VALUE_LENGTH), nullable=False),
    Column("organisation", String(MAX_VALUE_LENGTH), nullable=False),
    # text, as in a domain: the last day on which it can be decided
    Column("last_day", String(DAY_LENGTH), nullable=False),
    Column("reason", Text, nullable=False),
    Column("digest", String(DIGEST_LENGTH)),
)

token = Table(
    "oikeus_token",
    metadata,
    # a version takes one step of one token, and a token is revoked once
    Column("version", ForeignKey(version.c.number), primary_key=True),
    # the version in which it was created: that is its id
    Column("token", ForeignKey("oikeus_token.version"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("subject", String(MAX_VALUE_LENGTH), nullable=False),
    # words with commas between them; no organisation stands for everywhere
    Column("scopes", String(64), nullable=False),
    Column("organisations", Text, nullable=False),
    Column("last_day", String(DAY_LENGTH), nullable=False),
    Column("label", Text, nullable=False),
    # SHA-256 of the secret, which nobody keeps; NULL in a revocation
    Column("secret_digest", String(DIGEST_LENGTH)),
    Column("digest", String(DIGEST_LENGTH)),
)

head = Table(
    "oikeus_head",
    metadata,
    # one row, made with the table: locking it is what makes writers take turns
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
)

schema = Table(
    "oikeus_schema",
    metadata,
    # Alembic's own table, under our name: the database may be shared with others
    Column("version_num", String(32), primary_key=True),
)
