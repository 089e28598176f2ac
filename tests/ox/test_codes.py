"""OX's error envelopes as exceptions: by code, then by category; warnings are none."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.ox import errors
from gateway.ox.codes import classify
from gateway.ox.envelope import open_envelope
from gateway.ox.errors import Fault, LoginReason, LoginRefused, OXError, UidConflict


def envelope(code: str, categories: Any, **more: Any) -> dict[str, Any]:
    return {"error": "Text for the user.", "error_params": [], "code": code, "categories": categories, **more}


@pytest.mark.parametrize(
    ("code", "category", "kind"),
    [
        ("SES-0203", "TRY_AGAIN", errors.SessionLost),
        ("SES-0205", "PERMISSION_DENIED", errors.SessionLost),
        ("SES-0206", "TRY_AGAIN", errors.SessionLost),
        ("SES-0204", "TRY_AGAIN", errors.Overloaded),
        ("RA-0002", "PERMISSION_DENIED", errors.MissingScope),
        ("CAL-4030", "PERMISSION_DENIED", errors.PermissionDenied),
        ("CAL-4038", "PERMISSION_DENIED", errors.PermissionDenied),
        ("CAL-4040", "USER_INPUT", errors.ObjectNotFound),
        ("CAL-4041", "USER_INPUT", errors.ObjectNotFound),
        ("CAL-4045", "USER_INPUT", errors.ObjectNotFound),
        ("CON-0125", "USER_INPUT", errors.ObjectNotFound),
        ("CON-0261", "ERROR", errors.ObjectNotFound),
        ("FLD-0008", "ERROR", errors.ObjectNotFound),
        ("TSK-0019", "ERROR", errors.ObjectNotFound),
        ("TSK-0046", "PERMISSION_DENIED", errors.PermissionDenied),
        ("TSK-0018", "ERROR", errors.PermissionDenied),
        ("TSK-0007", "CONFLICT", errors.ChangedMeanwhile),
        ("TSK-0041", "TRUNCATED", errors.TooLong),
        ("TSK-0039", "ERROR", errors.InvalidValue),
        ("OX-0001", "USER_INPUT", errors.ObjectNotFound),
        ("OX-0001", "PERMISSION_DENIED", errors.PermissionDenied),
        ("CAL-4120", "CONFLICT", errors.ChangedMeanwhile),
        ("CON-0119", "CONFLICT", errors.ChangedMeanwhile),
        ("FLD-1022", "CONFLICT", errors.ChangedMeanwhile),
        ("CAL-4121", "CONFLICT", errors.SequenceTooLow),
        ("CAL-4090", "CONFLICT", errors.UidConflict),
        ("APP-0100", "USER_INPUT", errors.UidConflict),
        ("CAL-4092", "CONFLICT", errors.ResourceConflict),
        ("FLD-1014", "PERMISSION_DENIED", errors.NameTaken),
        ("CAL-5070", "TRUNCATED", errors.TooLong),
        ("CON-0154", "USER_INPUT", errors.TooLong),
        ("FLD-0064", "TRUNCATED", errors.TooLong),
        ("CAL-1991", "TRUNCATED", errors.InvalidValue),
        ("CAL-4002", "USER_INPUT", errors.InvalidValue),
        ("CAL-4228", "USER_INPUT", errors.Unsupported),
        ("CON-0122", "USER_INPUT", errors.NothingChanged),
        ("SVL-0021", "ERROR", errors.Unsupported),
        ("SVL-0019", "TRY_AGAIN", errors.Overloaded),
        ("CAL-5002", "TRY_AGAIN", errors.Overloaded),
        ("CAL-5032", "SERVICE_DOWN", errors.ServiceDown),
        ("NEW-0001", "CONNECTIVITY", errors.ServiceDown),
        ("NEW-0001", "CAPACITY", errors.OverQuota),
        ("SVL-0011", "ERROR", OXError),
        ("", "", OXError),
    ],
)
def test_classes(code: str, category: str, kind: type[OXError]) -> None:
    with pytest.raises(OXError) as raised:
        open_envelope(envelope(code, category))
    assert type(raised.value) is kind
    assert raised.value.code == code


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("LGI-0006", LoginReason.WRONG_CREDENTIALS),
        ("LGI-0028", LoginReason.LOCKED),
        ("LGI-0021", LoginReason.CLIENT_REFUSED),
        ("LGI-0011", LoginReason.DISABLED),
    ],
)
def test_login_reasons(code: str, reason: LoginReason) -> None:
    error = classify(Fault(code, "PERMISSION_DENIED"))
    assert isinstance(error, LoginRefused)
    assert error.reason is reason


def test_a_uid_conflict_names_the_existing_event() -> None:
    error = classify(Fault("CAL-4090", "CONFLICT", params=("dup@example.com", "cal://0/31", "36")))
    assert isinstance(error, UidConflict)
    assert (error.uid, error.folder, error.id) == ("dup@example.com", "cal://0/31", "36")
    assert UidConflict(Fault("CAL-4090")).folder is None
    assert UidConflict(Fault("APP-0100", params=("title", "uid"))).uid is None


def test_what_a_user_wrote_stays_out_of_the_text_of_an_error() -> None:
    error = classify(Fault("CAL-4090", "CONFLICT", "secret message", "secret description", ("secret-uid",)))
    assert str(error) == "UidConflict CAL-4090"
    assert "secret" not in repr(error)


@pytest.mark.parametrize("categories", ["WARNING", ["WARNING"]])
def test_a_warning_beside_data_is_no_error(categories: Any) -> None:
    answer = open_envelope(envelope("CAL-1993", categories, data={"x": 1}, timestamp=5))
    assert answer.data == {"x": 1}
    assert answer.timestamp == 5
    assert [warning.code for warning in answer.warnings] == ["CAL-1993"]


def test_several_warnings() -> None:
    several = [envelope("A-0001", "WARNING"), envelope("B-0002", "WARNING"), "nonsense"]
    answer = open_envelope(envelope("A-0001", "WARNING", data=[], warnings=several))
    assert [warning.code for warning in answer.warnings] == ["A-0001", "B-0002"]


def test_an_error_among_warnings_is_one() -> None:
    with pytest.raises(OXError):
        open_envelope(envelope("CAL-4040", ["WARNING", "USER_INPUT"], data=[]))


def test_an_error_without_category_is_one() -> None:
    with pytest.raises(OXError):
        open_envelope({"error": "x", "data": {}})


def test_details_of_truncation() -> None:
    problematic = [{"id": 501, "length": 500, "max_size": 128}, {}]
    with pytest.raises(errors.TooLong) as raised:
        open_envelope(envelope("CON-0154", "USER_INPUT", problematic=problematic))
    assert raised.value.problematic == tuple(problematic)
