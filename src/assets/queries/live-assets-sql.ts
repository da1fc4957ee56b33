/**
 * The assets that lists show, as `FROM … WHERE …` with the alias p, and its parameters from $3 on. $1 and $2 are the
 * tenant.
 */
export function liveAssets(discovery_flow_id: string | null): { live: string; flow: string[] } {
  const inFlow = discovery_flow_id === null ? '' : 'AND p.discovery_flow_id = $3';
  return {
    live: `FROM migration.assets p
     WHERE p.client_account_id = $1 AND p.engagement_id = $2 AND p.deleted_at IS NULL ${inFlow}`,
    flow: discovery_flow_id === null ? [] : [discovery_flow_id],
  };
}
