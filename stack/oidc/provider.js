// The local OIDC provider: who the demo people are, and tokens with their roles. For development and tests only, since
// nobody needs a password. In production any OIDC provider takes its place.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

import Provider from 'oidc-provider';

import { errorPage, headers, loginPage, logoutPage } from './pages.js';

const settings = readSettings(
  ['HOST', 'PORT', 'ISSUER', 'AUDIENCE', 'PUBLIC_URL', 'CLIENT_ID', 'CLIENT_SECRET', 'COOKIE_SECRET', 'SIGNING_KEYS', 'PEOPLE'],
);
const people = new Map(JSON.parse(readFileSync(settings.PEOPLE, 'utf8')).map((person) => [person.sub, person]));
const mountPath = new URL(settings.ISSUER).pathname;
const scope = 'openid profile';

const provider = new Provider(settings.ISSUER, {
  jwks: JSON.parse(readFileSync(settings.SIGNING_KEYS, 'utf8')),
  clients: [{
    client_id: settings.CLIENT_ID,
    client_secret: settings.CLIENT_SECRET,
    redirect_uris: [`${settings.PUBLIC_URL}/callback`],
    post_logout_redirect_uris: [`${settings.PUBLIC_URL}/`],
    response_types: ['code'],
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'client_secret_post',
    id_token_signed_response_alg: 'ES256',
  }],
  cookies: { keys: [settings.COOKIE_SECRET] },
  claims: { openid: ['sub'], profile: ['name'] },
  findAccount: (_ctx, sub) => people.has(sub) && { accountId: sub, claims: () => ({ sub, name: people.get(sub).name }) },
  extraTokenClaims: (_ctx, token) => tokenClaims(people.get(token.accountId)),
  interactions: { url: (_ctx, interaction) => `${mountPath}/interaction/${interaction.uid}` },
  loadExistingGrant: grantEverything,
  // The tabs of a browser renew at the same moment, with the same refresh token. Only the gateway can use it: it has a secret.
  rotateRefreshToken: false,
  issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
  renderError: (ctx, out) => {
    ctx.set(headers);
    ctx.type = 'html';
    ctx.body = errorPage(out.error, out.error_description);
  },
  ttl: {
    // A cookie jar that was copied before its owner signed out opens doors until its access token ends.
    AccessToken: Number(process.env.ACCESS_TOKEN_SECONDS ?? 300),
    IdToken: 8 * 3600,
    RefreshToken: 8 * 3600,
    Grant: 8 * 3600,
    Session: 8 * 3600,
    Interaction: 3600,
  },
  features: {
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => `urn:${settings.AUDIENCE}`,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope,
        audience: settings.AUDIENCE,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        ctx.set(headers);
        ctx.body = logoutPage(form);
      },
    },
  },
});
provider.proxy = true; // The gateway sets X-Forwarded-Proto and passes Host on.

const answer = provider.callback();
const server = createServer((request, response) => {
  if (!request.url.startsWith(`${mountPath}/`)) {
    response.writeHead(404).end();
    return;
  }
  if (request.url.startsWith(`${mountPath}/interaction/`)) {
    interact(request, response).catch((problem) => refuse(response, problem));
    return;
  }
  request.originalUrl = request.url;
  request.url = request.url.slice(mountPath.length);
  answer(request, response);
});
server.listen(Number(settings.PORT), settings.HOST, () => console.log(`Listening on ${settings.HOST}:${settings.PORT}`));
process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeAllConnections();
});

/** Show the login page, or end the login with the chosen person. */
async function interact(request, response) {
  await provider.interactionDetails(request, response); // Throws unless the browser holds the login's cookie.
  const chosen = request.method === 'POST' ? await formField(request, 'login') : undefined;
  if (!people.has(chosen)) {
    response.writeHead(chosen === undefined ? 200 : 422, headers).end(loginPage([...people.values()], chosen));
    return;
  }
  await provider.interactionFinished(request, response, { login: { accountId: chosen } });
}

function refuse(response, problem) {
  response.writeHead(problem.statusCode ?? 500, headers).end(errorPage(problem.error ?? 'error', problem.error_description ?? ''));
}

/** The suite's own client is trusted, so nobody is asked for consent. */
async function grantEverything(ctx) {
  const { session, client } = ctx.oidc;
  const existing = session.grantIdFor(client.clientId);
  const grant = (existing && await provider.Grant.find(existing))
    || new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(scope);
  grant.addResourceScope(`urn:${settings.AUDIENCE}`, scope);
  await grant.save();
  return grant;
}

function tokenClaims({ name, roles, team, territory, customer_id }) {
  return { name, roles, team, territory, customer_id };
}

async function formField(request, name) {
  let body = '';
  for await (const piece of request) {
    body += piece;
    if (body.length > 4096) return '';
  }
  return new URLSearchParams(body).get(name)?.trim() ?? '';
}

function readSettings(names) {
  const missing = names.filter((name) => !process.env[name]);
  if (missing.length) {
    console.error(`oidc: not set: ${missing.join(', ')}`);
    process.exit(78);
  }
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}
