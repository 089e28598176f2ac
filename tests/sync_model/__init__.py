"""Random lives of an account behind two replicas: whoever follows sync-collection knows exactly what is there."""
