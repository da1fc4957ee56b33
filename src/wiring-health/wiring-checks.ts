export const SEVERITIES = ['error', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

interface WiringCheck {
  severity: Severity;
  description: string;
  /** Foreign keys that prove the count to be zero while all of them are valid and enforced; none: always counted. */
  provenBy: readonly string[];
}

/** Every check, in the order in which it is reported. */
export const WIRING_CHECKS = {
  flow_based_assets_missing_discovery_flow_id: {
    severity: 'error',
    description: 'Assets that a flow made (discovery_method flow_based) and that name no flow.',
    provenBy: [],
  },
  all_assets_missing_discovery_flow_id: {
    severity: 'info',
    description: 'All assets that name no flow; one made by hand rightly names none.',
    provenBy: [],
  },
  assets_with_orphan_raw_import_ref: {
    severity: 'error',
    description: 'Assets whose raw record does not exist in the tenant.',
    provenBy: ['fk_assets_raw_import_record'],
  },
  raw_records_with_orphan_asset_ref: {
    severity: 'error',
    description: 'Raw records whose asset does not exist in the tenant.',
    provenBy: ['fk_raw_import_records_asset'],
  },
  assets_with_orphan_discovery_flow_ref: {
    severity: 'error',
    description: 'Assets whose discovery flow does not exist in the tenant.',
    provenBy: ['fk_assets_discovery_flow'],
  },
  asymmetric_links: {
    severity: 'error',
    description:
      'Pointers between asset and raw record, either way, whose target exists and does not point back.',
    provenBy: ['fk_assets_raw_import_record', 'fk_raw_import_records_asset'],
  },
  unprocessed_raw_records: {
    severity: 'warning',
    description: 'Valid raw records whose fate is not decided yet.',
    provenBy: [],
  },
} as const satisfies Record<string, WiringCheck>;

export type MetricName = keyof typeof WIRING_CHECKS;
export const METRIC_NAMES = Object.keys(WIRING_CHECKS) as MetricName[];
export type Metrics = Record<MetricName, number>;
