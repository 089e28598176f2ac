"""Login, sessions, cookies, and the shape of errors that every module has."""

from __future__ import annotations

from middleware.contract.client import USER_AGENT, Person
from middleware.contract.scenario import NO_MODULE, scenario
from middleware.contract.stage import Stage

_UNKNOWN_SESSION = "0" * 32


@scenario("login", "what a login answers, and how a wrong one is refused")
async def login(stage: Stage) -> None:
    check, person = stage.check, stage.first.person
    async with Person(person.url, person.name, person.password) as other:
        answer = await other.log_in()
        check.equal("HTTP status of a login", answer.status, 200)
        check.members("a login", answer.body, session=str, user=str, user_id=int, context_id=int, locale=str)
        check.lacks("a login has no envelope", answer.body, "data", "timestamp")
        other.session = str(answer.envelope.get("session"))
        await _who(stage, other)
        await other.sign_out()
        wrong = await other.log_in(password="not the password of anybody")
        check.error("a wrong password", wrong, "LGI-0006", "USER_INPUT")
        check.error("a login without password", await other.log_in(password=""), "SVL-0002", "USER_INPUT")
        alike = await other.log_in(client=USER_AGENT)
        check.error("a client named like the User-Agent", alike, "LGI-0021", "USER_INPUT")


async def _who(stage: Stage, other: Person) -> None:
    answer = await other.call("system", "whoami")
    if answer.status == NO_MODULE:
        stage.check.note("there is no module system")
        return
    who = stage.check.success("system?action=whoami", answer)
    stage.check.equal("the session that whoami tells", who.data.get("session"), other.session)
    stage.check.equal("the user that whoami tells", who.data.get("user_id"), stage.first.user_id)


@scenario("session", "what a request must bring along, and how a session ends")
async def session(stage: Stage) -> None:
    check, person = stage.check, stage.first.person
    query = {"content_type": "calendar", "columns": "1,300"}
    async with Person(person.url, person.name, person.password) as other:
        await other.sign_in()
        without = await other.call("folders", "allVisible", session=None, **query)
        check.error("no parameter `session`", without, "SVL-0002", "USER_INPUT")
        unknown = await other.call("folders", "allVisible", session=_UNKNOWN_SESSION, **query)
        check.error("an unknown session", unknown, "SES-0203", "TRY_AGAIN")
        bare = await other.call_as_stranger("folders", "allVisible", **query)
        check.error("the session without its cookies", bare, "SES-0203", "TRY_AGAIN")
        disguised = await other.call_as_stranger("folders", "allVisible", agent="another/1.0", **query)
        check.error("another User-Agent", disguised, "SES-0203", "TRY_AGAIN")
        async with Person(person.url, person.name, person.password) as third:
            await third.sign_in()
            foreign = await other.call("folders", "allVisible", session=third.session, **query)
            check.error("the cookies of another session", foreign, "SES-0203", "TRY_AGAIN")
            await third.sign_out()
        alive = check.success("the session after all of that", await other.call("folders", "allVisible", **query))
        check.equal("content type of an answer", alive.content_type, "application/json")
        ended = await other.sign_out()
        check.equal("HTTP status of a logout", ended.status, 200)
        check.equal("the answer to a logout is empty", ended.raw, b"")
        check.error("after the logout", await other.call("folders", "root"), "SES-0203", "TRY_AGAIN")


@scenario("unknown-things", "modules and actions that do not exist")
async def unknown_things(stage: Stage) -> None:
    check, first = stage.check, stage.first
    module = await first.call("nosuchmodule", "all")
    check.equal("HTTP status of an unknown module", module.status, NO_MODULE)
    for name in ("chronos", "calendar", "contacts"):
        answer = await first.call(name, "nosuch")
        if answer.status == NO_MODULE:
            check.note(f"there is no module {name}")
        else:
            check.error(f"an unknown action of {name}", answer, "SVL-0021", "ERROR")
    await first.refused("an unknown action of folders", "SVL-0001", "USER_INPUT", "folders", "nosuch")


@scenario("capabilities", "what the account may use, its default folders and its time zone")
async def capabilities(stage: Stage) -> None:
    check, first = stage.check, stage.first
    listed = (await first.done("capabilities?action=all", "capabilities", "all")).data
    check.need("the capabilities are an array", isinstance(listed, list) and bool(listed), listed)
    for one in listed:
        check.members("a capability", one, id=str, attributes=dict)
    tree = (await first.done("config/folder", "config/folder")).data
    check.need("config/folder holds an object", isinstance(tree, dict), tree)
    for module in ("calendar", "contacts"):
        folder = await first.done(f"the default folder for {module}", "folders", "get", id=tree.get(module))
        check.equal(f"module of the default folder for {module}", folder.data.get("module"), module)
        check.equal(f"default folder for {module}: standard_folder", folder.data.get("standard_folder"), True)
    zone = (await first.done("config/timezone", "config/timezone")).data
    check.true("the time zone is a text", isinstance(zone, str), zone)
