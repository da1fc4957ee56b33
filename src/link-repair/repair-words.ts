/** What is done to a row of a plan. */
export const REPAIR_RULES = {
  link_by_pointer: 'One side names the other, and nothing else claims either: the other names it back.',
  link_by_natural_key:
    'Neither names the other, and among the records of the import one alone has the natural key of the asset: linked.',
  clear_raw_import_records_id: 'The asset names a record that is gone, or is another’s: named no more.',
  clear_asset_id: 'The record names an asset that is gone, or is another’s: named no more.',
  mark_processed:
    'Fate, processing flag and note of the record are made to say that it is linked, or decided.',
  derive_discovery_flow_id: 'The one flow that the ids of the asset, its run or its import stand for.',
  clear_discovery_flow_id: 'The flow is gone and none is known in its place: named no more.',
  derive_master_flow_id: 'The master flow of the discovery flow.',
  clear_master_flow_id: 'The master flow is gone and none is known in its place: named no more.',
  derive_data_import_id: 'The import of the flow of the record’s asset.',
  clear_data_import_id: 'The import is gone and none is known in its place: named no more.',
} as const;

/** Why something is left as it is. */
export const REFUSALS = {
  link_has_rivals:
    'Several assets or records claim the same partner, and nothing tells whose claim is right.',
  pointer_contradicts:
    'One side names the other, and what the rows themselves say speaks against it: another name, another import, or a record that is yet to be decided.',
  several_flows_fit: 'The ids of the asset stand for several flows.',
  no_flow_known: 'Nothing that is known of the asset leads to a flow.',
  several_records_alike: 'Several records or assets have the same natural key.',
} as const;
