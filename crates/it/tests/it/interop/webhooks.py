"""Verifies a webhook of ours as a service in Python does. What was seen is a line of JSON."""
import base64
import json
import os

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey
from standardwebhooks import Webhook, WebhookVerificationError

taken = json.loads(os.environ["TAKEN"])
headers, body = taken["headers"], taken["body"]


def refused(body):
    try:
        Webhook(taken["secret"]).verify(body, headers)
    except WebhookVerificationError as error:
        return type(error).__name__
    return "verified"


def of_ed25519(body):
    """The libraries do not verify v1a."""
    key = VerifyKey(base64.b64decode(taken["public_key"].removeprefix("whpk_")))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
    for signature in headers["webhook-signature"].split(" "):
        version, digits = signature.split(",", 1)
        if version == "v1a":
            try:
                key.verify(content, base64.b64decode(digits))
                return True
            except BadSignatureError:
                return False
    return None


print(json.dumps({
    "verified": Webhook(taken["secret"]).verify(body, headers),
    "tampered": refused(body + " "),
    "v1a": of_ed25519(body),
    "v1a_tampered": of_ed25519(body + " "),
}))
