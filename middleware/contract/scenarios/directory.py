"""Users, groups and resources, as far as everybody may read them; and several calls at once."""

from __future__ import annotations

from middleware.contract.scenario import Need, NotOffered, scenario
from middleware.contract.stage import Stage

UNKNOWN_ID = 99999999


@scenario("users", "oneself and the other users")
async def users(stage: Stage) -> None:
    check, first = stage.check, stage.first
    me = (await first.done("user/me", "user/me")).data
    check.members("user/me", me, user_id=int, context_id=int, login_name=str, display_name=str, email_address=str)
    check.equal("user/me: user_id", me.get("user_id"), first.user_id)
    own = (await first.done("user?action=get", "user", "get")).data
    check.members("a user", own, id=int, display_name=str, email1=str, timezone=str, groups=list, contact_id=int)
    check.equal("a user without id is oneself", own.get("id"), first.user_id)
    same = (await first.done("user?action=get", "user", "get", id=first.user_id)).data
    check.equal("oneself by id", same.get("id"), first.user_id)
    rows = (await first.done("user?action=all", "user", "all", columns="1,500,555")).data
    check.contains("all users, as rows", rows, [first.user_id, own["display_name"], own["email1"]])
    found = (await first.done("user?action=list", "user", "list", [first.user_id], columns="1")).data
    check.equal("user?action=list", found, [[first.user_id]])
    pattern = {"pattern": own["display_name"]}
    found = (await first.done("user?action=search", "user", "search", pattern, columns="1")).data
    check.contains("a user by his name", found, [first.user_id])
    await first.refused("an unknown user", "USR-0010", "ERROR", "user", "get", id=UNKNOWN_ID)


@scenario("groups", "groups and their members")
async def groups(stage: Stage) -> None:
    check, first = stage.check, stage.first
    listed = (await first.done("group?action=search", "group", "search", {"pattern": "*"})).data
    check.need("groups are an array", isinstance(listed, list), listed)
    for one in listed:
        check.members("a group", one, id=int, display_name=str, last_modified_utc=int, members=list)
    everybody = [one for one in listed if one.get("id") == 0]
    check.true("group 0 is everybody", len(everybody) == 1 and first.user_id in everybody[0]["members"])
    await first.refused("an unknown group", "GRP-0017", "ERROR", "group", "get", id=UNKNOWN_ID)


@scenario("resources", "resources that can be booked")
async def resources(stage: Stage) -> None:
    check, first = stage.check, stage.first
    listed = (await first.done("resource?action=search", "resource", "search", {"pattern": "*"})).data
    check.need("resources are an array", isinstance(listed, list), listed)
    for one in listed:
        check.members("a resource", one, id=int, name=str, display_name=str, mailaddress=str, availability=bool)
    ids = (await first.done("resource?action=all", "resource", "all")).data
    check.equal("resource?action=all answers ids", sorted(ids), sorted(one["id"] for one in listed))
    await first.refused("an unknown resource", "RES-0005", "USER_INPUT", "resource", "get", id=UNKNOWN_ID)


@scenario("all-users-book", "the address book of all users", Need.CONTACTS)
async def all_users_book(stage: Stage) -> None:
    check, first = stage.check, stage.first
    folder = await first.call("folders", "get", id="6")
    if folder.failed:
        raise NotOffered("the address book of all users")
    own = (await first.done("user?action=get", "user", "get")).data
    rows = (await first.done("all of it", "contacts", "all", folder="6", columns="1,20,524")).data
    check.contains("one's own entry, with one's number", rows, [str(own["contact_id"]), "6", first.user_id])


@scenario("multiple", "several calls in one request, each with its own answer", Need.CALENDAR)
async def multiple(stage: Stage) -> None:
    check, first = stage.check, stage.first
    calendar = await stage.calendar()
    calls = [
        {"module": "folders", "action": "get", "id": calendar},
        {"module": "chronos", "action": "get", "folder": calendar, "id": str(UNKNOWN_ID)},
        {"module": "chronos", "action": "updates", "folder": calendar, "timestamp": 0},
    ]
    answer = await first.call("multiple", "", calls)
    check.equal("HTTP status", answer.status, 200)
    check.need("an answer for each call", isinstance(answer.body, list) and len(answer.body) == 3, answer.describe())
    folder, missing, updates = answer.body
    check.equal("the first answer", folder.get("data", {}).get("id"), calendar)
    check.failure("an error in its place", missing, "CAL-4040", "USER_INPUT")
    check.equal("the answer after an error", updates.get("data"), {"newAndModified": [], "deleted": []})
    check.equal("its stamp", updates.get("timestamp"), 0)
    nothing = await first.call("multiple", "", [])
    check.equal("no calls, no answers", nothing.body, [])
