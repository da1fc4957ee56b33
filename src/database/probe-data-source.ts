/** Injection token of the probes' data source: a few connections that nothing else uses. */
export const PROBE_DATA_SOURCE = Symbol('probe data source');
