"""Folders, their permissions, and the module `folders`."""
