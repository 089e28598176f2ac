"""What the model has found, one story each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from gateway.account.collection import Collection
from gateway.account.collections import default_segment
from gateway.dav.errors import NotFound
from middleware.generation import Generation
from tests.sync_model.elsewhere import Appointments, Chronos, Contacts, Objects, Tasks
from tests.sync_model.site import FAR, Site, collection_of

KINDS = (
    (Chronos, Generation.EIGHT),
    (Appointments, Generation.SEVEN),
    (Contacts, Generation.EIGHT),
    (Tasks, Generation.EIGHT),
)


@asynccontextmanager
async def site_of(generation: Generation) -> AsyncIterator[Site]:
    site = Site(generation, mend=False)
    await site.start()
    try:
        yield site
    finally:
        await site.stop()


@pytest.mark.parametrize(("kind", "generation"), KINDS)
async def test_a_folder_that_went_since_folders_were_listed_is_not_found(
    kind: Callable[[], Objects], generation: Generation
) -> None:
    objects = kind()
    async with site_of(generation) as site:
        body = {"title": "Short-lived", "module": objects.module}
        folder = str(await site.alice.data("folders", "new", folder_id=1, body=body))
        tree = await site.replicas[0].tree()
        collection = await collection_of(tree, objects.home, default_segment(folder))
        assert isinstance(collection, Collection)
        await site.alice.call("folders", "delete", timestamp=FAR, body=[folder])
        with pytest.raises(NotFound):
            await collection.changes(None, None)
