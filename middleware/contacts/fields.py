"""The columns of contacts: numbers, JSON names, what clients may write and how long it may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    DATE = "date"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Field:
    """A column that clients may write. `limit`: greatest length in characters, of texts."""

    column: int
    name: str
    kind: Kind = Kind.TEXT
    limit: int = 256

    @property
    def label(self) -> str:
        """What messages call it."""
        return LABELS.get(self.name, self.name.replace("_", " ").capitalize())


LABELS: Mapping[str, str] = {"first_name": "First name", "last_name": "Last name", "display_name": "Display name"}

_TEXTS: Mapping[str, tuple[int, int]] = {
    "categories": (100, 4096),
    "display_name": (500, 320),
    "first_name": (501, 128),
    "last_name": (502, 128),
    "second_name": (503, 128),
    "suffix": (504, 64),
    "title": (505, 64),
    "street_home": (506, 256),
    "postal_code_home": (507, 64),
    "city_home": (508, 64),
    "state_home": (509, 64),
    "country_home": (510, 64),
    "marital_status": (512, 64),
    "number_of_children": (513, 64),
    "profession": (514, 64),
    "nickname": (515, 64),
    "spouse_name": (516, 64),
    "note": (518, 5680),
    "department": (519, 128),
    "position": (520, 128),
    "employee_type": (521, 128),
    "room_number": (522, 64),
    "street_business": (523, 256),
    "postal_code_business": (525, 64),
    "city_business": (526, 64),
    "state_business": (527, 64),
    "country_business": (528, 64),
    "number_of_employees": (529, 64),
    "sales_volume": (530, 64),
    "tax_id": (531, 64),
    "commercial_register": (532, 64),
    "branches": (533, 64),
    "info": (535, 64),
    "manager_name": (536, 64),
    "assistant_name": (537, 64),
    "street_other": (538, 256),
    "city_other": (539, 64),
    "postal_code_other": (540, 64),
    "country_other": (541, 64),
    "telephone_business1": (542, 64),
    "telephone_business2": (543, 64),
    "fax_business": (544, 64),
    "telephone_callback": (545, 64),
    "telephone_car": (546, 64),
    "telephone_company": (547, 64),
    "telephone_home1": (548, 64),
    "telephone_home2": (549, 64),
    "fax_home": (550, 64),
    "cellular_telephone1": (551, 64),
    "cellular_telephone2": (552, 64),
    "telephone_other": (553, 64),
    "fax_other": (554, 64),
    "url": (558, 256),
    "telephone_isdn": (559, 64),
    "telephone_pager": (560, 64),
    "telephone_primary": (561, 64),
    "telephone_radio": (562, 64),
    "telephone_telex": (563, 64),
    "telephone_ttytdd": (564, 64),
    "instant_messenger1": (565, 64),
    "instant_messenger2": (566, 64),
    "telephone_ip": (567, 64),
    "telephone_assistant": (568, 64),
    "company": (569, 512),
    "state_other": (598, 64),
    "file_as": (599, 320),
    "yomiFirstName": (616, 256),
    "yomiLastName": (617, 256),
    "yomiCompany": (618, 256),
    "addressHome": (619, 512),
    "addressBusiness": (620, 512),
    "addressOther": (621, 512),
}

FIELDS: tuple[Field, ...] = (
    *(Field(column, name, Kind.TEXT, limit) for name, (column, limit) in _TEXTS.items()),
    *(Field(570 + number, f"userfield{number:02d}", Kind.TEXT, 64) for number in range(1, 21)),
    *(Field(554 + number, f"email{number}", Kind.MAIL, 256) for number in range(1, 4)),
    Field(101, "private_flag", Kind.FLAG),
    Field(102, "color_label", Kind.NUMBER),
    Field(511, "birthday", Kind.DATE),
    Field(517, "anniversary", Kind.DATE),
    Field(602, "mark_as_distributionlist", Kind.FLAG),
    Field(605, "default_address", Kind.NUMBER),
)
BY_NAME: Mapping[str, Field] = {field.name: field for field in FIELDS}

COLUMNS: Mapping[int, str] = {
    **{field.column: field.name for field in FIELDS},
    1: "id",
    2: "created_by",
    3: "modified_by",
    4: "creation_date",
    5: "last_modified",
    6: "last_modified_utc",
    20: "folder_id",
    104: "number_of_attachments",
    105: "lastModifiedOfNewestAttachmentUTC",
    223: "uid",
    524: "user_id",
    570: "image1",
    534: "business_category",  # the server knows the column, but drops the value on the way in
    592: "distribution_list",
    594: "number_of_distribution_list",
    596: "number_of_images",
    597: "image_last_modified",
    601: "image1_content_type",
    606: "image1_url",
    607: "sort_name",
    608: "useCount",
}
# OX 7.8 counts the last six otherwise; it has no columns 616 to 621.
OLDER_COLUMNS: Mapping[int, str] = {
    column - 6 if 616 <= column <= 621 else column: name for column, name in COLUMNS.items()
}
NUMBERS: Mapping[str, int] = {name: number for number, name in COLUMNS.items()}

# The columns of `updates` when a client names none, in the order of the server.
ALL: tuple[int, ...] = (
    *(500, 502, 501, 503, 504, 505, 506, 507, 508, 509, 510, 512, 513, 514, 515, 516, 518, 569, 519, 520, 521, 522),
    *(523, 525, 526, 527, 528, 529, 530, 531, 532, 533, 534, 535, 536, 537, 538, 540, 539, 598, 541, 568, 542, 543),
    *(544, 545, 546, 547, 548, 549, 550, 559, 551, 552, 553, 554, 560, 561, 562, 563, 564, 565, 566, 567, 555, 556),
    *(557, 558, 100, *range(571, 591), 1, 594, 592, 20, 101, 2, 3, 4, 5, 511, 517, 570, 597, 601, 524, 102, 599, 605),
    *(602, 104, 596, 105, 608, 606, 6, 616, 617, 618, 619, 620, 621, 223, 607),
)

OLDER_ALL: tuple[int, ...] = tuple(column - 6 if 616 <= column <= 621 else column for column in ALL)

# What rows hold for a column that the contact has no value for; all others hold null.
EMPTY: Mapping[str, int | bool] = {
    "private_flag": False,
    "color_label": 0,
    "number_of_attachments": 0,
    "user_id": 0,
    "number_of_distribution_list": 0,
    "mark_as_distributionlist": False,
}
