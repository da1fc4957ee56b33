import type { PlannedStatement } from './planned-statements';

const FOR_ANY_TENANT = 'SET LOCAL plan_cache_mode = force_generic_plan';
/** Ids and times are others in each run. */
const VALUE = /'[^']*'::(uuid|timestamp)/g;
const POLICY = /\(NULLIF\(current_setting\('(app\.\w+)'::text, true\), ''::text\)\)::uuid/g;

/** A plan as it is committed, under what is particular about its statement. */
export function planText({ within, planning }: PlannedStatement, text: string): string {
  const settings = planning.filter((setting) => !setting.includes('plan_cache_mode'));
  const cacheMode = planning.findLast((setting) => setting.includes('plan_cache_mode'));
  const particulars = [
    ...(within === null ? [] : [`in ${within}`]),
    ...(cacheMode === FOR_ANY_TENANT ? [] : ['planned for the values at hand']),
    ...settings.map((setting) => setting.replace('SET LOCAL ', '')),
  ];
  const heading = particulars.length > 0 ? `-- ${particulars.join(', ')}\n` : '';
  return `${heading}${text.replace(POLICY, '$1').replace(VALUE, "'…'::$1")}\n`;
}
