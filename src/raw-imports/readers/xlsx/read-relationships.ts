import { posix } from 'node:path';

import { readPart } from './read-part';
import type { WorkbookArchive } from './workbook-archive';

export interface Relationship {
  id: string;
  /** The last step of the type's URI, which is the same in transitional and strict workbooks: `worksheet`. */
  type: string;
  /** The path of the part that it leads to. */
  path: string;
}

/** What a part refers to; for `''`, what the package as a whole does. */
export async function readRelationships(archive: WorkbookArchive, part: string): Promise<Relationship[]> {
  const folder = posix.dirname(part);
  const relationships: Relationship[] = [];
  await readPart(archive, posix.join(folder, '_rels', `${posix.basename(part)}.rels`), {
    open: (name, { Id, Type, Target, TargetMode }) => {
      if (name !== 'Relationship' || Id === undefined || Target === undefined || TargetMode === 'External')
        return;
      const path = Target.startsWith('/') ? Target : posix.join(folder, Target);
      relationships.push({ id: Id, type: posix.basename(Type ?? ''), path });
    },
    text: () => undefined,
    close: () => undefined,
  });
  return relationships;
}
