import type { FileHandle } from 'node:fs/promises';

import type { EncodingEvidence } from './encoding-evidence';

/** An upload at rest, inflated if it was gzip. The file has no name any more: closing the handle frees the disk. */
export interface SpooledFile {
  /** For positional reads; several readers may use it at the same time. */
  readonly handle: FileHandle;
  /** Bytes as uploaded. */
  readonly size_bytes: number;
  /** Bytes of the content, which differ from the upload's only where that was gzip. */
  readonly content_bytes: number;
  /** Hex, over the bytes as uploaded. */
  readonly checksum_sha256: string;
  readonly gzip: boolean;
  readonly evidence: EncodingEvidence;
  /** Another file without a name on the same disk, which `close` closes too. */
  openScratch(): Promise<FileHandle>;
  close(): Promise<void>;
}
