import type { FastifyHelmetOptions } from '@fastify/helmet';

/** Helmet's defaults, under which the page at /docs works: its scripts are files of ours. */
export const SECURITY_HEADERS: FastifyHelmetOptions = {
  contentSecurityPolicy: {
    directives: {
      // It would send a browser to https for the scripts of a page that it got by http.
      upgradeInsecureRequests: null,
    },
  },
};
