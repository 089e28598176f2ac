"""Access control and principals (RFC 3744, RFC 5397). Rights are OX folder rights, read only here."""

from __future__ import annotations

from urllib.parse import quote

from gateway.dav.context import Context
from gateway.dav.errors import NeedPrivileges
from gateway.dav.names import caldav, dav
from gateway.dav.paths import PRINCIPALS
from gateway.dav.ports import Principal, Resource, ScheduleBox
from gateway.dav.properties.model import Live, live
from gateway.dav.values import Privilege
from gateway.dav.xml import element, escape

_WRITE = frozenset({Privilege.WRITE_PROPERTIES, Privilege.WRITE_CONTENT, Privilege.BIND, Privilege.UNBIND})


_DELIVER = frozenset(
    {Privilege.SCHEDULE_DELIVER_INVITE, Privilege.SCHEDULE_DELIVER_REPLY, Privilege.SCHEDULE_QUERY_FREEBUSY}
)
_SEND = frozenset({Privilege.SCHEDULE_SEND_INVITE, Privilege.SCHEDULE_SEND_REPLY, Privilege.SCHEDULE_SEND_FREEBUSY})
_OF_CALDAV = _DELIVER | _SEND | {Privilege.READ_FREE_BUSY}
_AGGREGATES = ((dav("write"), _WRITE), (caldav("schedule-deliver"), _DELIVER), (caldav("schedule-send"), _SEND))


PRIVILEGES = dav("current-user-privilege-set")


def privilege_name(privilege: Privilege) -> str:
    """Clark name of a privilege."""
    return caldav(privilege) if privilege in _OF_CALDAV else dav(privilege)


def granted(privileges: frozenset[Privilege]) -> str:
    """DAV:privilege elements, an aggregate such as DAV:write included when all of its parts are granted."""
    names = [privilege_name(privilege) for privilege in Privilege if privilege in privileges]
    names += [name for name, parts in _AGGREGATES if privileges >= parts]
    names.append(dav("read-current-user-privilege-set"))
    return "".join(f"<D:privilege>{element(name)}</D:privilege>" for name in names)


def mail_uri(address: str) -> str:
    """The mailto URI of an address (RFC 6068 2)."""
    return "mailto:" + quote(address, safe="@!$'*+-._~")


@live(dav("current-user-principal"), Resource)
async def current_user_principal(resource: Resource, context: Context) -> str:
    return context.href_element(context.tree.principal)


@live(PRIVILEGES, Resource)
async def current_user_privilege_set(resource: Resource, context: Context) -> str:
    return granted(resource.privileges)


@live(dav("owner"), Resource)
async def owner(resource: Resource, context: Context) -> str | None:
    return None if resource.owner is None else context.href_element(resource.owner)


@live(dav("principal-collection-set"), Resource)
async def principal_collection_set(resource: Resource, context: Context) -> str:
    return context.href_element(PRINCIPALS)


@live(dav("supported-privilege-set"), Resource)
async def supported_privilege_set(resource: Resource, context: Context) -> str:
    if isinstance(resource, ScheduleBox):
        return _OF_INBOX if resource.inbox else _OF_OUTBOX
    return _SUPPORTED


@live(dav("acl"), Resource)
async def acl(resource: Resource, context: Context) -> str:
    """Only what the signed-in user was granted; the rights of others are OX's and not shown."""
    if Privilege.READ_ACL not in resource.privileges:
        raise NeedPrivileges(resource.path, privilege_name(Privilege.READ_ACL))
    who = f"<D:principal>{context.href_element(context.tree.principal)}</D:principal>"
    return f"<D:ace>{who}<D:grant>{granted(resource.privileges)}</D:grant><D:protected/></D:ace>"


@live(dav("acl-restrictions"), Resource)
async def acl_restrictions(resource: Resource, context: Context) -> str:
    return "<D:grant-only/><D:no-invert/>"


@live(dav("inherited-acl-set"), Resource)
async def inherited_acl_set(resource: Resource, context: Context) -> str:
    return ""


@live(dav("principal-URL"), Principal)
async def principal_url(principal: Principal, context: Context) -> str:
    return context.href_element(principal.path)


@live(dav("alternate-URI-set"), Principal)
async def alternate_uri_set(principal: Principal, context: Context) -> str:
    return "".join(f"<D:href>{escape(mail_uri(address))}</D:href>" for address in principal.mail_addresses)


@live(dav("group-member-set"), Principal)
async def group_member_set(principal: Principal, context: Context) -> str:
    return "".join(context.href_element(path) for path in principal.group_members)


@live(dav("group-membership"), Principal)
async def group_membership(principal: Principal, context: Context) -> str:
    return "".join(context.href_element(path) for path in principal.group_memberships)


def _supported(name: str, description: str, *parts: str) -> str:
    return (
        f"<D:supported-privilege><D:privilege>{element(name)}</D:privilege>"
        f'<D:description xml:lang="en">{description}</D:description>{"".join(parts)}</D:supported-privilege>'
    )


def _tree(*more: str) -> str:
    """The privileges of a kind of resource."""
    return _supported(
        dav("all"),
        "Everything",
        _supported(
            dav("read"),
            "Read",
            _supported(caldav("read-free-busy"), "Read when the owner is busy"),
            _supported(dav("read-current-user-privilege-set"), "Read one's own rights"),
        ),
        _supported(
            dav("write"),
            "Write",
            _supported(dav("write-properties"), "Change name, colour and the like"),
            _supported(dav("write-content"), "Change objects"),
            _supported(dav("bind"), "Create objects"),
            _supported(dav("unbind"), "Delete objects"),
        ),
        *more,
        _supported(dav("read-acl"), "Read the rights"),
        _supported(dav("write-acl"), "Change the rights"),
    )


_SUPPORTED = _tree()
_OF_INBOX = _tree(
    _supported(
        caldav("schedule-deliver"),
        "Have messages delivered",
        _supported(caldav("schedule-deliver-invite"), "Invite"),
        _supported(caldav("schedule-deliver-reply"), "Answer invitations"),
        _supported(caldav("schedule-query-freebusy"), "Ask when the owner is busy"),
    )
)
_OF_OUTBOX = _tree(
    _supported(
        caldav("schedule-send"),
        "Send messages",
        _supported(caldav("schedule-send-invite"), "Send invitations"),
        _supported(caldav("schedule-send-reply"), "Send answers"),
        _supported(caldav("schedule-send-freebusy"), "Ask when others are busy"),
    )
)

PROPERTIES: tuple[Live, ...] = (
    current_user_principal,
    current_user_privilege_set,
    owner,
    principal_collection_set,
    supported_privilege_set,
    acl,
    acl_restrictions,
    inherited_acl_set,
    principal_url,
    alternate_uri_set,
    group_member_set,
    group_membership,
)
