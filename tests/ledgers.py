"""Ledgers that nobody has used: SQLite files or, with a PostgreSQL database in OXDAV_TEST_LEDGER, schemas in that."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.schema import CreateSchema


def new_ledger(directory: Path) -> str:
    """The URL of a new one; ``directory`` is empty."""
    database = os.environ.get("OXDAV_TEST_LEDGER")
    if database is None:
        return f"sqlite:///{directory / 'ledger.db'}"
    schema = f"test_{uuid.uuid4().hex}"
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.execute(CreateSchema(schema))
    engine.dispose()
    url = make_url(database).update_query_dict({"options": f"-csearch_path={schema}"})
    return url.render_as_string(hide_password=False)
