import type { AssetField } from './asset-fields';
import type { ByteUnit } from './byte-unit';

/** What is known of the files that a certain tool writes. Headers are compared like synonyms: by their words, without units. */
export interface SourceProfile {
  /** As it is shown, such as `rvtools-vinfo`. */
  source: string;
  /** A table is of this source when one of these fits: every header of `all`, and at least so many of `some`. */
  recognised_by: readonly Signature[];
  /** By field, the headers that hold it, the best first. */
  fields: Readonly<Partial<Record<AssetField, readonly string[]>>>;
  /** Headers that hold no field, whatever their names suggest. */
  ignore: readonly string[];
  /** Whether nothing but `fields` is to be suggested: for files whose every column the tool itself names. */
  only_these: boolean;
  /** The units of columns whose header states none. */
  units: Readonly<Record<string, ByteUnit>>;
  /** What a row is when no cell says so. */
  asset_type: string | null;
}

export interface Signature {
  all: readonly string[];
  some: readonly string[];
  at_least: number;
}

/** The source of a table that no profile knows. */
export const GENERIC_SOURCE = 'generic';
