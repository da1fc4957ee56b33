import { STATUS_CODES } from 'node:http';
import type { Operation } from './api-operations';
import { type Secrets, uuidsIn } from './secrets';
import type { FuzzAnswer } from './raw-answers';

const LEAK = new RegExp(
  [
    '\\bselect\\b[^]{0,200}\\bfrom\\b',
    '\\binsert into\\b',
    '\\bdelete from\\b',
    '\\bupdate \\w+\\.',
    'migration\\.\\w',
    'SQLSTATE',
    'violates \\w',
    'syntax error at',
    'invalid input syntax',
    'invalid byte sequence',
    'duplicate key',
    'relation "',
    'column "[^"]*" (of|does)',
    'out of range for',
    'deadlock detected',
    'node_modules',
    '\\.[tj]s:\\d',
    '\\bat \\S+ \\(',
    'ECONN|ENOENT|EACCES',
    '/(tmp|home|root|usr|var)/',
    'fuzz-secret',
  ].join('|'),
  'i',
);
const PROBLEM = /^application\/problem\+json\b/;

/** @returns what is wrong with an answer, or null. `request` is what was asked, which an answer may name. */
export function faultOf(
  answer: FuzzAnswer,
  {
    request,
    method,
    operation,
    secrets,
  }: { request: string; method: string; operation: Operation | null; secrets: Secrets },
): string | null {
  const { status, text } = answer;
  const type = header(answer, 'content-type');
  const isHead = method === 'HEAD';
  const injected = answer.headers.find(([name]) => /^(x-injected|set-cookie)$/.test(name));
  if (injected) return `has the header ${injected[0]}`;
  const foreign = uuidsIn(text).find((id) => secrets.ids.has(id) && !request.includes(id));
  if (foreign !== undefined) return `holds ${foreign}, another tenant's id`;
  if (text.includes(secrets.marker)) return "holds another tenant's text";
  const isPage = status < 400 && operation === null;
  const leak = isPage ? null : LEAK.exec(text);
  if (leak) return `tells ${JSON.stringify(leak[0])}`;
  if (status >= 500 && !isStated(answer, isHead)) return `has the status ${status}`;
  if (status < 400) return successFault(answer, operation, isHead);
  if (type === 'application/json; charset=utf-8' && status === 503) return null;
  if (!PROBLEM.test(type ?? '')) return `is an error of the type ${String(type)}`;
  const name = secrets.names.find((known) => text.includes(known));
  if (name !== undefined) return `names ${name}`;
  return isHead ? null : problemFault(answer);
}

function header({ headers }: FuzzAnswer, wanted: string): string | undefined {
  return headers.find(([name]) => name === wanted)?.[1];
}

function successFault(
  { status, ...answer }: FuzzAnswer,
  operation: Operation | null,
  isHead: boolean,
): string | null {
  if (operation === null || isHead) return null;
  const types = operation.answers[status];
  if (!types) return `has the status ${status}, which is not documented`;
  const type = header({ status, ...answer }, 'content-type')?.split(';', 1)[0];
  if (types.length === 0 ? type !== undefined : !types.includes(type ?? ''))
    return `is of the type ${String(type)}`;
  if (type === 'application/json' && !isJson(answer.text)) return 'is no JSON';
  return null;
}

/** 503 that says when to come back, and health's own documents. */
function isStated(answer: FuzzAnswer, isHead: boolean): boolean {
  if (answer.status !== 503) return false;
  if (header(answer, 'retry-after') !== undefined) return true;
  return isHead || /"(health_status|status)":"(unhealthy|unknown|not_ready)"/.test(answer.text);
}

function problemFault(answer: FuzzAnswer): string | null {
  if (!isJson(answer.text)) return 'is a problem that is no JSON';
  const problem = JSON.parse(answer.text) as Record<string, unknown>;
  const { type, title, status, detail, instance, request_id, errors, ...others } = problem;
  if (Object.keys(others).length > 0) return `has a member ${Object.keys(others)[0]!}`;
  const isWhole =
    typeof type === 'string' &&
    title === STATUS_CODES[answer.status] &&
    status === answer.status &&
    typeof detail === 'string' &&
    detail !== '' &&
    typeof instance === 'string';
  if (!isWhole) return 'is a problem that lacks a member';
  if (request_id !== header(answer, 'x-request-id')) return 'has another request id than its header';
  const areFields =
    errors === undefined ||
    (Array.isArray(errors) &&
      errors.every(
        (error: Record<string, unknown>) =>
          typeof error.field === 'string' && typeof error.message === 'string',
      ));
  return areFields ? null : 'has errors without field or message';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
