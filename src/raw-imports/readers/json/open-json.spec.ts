import fc from 'fast-check';

import { UnreadableFileError } from '../../../errors/unreadable-file.error';
import { readTable } from '../read-table.spec-helper';

const codes = async (text: string): Promise<string[][]> =>
  (await readTable(text)).rows.map((row) => row.errors.map(({ code }) => code));

describe('a JSON document', () => {
  it('comes back value for value, however it is laid out', async () => {
    const wellFormed = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));
    const key = wellFormed.filter((text) => !text.includes('.') && text !== '__proto__');
    const record = fc.dictionary(key, fc.oneof(wellFormed, fc.constantFrom('{', '"', '\\', '],[', '007')), {
      minKeys: 1,
    });
    const layout = fc.record({
      indent: fc.nat(3),
      ascii: fc.boolean(),
      envelope: fc.boolean(),
      lines: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 1 }),
        layout,
        async (records, { indent, ascii, envelope, lines }) => {
          let text = lines
            ? records.map((one) => JSON.stringify(one)).join('\r\n')
            : JSON.stringify(
                envelope ? { count: records.length, next: null, results: records } : records,
                null,
                indent,
              );
          if (ascii) {
            text = text.replace(
              /[^\0-~]/g,
              (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
            );
          }
          const { cells, summary } = await readTable(text, { filename: lines ? 'x.ndjson' : 'x.json' });
          const filled = records.filter((one) => Object.values(one).some((value) => value.trim() !== ''));
          expect(cells).toEqual(filled.map((one) => ({ ...one })));
          expect(summary.empty_rows_skipped).toBe(records.length - filled.length);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('keeps every digit of a number', async () => {
    const { cells } = await readTable('[{"a":12345678901234567890,"b":1e400,"c":1.10,"d":-0.0E-7}]');
    expect(cells).toEqual([{ a: '12345678901234567890', b: '1e400', c: '1.10', d: '-0.0E-7' }]);
  });

  it('flattens objects, keeps arrays in one cell, and writes out the other values', async () => {
    const { cells, summary } = await readTable(
      '{"config": {"hardware": {"memoryMB": 4096}, "none": {}},' +
        ' "disks": [ {"size": 1.10, "label": "a \\u00e4\\n"} , [] ], "on": true, "off": false, "nothing": null}',
    );
    expect(cells).toEqual([
      {
        'config.hardware.memoryMB': '4096',
        'config.none': '{}',
        disks: '[{"size":1.10,"label":"a ä\\n"},[]]',
        on: 'true',
        off: 'false',
        nothing: '',
      },
    ]);
    expect(summary.columns).toEqual([
      'config.hardware.memoryMB',
      'config.none',
      'disks',
      'on',
      'off',
      'nothing',
    ]);
  });

  it.each([
    [
      'an object with one list of objects among scalars',
      '{"count":2,"next":null,"results":[{"a":1},{"a":2}]}',
      2,
    ],
    ['a list behind an object about paging', '{"meta":{"page":{"of":3}},"data":[{"a":1},{"a":2}]}', 2],
    ['an object with two lists of objects', '{"a":[{"b":1},{"b":2}],"c":[{"d":1}]}', 1],
    ['an object with a list beside another object', '{"host":{"name":"x"},"disks":[{"a":1},{"a":2}]}', 1],
    ['an object with a list of other things', '{"name":"x","ips":["1","2"]}', 1],
    ['an object with a mixed list', '{"name":"x","ips":[{"a":1},2]}', 1],
    ['an object with an empty list', '{"name":"x","disks":[]}', 1],
    ['an object that repeats its list', '{"a":[{"b":1},{"b":2}],"a":[{"b":1}]}', 1],
    ['an empty array', '[ ]', 0],
    ['an empty object', ' {} ', 0],
  ])('takes the records of %s', async (_, text, count) => {
    expect((await readTable(text)).rows).toHaveLength(count);
  });

  it('skips and counts records without any text', async () => {
    const { rows, summary } = await readTable('[{},{"a":null,"b":" "},{"a":1}]');
    expect(rows.map((row) => row.row_number)).toEqual([1]);
    expect(summary).toMatchObject({ columns: ['a'], empty_rows_skipped: 2 });
  });

  it.each([
    [
      'what is no object',
      '[1,"x",[{"a":1}],null,{"a":1}]',
      [['not_an_object'], ['not_an_object'], ['not_an_object'], ['not_an_object'], []],
    ],
    ['a repeated key', '[{"a":1,"a":2},{"a":1}]', [['duplicate_key'], []]],
    ['a repeated key within an object', '[{"a":{"b":1,"b":2}}]', [['duplicate_key']]],
    ['a repeated object', '[{"a":{"b":1},"a":{"c":2}}]', [['duplicate_key']]],
    ['a repeated key within a list', '[{"a":[{"b":1,"b":1}]}]', [['duplicate_key']]],
    ['a repeated key in disguise', '[{"a":1,"\\u0061":2}]', [['duplicate_key']]],
    [
      'keys that collide when flattened',
      '[{"a.b":1,"a":{"b":2}},{"a":{"b":2},"a.b":1}]',
      [['duplicate_key'], ['duplicate_key']],
    ],
    [
      'a value and an object of one name',
      '[{"a":1,"a":{"b":2}},{"a":{"b":2},"a":1}]',
      [['duplicate_key'], ['duplicate_key']],
    ],
    ['a prototype', '[{"__proto__":{"x":1},"a":1}]', [['forbidden_key']]],
    [
      'a prototype in disguise, deep within',
      '[{"a":[{"__pr\\u006fto__":1}],"b":{"__proto__":1}}]',
      [['forbidden_key', 'forbidden_key']],
    ],
    [
      'a NUL',
      '[{"a":"x\\u0000"},{"a\\u0000":1},{"a":["\\u0000"]}]',
      [['nul_byte'], ['nul_byte'], ['nul_byte']],
    ],
    ['half a surrogate pair', '[{"a":"\\ud83d"},{"a":"\\ud83d\\ude00"}]', [['lone_surrogate'], []]],
  ])('rejects rows for %s', async (_, text, expected) => {
    expect(await codes(text)).toEqual(expected);
  });

  it('keeps what it can of a rejected row', async () => {
    const { rows } = await readTable('[{"a":"x\\u0000y","b":1,"b":2,"__proto__":{"c":3}}]');
    expect({ ...rows[0]?.cells }).toEqual({ a: 'x\ufffdy', b: '1' });
    expect(rows[0]?.errors.map(({ column, value }) => [column, value])).toEqual([
      ['a', 'x\ufffdy'],
      ['b', '2'],
      ['__proto__', '{"c":3}'],
    ]);
    expect(Reflect.has(rows[0]?.cells ?? {}, 'toString')).toBe(false);
  });

  it('tells of 100 faults of a row at most', async () => {
    const { rows } = await readTable(
      `[{"a":1${',"a":1'.repeat(1000)}},{"a":["\\u0000"${',"\\u0000"'.repeat(1000)}]}]`,
    );
    expect(rows.map(({ errors }) => errors.length)).toEqual([100, 100]);
  });

  it('gives long records in small batches', async () => {
    const { batchSizes } = await readTable(
      `[${Array(20)
        .fill(`{"a":"${'x'.repeat(2 ** 20)}"}`)
        .join()}]`,
    );
    expect(Math.max(...batchSizes)).toBeLessThanOrEqual(2);
  });

  it('rejects only the rows with bytes that are not UTF-8', async () => {
    const bytes = Buffer.from('[{"ort":"Köln"},{"ort":"M\xfcnchen"}]'.replace('ö', '\xc3\xb6'), 'latin1');
    const { rows } = await readTable(bytes);
    expect(rows.map((row) => row.errors.map(({ code }) => code))).toEqual([[], ['invalid_utf8']]);
  });

  it.each([
    ['a missing value', '[\n{"a":1},\n{"a":}]', /A value was expected in line 3/],
    ['a number with a leading zero', '[{"a":01}]', /line 1, at "1}"/],
    ['an unknown word', '[{"a":True}]', /line 1, at "True}"/],
    ['a missing comma', '[{"a":1}\n{"a":2}]', /in line 2 "," or "]" was expected, not "{"/],
    ['a trailing comma', '[{"a":1},]', /value was expected/],
    ['a wrong escape', '[{"a":"\\x"}]', /escape sequence/],
    ['a line break in a text', '[{"a":"x\ny"}]', /control character must be escaped in line 1/],
    ['brackets that do not match', '[{"a":[1}]', /file ends|expected/],
    ['an end in the middle', '[{"a":1},\n{"a":', /file ends within the value of line 2/],
    ['an end between records', '[{"a":1}', /file ends/],
    ['text behind the end', '[{"a":1}]\nx', /in line 2 text follows the end/],
    ['two documents on one line', '{"a":1} {"a":2}', /text follows the end/],
    ['a broken value beside the list', '{"count":oops,"results":[{"a":1}]}', /value of "count"/],
    ['200,000 levels', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, /deeper than 64 levels/],
    ['200,000 objects', '{"a":'.repeat(200_000), /deeper than 64 levels/],
    ['a record of 33 MiB', `[{"a":"${'x'.repeat(33 * 2 ** 20)}"}]`, /longer than/],
    [
      'too many keys',
      JSON.stringify([Object.fromEntries(Array.from({ length: 4097 }, (_, i) => [`k${i}`, 'x']))]),
      /4097 different keys/,
    ],
    [
      '10,000 keys',
      `[{"x":1},\n{${Array.from({ length: 10_000 }, (_, i) => `"k${i}":1`).join()}}]`,
      /record of line 2 are more than 8192 keys/,
    ],
    [
      '10,000 objects that are empty',
      `[{"x":1},\n{${Array.from({ length: 10_000 }, (_, i) => `"k${i}":{}`).join()}}]`,
      /record of line 2 are more than 8192 keys/,
    ],
    [
      'a long key that comes again before each of those within',
      `[{"${'k'.repeat(200_000)}":{"a":1,"b":2,"c":3}}]`,
      /record of line 1 .* 524288 characters/,
    ],
    [
      'keys that are longer together than any header',
      `[{"${'a'.repeat(300_000)}":1},\n{"${'b'.repeat(300_000)}":1}]`,
      /Up to line 2 the keys have 600000 characters/,
    ],
    [
      'an object of 10,000 keys with lists',
      `{${Array.from({ length: 10_000 }, (_, i) => `"k${i}":[{"a":1}]`).join()}}`,
      /in line 1 an object has more than 8192 keys/,
    ],
  ])('is refused for %s', async (_, text, message) => {
    const reading = readTable(text, { filename: 'x.json' });
    await expect(reading).rejects.toThrow(UnreadableFileError);
    await expect(reading).rejects.toThrow(message);
  });

  it('may be nested 64 levels deep, but no deeper', async () => {
    const nested = (levels: number): string => `[{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}]`;
    expect(await codes(nested(64))).toEqual([[]]);
    await expect(readTable(nested(65))).rejects.toThrow(/deeper than 64 levels/);
  });
});
