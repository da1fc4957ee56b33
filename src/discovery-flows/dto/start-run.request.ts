import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { CONFLICT_POLICIES, type ConflictPolicy } from '../../asset-identity/conflict-policy';
import { FAILURE_POLICIES, type FailurePolicy } from '../discovery-run.entity';

export class StartRunRequest {
  @ApiPropertyOptional({
    minimum: 10,
    maximum: 5000,
    description: 'Rows a transaction; ASSET_BATCH_CHUNK_SIZE.',
  })
  @IsOptional()
  @IsInt({ message: 'must be a whole number' })
  @Min(10, { message: 'must be at least 10' })
  @Max(5000, { message: 'must be at most 5000' })
  chunk_size?: number;

  @ApiPropertyOptional({
    enum: FAILURE_POLICIES,
    description: 'What a chunk that fails does to the run; ASSET_CHUNK_RETRY_POLICY.',
  })
  @IsOptional()
  @IsIn([...FAILURE_POLICIES], { message: `must be one of ${FAILURE_POLICIES.join(', ')}` })
  failure_policy?: FailurePolicy;

  @ApiPropertyOptional({
    enum: CONFLICT_POLICIES,
    default: 'keep_existing',
    description:
      'What a row that describes an asset which the tenant has otherwise does to it: nothing, `merge` fills what is ' +
      'empty, `replace` puts its own values in.',
  })
  @IsOptional()
  @IsIn([...CONFLICT_POLICIES], { message: `must be one of ${CONFLICT_POLICIES.join(', ')}` })
  conflict_policy?: ConflictPolicy;

  @ApiPropertyOptional({
    default: false,
    description: 'Answer 200 with what a run would do, and write nothing.',
  })
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  dry_run?: boolean;
}
