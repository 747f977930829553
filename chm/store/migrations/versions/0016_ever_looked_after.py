"""Whether a young person ever was looked after, which the rule of retention asks; a no as of now does not say"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("young_person", sa.Column("ever_looked_after", sa.Boolean(), nullable=True))
    op.execute("UPDATE young_person SET ever_looked_after = looked_after WHERE looked_after")
