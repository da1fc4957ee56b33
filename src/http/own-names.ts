import { Transform } from 'class-transformer';

/** An object of the client's own names, kept as it came: class-transformer would drop `toString` and the like. */
export function OwnNames(): PropertyDecorator {
  return Transform(({ obj, key }: { obj: Record<string, unknown>; key: string }) => obj[key]);
}
