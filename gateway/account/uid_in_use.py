"""Objects whose UID OX holds in another folder of the user already (``mappings.calendar.other_uid``)."""

from __future__ import annotations

from gateway.account.calendar_collection import CalendarCollection
from gateway.account.event_residue import Kept
from gateway.account.index import Index, Member
from gateway.dav.errors import NoUidConflict
from mappings.calendar.other_uid import given, renamed, uid_in_ox
from mappings.calendar.read import CalendarObject


def refuse_second(collection: CalendarCollection, index: Index, uid: str) -> None:
    """Raises NoUidConflict when ``collection`` holds an object with this UID."""
    holder = index.with_uid(uid) or index.with_uid(uid_in_ox(uid, collection.folder.id))
    if holder is not None:
        raise NoUidConflict("this UID is in use already", paths=((*collection.path, holder.name),))


def as_in_ox(collection: CalendarCollection, member: Member, obj: CalendarObject, kept: Kept) -> CalendarObject:
    """``obj``, which is to take the place of ``member``, with the UID that OX has. Raises NoUidConflict when it is
    another object."""
    if member.uid == obj.uid:
        return obj
    known = (given(kept.wordings), uid_in_ox(obj.uid, collection.folder.id))
    if member.uid is None or (obj.uid != known[0] and member.uid != known[1]):
        raise NoUidConflict("the UID of a resource cannot change", paths=((*collection.path, member.name),))
    return renamed(obj, member.uid)
