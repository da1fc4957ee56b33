import fc, { type Arbitrary } from 'fast-check';

/** What is meant, but every so often something odd in its place; what fails shrinks to what is meant. */
export function mostly<Value>(meant: Arbitrary<Value>, odd: Arbitrary<Value>, oneIn = 12): Arbitrary<Value> {
  return fc.oneof(
    { withCrossShrink: true },
    { weight: oneIn - 1, arbitrary: meant },
    { weight: 1, arbitrary: odd },
  );
}
