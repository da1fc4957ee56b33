/**
 * What a row that describes an existing asset otherwise does to it: nothing, fill what is empty, or put its values in
 * the place of what is there.
 */
export const CONFLICT_POLICIES = ['keep_existing', 'merge', 'replace'] as const;
export type ConflictPolicy = (typeof CONFLICT_POLICIES)[number];
