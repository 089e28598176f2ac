"""Random OX contacts, members, pictures and vCard properties."""

from typing import Any

from hypothesis import strategies as st

from mappings.contacts import fields
from mappings.contacts.card import Member, Picture
from mappings.contentline import Property, escape_text

AWKWARD = st.sampled_from([
    "", " ", "a", "Ärger, GmbH; \\ Söhne", "line\nline\r\nline", "tel:+49 1", "im:a", "im:im%3Ax", "xmpp:a@b.c", "a,,b",
    ", ,", "\x00", "\ud800", "'\"^n", "https://e.org/?a=1,2;b", "x" * 200, "😀" * 40, "urn:uuid:1", "a\\",
    "\u2028", "\x85",
])  # fmt: skip
TEXT = st.one_of(AWKWARD, st.text(max_size=20))
MAIL = st.sampled_from(
    ["a@example.org", "b@example.org", "c@example.org", "d@example.org", "not a mail", " a@example.org"]
)
DAY_MS = st.integers(min_value=-70_000_000_000_000, max_value=260_000_000_000_000)


def _value(field: str) -> st.SearchStrategy[Any]:
    if field in ("birthday", "anniversary"):
        return DAY_MS
    if field in ("private_flag", "mark_as_distributionlist"):
        return st.booleans()
    if field == "color_label":
        return st.integers(min_value=-1, max_value=12)
    if field.startswith("email"):
        return st.one_of(MAIL, TEXT)
    return TEXT


CONTACT_FIELDS = st.fixed_dictionaries(
    {}, optional={field: st.one_of(_value(field), st.none()) for field in fields.FORMS}
)
SERVER_FIELDS = st.fixed_dictionaries(
    {"id": st.just("12"), "folder_id": st.just("32")},
    optional={
        "uid": st.one_of(st.uuids().map(str), TEXT),
        "last_modified_utc": st.integers(min_value=0, max_value=4_000_000_000_000),
        "sort_name": TEXT,
        "number_of_images": st.integers(0, 1),
    },
)
CONTACT = st.tuples(CONTACT_FIELDS, SERVER_FIELDS).map(lambda parts: {**parts[0], **parts[1]})

UID = st.sampled_from(["u1", "U1", "u2", "urn:uuid:u3", "with space", "a@example.org"])
MEMBER = st.builds(Member, st.one_of(MAIL, TEXT), TEXT, st.one_of(st.none(), UID))
PICTURE = st.builds(
    Picture,
    st.binary(min_size=1, max_size=300),
    st.sampled_from(["image/png", "image/jpeg", "image/gif", "image/x-weird", "", "nonsense", "image/svg+xml"]),
)

_LABEL = st.sampled_from(
    ["_$!<Other>!$_", "_$!<HomePage>!$_", "Ferienhaus", "_$!<Anniversary>!$_", "_$!<Spouse>!$_", "Work"]
)
_TYPE = st.sampled_from(
    ["home", "WORK", "pref", "cell", "FAX", "voice", "internet", "X-2ND", "OTHER", "x-own", "pager", ""]
)
_NUMBER = st.sampled_from(["1", "2", "3", "4", "+49 (221) 5", "tel:+1;ext=5"])
_DAY = st.sampled_from(
    ["1980-02-29", "19800229", "--0415", "--04-15", "1985", "circa 1800", "1990-01-01T10:00:00Z", "1604-04-15"]
)


def _typed(name: str, value: st.SearchStrategy[str]) -> st.SearchStrategy[Property]:
    params = st.lists(_TYPE, max_size=3).map(lambda types: (("TYPE", tuple(types)),) if types else ())
    return st.builds(
        Property, st.just(name), params, value, st.sampled_from([None, None, None, "item1", "item2", "ITEM3"])
    )


_COMPONENTS = st.lists(TEXT, max_size=8).map(lambda parts: ";".join(map(escape_text, parts)))
_ESCAPED = TEXT.map(escape_text)

PROPERTY = st.one_of(
    _typed("TEL", _NUMBER),
    _typed("EMAIL", MAIL),
    _typed("ADR", _COMPONENTS),
    _typed("LABEL", _ESCAPED),
    _typed("IMPP", st.sampled_from(["xmpp:a@b.c", "im:a%20b", "skype:x", "plain"])),
    _typed("URL", _ESCAPED),
    _typed("ORG", _COMPONENTS),
    _typed("N", _COMPONENTS),
    _typed("FN", _ESCAPED),
    _typed("NOTE", _ESCAPED),
    _typed("TITLE", _ESCAPED),
    _typed("NICKNAME", _ESCAPED),
    _typed("CATEGORIES", st.lists(_ESCAPED, max_size=3).map(",".join)),
    _typed("BDAY", _DAY),
    _typed("X-ANNIVERSARY", _DAY),
    _typed("ANNIVERSARY", _DAY),
    _typed("X-ABDATE", _DAY),
    _typed("X-ABLABEL", _LABEL),
    _typed("X-ABRELATEDNAMES", _ESCAPED),
    _typed("X-SPOUSE", _ESCAPED),
    _typed("CLASS", st.sampled_from(["PUBLIC", "PRIVATE", "CONFIDENTIAL", "x"])),
    _typed("X-OX-COLOR-LABEL", st.sampled_from(["0", "3", "10", "11", "red"])),
    _typed("X-EVOLUTION-FILE-AS", _ESCAPED),
    _typed("GEO", st.just("geo:1,2")),
    _typed("X-SOCIALPROFILE", _ESCAPED),
    _typed("KIND", st.sampled_from(["individual", "org", "group"])),
    _typed(
        "X-ADDRESSBOOKSERVER-MEMBER",
        st.sampled_from(["urn:uuid:u1", "mailto:a@example.org", "http://x/y", "urn:uuid:U1"]),
    ),
    _typed("SORT-STRING", _ESCAPED),
    st.builds(
        Property,
        st.just("N"),
        st.sampled_from([(("SORT-AS", ("A",)),), (("SORT-AS", ("A", "B")),), (("SORT-AS", ("A,B",)), ("X-P", ("1",)))]),
        _COMPONENTS,
    ),
    st.builds(
        Property,
        st.just("X-ADDRESSBOOKSERVER-MEMBER"),
        st.sampled_from([(("CN", ("A",)),), (("X-CN", ("A",)), ("PREF", ("1",))), (("TYPE", ("x",)),)]),
        st.sampled_from(["urn:uuid:u1", "mailto:a@example.org", "tel:1"]),
    ),
    _typed("PHOTO", st.sampled_from(["http://example.org/p.png", "data:image/png;base64,iVBORw0KGgoAAAA=", "rubbish"])),
)
_WORD = st.sampled_from(
    ["a", "1", "de", "A,B", "x;y:z", 'say "hi"', "two\nlines", "^", "ü", "urn:uuid:1", "20240101T000000Z"]
)
_PARAMETER_NAMES = [
    "PREF",
    "ALTID",
    "PID",
    "LANGUAGE",
    "MEDIATYPE",
    "VALUE",
    "CALSCALE",
    "SORT-AS",
    "GEO",
    "TZ",
    "LABEL",
    "LEVEL",
    "INDEX",
    "CC",
    "AUTHOR",
    "CREATED",
    "DERIVED",
    "PHONETIC",
    "SCRIPT",
    "SERVICE-TYPE",
    "USERNAME",
    "PROP-ID",
    "JSPTR",
    "CN",
    "X-SERVICE-TYPE",
    "X-EVOLUTION-UI-SLOT",
    "X-OWN",
    "CHARSET",
]
_NAMES = [
    "FN",
    "N",
    "NICKNAME",
    "PHOTO",
    "BDAY",
    "ANNIVERSARY",
    "GENDER",
    "ADR",
    "TEL",
    "EMAIL",
    "IMPP",
    "LANG",
    "TZ",
    "GEO",
    "TITLE",
    "ROLE",
    "LOGO",
    "ORG",
    "RELATED",
    "CATEGORIES",
    "NOTE",
    "SOUND",
    "CLIENTPIDMAP",
    "URL",
    "KEY",
    "FBURL",
    "CALADRURI",
    "CALURI",
    "SOURCE",
    "XML",
    "KIND",
    "MEMBER",
    "BIRTHPLACE",
    "DEATHPLACE",
    "DEATHDATE",
    "EXPERTISE",
    "HOBBY",
    "INTEREST",
    "ORG-DIRECTORY",
    "CONTACT-URI",
    "CREATED",
    "GRAMGENDER",
    "LANGUAGE",
    "PRONOUNS",
    "SOCIALPROFILE",
    "JSPROP",
    "SORT-STRING",
    "LABEL",
    "MAILER",
    "CLASS",
    "NAME",
    "PROFILE",
    "X-ABUID",
    "X-PHONETIC-FIRST-NAME",
    "X-PHONETIC-ORG",
    "X-MANAGER",
    "X-ASSISTANT",
    "X-MS-CHILD",
    "X-MS-SPOUSE",
    "X-EVOLUTION-MANAGER",
    "X-JABBER",
    "X-ABSHOWAS",
    "X-OX-USERFIELD-07",
    "X-OX-TAX-ID",
    "X-OX-ROOM-NUMBER",
    "X-OX-BUSINESS-CATEGORY",
    "X-OX-YOMI-COMPANY",
    "X-KADDRESSBOOK-X-ANNIVERSARY",
    "X-MS-ANNIVERSARY",
    "X-ADDRESSBOOKSERVER-KIND",
    "X-SOCIALPROFILE",
    "X-GENDER",
    "X-ANYTHING",
]
_PARAMETER = st.tuples(
    st.sampled_from(_PARAMETER_NAMES),
    st.lists(_WORD, min_size=1, max_size=2).map(tuple),
)
_PARAMETERS = st.lists(_PARAMETER, max_size=3, unique_by=lambda pair: pair[0]).map(tuple)

ANYTHING = st.builds(
    Property,
    st.sampled_from(_NAMES),
    _PARAMETERS,
    st.one_of(
        _ESCAPED,
        _COMPONENTS,
        _DAY,
        _NUMBER,
        st.sampled_from(["https://example.org/", "geo:1,2", "-0500", "org", "group"]),
    ),
    st.sampled_from([None, None, "item1", "a"]),
)
"""Any property of RFC 2426, 6350, 6474, 6715, 9554 and of the known clients, with any parameters."""

PROPERTIES = st.lists(st.one_of(PROPERTY, ANYTHING), max_size=12)
