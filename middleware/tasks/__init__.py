"""Module `tasks`: the tasks of the context, in the folders of those who have to do them."""

from __future__ import annotations

from middleware.tasks import folder_content, reading, searching, writing
from middleware.tasks.registration import module

__all__ = ["folder_content", "module"]

module.action("all", "GET", repeatable=True)(reading.all_tasks)
module.action("get", "GET", repeatable=True)(reading.get)
module.action("list", "PUT", repeatable=True)(reading.list_tasks)
module.action("updates", "GET", repeatable=True)(reading.updates)
module.action("search", "PUT", repeatable=True)(searching.search)
module.action("new", "PUT")(writing.new)
module.action("update", "PUT")(writing.update)
module.action("delete", "PUT")(writing.delete)
module.action("copy", "PUT")(writing.copy)
module.action("confirm", "PUT")(writing.confirm)
