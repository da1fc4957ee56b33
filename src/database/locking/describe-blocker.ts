import type { Blocker } from './find-blockers';

/** In one line, for a person who has to decide what to do about it. */
export function describeBlocker(blocker: Blocker): string {
  return [whoItIs(blocker), whatItDoes(blocker), whatItHas(blocker)].join(': ');
}

function whoItIs({ pid, user_name, application_name }: Blocker): string {
  if (pid === null) return 'a prepared transaction (see pg_prepared_xacts)';
  return [`pid ${pid}`, user_name ? `user ${user_name}` : 'a process of the server', application_name]
    .filter(Boolean)
    .join(', ');
}

function whatItDoes({
  pid,
  backend_type,
  state,
  vacuum,
  transaction_seconds,
  statement_seconds,
}: Blocker): string {
  if (pid === null) return 'without a session';
  const what = [
    backend_type === 'client backend' ? state : backend_type,
    vacuum === 'against wraparound' && '(against wraparound)',
    transaction_seconds !== null && `for ${transaction_seconds.toFixed(1)} s`,
  ].filter(Boolean);
  if (what.length === 0) return 'what it does our role may not see';
  const statement =
    statement_seconds === null ? '' : `, latest statement begun ${statement_seconds.toFixed(1)} s ago`;
  return what.join(' ') + statement;
}

function whatItHas({ holds, awaits }: Blocker): string {
  return [holds && `holds ${holds.join(', ')}`, awaits && `waits for ${awaits.join(', ')}`]
    .filter(Boolean)
    .join('; ');
}
