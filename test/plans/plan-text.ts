import type { PlannedStatement } from './planned-statements';

/** Ids and times are others in each run. */
const VALUE = /'[^']*'::(uuid|timestamp)/g;
const POLICY = /\(NULLIF\(current_setting\('(app\.\w+)'::text, true\), ''::text\)\)::uuid/g;

/** A plan as it is committed, under what is particular about its statement. */
export function planText({ within, planning }: PlannedStatement, text: string): string {
  const settings = new Map(
    planning.map((setting) => setting.replace('SET LOCAL ', '').split(' = ') as [string, string]),
  );
  const isForAnyTenant = settings.get('plan_cache_mode') === 'force_generic_plan';
  const joins = isForAnyTenant ? 'off' : 'on';
  const isUsual = new Set(['enable_mergejoin', 'enable_hashjoin'].map((join) => `${join} = ${joins}`));
  const particulars = [
    ...(within === null ? [] : [`in ${within}`]),
    ...(isForAnyTenant ? [] : ['planned for the values at hand']),
    ...[...settings]
      .filter(([name]) => name !== 'plan_cache_mode')
      .map(([name, value]) => `${name} = ${value}`)
      .filter((setting) => !isUsual.has(setting)),
  ];
  const heading = particulars.length > 0 ? `-- ${particulars.join(', ')}\n` : '';
  return `${heading}${text.replace(POLICY, '$1').replace(VALUE, "'…'::$1")}\n`;
}
