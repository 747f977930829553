"""Another name or agency of a user waits for a safeguarding lead too"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("role_request", sa.Column("name", sa.String(length=200), nullable=True))
    op.add_column("role_request", sa.Column("agency", sa.String(length=200), nullable=True))
