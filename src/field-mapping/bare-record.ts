type Texts = Record<string, string>;

/**
 * An object that inherits nothing, so every name that a file may have, such as `__proto__`, is a property like others.
 *
 * One of `Object.create(null)` is a hash table. This is stored as other objects are, which takes less memory and half the
 * time to make and to turn into JSON.
 */
export const BareRecord = function () {
  // Nothing to begin with.
} as unknown as new () => Texts;
BareRecord.prototype = Object.freeze(Object.create(null)) as Texts;
