import type { ChunkOutcome, ItemProblem } from './dto/persist-assets.response';

/** How far a given list has come, for the process that goes on with it. */
export interface GivenListProgress {
  /** As the list was cut at first: another process may have another setting. */
  chunk_size: number;
  /** What became of the chunks so far. */
  chunks: ChunkOutcome[];
  items: ItemProblem[];
}
