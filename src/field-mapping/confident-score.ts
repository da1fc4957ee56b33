/** From this score on a flow approves a suggestion by itself. */
export const CONFIDENT_SCORE = 0.8;
