interface Accepted {
  files: readonly string[];
  problems: readonly string[];
  why: string;
}

export const ACCEPTED_PROBLEMS: readonly Accepted[] = [];
