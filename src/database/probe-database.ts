import { Injectable } from '@nestjs/common';
import { TenantDatabase } from './tenant-database';

/**
 * The tenant database over a few connections of its own. Probes use it, so that they answer while the service's
 * pool is exhausted, and so that many of them at once cannot exhaust that pool.
 */
@Injectable()
export class ProbeDatabase extends TenantDatabase {}
