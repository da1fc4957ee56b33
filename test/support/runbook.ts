interface Block {
  language: string;
  text: string;
  /** What it has to write: the block of text that follows. */
  expected: string[];
}

export interface Section {
  title: string;
  blocks: Block[];
  /** The rows of its tables, without their heads. */
  cells: string[][];
}

/** The sections of a document of Markdown, each with what is fenced in it. */
export function readRunbook(markdown: string): Section[] {
  return markdown
    .split(/^## /m)
    .slice(1)
    .map((text) => {
      const blocks: Block[] = [];
      for (const [, language = '', body = ''] of text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)) {
        const last = blocks.at(-1);
        if (language === 'text' && last) last.expected = body.trimEnd().split('\n');
        else blocks.push({ language, text: body.trimEnd(), expected: [] });
      }
      const cells = [...text.matchAll(/^\| (.*) \|$/gm)].map(([, row = '']) =>
        row.split(' | ').map((cell) => cell.trim()),
      );
      const isRule = ([cell = '']: string[]) => /^-+$/.test(cell);
      return {
        cells: cells.filter((row, i) => !isRule(row) && !isRule(cells[i + 1] ?? [])),
        title: text.slice(0, text.indexOf('\n')).trim(),
        blocks,
      };
    });
}

/** The expected lines that are not in the output, in their order. `…` stands for anything. */
export function missingLines(expected: readonly string[], output: string): string[] {
  const lines = output.split('\n');
  let from = 0;
  return expected.filter((line) => {
    const pattern = new RegExp(
      `^${line
        .trimEnd()
        .split('…')
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('.*')}`,
    );
    const at = lines.findIndex((written, i) => i >= from && pattern.test(written));
    if (at !== -1) from = at + 1;
    return at === -1;
  });
}
