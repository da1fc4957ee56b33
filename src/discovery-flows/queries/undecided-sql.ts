/**
 * Whether a record `r` still has no fate, for statements that know which records they are about. Written so that neither
 * an index nor the statistics match it: for a while after an import they say that no record of any tenant is undecided,
 * and a plan that begins with those few reads every row of the new import for each of its chunks.
 */
export const UNDECIDED = 'r.is_processed::int = 0';
