"""How somebody who is called can tell that it is us, and that it is new."""

import hmac
from uuid import UUID

VERSION = "v1"


def signature(secret: str, *, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over the moment, a dot and the body, in hexadecimal."""
    signed = str(timestamp).encode() + b"." + body
    return f"{VERSION}={hmac.new(secret.encode(), signed, 'sha256').hexdigest()}"


def headers(*, secret: str, timestamp: int, body: bytes, event: str, uid: UUID) -> dict[str, str]:
    """What goes with a delivery. `COE-Delivery` is the same however often it is sent; moment and
    signature are of this time."""
    return {
        "COE-Delivery": str(uid),
        "COE-Event": event,
        "COE-Timestamp": str(timestamp),
        "COE-Signature": signature(secret, timestamp=timestamp, body=body),
    }
