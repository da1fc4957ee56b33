import type { RowVerdict } from '../asset-identity/decide-rows';
import type { RunPreview } from './dto/run-preview';
import { fateOfRecord } from './fate-of-record';
import { rowOfId } from './rows-to-be';

const SAMPLES = 5;

type NumberedVerdict = RowVerdict<{ id: string; row_number: number; mapped: RowVerdict['row']['mapped'] }>;

/** The first few rows of each fate. */
export class PreviewSamples {
  readonly taken: RunPreview['samples'] = { created: [], duplicates: [], conflicts: [], rejected: [] };

  take(verdict: NumberedVerdict): void {
    const { id: raw_import_record_id, row_number, mapped } = verdict.row;
    const row = { raw_import_record_id, row_number };
    const { created, duplicates, conflicts, rejected } = this.taken;
    if (verdict.fate === 'rejected') {
      const { code: error_code, message } = verdict.problem;
      if (rejected.length < SAMPLES) rejected.push({ ...row, error_code, message });
      return;
    }
    const { name, asset_type } = mapped.fields;
    if (verdict.fate === 'created') {
      if (created.length < SAMPLES) created.push({ ...row, name, asset_type });
      return;
    }
    const matched_row_number = rowOfId(verdict.asset.id);
    const matched_asset_id = matched_row_number === null ? verdict.asset.id : null;
    const match = { ...row, name, rule: verdict.rule, matched_asset_id, matched_row_number };
    if (verdict.fate === 'duplicate') {
      if (duplicates.length < SAMPLES) duplicates.push(match);
    } else if (conflicts.length < SAMPLES) {
      const { decision } = fateOfRecord(verdict, 'keep_existing');
      conflicts.push({ ...match, differences: decision?.differences ?? [] });
    }
  }
}
