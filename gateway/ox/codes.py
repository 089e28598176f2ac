"""From OX's error codes to classes. Codes first; a code not listed here falls back to its category."""

from __future__ import annotations

from collections.abc import Callable

from gateway.ox import errors
from gateway.ox.errors import Fault, LoginReason, OXError

_LOGIN = {
    "LGI-0001": LoginReason.WRONG_CREDENTIALS,
    "LGI-0006": LoginReason.WRONG_CREDENTIALS,
    "LGI-0011": LoginReason.DISABLED,
    "LGI-0013": LoginReason.DISABLED,
    "LGI-0014": LoginReason.CLIENT_REFUSED,
    "LGI-0021": LoginReason.CLIENT_REFUSED,
    "LGI-0022": LoginReason.DISABLED,
    "LGI-0023": LoginReason.DISABLED,
    "LGI-0024": LoginReason.DISABLED,
    "LGI-0025": LoginReason.WRONG_CREDENTIALS,
    "LGI-0026": LoginReason.DISABLED,
    "LGI-0027": LoginReason.DISABLED,
    "LGI-0028": LoginReason.LOCKED,
}

_CLASSES: dict[type[OXError], str] = {
    errors.SessionLost: "SES-0202 SES-0203 SES-0205 SES-0206",
    errors.MissingScope: "RA-0002 RA-0005",
    errors.ObjectNotFound: (
        "CAL-4040 CAL-4041 CAL-4042 CAL-4043 CAL-4044 CAL-4045 CAL-4048 CAL-4049 CON-0125 CON-0174 CON-0261 "
        "FLD-0008 FLD-0034 FLD-1004 TSK-0006 TSK-0019 USR-0010 GRP-0017 RES-0005 APP-0054"
    ),
    errors.AttachmentNotFound: "CAL-4047 ATT-0405 ATT-0408",
    errors.FileTooLarge: "UPL-0005",
    # The folder codes are listed although their category says the same: beside the answer of a delete they
    # come as warnings.
    errors.PermissionDenied: (
        "FLD-0002 FLD-0003 FLD-0004 FLD-0005 FLD-0006 FLD-0010 FLD-0011 FLD-0015 FLD-0016 FLD-0017 FLD-0018 FLD-0030 "
        "FLD-0031 FLD-0032 FLD-1003 TSK-0018"
    ),
    errors.Unsupported: (
        "SVL-0001 SVL-0007 SVL-0015 SVL-0021 CAL-4224 CAL-4225 CAL-4228 APP-0011 APP-0033 APP-0034 APP-0066 APP-0093 "
        "FLD-0013 FLD-0014 FLD-0042 FLD-1012"
    ),
    errors.ChangedMeanwhile: "CAL-4120 CON-0119 SVL-0017 FLD-0009 FLD-1022 TSK-0007",
    errors.UidConflict: "CAL-4090 APP-0100 TSK-0053",
    errors.ResourceConflict: "CAL-4091 CAL-4092",
    errors.SequenceTooLow: "CAL-4121",
    errors.NameTaken: "FLD-0012 FLD-1014",
    errors.InvalidValue: "CAL-1991 CAL-5071 CON-0164 CON-0166 CON-0167 CON-0168 CON-0175 TSK-0039",
    errors.PrivateRefused: (
        "APP-0022 APP-0023 APP-0057 APP-0069 APP-0070 CAL-4222 CAL-4226 CAL-4227 CAL-42210 CON-0118 CON-0165 CON-0171 "
        "TSK-0008 TSK-0028 TSK-0042 TSK-0043"
    ),
    errors.TooManyAttendees: "CAL-5073",
    errors.NothingChanged: "CON-0122",
    errors.TooLong: "APP-0072 CAL-5070 CON-0154 FLD-0064 TSK-0041",
    errors.Overloaded: "SVL-0019 SES-0007 SES-0207 LGI-0002",
    errors.ServiceDown: "SES-0208 LGI-0005 LGI-0010 LGI-0019",
}

_BY_CODE: dict[str, Callable[[Fault], OXError]] = {}

_BY_CATEGORY: dict[str, type[OXError]] = {
    "USER_INPUT": errors.InvalidValue,
    "CONFIGURATION": errors.PermissionDenied,
    "PERMISSION_DENIED": errors.PermissionDenied,
    "TRY_AGAIN": errors.Overloaded,
    "SERVICE_DOWN": errors.ServiceDown,
    "CONNECTIVITY": errors.ServiceDown,
    "CONFLICT": errors.ChangedMeanwhile,
    "CAPACITY": errors.OverQuota,
    "TRUNCATED": errors.TooLong,
}


def classify(fault: Fault) -> OXError:
    """The exception for an error that OX reported."""
    if fault.code == "OX-0001" and fault.category == "USER_INPUT":  # two errors share this code
        return errors.ObjectNotFound(fault)
    if fault.code in _LOGIN:
        return errors.LoginRefused(_LOGIN[fault.code], fault)
    build = _BY_CODE.get(fault.code) or _constructor(_BY_CATEGORY.get(fault.category, OXError))
    return build(fault)


def _constructor(kind: type[OXError]) -> Callable[[Fault], OXError]:
    if issubclass(kind, errors.Overloaded | errors.ResourceConflict):
        return lambda fault: kind(fault=fault)
    return kind


_BY_CODE.update({code: _constructor(kind) for kind, codes in _CLASSES.items() for code in codes.split()})
