"""The durable facts that are ours alone: names chosen by clients, properties and residues OX has no room for.

SQLAlchemy: SQLite by default, PostgreSQL for several replicas. Losing it loses names, properties and sync-tokens."""
