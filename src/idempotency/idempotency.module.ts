import { Global, Module } from '@nestjs/common';
import { IdempotentRequests } from './idempotent-requests.service';

@Global()
@Module({ providers: [IdempotentRequests], exports: [IdempotentRequests] })
export class IdempotencyModule {}
