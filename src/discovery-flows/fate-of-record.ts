import type { ConflictPolicy } from '../asset-identity/conflict-policy';
import type { RowVerdict } from '../asset-identity/decide-rows';
import { cleansedData } from './cleansed-data';
import type { RecordFate } from './queries/decide-records';

/** A cell may be megabytes long; a record keeps its own cells, and its decision enough of them to be recognised. */
const MAX_VALUE = 1000;

/** What is kept with a record that makes no asset. */
export function fateOfRecord(
  verdict: Exclude<RowVerdict, { fate: 'created' }>,
  conflict_policy: ConflictPolicy,
): RecordFate {
  const { fate, row } = verdict;
  if (fate === 'rejected') {
    const { problem } = verdict;
    const processing_notes = `Rejected: ${problem.message}`;
    return { id: row.id, fate, processing_notes, problem, decision: null, cleansed_data: null };
  }
  const { asset, rule, candidates, differences } = verdict;
  return {
    id: row.id,
    fate,
    processing_notes: `${fate === 'duplicate' ? 'Describes again' : 'In conflict with'}: ${asset.fields.name ?? ''}`,
    problem: null,
    decision: {
      rule,
      candidate_asset_id: asset.id,
      candidates,
      conflict_policy,
      differences: differences.map((difference) => ({
        ...difference,
        existing: shortened(difference.existing),
        incoming: shortened(difference.incoming),
      })),
    },
    cleansed_data: cleansedData(row.mapped.fields),
  };
}

function shortened<Value extends string | number | null>(value: Value): Value | string {
  return typeof value === 'string' && value.length > MAX_VALUE
    ? `${value.slice(0, MAX_VALUE).toWellFormed()}…`
    : value;
}
