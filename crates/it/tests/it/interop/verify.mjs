// Verifies tokens as a service without pgstead does, and uses the OAuth endpoints as a client does.
// BASE, KEY, ACCESS, REFRESH and ALGORITHM are in the environment; what was seen is a line of JSON.
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import * as oauth from "oauth4webapi";

const { BASE, KEY, ACCESS, REFRESH, ALGORITHM } = process.env;
const issuer = new URL(BASE);

const keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", issuer));
const options = { issuer: BASE, audience: "api", algorithms: [ALGORITHM], typ: "at+jwt" };
const { payload } = await jwtVerify(ACCESS, keys, options);
const tampered = await jwtVerify(`${ACCESS.slice(0, -8)}AAAAAAAA`, keys, options).then(
  () => "verified",
  (error) => error.code,
);

const insecure = { [oauth.allowInsecureRequests]: true };
const discovered = await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...insecure });
const server = await oauth.processDiscoveryResponse(issuer, discovered);
const client = { client_id: "interop" };

const refresh = async (token) => {
  const response = await oauth.refreshTokenGrantRequest(
    server, client, oauth.None(), token, insecure,
  );
  return oauth.processRefreshTokenResponse(server, client, response);
};
const introspect = async (token) => {
  const authentication = oauth.ClientSecretBasic(KEY);
  const response = await oauth.introspectionRequest(
    server, client, authentication, token, insecure,
  );
  return oauth.processIntrospectionResponse(server, client, response);
};

const refreshed = await refresh(REFRESH);
const next = await jwtVerify(refreshed.access_token, keys, options);
const active = await introspect(refreshed.access_token);
const revocation = await oauth.revocationRequest(
  server, client, oauth.None(), refreshed.refresh_token, insecure,
);
await oauth.processRevocationResponse(revocation);
const inactive = await introspect(refreshed.access_token);
const refused = await refresh(refreshed.refresh_token).then(
  () => "refreshed",
  (error) => error.error,
);

console.log(JSON.stringify({
  user: payload.sub,
  role: payload.role,
  algorithm: decodeProtectedHeader(ACCESS).alg,
  tampered,
  scope: refreshed.scope,
  is_same_session: next.payload.sid === payload.sid,
  active: active.active,
  inactive: inactive.active,
  refused,
}));
