"""Alembic's entry: run the migrations of one service on the connection that `migrate` hands over."""

from alembic import context

config = context.config
context.configure(
    connection=config.attributes["connection"],
    target_metadata=config.attributes["metadata"],
    compare_type=True,
    include_name=config.attributes["include_name"],
)
with context.begin_transaction():
    context.run_migrations()
