/**
 * A stored number without the noise of its 17 binary digits: 0.29999999999999999 is 0.3, 1.5E-2 is 0.015. Whole
 * numbers stay as they are stored, for they may be identifiers with more digits than a number has.
 */
export function numberText(stored: string): string {
  if (/^-?\d+$/.test(stored)) return stored;
  const value = Number(stored);
  const needsCleaning = /e/i.test(stored) || stored.replace(/^-?0*\.?0*|\D/g, '').length > 15;
  return needsCleaning && Number.isFinite(value) ? String(value) : stored;
}
