import type { Client } from 'pg';

/** Ways to break links with the keys dropped: what is broken, and for which rows stands in place of `n`. */
export const LINK_BREAKS: [string, string][] = [
  ['asset without flow', `UPDATE migration.assets SET discovery_flow_id = NULL WHERE n`],
  [
    'asset of a flow that is gone',
    `UPDATE migration.assets SET discovery_flow_id = gen_random_uuid() WHERE n`,
  ],
  [
    'asset that names a flow by its public id',
    `UPDATE migration.assets SET discovery_flow_id = flow_id WHERE n`,
  ],
  [
    'asset without flow and public id',
    `UPDATE migration.assets SET discovery_flow_id = NULL, flow_id = CASE WHEN name LIKE '%1' THEN flow_id END WHERE n`,
  ],
  [
    'asset that knows no flow at all',
    `UPDATE migration.assets SET discovery_flow_id = NULL, flow_id = NULL, master_flow_id = NULL WHERE n`,
  ],
  ['asset without master flow', `UPDATE migration.assets SET master_flow_id = NULL WHERE n`],
  [
    'asset of a master flow that is gone',
    `UPDATE migration.assets SET master_flow_id = gen_random_uuid() WHERE n`,
  ],
  ['asset without record', `UPDATE migration.assets SET raw_import_records_id = NULL WHERE n`],
  [
    'asset of a record that is gone',
    `UPDATE migration.assets SET raw_import_records_id = gen_random_uuid() WHERE n`,
  ],
  ['record without asset', `UPDATE migration.raw_import_records SET asset_id = NULL WHERE n`],
  [
    'record of an asset that is gone',
    `UPDATE migration.raw_import_records SET asset_id = gen_random_uuid() WHERE n`,
  ],
  ['record without master flow', `UPDATE migration.raw_import_records SET master_flow_id = NULL WHERE n`],
  [
    'record of an import that is gone',
    `UPDATE migration.raw_import_records SET data_import_id = gen_random_uuid() WHERE n`,
  ],
  ['record that was not marked', `UPDATE migration.raw_import_records SET is_processed = false WHERE n`],
  ['flow without master flow', `UPDATE migration.discovery_flows SET master_flow_id = NULL WHERE n`],
  [
    'flow of a master flow that is gone',
    `UPDATE migration.discovery_flows SET master_flow_id = gen_random_uuid() WHERE n`,
  ],
];

/** Every kind of them, and pointers at rows that have a partner of their own, in so many rows of each tenant. */
export async function breakLinksAtRandom(sql: Client, share: number): Promise<void> {
  await sql.query('SELECT setseed(0.5)');
  const kinds = [
    ...LINK_BREAKS.map(([, statement]) => statement.replace(/n$/, `random() < ${share}`)),
    `UPDATE migration.assets a SET raw_import_records_id = r.id
       FROM (SELECT DISTINCT ON (client_account_id, engagement_id) client_account_id, engagement_id, id
               FROM migration.raw_import_records WHERE row_number = 5
              ORDER BY client_account_id, engagement_id, id) r
      WHERE (r.client_account_id, r.engagement_id) = (a.client_account_id, a.engagement_id) AND random() < ${share}`,
    `UPDATE migration.raw_import_records r SET asset_id = a.id
       FROM (SELECT DISTINCT ON (client_account_id, engagement_id) client_account_id, engagement_id, id
               FROM migration.assets WHERE name = 'web-7'
              ORDER BY client_account_id, engagement_id, id) a
      WHERE (r.client_account_id, r.engagement_id) = (a.client_account_id, a.engagement_id) AND random() < ${share}`,
  ];
  for (const kind of kinds) await sql.query(kind);
}
