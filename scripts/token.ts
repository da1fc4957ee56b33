import { resolve } from 'node:path';
import { SignJWT } from 'jose';
import { ALGORITHM, developmentKeys, KEY_ID } from './token/development-keys';
import { HELP, readTokenOptions } from './token/token-options';
import { UsageError } from './usage-error';

/* A bearer token for local use: `npm run --silent token -- --help` */

const ISSUER = 'discovery-wiring-development';
const AUDIENCE = 'discovery-wiring';

async function main(): Promise<void> {
  const options = readTokenOptions(process.argv.slice(2));
  if (options === 'help') {
    console.log(HELP);
    return;
  }
  const { NODE_ENV, DATA_DIR } = process.env;
  if (NODE_ENV === 'production') throw new UsageError('NODE_ENV=production: ask your identity provider');
  const { publicFile, secret } = await developmentKeys(resolve(DATA_DIR ? DATA_DIR : '.data'));
  const token = await new SignJWT({ ...options.claims, scope: options.scope })
    .setProtectedHeader({ alg: ALGORITHM, kid: KEY_ID, typ: 'JWT' })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(options.subject)
    .setIssuedAt()
    .setExpirationTime(`${options.hours}h`)
    .sign(secret);
  console.error(
    `Taken by: AUTH_MODE=jwt JWT_JWKS_FILE='${publicFile}' JWT_ISSUER=${ISSUER} JWT_AUDIENCE=${AUDIENCE} npm start`,
  );
  console.log(token);
}

main().catch((error: unknown) => {
  const isUsage = error instanceof UsageError;
  const message = error instanceof Error ? error.message : String(error);
  console.error(isUsage ? `${message}\n--help says more.` : message);
  process.exitCode = isUsage ? 2 : 1;
});
