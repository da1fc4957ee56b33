import { lintStatement } from './lint-statement';

const TABLES = new Set(['assets', 'raw_import_records']);
const A = 'a.client_account_id = $1 AND a.engagement_id = $2';
const R = 'r.client_account_id = $1 AND r.engagement_id = $2';
const A_IS_R = 'a.client_account_id = r.client_account_id AND a.engagement_id = r.engagement_id';

describe('the lint of statements on tenant tables', () => {
  it.each([
    ['narrowed by itself', `SELECT a.id FROM migration.assets a WHERE ${A} AND a.id = $3`],
    [
      'narrowed on both sides of a join',
      `SELECT 1 FROM migration.assets a JOIN migration.raw_import_records r ON ${R} AND r.id = a.id WHERE ${A}`,
    ],
    [
      'narrowed through the other side',
      `SELECT 1 FROM migration.assets a JOIN migration.raw_import_records r ON ${A_IS_R} WHERE ${A}`,
    ],
    [
      'with USING',
      `SELECT 1 FROM migration.assets a JOIN migration.raw_import_records r USING (client_account_id, engagement_id) WHERE ${A}`,
    ],
    [
      'with the nullable side narrowed in ON',
      `SELECT 1 FROM migration.assets a LEFT JOIN migration.raw_import_records r ON ${R} WHERE ${A}`,
    ],
    [
      'with a sub-query that is narrowed by the outer one',
      `SELECT 1 FROM migration.assets a WHERE ${A} AND EXISTS (SELECT FROM migration.raw_import_records r WHERE ${A_IS_R})`,
    ],
    ['that updates', `UPDATE migration.assets a SET name = $3 WHERE ${A}`],
    [
      'that updates from a list',
      `UPDATE migration.assets a SET name = n.name FROM unnest($3::uuid[]) n (id) WHERE ${A} AND a.id = n.id`,
    ],
    [
      'that deletes',
      `DELETE FROM migration.assets a USING migration.raw_import_records r WHERE ${A} AND ${A_IS_R}`,
    ],
    [
      'that inserts',
      `INSERT INTO migration.assets (client_account_id, engagement_id, id) VALUES ($1, $2, $3)`,
    ],
    [
      'that inserts what it reads',
      `INSERT INTO migration.assets (client_account_id, engagement_id, id) SELECT r.client_account_id, r.engagement_id, r.id FROM migration.raw_import_records r WHERE ${R}`,
    ],
    [
      'of each part of a union',
      `SELECT a.id FROM migration.assets a WHERE ${A} UNION ALL SELECT r.id FROM migration.raw_import_records r WHERE ${R}`,
    ],
    ['about no tenant table', 'SELECT 1 FROM pg_class c'],
  ])('passes a statement %s', async (_, sql) => {
    expect(await lintStatement(sql, TABLES)).toEqual([]);
  });

  it.each([
    ['that is not narrowed', 'SELECT a.id FROM migration.assets a', 2],
    ['without the engagement', 'SELECT a.id FROM migration.assets a WHERE a.client_account_id = $1', 1],
    [
      'that mixes the two up',
      'SELECT 1 FROM migration.assets a WHERE a.client_account_id = $2 AND a.engagement_id = $1',
      2,
    ],
    [
      'with one side of a join alone',
      `SELECT 1 FROM migration.assets a JOIN migration.raw_import_records r ON r.id = a.id WHERE ${A}`,
      2,
    ],
    ['with an alternative', `SELECT 1 FROM migration.assets a WHERE ${A} OR a.id = $3`, 2],
    ['with a negation', `SELECT 1 FROM migration.assets a WHERE NOT (${A})`, 2],
    [
      'with a comparison that is no equality',
      'SELECT 1 FROM migration.assets a WHERE a.client_account_id >= $1 AND a.engagement_id <> $2',
      2,
    ],
    [
      'whose outer join narrows the wrong side',
      `SELECT 1 FROM migration.assets a LEFT JOIN migration.raw_import_records r ON ${R} AND ${A}`,
      2,
    ],
    [
      'whose full join narrows nothing',
      `SELECT 1 FROM migration.assets a FULL JOIN migration.raw_import_records r ON ${R} AND ${A}`,
      4,
    ],
    [
      'with a sub-query that is not narrowed',
      `SELECT 1 FROM migration.assets a WHERE ${A} AND EXISTS (SELECT FROM migration.raw_import_records r WHERE r.id = a.id)`,
      2,
    ],
    [
      'with a scalar sub-query that is not narrowed',
      `SELECT (SELECT count(*) FROM migration.raw_import_records r) FROM migration.assets a WHERE ${A}`,
      2,
    ],
    [
      'with a CTE that is not narrowed',
      `WITH n AS (SELECT a.id FROM migration.assets a) SELECT r.id FROM migration.raw_import_records r JOIN n ON n.id = r.id WHERE ${R}`,
      2,
    ],
    [
      'with a LATERAL that is not narrowed',
      `SELECT 1 FROM unnest($3::uuid[]) k (id) CROSS JOIN LATERAL (SELECT a.id FROM migration.assets a WHERE a.id = k.id LIMIT 1) f`,
      2,
    ],
    [
      'with an updating CTE that is not narrowed',
      `WITH u AS (UPDATE migration.assets a SET name = 'x' RETURNING a.id) SELECT r.id FROM migration.raw_import_records r WHERE ${R}`,
      2,
    ],
    [
      'with one part of a union that is not narrowed',
      `SELECT a.id FROM migration.assets a WHERE ${A} UNION ALL SELECT r.id FROM migration.raw_import_records r`,
      2,
    ],
    [
      'that deletes by another table',
      `DELETE FROM migration.assets a USING migration.raw_import_records r WHERE ${A}`,
      2,
    ],
    ['that moves a row', `UPDATE migration.assets a SET engagement_id = $2 WHERE ${A}`, 1],
    [
      'that inserts for somebody else',
      'INSERT INTO migration.assets (client_account_id, engagement_id) VALUES ($3, $2)',
      1,
    ],
    ['that inserts for nobody', 'INSERT INTO migration.assets (id) VALUES ($1)', 2],
    [
      'that inserts what it reads of others',
      'INSERT INTO migration.assets (client_account_id, engagement_id) SELECT r.client_account_id, r.engagement_id FROM migration.raw_import_records r',
      4,
    ],
  ])('refuses a statement %s', async (_, sql, problems) => {
    expect(await lintStatement(sql, TABLES)).toHaveLength(problems);
  });
});
