/** A line with the number that a person finds it by. */
export interface TopLine {
  number: number;
  cells: string[];
}

/** How many lines that are not empty are looked at to find the header. */
export const TOP_LINES = 60;

export function filledCells(cells: readonly string[]): string[] {
  return cells.map((cell) => cell.trim()).filter((cell) => cell !== '');
}

export function isBlankLine(cells: readonly string[]): boolean {
  return cells.every((cell) => cell === '' || cell.trim() === '');
}
