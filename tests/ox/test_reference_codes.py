"""Every error code that the reference of OX's HTTP API names and a client can provoke, and those of the module
attachment, which it does not name, have a class, with the category they come with or came with from a real OX 8.19."""

from __future__ import annotations

import pytest

from gateway.ox import errors
from gateway.ox.codes import classify
from gateway.ox.errors import Fault, LoginReason, LoginRefused, OXError

REFERENCE: dict[type[OXError], dict[str, str]] = {
    errors.SessionLost: {
        "TRY_AGAIN": "SES-0203 SES-0206",
        "PERMISSION_DENIED": "SES-0205",
        "ERROR": "SES-0202",
    },
    errors.MissingScope: {"PERMISSION_DENIED": "RA-0002 RA-0005"},
    errors.ObjectNotFound: {
        "USER_INPUT": (
            "CAL-4040 CAL-4041 CAL-4042 CAL-4043 CAL-4044 CAL-4045 CAL-4048 CAL-4049 CON-0125 OX-0001 APP-0054 "
            "TSK-0006 RES-0005"
        ),
        "PERMISSION_DENIED": "CON-0174",
        "ERROR": "CON-0261 FLD-0008 FLD-0034 TSK-0019 USR-0010 GRP-0017",
        "WARNING": "FLD-0008",
    },
    errors.AttachmentNotFound: {"USER_INPUT": "CAL-4047 ATT-0405", "ERROR": "ATT-0408"},
    errors.FileTooLarge: {"USER_INPUT": "UPL-0005"},
    errors.OverQuota: {"CAPACITY": "ATT-0001"},
    errors.PermissionDenied: {
        "PERMISSION_DENIED": (
            "APP-0013 APP-0037 APP-0058 APP-0059 APP-0060 APP-0061 APP-0062 APP-0063 "
            "CAL-4030 CAL-4031 CAL-4032 CAL-4033 CAL-4035 CAL-4036 CAL-4037 CAL-4038 "
            "CON-0103 CON-0104 CON-0112 CON-0169 CON-0173 CON-0176 CON-0260 "
            "FLD-0002 FLD-0003 FLD-0004 FLD-0005 FLD-0006 FLD-0010 FLD-0011 FLD-0021 FLD-0023 FLD-0029 FLD-0030 "
            "FLD-0031 FLD-0032 FLD-1003 OX-0001 SVL-0016 "
            "TSK-0014 TSK-0023 TSK-0024 TSK-0025 TSK-0026 TSK-0033 TSK-0034 TSK-0046 TSK-0048"
        ),
        "WARNING": "FLD-0010 FLD-0031",
        "ERROR": "FLD-0015 FLD-0016 FLD-0017 FLD-0018 TSK-0018",
    },
    errors.Unsupported: {
        "USER_INPUT": "CAL-4224 CAL-4225 CAL-4228 APP-0066 APP-0093 SVL-0001",
        "PERMISSION_DENIED": "SVL-0015",
        "ERROR": "SVL-0001 SVL-0007 SVL-0021 APP-0011 APP-0033 APP-0034 FLD-0013 FLD-0014 FLD-0042 FLD-1012",
    },
    errors.ChangedMeanwhile: {"CONFLICT": "CAL-4120 CAL-3041 CON-0119 SVL-0017 FLD-0009 FLD-1022 TSK-0007 APP-9999"},
    errors.UidConflict: {"CONFLICT": "CAL-4090", "USER_INPUT": "APP-0100", "ERROR": "TSK-0053"},
    errors.ResourceConflict: {"CONFLICT": "CAL-4091 CAL-4092"},
    errors.SequenceTooLow: {"CONFLICT": "CAL-4121"},
    errors.NameTaken: {"PERMISSION_DENIED": "FLD-0012 FLD-1014"},
    errors.InvalidValue: {
        "USER_INPUT": (
            "APP-0008 APP-0020 APP-0021 APP-0025 APP-0026 APP-0027 APP-0028 APP-0029 APP-0040 APP-0049 APP-0055 "
            "APP-0056 APP-0064 APP-0065 APP-0074 APP-0075 APP-0082 APP-0083 APP-0086 APP-0087 APP-0092 APP-0094 "
            "APP-0095 APP-0097 APP-0098 APP-0099 APP-0105 "
            "CAL-4001 CAL-4002 CAL-4003 CAL-4005 CAL-4006 CAL-4034 CAL-4039 CAL-40310 CAL-4060 CAL-4061 CAL-4062 "
            "CAL-4063 CAL-4220 CAL-4221 CAL-4223 CAL-4229 CAL-5071 CAL-5072 CAL-5074 CAL-5075 "
            "CON-0100 CON-0101 CON-0108 CON-0136 CON-0158 CON-0164 CON-0166 CON-0168 CON-0170 CON-0172 CON-0175 "
            "CON-0177 CON-1000 FLD-0007 FLD-0044 SVL-0002 SVL-0010 "
            "TSK-0021 TSK-0030 TSK-0031 TSK-0036 TSK-0037 TSK-0038 TSK-0040 TSK-0044 TSK-0047 TSK-0051 TSK-0052 "
            "TSK-0055 TSK-0057 TSK-0058 ATT-0401 ATT-0418 ATT-0701"
        ),
        "TRUNCATED": "CAL-1991",
        "TRY_AGAIN": "CON-0167",
        "ERROR": "TSK-0039",
    },
    errors.PrivateRefused: {
        "USER_INPUT": (
            "APP-0022 APP-0023 APP-0069 APP-0070 CAL-4222 CAL-4226 CAL-4227 CAL-42210 CON-0171 TSK-0008 TSK-0028 "
            "TSK-0043"
        ),
        "PERMISSION_DENIED": "CON-0118 CON-0165 TSK-0042",
    },
    errors.TooManyAttendees: {"USER_INPUT": "CAL-5073"},
    errors.NothingChanged: {"USER_INPUT": "CON-0122"},
    errors.TooLong: {"TRUNCATED": "APP-0072 CAL-5070 CON-0154 FLD-0064 TSK-0041", "USER_INPUT": "CON-0154"},
    errors.Overloaded: {
        "TRY_AGAIN": "APP-0108 CAL-5002 SES-0204 SVL-0019 LGI-0002 TSK-0054",
        "USER_INPUT": "SES-0007",
        "ERROR": "SES-0207",
    },
    errors.ServiceDown: {
        "SERVICE_DOWN": (
            "CAL-5030 CAL-5031 CAL-5032 CAL-5033 LGI-0005 LGI-0010 LGI-0019 "
            "ATT-0400 ATT-0404 ATT-0416 ATT-0421 ATT-0422"
        ),
        "ERROR": "SES-0208",
    },
    # Trouble inside OX, or requests that this gateway never makes: nothing a client could mend.
    OXError: {
        "ERROR": (
            "CAL-5000 CAL-5001 CAL-5003 SES-0008 SES-0009 SES-0201 SVL-0002 SVL-0004 SVL-0009 SVL-0011 SVL-0020 "
            "SVL-0023 SVL-0028 SVL-0029 SVL-0031 TSK-0005 TSK-0009 TSK-0011 TSK-0013 TSK-0027 LGI-0003 "
            "ATT-0100 ATT-0402 ATT-0407 ATT-0420 ATT-0600 ATT-0601 ATT-0602"
        ),
    },
}
LOGIN = {
    LoginReason.WRONG_CREDENTIALS: "LGI-0001 LGI-0006 LGI-0025",
    LoginReason.LOCKED: "LGI-0028",
    LoginReason.CLIENT_REFUSED: "LGI-0014 LGI-0021",
    LoginReason.DISABLED: "LGI-0011 LGI-0013 LGI-0022 LGI-0023 LGI-0024 LGI-0026 LGI-0027",
}


@pytest.mark.parametrize("kind", REFERENCE)
def test_classes(kind: type[OXError]) -> None:
    for category, codes in REFERENCE[kind].items():
        found = {code: type(classify(Fault(code, category))) for code in codes.split()}
        assert found == dict.fromkeys(found, kind), category


@pytest.mark.parametrize("reason", LOGIN)
def test_refusals_at_login(reason: LoginReason) -> None:
    for code in LOGIN[reason].split():
        error = classify(Fault(code, "PERMISSION_DENIED"))
        assert isinstance(error, LoginRefused)
        assert error.reason is reason
