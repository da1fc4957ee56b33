/** The directions of the house: controller → service → queries → database, and who may know whom. */
const FEATURES = 'assets|discovery-flows|lineage|link-repair|raw-imports|service-health|wiring-health';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'infrastructure-knows-no-feature',
      severity: 'error',
      from: {
        path: '^src/(audit|auth|background|concurrency|config|database|errors|field-mapping|http|idempotency|logging|progress-events|tenancy)/',
      },
      to: { path: `^src/(${FEATURES})/` },
    },
    {
      name: 'features-record-audit-events-only',
      comment: 'The audit knows no feature, lists by itself, and is written through its one query.',
      severity: 'error',
      from: { path: `^src/(${FEATURES})/` },
      to: { path: '^src/audit/', pathNot: '^src/audit/queries/record-audit-event\\.ts$' },
    },
    {
      name: 'raw-imports-and-assets-stand-alone',
      severity: 'error',
      from: { path: '^src/(raw-imports|assets|wiring-health|service-health)/' },
      to: { path: `^src/(${FEATURES})/`, pathNot: '^src/$1/' },
    },
    {
      name: 'only-flows-use-other-features',
      comment: 'The orchestrator may use assets and raw imports; lineage may read the entities of all three.',
      severity: 'error',
      from: { path: '^src/discovery-flows/' },
      to: { path: '^src/(lineage|wiring-health|service-health)/' },
    },
    {
      name: 'lineage-reads-entities-only',
      severity: 'error',
      from: { path: '^src/lineage/' },
      to: { path: `^src/(${FEATURES})/`, pathNot: '(^src/lineage/|\\.entity\\.ts$)' },
    },
    {
      name: 'controllers-leave-sql-to-services',
      severity: 'error',
      from: { path: '\\.controller\\.ts$' },
      to: { path: '(/queries/|^src/database/)' },
    },
    {
      name: 'queries-know-no-service',
      severity: 'error',
      from: { path: '/queries/' },
      to: { path: '\\.(service|controller|module)\\.ts$' },
    },
    {
      name: 'field-mapping-is-pure',
      severity: 'error',
      from: { path: '^src/field-mapping/', pathNot: '\\.spec\\.ts$' },
      to: { path: '(^src/(?!field-mapping/)|node_modules/)' },
    },
    {
      name: 'rollback-needs-pg-alone',
      comment: 'At 3 a.m. it must start at once and must not fail over a setting that it does not need.',
      severity: 'error',
      from: { path: '^scripts/rollback-' },
      to: { path: 'node_modules/(@nestjs|typeorm|zod)', reachable: true },
    },
    {
      name: 'no-test-code-in-the-product',
      severity: 'error',
      from: { path: '^(src|scripts|migrations)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '(^test/|\\.spec\\.ts$)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: false,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['require', 'node', 'default'] },
  },
};
