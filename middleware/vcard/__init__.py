"""vCards of contacts: read into the bodies that the module contacts knows, and written from its contacts."""
