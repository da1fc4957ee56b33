import { z } from 'zod';

/** A comma list of exact web origins; nobody's when empty. */
export const corsOrigins = z
  .string()
  .default('')
  .transform((text) => (text.trim() === '' ? [] : text.split(',').map((origin) => origin.trim())))
  .refine((origins) => origins.every(isOrigin), {
    message: 'must list exact origins such as https://app.example.com, with commas between; * is refused',
  })
  .transform((origins): readonly string[] => origins);

/** As a browser sends it, character by character: it is compared, not understood. */
function isOrigin(text: string): boolean {
  return /^https?:\/\/[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
