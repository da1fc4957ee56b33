import { ValidateBy, type ValidationOptions } from 'class-validator';

/** A value is at most so many characters long when it is written as JSON. */
export function MaxJsonLength(maximum: number, options: ValidationOptions): PropertyDecorator {
  const validate = (value: unknown) => value === undefined || JSON.stringify(value).length <= maximum;
  return ValidateBy({ name: 'maxJsonLength', validator: { validate } }, options);
}
