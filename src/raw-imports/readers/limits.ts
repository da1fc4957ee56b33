/** What a file may ask of memory. Beyond these it is refused with the place, never cut off in silence. */
export const LIMITS = {
  /** XLSX itself stops at 16,384 columns; real inventories stay under 300. */
  columns: 4096,
  cell_chars: 1024 * 1024,
  record_chars: 8 * 1024 * 1024,
  json_depth: 64,
  rows_per_batch: 250,
  chars_per_batch: 2 * 1024 * 1024,
  /** Of all names of columns together, which come again in each row that is stored. */
  header_chars: 512 * 1024,
  /** Of one row; they are stored with it. */
  errors: 100,
} as const;
