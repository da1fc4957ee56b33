import type { TenantTx } from '../../database/tenant-database';
import type { Metrics } from '../wiring-checks';
import { BROKEN_LINKS } from './broken-links-sql';

type BrokenLinks = Pick<
  Metrics,
  'assets_with_orphan_raw_import_ref' | 'raw_records_with_orphan_asset_ref' | 'asymmetric_links'
>;

export async function countBrokenLinks(tx: TenantTx): Promise<BrokenLinks> {
  const [counts] = await tx.rows<BrokenLinks>(
    `WITH ${BROKEN_LINKS}
     SELECT (SELECT count(*)::int FROM asset_pointers WHERE is_orphan) AS assets_with_orphan_raw_import_ref,
            (SELECT count(*)::int FROM record_pointers WHERE is_orphan) AS raw_records_with_orphan_asset_ref,
            (SELECT count(*)::int FROM asset_pointers WHERE NOT is_orphan)
              + (SELECT count(*)::int FROM record_pointers WHERE NOT is_orphan) AS asymmetric_links`,
  );
  if (!counts) throw new Error('a statement of scalar counts answers one row');
  return counts;
}
