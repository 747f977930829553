"""The day on which a young person died, from which the rule of retention counts"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("young_person", sa.Column("died_on", sa.Date(), nullable=True))
