/**
 * What is asked of the assets `a` whose flow does not exist. A tenant has many assets and few flows, so the distinct
 * flows are read by a loose scan, one index probe each (idx_assets_flow_page), and only the assets of a missing flow
 * are read.
 */
export const orphanFlowRefs = (columns: string) => `
  WITH RECURSIVE named AS (
    SELECT (SELECT a.discovery_flow_id FROM migration.assets a
             WHERE a.client_account_id = $1 AND a.engagement_id = $2 AND a.discovery_flow_id IS NOT NULL
             ORDER BY a.discovery_flow_id LIMIT 1) AS id
    UNION ALL
    SELECT (SELECT a.discovery_flow_id FROM migration.assets a
             WHERE a.client_account_id = $1 AND a.engagement_id = $2 AND a.discovery_flow_id > n.id
             ORDER BY a.discovery_flow_id LIMIT 1)
      FROM named n
     WHERE n.id IS NOT NULL
  )
  SELECT ${columns}
    FROM named n
    JOIN migration.assets a
      ON a.client_account_id = $1 AND a.engagement_id = $2 AND a.discovery_flow_id = n.id
   WHERE NOT EXISTS (SELECT FROM migration.discovery_flows f
                      WHERE f.client_account_id = $1 AND f.engagement_id = $2 AND f.id = n.id)`;
