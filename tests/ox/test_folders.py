"""Module ``folders`` against the embedded OX."""

from __future__ import annotations

import pytest

from gateway.ox import folders
from gateway.ox.call import FAR_FUTURE
from gateway.ox.errors import ChangedMeanwhile, NameTaken, ObjectNotFound, PermissionDenied
from gateway.ox.folders import Folder
from gateway.ox.session import Session


async def found(session: Session, folder_id: str) -> Folder | None:
    """The folder as its user sees it, None when he does not."""
    return next((folder for folder in await session.run(folders.visible("event")) if folder.id == folder_id), None)


async def test_the_folders_of_an_account(alice: Session) -> None:
    calendars, books, tasks = await alice.run_all(
        [folders.visible("event"), folders.visible("contacts"), folders.visible("tasks")]
    )
    default = next(folder for folder in calendars if folder.standard)
    assert default.id.startswith("cal://0/")
    assert default.provider == "chronos"
    assert default.owner == "3"
    assert default.own_rights == folders.Rights(64, 64, 64, 64, True)
    assert "sync" in default.capabilities
    assert {folder.module for folder in books} == {"contacts"}
    assert "6" in {folder.id for folder in books}
    assert {folder.module for folder in tasks} == {"tasks"}


async def test_the_life_of_a_calendar(alice: Session) -> None:
    made = await alice.run(folders.create("1", "event", "Work", folders.coloured("#ff8800")))
    folder = await found(alice, made)
    assert folder is not None
    assert (folder.title, folder.color, folder.type, folder.standard) == ("Work", "#ff8800", folders.PRIVATE, False)
    await alice.run(folders.update(made, {"title": "Projects", **folders.coloured("#00aaff")}, folder.last_modified))
    folder = await found(alice, made)
    assert folder is not None
    assert (folder.title, folder.color) == ("Projects", "#00aaff")
    await alice.run(folders.update(made, folders.coloured(None)))
    folder = await found(alice, made)
    assert folder is not None
    assert folder.color is None
    await alice.run(folders.delete([made], FAR_FUTURE))
    assert await found(alice, made) is None


async def test_a_title_that_exists(alice: Session) -> None:
    await alice.run(folders.create("1", "contacts", "Clients"))
    with pytest.raises(NameTaken):
        await alice.run(folders.create("1", "contacts", "Clients"))


async def test_a_stale_update(alice: Session) -> None:
    made = await alice.run(folders.create("1", "event", "Work"))
    with pytest.raises(ChangedMeanwhile):
        await alice.run(folders.update(made, {"title": "Late"}, 1))
    assert "Work" in {folder.title for folder in await alice.run(folders.visible("event"))}


async def test_a_default_folder_is_not_deleted(alice: Session) -> None:
    default = next(folder for folder in await alice.run(folders.visible("event")) if folder.standard)
    with pytest.raises(PermissionDenied) as raised:
        await alice.run(folders.delete([default.id], FAR_FUTURE))
    assert raised.value.code == "FLD-0031"
    assert await found(alice, default.id) == default


async def test_a_folder_that_does_not_exist_is_not_deleted(alice: Session) -> None:
    with pytest.raises(ObjectNotFound):
        await alice.run(folders.delete(["cal://0/99999"], FAR_FUTURE))


async def test_a_share_as_both_sides_see_it(alice: Session, bob: Session) -> None:
    made = await alice.run(folders.create("1", "event", "Shared"))
    permissions = [{"entity": 3, "group": False, "bits": 403710016}, {"entity": 4, "group": False, "bits": 257}]
    await alice.run(folders.update(made, {"permissions": permissions}))
    seen = await found(bob, made)
    assert seen is not None
    assert (seen.type, seen.owner, seen.own_rights) == (folders.SHARED, "3", folders.Rights.from_bits(257))
    with pytest.raises(PermissionDenied):
        await bob.run(folders.update(made, {"title": "Mine"}))
    await bob.run(folders.update(made, folders.coloured("#123456")))
    colours = [folder.color for session in (alice, bob) if (folder := await found(session, made))]
    assert colours == [None, "#123456"]


async def test_a_folder_of_somebody_else(alice: Session, bob: Session) -> None:
    private = next(folder for folder in await alice.run(folders.visible("event")) if folder.standard)
    assert await found(bob, private.id) is None
