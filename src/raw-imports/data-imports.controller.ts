import { Controller, Get, Post, Query, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../auth/actor';
import { CurrentActor } from '../auth/current-actor.decorator';
import { ApiErrors, ApiTenant } from '../http/api-errors';
import { PageQuery } from '../http/page';
import { UuidParam } from '../http/uuid-parameter';
import { ApiIdempotent } from '../idempotency/api-idempotent';
import { Idempotent } from '../idempotency/idempotent.decorator';
import type { IdempotentRequest } from '../idempotency/idempotent-request';
import { sendAnswer } from '../idempotency/send-answer';
import { CurrentTenant } from '../tenancy/tenant.decorator';
import type { Tenant } from '../tenancy/tenant';
import { CreateImportQuery } from './dto/create-import.query';
import { CreatedImportResponse, ImportPage, ImportResponse } from './dto/import-response';
import { RejectPage } from './dto/rejects';
import { ImportFileService } from './import-file.service';
import { RawImportsService } from './raw-imports.service';
import { readUpload } from './read-upload';
import { overrides, readingOfQuery } from './reading-of-query';
import { rejectsCsv } from './rejects-csv';
import { UPLOAD_BODY } from './upload-body';

@ApiTags('Imports')
@ApiTenant()
@Controller('data-imports')
export class DataImportsController {
  constructor(
    private readonly files: ImportFileService,
    private readonly imports: RawImportsService,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Import one inventory file',
    description:
      'CSV, TSV and other delimited text, XLSX, JSON or NDJSON, also gzipped; as the field `file` of a form, or as ' +
      'the raw body with `?filename=`. The same bytes again answer 200 with the first import, unless `?force=true`. ' +
      'A rejects file that comes back corrected is recognised, or named by `?corrects=`: each reject gets ' +
      '`corrected_by`, the valid row that replaces it, and the columns with the reasons are not imported.',
    requestBody: UPLOAD_BODY,
  })
  @ApiCreatedResponse({ type: CreatedImportResponse })
  @ApiOkResponse({ type: CreatedImportResponse, description: 'These bytes were imported before.' })
  @ApiIdempotent()
  @ApiErrors(404, 413, 415)
  async create(
    @CurrentTenant() tenant: Tenant,
    @CurrentActor() actor: Actor,
    @Idempotent() idempotent: IdempotentRequest | null,
    @Query() query: CreateImportQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const upload = {
      ...(await readUpload(request, query.filename)),
      reading: readingOfQuery(query),
      overrides: overrides(query),
      group_by: query.group_by ?? null,
      source: query.source ?? null,
      force: query.force ?? false,
      corrects: query.corrects ?? null,
    };
    return sendAnswer(reply, await this.files.importFile(tenant, actor, upload, idempotent));
  }

  @Get()
  @ApiOperation({ summary: 'Imports of the tenant, newest first' })
  @ApiOkResponse({ type: ImportPage })
  list(@CurrentTenant() tenant: Tenant, @Query() query: PageQuery): Promise<ImportPage> {
    return this.imports.listImports(tenant, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One import with its suggested mappings' })
  @ApiOkResponse({ type: ImportResponse })
  @ApiErrors(404)
  get(@CurrentTenant() tenant: Tenant, @UuidParam('id') id: string): Promise<ImportResponse> {
    return this.imports.getImport(tenant, id);
  }

  @Get(':id/rejects')
  @ApiOperation({
    summary: 'Rejected rows and why',
    description:
      'With `Accept: text/csv` every reject with its original columns and the reasons, to be mended and imported ' +
      'again, in any order, as CSV, TSV or XLSX. The names of the columns and `row_number` have to stay.',
  })
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({ type: RejectPage })
  @ApiErrors(404)
  async rejects(
    @CurrentTenant() tenant: Tenant,
    @UuidParam('id') id: string,
    @Query() query: PageQuery,
    @Req() request: FastifyRequest,
  ): Promise<RejectPage | StreamableFile> {
    if (!/\btext\/csv\b/i.test(request.headers.accept ?? ''))
      return this.imports.listRejects(tenant, id, query);
    const { columns, batches } = await this.imports.exportRejects(tenant, id);
    return new StreamableFile(rejectsCsv(columns, batches), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="rejects-${id}.csv"`,
    });
  }
}
