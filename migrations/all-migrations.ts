import { CreateTables1764000000000 } from './1764000000000-create-tables';
import { BuildWiringIndexes1764000100000 } from './1764000100000-build-wiring-indexes';
import { AddWiringKeys1764000200000 } from './1764000200000-add-wiring-keys';
import { ValidateWiringKeys1764000300000 } from './1764000300000-validate-wiring-keys';
import { TuneStatisticsAndVacuum1764000400000 } from './1764000400000-tune-statistics-and-vacuum';
import { AddRunControlAndDecisions1764100000000 } from './1764100000000-add-run-control-and-decisions';
import { BuildIdentityIndexes1764100100000 } from './1764100100000-build-identity-indexes';
import { DescribeImports1764200000000 } from './1764200000000-describe-imports';
import { LearnMappingsAndGroupRows1764200100000 } from './1764200100000-learn-mappings-and-group-rows';
import { KeepEvidenceOfSuggestions1764200200000 } from './1764200200000-keep-evidence-of-suggestions';
import { RaiseTenantWalls1764300000000 } from './1764300000000-raise-tenant-walls';
import { LookAssetsUpBehindWalls1764300010000 } from './1764300010000-look-assets-up-behind-walls';
import { KeepCorrectionsInTenant1764300050000 } from './1764300050000-keep-corrections-in-tenant';
import { ValidateLaterConstraints1764300060000 } from './1764300060000-validate-later-constraints';
import { RecordAuditEvents1764300100000 } from './1764300100000-record-audit-events';
import { JournalLinkRepairs1764400100000 } from './1764400100000-journal-link-repairs';
import { KeepHealthHistory1764400300000 } from './1764400300000-keep-health-history';
import { CountAssetsInIndexes1764500000000 } from './1764500000000-count-assets-in-indexes';

/** Oldest first. A list instead of a glob, so that compiled code, ts-node and tests load the same files. */
export const MIGRATIONS = [
  CreateTables1764000000000,
  BuildWiringIndexes1764000100000,
  AddWiringKeys1764000200000,
  ValidateWiringKeys1764000300000,
  TuneStatisticsAndVacuum1764000400000,
  AddRunControlAndDecisions1764100000000,
  BuildIdentityIndexes1764100100000,
  DescribeImports1764200000000,
  LearnMappingsAndGroupRows1764200100000,
  KeepEvidenceOfSuggestions1764200200000,
  RaiseTenantWalls1764300000000,
  LookAssetsUpBehindWalls1764300010000,
  KeepCorrectionsInTenant1764300050000,
  ValidateLaterConstraints1764300060000,
  RecordAuditEvents1764300100000,
  JournalLinkRepairs1764400100000,
  KeepHealthHistory1764400300000,
  CountAssetsInIndexes1764500000000,
] as const;
