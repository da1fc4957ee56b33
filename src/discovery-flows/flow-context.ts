/** What a chunk needs to know of the flow that it belongs to. */
export interface FlowContext {
  /** Primary key: what `assets.discovery_flow_id` refers to. */
  id: string;
  /** Public id. */
  flow_id: string;
  /** The master flow's flow_id, or null where the flow has lost it. */
  master_flow_id: string | null;
  field_mappings_hash: string | null;
}
