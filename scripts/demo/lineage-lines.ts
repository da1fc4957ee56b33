import type { Lineage, LinkState } from '../../src/lineage/lineage';

/** An asset and where it came from, each link with an arrow that says whether it holds both ways. */
export function lineageLines({
  asset,
  raw_import_record,
  data_import,
  discovery_flow,
  links,
}: Lineage): string {
  const facts = [asset.asset_type, asset.operating_system, asset.environment, asset.location].filter(Boolean);
  const row = `row ${String(raw_import_record?.row_number)} of ${String(data_import?.filename)}`;
  const flow = `flow "${String(discovery_flow?.flow_name)}"`;
  return [
    `One asset of them, "${asset.name}" (${facts.join(', ')}):`,
    `  ${arrow(links.raw_import_record)} ${row}   ${arrow(links.discovery_flow)} ${flow}   (⇄ linked both ways)`,
  ].join('\n');
}

function arrow({ forward, backward }: LinkState): string {
  if (forward && backward) return '⇄';
  return forward ? '→' : backward ? '←' : '✗';
}
