import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import fc from 'fast-check';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { parse } from 'uuid';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database';
import { BinaryCopy, booleanField, fieldCount, NULL_FIELD, textField, timestampField } from './binary-copy';

interface Row {
  id: string;
  row_number: number;
  cells: Record<string, string> | null;
  fate: string;
  is_valid: boolean;
  at: Date;
}

/** Every character that jsonb can hold, those of one, two and three bytes and those that JSON escapes among them. */
const text = fc.string({ unit: fc.constantFrom('a', ' ', '"', '\\', '\t', '\n', '\u0001', 'é', '€', '😀') });
const row = fc.record<Row>({
  id: fc.uuid(),
  row_number: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  cells: fc.option(fc.dictionary(text, text)),
  fate: text,
  is_valid: fc.boolean(),
  at: fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
});

describe('BinaryCopy', () => {
  let database: TestDatabase;
  let client: Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query(
      'CREATE TEMP TABLE copied (id uuid, row_number int, cells jsonb, fate text, is_valid boolean, at timestamptz)',
    );
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  function* piecesOf(rows: readonly Row[]) {
    const copy = new BinaryCopy();
    for (const { id, row_number, cells, fate, is_valid, at } of rows) {
      copy.add(fieldCount(6));
      copy.bytes(parse(id));
      copy.integer(row_number);
      if (cells) copy.json(cells);
      else copy.add(NULL_FIELD);
      copy.add(Buffer.concat([textField(fate), booleanField(is_valid), timestampField(at)]));
      for (let piece = copy.takeFull(); piece; piece = copy.takeFull()) yield piece;
    }
    copy.end();
    for (let piece = copy.takeFull(); piece; piece = copy.takeFull()) yield piece;
  }

  async function copied(rows: readonly Row[]): Promise<Row[]> {
    await client.query('TRUNCATE copied');
    await pipeline(
      Readable.from(piecesOf(rows)),
      client.query(copyFrom('COPY copied FROM STDIN WITH (FORMAT binary)')),
    );
    return (await client.query<Row>('SELECT * FROM copied')).rows;
  }

  it('has PostgreSQL read each row as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row), async (rows) => {
        expect(await copied(rows)).toEqual(rows);
      }),
    );
  });

  it('writes rows over the ends of pieces, and texts that are longer than one', async () => {
    const [sample] = fc.sample(row, 1);
    const rows = [1, 50_000, 140_000, 10, 131_000, 43_000, 43_690, 43_691, 400_000, 1].flatMap((length, i) =>
      ['x', 'é', '€', '😀'].map((unit, j): Row => {
        const cells = { long: unit.repeat(length / unit.length) };
        return { ...(sample as Row), row_number: 10 * i + j, cells };
      }),
    );
    expect(await copied(rows)).toEqual(rows);
  });
});
