import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';

import { SharedStrings } from './shared-strings';
import { unescapeControls } from './unescape-controls';

describe('shared strings', () => {
  let directory: string;
  const files: FileHandle[] = [];
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'discovery-wiring-strings-'));
  });
  afterEach(() => Promise.all(files.splice(0).map((file) => file.close())));
  afterAll(() => rm(directory, { recursive: true }));

  const written = async (texts: string[]): Promise<SharedStrings> => {
    const file = await open(join(directory, 'strings'), 'w+');
    files.push(file);
    const strings = new SharedStrings(file);
    for (const text of texts) {
      strings.add(text);
      await strings.flush();
    }
    await strings.end();
    return strings;
  };

  it('come back by their number, in any order', async () => {
    const text = fc.oneof(
      fc.constant(''),
      fc.string({ unit: 'binary' }).map((one) => one.replaceAll(/[\0\ufffe\uffff]/g, '')),
      fc.integer({ min: 1000, max: 5000 }).map((length) => 'ü€😀'.repeat(length)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { size: 'large' }),
        fc.infiniteStream(fc.nat()),
        async (texts, order) => {
          const strings = await written(texts);
          for (let n = 0; n < texts.length; n++) {
            const index = order.next().value % texts.length;
            expect(strings.at(index)).toBe(unescapeControls(texts[index] ?? ''));
          }
          for (const index of [-1, 0.5, NaN, texts.length]) expect(strings.at(index)).toBeUndefined();
        },
      ),
      { numRuns: 20 },
    );
  });

  it('are many more than stay in memory', async () => {
    const text = (n: number): string => `text ${n} `.repeat(5);
    const count = 200_000;
    const strings = await written(Array.from({ length: count }, (_, n) => text(n)));
    for (let n = 0; n < count; n++) {
      const index = (n * 7919) % count;
      if (strings.at(index) !== text(index)) throw new Error(`text ${index} is ${String(strings.at(index))}`);
    }
  });

  it('have their control characters back', async () => {
    expect((await written(['a_x000D_b'])).at(0)).toBe('a\rb');
  });
});
