import { STATUS_CODES } from 'node:http';
import type { Answer } from './api-client';

/** What no error may tell: statements, tables, stacks, paths of the installation. */
const LEAK =
  /\bselect\b.*\bfrom\b|\binsert into\b|\bupdate \w+\.|migration\.|node_modules|\.ts:\d|\.js:\d|\bat \w+ \(|SQLSTATE/i;

/** Asserts an RFC 9457 document of this status that names these fields, each at least once, and leaks nothing. */
export function expectProblem(answer: Answer, status: number, fields: string[] = []): void {
  const { body } = answer;
  expect({ status: answer.status, body }).toMatchObject({ status, body: { status } });
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
  expect(body).toMatchObject({
    type: expect.any(String),
    title: STATUS_CODES[status],
    detail: expect.any(String),
  });
  expect(body.instance).toMatch(/^\//);
  expect(body.instance).not.toContain('?');
  expect(body.request_id).toBe(answer.headers.get('x-request-id'));
  const named = ((body.errors ?? []) as { field: string }[]).map(({ field }) => field);
  expect(named).toEqual(expect.arrayContaining(fields));
  if (fields.length > 0) expect(fields).toEqual(expect.arrayContaining(named));
  expect(answer.text).not.toMatch(LEAK);
}
