"""Users, groups and resources of the context, and the modules `user`, `user/me`, `group` and `resource`."""
