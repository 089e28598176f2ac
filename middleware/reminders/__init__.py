"""Module `reminder`: the alarms of tasks and appointments that are due. `module` registers it."""
