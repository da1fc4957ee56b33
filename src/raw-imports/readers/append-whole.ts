import type { FileHandle } from 'node:fs/promises';
import { isNativeError } from 'node:util/types';

import { UnavailableError } from '../../errors/unavailable.error';

/** @throws UnavailableError when the disk is full. */
export async function appendWhole(file: FileHandle, bytes: Uint8Array): Promise<void> {
  try {
    // Unlike write(), it goes on until all of it is written.
    await file.appendFile(bytes);
  } catch (error) {
    // It may pass by itself, when other uploads are done.
    if (isNativeError(error) && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')) {
      throw new UnavailableError('The disk of the service has no room for the upload now. Try again later.');
    }
    throw error;
  }
}
