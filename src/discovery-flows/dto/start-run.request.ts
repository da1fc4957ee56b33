import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
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
}
