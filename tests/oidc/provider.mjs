// A real OpenID provider on loopback for the tests: logs in whoever the login_hint names, without a password.
// Arguments: a JSON file with issuer, port, key and cert (PEM), jwks, client, audience.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import Provider from 'oidc-provider';

const given = JSON.parse(readFileSync(process.argv[2], 'utf8'));

// Accounts are what their names say: "nomfa-..." logs in with a password alone, "consumer-..." is of no authority.
const claims = (account) => ({
  amr: account.startsWith('nomfa-') ? ['pwd'] : ['pwd', 'mfa'],
  tid: account.startsWith('consumer-') ? 'consumers' : 'northmere',
});

const provider = new Provider(given.issuer, {
  jwks: given.jwks,
  clients: [given.client, given.otherClient].map((id) => ({
    client_id: id,
    token_endpoint_auth_method: 'none',
    application_type: 'native',
    grant_types: ['urn:ietf:params:oauth:grant-type:device_code'],
    response_types: [],
    redirect_uris: [],
  })),
  findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  extraTokenClaims: (ctx, token) => claims(token.accountId),
  scopes: ['openid', 'isa'],
  ttl: { AccessToken: 900, DeviceCode: 60, Grant: 900, IdToken: 900, Interaction: 60, Session: 900 },
  cookies: { keys: ['of the tests alone'] },
  interactions: { url: (ctx, interaction) => `/login/${interaction.uid}` },
  features: {
    devInteractions: { enabled: false },
    deviceFlow: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => given.audience,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: 'isa', audience: given.audience, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
});

// What a person does in a browser, done at once: log in as the hint says and consent to all that is asked for.
const login = async (req, res) => {
  const { params, prompt, grantId, session } = await provider.interactionDetails(req, res);
  const accountId = session?.accountId ?? params.login_hint;
  if (prompt.name === 'login') {
    await provider.interactionFinished(req, res, { login: { accountId } });
    return;
  }
  const grant = (grantId && await provider.Grant.find(grantId))
    || new provider.Grant({ accountId, clientId: params.client_id });
  grant.addOIDCScope('openid isa');
  grant.addResourceScope(given.audience, 'isa');
  await provider.interactionFinished(req, res, { consent: { grantId: await grant.save() } });
};

const handle = provider.callback();
const server = createServer({ key: given.key, cert: given.cert }, (req, res) => {
  if (!req.url.startsWith('/login/')) {
    handle(req, res);
    return;
  }
  login(req, res).catch((error) => {
    console.error(error);
    res.statusCode = 500;
    res.end();
  });
});
server.listen(given.port, '127.0.0.1', () => console.log(`provider on ${given.port}`));
// The tests hold our input open for as long as they live: nothing is left running after them.
process.stdin.on('end', () => process.exit(0)).resume();
