"""The commands that administer an embedded OX: users, groups, resources, shares, backups.

`oxdav middleware` itself, which runs the server, is added to `administration` by the command line of the gateway.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from middleware import account_removal, accounts, backup, running, sharing
from middleware.context import Context
from middleware.directory.model import EVERYONE, STANDARD_GROUP, Group, User
from middleware.folders.model import Folder
from middleware.itip import deliver

FAILED = 1

administration = typer.Typer(help="Run the embedded OX middleware, or administer it.")
users = typer.Typer(no_args_is_help=True, help="Accounts.")
groups = typer.Typer(no_args_is_help=True, help="Groups of users.")
resources = typer.Typer(no_args_is_help=True, help="Rooms and devices that meetings book.")
shares = typer.Typer(no_args_is_help=True, help="Who may use whose folders.")
administration.add_typer(users, name="user")
administration.add_typer(groups, name="group")
administration.add_typer(resources, name="resource")
administration.add_typer(shares, name="share")

output = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)

DataOption = Annotated[Path, typer.Option("--data", help="Directory that keeps the data.", file_okay=False)]
PasswordOption = Annotated[
    Path | None, typer.Option("--password-file", help="File with the password; without it you are asked.", exists=True)
]
Login = Annotated[str, typer.Argument(help="Login name.")]
LoginOption = Annotated[list[str] | None, typer.Option("--member", help="Login name of a member; may be repeated.")]
FolderArgument = Annotated[str, typer.Argument(help="Number of the folder, as `share list` shows it.")]
Partner = Annotated[str, typer.Argument(help="Login name, or with --group the name of a group.")]
GroupFlag = Annotated[bool, typer.Option("--group", help="The rights are those of a group.")]


@users.command("add")
def add_user(
    login: Login,
    data: DataOption,
    given: Annotated[str, typer.Option(help="Given name.")] = "",
    family: Annotated[str, typer.Option(help="Family name.")] = "",
    mail: Annotated[str, typer.Option(help="Mail address; without it LOGIN@example.com.")] = "",
    timezone: Annotated[str, typer.Option(help="Time zone, such as Europe/Berlin.")] = "Europe/Berlin",
    locale: Annotated[str, typer.Option(help="Language, such as en_US.")] = "en_US",
    password_file: PasswordOption = None,
) -> None:
    """Create an account with its default calendar, address book and task list."""
    password = _password(password_file)
    with _administering(data, create=True) as context:
        shown = given or ("" if family else login)
        user = accounts.add_user(context, login, password, shown, family, mail, timezone, locale)
    output.print(f"User {user.login} has the number {user.id}.", markup=False)


@users.command("passwd")
def change_password(login: Login, data: DataOption, password_file: PasswordOption = None) -> None:
    """Give an account another password; its sessions end."""
    password = _password(password_file)
    with _administering(data) as context:
        accounts.set_password(context, _user(context, login), password)


@users.command("list")
def list_users(data: DataOption) -> None:
    """Show the accounts."""
    table = Table("number", "login", "name", "mail", "time zone")
    with _administering(data) as context:
        for user in context.users.all():
            table.add_row(str(user.id), user.login, user.display_name, user.email, user.timezone)
    output.print(table)


@users.command("remove")
def remove_user(
    login: Login,
    data: DataOption,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove an account with everything in its folders; the meetings it organized end for everybody."""
    if not yes:
        typer.confirm(f"Remove {login} and all of its events, contacts and tasks for good?", abort=True)
    with _administering(data) as context:
        account_removal.remove_user(context, _user(context, login))


@groups.command("add")
def add_group(
    name: Annotated[str, typer.Argument(help="Name of the group.")],
    data: DataOption,
    title: Annotated[str, typer.Option(help="Displayed name; without it the name.")] = "",
    members: LoginOption = None,
) -> None:
    """Create a group."""
    with _administering(data) as context:
        ids = tuple(_user(context, login).id for login in members or ())
        group = accounts.add_group(context, name, title or name, ids)
    output.print(f"Group {group.name} has the number {group.id}.", markup=False)


@groups.command("list")
def list_groups(data: DataOption) -> None:
    """Show the groups with their members."""
    table = Table("number", "name", "displayed", "members")
    with _administering(data) as context:
        for group in _own_groups(context):
            members = ", ".join(context.users.get(member).login for member in group.members)
            table.add_row(str(group.id), group.name, group.display_name, members)
    output.print(table)


@groups.command("remove")
def remove_group(name: Annotated[str, typer.Argument(help="Name of the group.")], data: DataOption) -> None:
    """Remove a group and what was shared with it."""
    with _administering(data) as context:
        account_removal.remove_group(context, _group(context, name).id)


@resources.command("add")
def add_resource(
    name: Annotated[str, typer.Argument(help="Name of the resource.")],
    data: DataOption,
    title: Annotated[str, typer.Option(help="Displayed name; without it the name.")] = "",
    mail: Annotated[str, typer.Option(help="Mail address; without it NAME@example.com.")] = "",
    description: Annotated[str, typer.Option(help="What it is.")] = "",
) -> None:
    """Create a resource that everybody may book."""
    with _administering(data) as context:
        resource = accounts.add_resource(context, name, title or name, mail, description)
    output.print(f"Resource {resource.name} has the number {resource.id}.", markup=False)


@resources.command("list")
def list_resources(data: DataOption) -> None:
    """Show the resources."""
    table = Table("number", "name", "displayed", "mail", "description")
    with _administering(data) as context:
        for one in context.resources.all():
            table.add_row(str(one.id), one.name, one.display_name, one.email, one.description)
    output.print(table)


@resources.command("remove")
def remove_resource(name: Annotated[str, typer.Argument(help="Name of the resource.")], data: DataOption) -> None:
    """Remove a resource."""
    with _administering(data) as context:
        found = next((one for one in context.resources.all() if one.name == name), None)
        if found is None:
            raise ValueError(f"there is no resource {name}")
        with context.store.writing() as connection:
            context.resources.remove(connection, found.id)


@shares.command("list")
def list_shares(
    data: DataOption, user: Annotated[str, typer.Option("--user", help="Only the folders of this login.")] = ""
) -> None:
    """Show calendars, address books and task lists, and who may use them."""
    table = Table("folder", "kind", "owner", "title", "shared with")
    with _administering(data) as context:
        owner = _user(context, user).id if user else None
        for folder in sharing.shareable(context):
            if owner in (None, folder.owner):
                names = _partners(context, folder)
                table.add_row(str(folder.id), folder.module, _name(context, folder.owner), folder.name, names)
    output.print(table)


@shares.command("add")
def add_share(
    folder: FolderArgument,
    partner: Partner,
    data: DataOption,
    role: Annotated[str, typer.Option(help=f"One of {', '.join(sharing.ROLES)}.")] = "viewer",
    group: GroupFlag = False,
) -> None:
    """Let somebody use a folder: a viewer reads, a reviewer changes, an author also creates and deletes."""
    if role not in sharing.ROLES:
        raise typer.BadParameter(f"{role} is none of {', '.join(sharing.ROLES)}", param_hint="--role")
    with _administering(data) as context:
        entity = _entity(context, partner, group)
        sharing.share(context, _folder(context, folder), entity, role, group=group)


@shares.command("remove")
def remove_share(folder: FolderArgument, partner: Partner, data: DataOption, group: GroupFlag = False) -> None:
    """Let somebody use a folder no more."""
    with _administering(data) as context:
        sharing.unshare(context, _folder(context, folder), _entity(context, partner, group), group=group)


@administration.command("mail")
def put_mail(
    login: Login, file: Annotated[Path, typer.Argument(help="The message.", exists=True)], data: DataOption
) -> None:
    """Put a mail (RFC 5322) into the INBOX of an account, for invitations in it to be answered."""
    with _administering(data) as context:
        output.print(deliver(context, _user(context, login).id, file.read_bytes()))


@administration.command("backup")
def make_backup(
    file: Annotated[Path, typer.Argument(help="Where the copy goes.", dir_okay=False)],
    data: DataOption,
    replace: Annotated[bool, typer.Option("--replace", help="Replace an older backup of that name.")] = False,
) -> None:
    """Copy all data as it is at this moment into one file; the server may run."""
    if file.exists() and not replace:
        _fail(f"{file} is there already; --replace replaces it")
    try:
        backup.copy_database(data / running.DATABASE_NAME, file)
    except backup.BackupFailed as error:
        _fail(str(error))


@contextmanager
def _administering(data: Path, *, create: bool = False) -> Iterator[Context]:
    """The context of a data directory; what goes wrong ends the command with its reason and exit status 1."""
    try:
        with running.administer(data, create=create) as context:
            yield context
    except (ValueError, OSError) as error:
        _fail(str(error))


def _fail(reason: str) -> None:
    errors.print(reason, markup=False)
    raise typer.Exit(FAILED)


def _password(file: Path | None) -> str:
    if file is None:
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return file.read_text("utf-8").rstrip("\r\n")


def _user(context: Context, login: str) -> User:
    user = context.users.by_login(login)
    if user is None:
        raise ValueError(f"there is no user {login}")
    return user


def _own_groups(context: Context) -> list[Group]:
    return [group for group in context.groups.all() if group.id not in (EVERYONE, STANDARD_GROUP)]


def _group(context: Context, name: str) -> Group:
    group = next((one for one in context.groups.all() if name in (one.name, one.display_name)), None)
    if group is None:
        raise ValueError(f"there is no group {name}")
    return group


def _folder(context: Context, text: str) -> Folder:
    number = text.removeprefix("cal://0/").removeprefix("con://0/")
    folder = context.folders.find(int(number)) if number.isdecimal() else None
    if folder is None:
        raise ValueError(f"there is no folder {text}")
    return folder


def _entity(context: Context, name: str, group: bool) -> int:
    return _group(context, name).id if group else _user(context, name).id


def _name(context: Context, user_id: int) -> str:
    user = context.users.find(user_id)
    return user.login if user is not None else str(user_id)


def _partners(context: Context, folder: Folder) -> str:
    found = []
    for one in folder.permissions:
        if one.rights.admin:
            continue
        group = context.groups.find(one.entity) if one.group else None
        name = f"group {group.display_name}" if group is not None else _name(context, one.entity)
        found.append(f"{name} ({sharing.role_of(one.rights)})")
    return ", ".join(found)
