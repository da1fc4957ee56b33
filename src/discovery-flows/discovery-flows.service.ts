import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { recordAuditEvent } from '../audit/queries/record-audit-event';
import type { Actor } from '../auth/actor';
import { TenantDatabase, type TenantTx } from '../database/tenant-database';
import { ConflictError } from '../errors/conflict.error';
import { NotFoundError } from '../errors/not-found.error';
import type { AssetField } from '../field-mapping/asset-fields';
import { mappingChoices } from '../field-mapping/mapping-choices';
import { mappingHash } from '../field-mapping/mapping-hash';
import { type Page, type PageQuery, pageOf, pageWindow } from '../http/page';
import { DataImport } from '../raw-imports/data-import.entity';
import { listSuggestions } from '../raw-imports/queries/list-suggestions';
import type { Tenant } from '../tenancy/tenant';
import { checkedMappings } from './checked-mappings';
import { DiscoveryFlow } from './discovery-flow.entity';
import type { CreateFlowRequest } from './dto/create-flow.request';
import { flowProgress } from './flow-progress';
import { approveMappings } from './queries/approve-mappings';
import { attachImport } from './queries/attach-import';
import { findLiveRun } from './queries/find-live-run';
import { insertFlow } from './queries/insert-flow';
import { learnMappings } from './queries/learn-mappings';
import { listFlows } from './queries/list-flows';
import { listOfferedHeaders } from './queries/list-offered-headers';
import { lockFlow } from './queries/lock-flow';
import { updateMappings } from './queries/update-mappings';
import { requireFlow } from './require-flow';

/** From this confidence on a flow approves a suggestion by itself. */
const CONFIDENT = 0.8;

@Injectable()
export class DiscoveryFlowsService {
  constructor(private readonly database: TenantDatabase) {}

  /** The flow and its master flow, in the caller's transaction. */
  async create(tx: TenantTx, actor: Actor, request: CreateFlowRequest): Promise<DiscoveryFlow> {
    const given = request.field_mappings && checkedMappings(request.field_mappings);
    const data_import_id = request.data_import_id ?? null;
    if (data_import_id !== null) await requireUsableImport(tx, data_import_id);
    const field_mappings = given ?? (await confidentMappings(tx, data_import_id));
    const hasMappings = Object.keys(field_mappings).length > 0;
    const id = uuidv7();
    const flow_id = uuidv7();
    const at = new Date();
    await insertFlow(
      tx,
      {
        id,
        flow_id,
        data_import_id,
        flow_name: request.flow_name.trim(),
        ...flowProgress({ hasImport: data_import_id !== null, hasMappings }),
        field_mappings,
        field_mappings_hash: mappingHash(id, field_mappings),
        mappings_version_id: hasMappings ? uuidv7() : null,
        created_at: at,
      },
      uuidv7(),
    );
    const target = { actor, target_type: 'discovery_flow', target_id: flow_id } as const;
    const mappings = Object.keys(field_mappings).length;
    await recordAuditEvent(tx, {
      ...target,
      action: 'flow.created',
      counts: { mappings },
      details: { data_import_id },
    });
    if (hasMappings)
      await recordAuditEvent(tx, { ...target, action: 'mappings.approved', counts: { mappings } });
    if (data_import_id !== null) {
      await attachImport(tx, { data_import_id, master_flow_id: flow_id, at });
      await approveMappings(tx, { data_import_id, flow_id, mappings: field_mappings, at });
      if (given) await learn(tx, actor, { data_import_id, flow_id, mappings: given, at });
    }
    return requireFlow(tx, flow_id);
  }

  async list(tenant: Tenant, query: PageQuery): Promise<Page<DiscoveryFlow>> {
    return pageOf(query, await this.database.snapshot(tenant, (tx) => listFlows(tx, pageWindow(query))));
  }

  get(tenant: Tenant, flow_id: string): Promise<DiscoveryFlow> {
    return this.database.snapshot(tenant, (tx) => requireFlow(tx, flow_id));
  }

  /** @throws ConflictError while a run uses the mappings. */
  putMappings(
    tenant: Tenant,
    actor: Actor,
    flow_id: string,
    mappings: Record<string, unknown>,
  ): Promise<DiscoveryFlow> {
    const field_mappings = checkedMappings(mappings);
    return this.database.transaction(tenant, async (tx) => {
      await lockFlow(tx, flow_id);
      const flow = await requireFlow(tx, flow_id);
      const { data_import_id } = flow;
      const run = data_import_id === null ? null : await findLiveRun(tx, data_import_id);
      if (run?.discovery_flow_id === flow.id) {
        throw new ConflictError(`Run ${run.id} uses the mappings; wait for its end.`);
      }
      const at = new Date();
      const hasMappings = Object.keys(field_mappings).length > 0;
      const progress = flowProgress({ hasImport: data_import_id !== null, hasMappings });
      await updateMappings(tx, {
        id: flow.id,
        field_mappings,
        field_mappings_hash: mappingHash(flow.id, field_mappings),
        mappings_version_id: uuidv7(),
        updated_at: at,
        ...progress,
      });
      await recordAuditEvent(tx, {
        actor,
        action: 'mappings.approved',
        target_type: 'discovery_flow',
        target_id: flow_id,
        counts: { mappings: Object.keys(field_mappings).length },
      });
      if (data_import_id !== null) {
        await approveMappings(tx, { data_import_id, flow_id, mappings: field_mappings, at });
        await learn(tx, actor, { data_import_id, flow_id, mappings: field_mappings, at });
      }
      return requireFlow(tx, flow_id);
    });
  }
}

async function requireUsableImport(tx: TenantTx, id: string): Promise<void> {
  const data_import = await tx.findOne(DataImport, { id });
  if (!data_import) throw new NotFoundError(`There is no data import ${id}.`);
  if (data_import.status === 'failed') throw new ConflictError(`Data import ${id} failed and has no rows.`);
}

interface Lesson {
  data_import_id: string;
  flow_id: string;
  mappings: Readonly<Record<string, AssetField>>;
  at: Date;
}

/** What a person chose for an import is suggested for the next one of its kind. Clearing all mappings chooses nothing. */
async function learn(
  tx: TenantTx,
  actor: Actor,
  { data_import_id, flow_id, mappings, at }: Lesson,
): Promise<void> {
  if (Object.keys(mappings).length === 0) return;
  const choices = mappingChoices(mappings, await listOfferedHeaders(tx, data_import_id));
  const learned = await learnMappings(tx, { data_import_id, choices, at });
  if (learned === 0) return;
  await recordAuditEvent(tx, {
    actor,
    action: 'mappings.learned',
    target_type: 'data_import',
    target_id: data_import_id,
    counts: { learned },
    details: { flow_id },
  });
}

async function confidentMappings(
  tx: TenantTx,
  data_import_id: string | null,
): Promise<Record<string, AssetField>> {
  if (data_import_id === null) return {};
  const suggestions = await listSuggestions(tx, data_import_id);
  return Object.fromEntries(
    suggestions
      .filter(({ confidence_score }) => confidence_score >= CONFIDENT)
      .map(({ source_field, target_field }) => [source_field, target_field]),
  );
}
