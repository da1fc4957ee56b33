/** Injection token of the URL that the service connects to: the setting's, or the embedded server's. */
export const DATABASE_URL = Symbol('database url');
