import 'reflect-metadata';
import { Controller, Get, Headers, Injectable, Module, Query, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { DataSource } from 'typeorm';
import { Asset } from '../../src/assets/asset.entity';

/**
 * The list of assets as the guides of NestJS and TypeORM have it: a repository's findAndCount with skip and take. On Fastify,
 * which is faster than Nest's default, and without its log or an interceptor that serialises, which cost more.
 */
class ListQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  page = 1;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  page_size = 100;
}

@Injectable()
class AssetsService {
  constructor(private readonly dataSource: DataSource) {}

  async list(tenant: { client_account_id: string; engagement_id: string }, { page, page_size }: ListQuery) {
    const [data, total] = await this.dataSource.getRepository(Asset).findAndCount({
      where: tenant,
      order: { created_at: 'ASC', id: 'ASC' },
      skip: (page - 1) * page_size,
      take: page_size,
    });
    return {
      data,
      pagination: { page, page_size, total, total_pages: Math.ceil(total / page_size) },
      metadata: { max_page_size: 200, page_size_capped: false },
    };
  }
}

@Controller()
class AssetsController {
  constructor(private readonly assets: AssetsService) {}

  @Get('api/v1/unified-discovery/assets')
  list(
    @Headers('x-client-account-id') client_account_id: string,
    @Headers('x-engagement-id') engagement_id: string,
    @Query() query: ListQuery,
  ) {
    return this.assets.list({ client_account_id, engagement_id }, query);
  }

  /** What a request costs in which nothing is done. */
  @Get('empty')
  empty() {
    return {};
  }
}

@Module({
  controllers: [AssetsController],
  providers: [
    AssetsService,
    {
      provide: DataSource,
      useFactory: () =>
        new DataSource({
          type: 'postgres',
          url: process.env.DATABASE_URL,
          entities: [Asset],
          poolSize: 10,
        }).initialize(),
    },
  ],
})
class AppModule {}

async function main(): Promise<void> {
  const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false });
  app.useGlobalPipes(new ValidationPipe({ transform: true, whitelist: true }));
  await app.listen(Number(process.env.PORT), '127.0.0.1');
}

void main();
