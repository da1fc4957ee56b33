import { isNativeError } from 'node:util/types';

/** Values, constraints, limits of a row, what a trigger raises: the server's message may quote what it was about. */
const ABOUT_DATA = /^(22|23|54|P0)[0-9A-Z]{3}$/;
/** A parser quotes the text that it stumbled over, and Zod names what it did not know. */
const QUOTING = new Set(['SyntaxError', 'ZodError']);

/**
 * What the log says of an error: what it is and where it arose, by names of ours alone. A database error's detail,
 * context, statement and parameters quote rows, as may properties that a library adds, so whatever is not named here
 * stays out.
 */
export function errorLine(error: unknown): Record<string, unknown> {
  // Node's own errors are of another realm than ours under Jest, where instanceof denies them.
  if (!(error instanceof Error) && !isNativeError(error)) return { type: typeof error };
  const { name, message, stack = '' } = error;
  const { code, constraint, schema, table } = error as unknown as Record<string, unknown>;
  const named = { type: name, code, constraint, schema, table };
  const quotes = QUOTING.has(name) || (typeof code === 'string' && ABOUT_DATA.test(code));
  return quotes
    ? { ...named, message: 'not shown, since it may quote a value', stack: frames(stack, message) }
    : { ...named, message, stack };
}

/** The stack begins with the message. Where it has another one, nothing of it is known to be a frame. */
function frames(stack: string, message: string): string | undefined {
  const at = stack.indexOf(message);
  return at === -1 ? undefined : stack.slice(at + message.length).trimStart();
}
