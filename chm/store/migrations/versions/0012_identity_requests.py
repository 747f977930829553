"""Another identity waits for a safeguarding lead too"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("role_request", sa.Column("issuer", sa.String(length=200), nullable=True))
    op.add_column("role_request", sa.Column("subject", sa.String(length=200), nullable=True))
