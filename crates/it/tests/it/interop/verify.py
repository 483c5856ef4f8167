"""Verifies a token as a service in Python does. What was seen is a line of JSON."""
import json
import os

import jwt

base, token, algorithm = (os.environ[name] for name in ("BASE", "ACCESS", "ALGORITHM"))
keys = jwt.PyJWKClient(f"{base}/.well-known/jwks.json")
options = {"require": ["exp", "iat", "iss", "sub", "aud", "jti"]}


def verify(token, **changed):
    expected = {"algorithms": [algorithm], "audience": "api", "issuer": base, **changed}
    key = keys.get_signing_key_from_jwt(token)
    return jwt.decode(token, key.key, options=options, **expected)


def refused(*arguments, **changed):
    try:
        verify(*arguments, **changed)
    except jwt.PyJWTError as error:
        return type(error).__name__
    return "verified"


claims = verify(token)
print(json.dumps({
    "user": claims["sub"],
    "role": claims["role"],
    "tampered": refused(token[:-8] + "AAAAAAAA"),
    "elsewhere": refused(token, audience="web"),
}))
